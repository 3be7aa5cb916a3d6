# The plugins and the network taken off again, and what was there before put back.

def placed():
    """Our files that are still where they were put: [(folder, name)]."""
    plugins, networks = RECORD.get('directories') or directories()
    found = []
    for folder, name in [(networks, 'calico.cni')] + [(plugins, each) for each in PLUGINS]:
        master = read(MASTERS + '/' + name)
        if master is not None and read(folder + '/' + name) == master:
            found.append((folder, name))
    return found


def left():
    there = ['remove %s/%s' % pair for pair in placed()] + former_left()
    there += unit_left(UNIT, agent_unit())
    for name in (PUT_BACK, MASTERS):
        if os.path.exists(path(name)):
            there.append('remove ' + name)
    if os.path.isdir(path(KEPT + '/backup/cni')):
        there.append('put back what was there before')
    return there


def undo():
    import shutil
    plugins, networks = RECORD.get('directories') or directories()
    remove_unit(UNIT, agent_unit())
    remove(PUT_BACK)
    # The network first: Mesos must not meet a network whose plugins are gone.
    for folder, name in placed():
        remove(folder + '/' + name)
    if RECORD.get('former'):
        part_backups()
        clear_former()
    kept_names = os.listdir(path(KEPT + '/backup/cni')) if os.path.isdir(path(KEPT + '/backup/cni')) else []
    for name in PLUGINS + tuple(sorted(set(kept_names) - set(PLUGINS))):
        backup = KEPT + '/backup/cni/' + name
        folder = plugins if name in PLUGINS else networks
        if read(backup) is not None:
            if read(folder + '/' + name) is None and os.path.isdir(path(folder)):
                place(folder, name, read(backup), os.stat(path(backup)).st_mode & 0o777)
            remove(backup)
    remove_empty(KEPT + '/backup/cni')
    shutil.rmtree(path(MASTERS), ignore_errors=True)


def absent():
    take_off(left, undo, forget_artifacts)


run(present, absent)
