# Directories that the options named before: what was put there goes once the new ones serve, and what was there before comes back.

BACKUP = KEPT + '/backup/cni'
FORMER = KEPT + '/backup/cni-former'


def note_former(plugins, networks):
    """Before anything is put into other directories than those of the record. What an earlier move has left is ended first."""
    old = RECORD.get('directories')
    if not old or old == [plugins, networks]:
        return
    if RECORD.get('former'):
        clear_former()
    moved = dict((name, folder) for name, folder, now in
                 [(name, old[0], plugins) for name in PLUGINS] + [(name, old[1], networks) for name in networks_kept()] if folder != now)
    files = [[folder, name, sha256(read(folder + '/' + name) or b'')] for folder, name in placed() if name in moved]
    # Known by name: what is kept of the new directories later has the same names.
    backed = sorted(name for name in moved if os.path.exists(path(BACKUP + '/' + name)))
    keep(former={'folders': moved, 'files': files, 'kept': backed}, placed=[name for name in RECORD.get('placed') or [] if name not in moved],
         directories=[plugins, networks])


def networks_kept():
    """Names of networks' files: ours, and those whose place it took."""
    there = os.listdir(path(BACKUP)) if os.path.isdir(path(BACKUP)) else []
    return ['calico.cni'] + sorted(name for name in set(there) - set(PLUGINS) if name != 'calico.cni')


def part_backups():
    """What was kept of the former directories makes way for what is kept of the new ones."""
    for name in (RECORD.get('former') or {}).get('kept') or []:
        if os.path.exists(path(BACKUP + '/' + name)) and not os.path.exists(path(FORMER + '/' + name)):
            make_directory(FORMER)
            os.rename(path(BACKUP + '/' + name), path(FORMER + '/' + name))


def former_left():
    former = RECORD.get('former') or {}
    there = ['remove %s/%s' % (folder, name) for folder, name, known in former.get('files') or []
             if sha256(read(folder + '/' + name) or b'') == known]
    return there + (['put back what was there before in former directories'] if os.path.isdir(path(FORMER)) else [])


def clear_former():
    former = RECORD.get('former') or {}
    for folder, name, known in former.get('files') or []:
        if sha256(read(folder + '/' + name) or b'') == known:
            remove(folder + '/' + name)
    for name, folder in sorted((former.get('folders') or {}).items()):
        found = read(FORMER + '/' + name)
        if found is None:
            continue
        if read(folder + '/' + name) is None and os.path.isdir(path(folder)):
            place(folder, name, found, os.stat(path(FORMER + '/' + name)).st_mode & 0o777)
        remove(FORMER + '/' + name)
    remove_empty(FORMER)
    keep(former=None)
