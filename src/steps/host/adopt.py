# A container of Calico that this program did not start: the Universe package's, or one set up by hand.

# What it must have as we want it, and what it means where it is not said. Names, limits and pools do not count: they stay as they are.
COUNTS = {'ETCD_ENDPOINTS': '', 'CALICO_NETWORKING_BACKEND': 'bird', 'CALICO_LIBNETWORK_ENABLED': 'true', 'FELIX_IGNORELOOSERPF': 'false'}


def variables(container):
    return dict(pair.partition('=')[::2] for pair in (container.get('Config') or {}).get('Env') or [])


def is_calico(container):
    image = (container.get('Config') or {}).get('Image') or ''
    return 'calico' in image.rpartition(':')[0].split('/') or 'calico-node' in image or 'node-libnetwork' in image


def is_foreign(container):
    return bool(container) and label(container, STEP_LABEL) is None


def is_adopted(container):
    return is_foreign(container) and (RECORD.get('adopted') or {}).get('id') == container.get('Id')


def differences(container, arguments):
    """In what a foreign container is not as it is wanted: names of variables, or `image`."""
    config = container.get('Config') or {}
    wanted = dict(word.partition('=')[::2] for flag, word in zip(arguments, arguments[1:]) if flag == '-e')
    found = variables(container)
    differing = [] if config.get('Image') == image_name() else ['image']
    for name, default in sorted(COUNTS.items()):
        if name in wanted and found.get(name, default).rstrip('/') != wanted[name].rstrip('/'):
            differing.append(name)
    return differing


def adopted_unit(name, title):
    """Keeps a container running as it is: what the container is made of stays its own."""
    docker = docker_path()
    return '\n'.join(unit_head(title) + [
        'ExecStartPre=-%s start %s' % (docker, name),
        'ExecStart=%s wait %s' % (docker, name),
        'ExecStop=-%s stop -t 10 %s' % (docker, name),
        '', '[Install]', 'WantedBy=multi-user.target', '',
    ]).encode('utf-8')


def other_units(name):
    """Units that are not ours and run this container: those that start it at boot, or run now."""
    found = []
    for unit in sorted(os.listdir(path(UNITS))) if os.path.isdir(path(UNITS)) else []:
        if not unit.endswith('.service') or unit.startswith('dcos-calico-') or not os.path.isfile(path(UNITS + unit)):
            continue
        content = (read(UNITS + unit) or b'').decode('utf-8', 'replace')
        if any('docker' in line and name in line.replace('=', ' ').split() for line in content.splitlines() if line.startswith('ExecStart')):
            if enabled_by(unit) or os.path.isdir(path(drop_in(unit))) or unit_state(unit) in ('active', 'activating', 'reloading'):
                found.append(unit)
    return found


def enabled_by(unit):
    return [UNITS + folder + '/' + unit for folder in os.listdir(path(UNITS))
            if folder.endswith(('.wants', '.requires')) and os.path.islink(path(UNITS + folder + '/' + unit))]


def drop_in(unit):
    return '/run/systemd/system/%s.d' % unit


def release(unit, running):
    """Takes a unit out of service: its file stays. `running`: what it runs goes on, as only the client that it runs is ended."""
    for link in enabled_by(unit):
        remove(link)
    if unit_state(unit) in ('active', 'activating', 'reloading'):
        if running:
            write(drop_in(unit) + '/dcos-calico.conf', b'[Service]\nRestart=no\nExecStop=\nExecStopPost=\n')
            bus('Reload')
            bus('KillUnit', 'ssi', unit, 'main', 9)
        else:
            bus('StopUnit', 'ss', unit, 'replace')
        wait_until(lambda: unit_state(unit) in ('inactive', 'failed'), 30)
    if os.path.isdir(path(drop_in(unit))):
        remove(drop_in(unit) + '/dcos-calico.conf')
        remove_empty(drop_in(unit))
        bus('Reload')
    if unit_state(unit) == 'failed':
        bus('ResetFailedUnit', 's', unit)


def let_go(name, running):
    """Whoever kept the container up so far does so no more."""
    for unit in other_units(name):
        release(unit, running)
    updated = command('docker', 'update', '--restart=no', name)
    if updated.code != 0 and 'no such' not in updated.err.lower():
        raise failed('the container %s cannot be taken over: %s' % (name, updated.why()))


def policy(container):
    return ((container.get('HostConfig') or {}).get('RestartPolicy') or {}).get('Name') or 'no'


def adopt(name, title, arguments, wanted, container):
    """
    Takes over a foreign container. One that is as wanted goes on running under our unit, untouched; True then. Else False: it is to
    be replaced, and `DETAIL` says what speaks against it.
    """
    if not is_calico(container):
        raise failed('there is a container %s on this agent that this step did not start: remove it, or disable this step' % name)
    hashed = container_unit(name, title, arguments)[1]
    kept_for = (RECORD.get('adopted') or {}).get('wanted') if is_adopted(container) else hashed
    differing = (differences(container, arguments) or ['options']) if kept_for != hashed else differences(container, arguments)
    if not is_running(container) and not is_adopted(container):
        differing.append('it does not run')
    DETAIL['found'] = {'image': (container.get('Config') or {}).get('Image'), 'differs': differing}
    if differing:
        return False
    unit, content = unit_name(STEP), adopted_unit(name, title)
    lost, changed = unit_lacks(unit, content)
    others = other_units(name)
    changed += ['take %s out of service' % each for each in others]
    if policy(container) != 'no' or not is_adopted(container):
        changed.append('take over the container %s as it runs' % name)
    if not is_running(container):
        lost.append('start the container ' + name)
    elif unit_state(unit) not in ('active', 'activating'):
        lost.append('start ' + unit)
    DETAIL['adopted'] = 'the container %s runs as it was found' % name
    if not lost and not changed:
        return True
    permit(wanted, lost, changed)
    agree(wanted)
    with HostLock():
        keep(adopted={'id': container.get('Id'), 'wanted': hashed})
        let_go(name, True)
        install_unit(unit, content)
        bus('Reload')
        bus('StartUnit', 'ss', unit, 'replace')
    wait_until(lambda: unit_state(unit) == 'active', PATIENCE)
    return True
