# A container that a unit of this program keeps running: libnetwork's and calico/node's.

WANTED_LABEL = 'com.mesosphere.dcos-calico.wanted'


def inspect(name):
    """What Docker says of a container; None if there is none of that name."""
    result = command('docker', 'inspect', '--type', 'container', name)
    if result.code == 0:
        try:
            return json.loads(result.out)[0]
        except (ValueError, IndexError):
            pass
    elif result.code == 127:
        raise failed('Docker is not installed on this agent')
    elif 'no such' not in result.err.lower():
        raise EngineDown('Docker does not answer on this agent: ' + result.why())
    return None


def label(container, name):
    return ((container.get('Config') or {}).get('Labels') or {}).get(name)


def is_running(container):
    return bool(container and (container.get('State') or {}).get('Running'))


def is_ours(container):
    return bool(container) and label(container, STEP_LABEL) == STEP


def limits():
    """Mesos' shares (1024 a CPU) and MiB, on the container itself: a limit of its unit would hold only the client."""
    try:
        cpus, mem = float(env('CPUS', '0.2')), int(float(env('MEM', '256')))
    except ValueError:
        raise failed('the limits of the container are not numbers')
    return ['--cpu-shares', str(max(2, int(cpus * 1024))), '--memory', '%dm' % mem]


def tls_mounts():
    """The TLS files of etcd in the container: variables and mounts, each at the same path as on the host."""
    arguments = []
    for variable, name in (('ETCD_CA_CERT_FILE', 'CA'), ('ETCD_CERT_FILE', 'CERT'), ('ETCD_KEY_FILE', 'KEY')):
        file = env('ETCD_%s_FILE' % name)
        if file:
            arguments += ['-e', '%s=%s' % (variable, file), '-v', '%s:%s:ro' % (file, file)]
    return arguments


def docker_path():
    for folder in ('/usr/bin', '/usr/local/bin', '/bin', '/opt/bin'):
        if os.path.exists(path(folder + '/docker')):
            return folder + '/docker'
    raise failed('Docker is not installed on this agent')


def unit_head(title):
    return [
        '[Unit]',
        'Description=%s, kept by dcos calico' % title,
        'After=docker.service network-online.target dcos-calico-etcd-proxy.service',
        'Wants=docker.service network-online.target',
        '',
        '[Service]',
        'Restart=always',
        'RestartSec=5',
        'StartLimitInterval=0',
        'TimeoutStartSec=0',
    ]


def container_unit(name, title, arguments):
    """(unit file, hash of what is wanted). systemd restarts the container, so Docker does not."""
    run_arguments = ['run', '--name', name, '--restart', 'no', '--net', 'host', '--privileged'] + limits() + arguments
    image = image_name()
    wanted = hash_of(run_arguments + [image])
    labels = ['--label', '%s=%s' % (STEP_LABEL, STEP), '--label', '%s=%s' % (WANTED_LABEL, wanted)]
    docker = docker_path()
    words = [docker] + run_arguments + labels + [image]
    lines = unit_head(title) + [
        'ExecStartPre=-%s rm -f %s' % (docker, name),
        'ExecStart=' + docker + ' ' + ' '.join(quoted(word) for word in words[1:]),
        'ExecStop=-%s stop -t 10 %s' % (docker, name),
        '',
        '[Install]',
        'WantedBy=multi-user.target',
        '',
    ]
    return '\n'.join(lines).encode('utf-8'), wanted


def image_name():
    image = env('IMAGE')
    if not image or image.startswith('-') or len(image.split()) != 1:
        raise failed('the options name no image for this step')
    return image


def have_image():
    image = image_name()
    if command('docker', 'image', 'inspect', image).code == 0:
        return
    progress('pulls the image ' + image)
    folder = env('REGISTRY_CONFIG_DIR')
    if folder:
        # Its config.json can name directories of plugins, which Docker's client then runs (cli/config/configfile/file.go).
        refuse_writable(folder)
    pulled = command('docker', *((['--config', path(folder)] if folder else []) + ['pull', image]), timeout=1200)
    if pulled.code != 0:
        raise failed('the image %s cannot be pulled: %s' % (image, pulled.why()))


def keep_container(name, title, arguments, wanted):
    """Has the container run as wanted, when that may be done now. Returns what Docker says of it."""
    unit = unit_name(STEP)
    content, hashed = container_unit(name, title, arguments)
    container = inspect(name)
    if is_foreign(container) and adopt(name, title, arguments, wanted, container):
        return inspect(name)
    lost, changed = unit_lacks(unit, content)
    if RECORD.get('adopted') and not container:
        # What was taken over is gone: nothing runs that this could disturb.
        lost, changed = lost + changed, []
    if is_foreign(container):
        changed.append('replace the container %s of an earlier Calico (%s)' % (name, (container.get('Config') or {}).get('Image')))
    elif not is_running(container):
        lost.append('start the container ' + name)
    elif label(container, WANTED_LABEL) != hashed:
        changed.append('replace the container ' + name)
    if not lost and not changed:
        lasting('start', False)
        return container
    permit(wanted, lost, changed)
    agree(wanted)
    # The old container runs until the new image is there.
    have_image()
    with HostLock():
        if is_foreign(container):
            let_go(name, False)
        new = install_unit(unit, content)
        # Always: a run that was killed may have written the unit and not have told systemd.
        bus('Reload')
        if new or is_running(container) or unit_state(unit) not in ('active', 'activating'):
            bus('RestartUnit', 'ss', unit, 'replace')
        keep(adopted=None)
    wait_until(lambda: is_running(inspect(name)), PATIENCE)
    container = inspect(name)
    if not is_running(container) or label(container, WANTED_LABEL) != hashed:
        if lasting('start', True) > 60:
            said = command('docker', 'logs', '--tail', '5', name)
            raise failed('the container %s does not stay up: %s' % (name, said.why()))
        raise Report('working', 'the container %s is starting' % name)
    return container


def remove_container(name):
    """Takes our container and its unit off; what is not ours stays."""
    remove_unit(unit_name(STEP))
    container = inspect(name)
    if is_ours(container) or is_adopted(container):
        removed = command('docker', 'rm', '-f', name, timeout=60)
        if removed.code != 0 and 'no such' not in removed.err.lower():
            raise failed('the container %s cannot be removed: %s' % (name, removed.why()))


def seconds_running(container):
    """How long it runs, by the clock of the host."""
    started = (container.get('State') or {}).get('StartedAt') or ''
    try:
        import calendar
        return time.time() - calendar.timegm(time.strptime(started[:19], '%Y-%m-%dT%H:%M:%S'))
    except ValueError:
        return 0.0
