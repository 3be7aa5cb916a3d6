# cni: Calico's two plugins and its network, for the Universal Container Runtime. Mesos >= 1.2 reads both by itself.

UNIT = unit_name(STEP)
MASTERS = KEPT + '/cni'
PLUGINS = ('calico', 'calico-ipam')
PUT_BACK = '/opt/dcos-calico/bin/put-back-cni'


def directories():
    return env('CNI_PLUGINS_DIR').rstrip('/') or '/', env('CNI_CONFIG_DIR').rstrip('/') or '/'


def configuration(name):
    """The file as Calico 2.6 reads it. Mesos' parser knows results of CNI 0.1 and 0.2 only: a newer version gives no address."""
    from collections import OrderedDict
    wanted = OrderedDict([
        ('name', env('CNI_NETWORK')),
        ('cniVersion', '0.1.0'),
        ('type', 'calico'),
        ('nodename', name),
        ('etcd_endpoints', env('ETCD_ENDPOINTS')),
    ])
    for key, option in (('etcd_ca_cert_file', 'CA'), ('etcd_cert_file', 'CERT'), ('etcd_key_file', 'KEY')):
        if env('ETCD_%s_FILE' % option):
            wanted[key] = env('ETCD_%s_FILE' % option)
    wanted['ipam'] = OrderedDict([('type', 'calico-ipam')])
    return json.dumps(wanted, indent=2).encode('utf-8') + b'\n'


def beside(folder):
    """
    A directory for temporary files: on the same file system, and not the CNI directory itself, where Mesos takes every file
    for a network. `active/cni` is a link: what counts is the file system it leads to.
    """
    real = os.path.realpath(path(folder))
    parent = os.path.dirname(real)
    if os.stat(parent).st_dev == os.stat(real).st_dev:
        return parent
    # A mount of its own: a directory within it. Mesos reads regular files only.
    hidden = real + '/.dcos-calico'
    if not os.path.isdir(hidden):
        os.mkdir(hidden, 0o700)
    return hidden


def place(folder, name, data, mode):
    """`write` with the temporary file outside the directory."""
    temporary = beside(folder) + '/.' + name + '.dcos-calico'
    with Writing(folder + '/' + name, temporary):
        with new_file(temporary) as file:
            file.write(data)
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, path(folder + '/' + name))
        sync_directory(folder)
    tell('wrote %s/%s' % (folder, name))


def same_network(folder):
    """Other files of the directory with our network's name: Mesos takes one of them and leaves the rest."""
    found = []
    try:
        names = sorted(os.listdir(path(folder)))
    except OSError:
        return found
    for each in names:
        if each == 'calico.cni' or not os.path.isfile(path(folder + '/' + each)):
            continue
        content = parsed(read(folder + '/' + each))
        if content and content.get('name') == env('CNI_NETWORK'):
            found.append((each, content))
    return found


def is_calico(content):
    return 'calico' in (content.get('type'), (content.get('delegate') or {}).get('type'))


def refuse_other_network(networks, content):
    """A file of our file's name that is no Calico network belongs to somebody else."""
    found = read(networks + '/calico.cni')
    if found is None or found == content or RECORD.get('placed'):
        return
    if not is_calico(parsed(found) or {}):
        raise failed('%s/calico.cni is there, and is not a network of Calico' % networks)


def agent_flags():
    """The Mesos agent's two directories: its environment files in the order in which its unit reads them."""
    values = {}
    for name in ('/opt/mesosphere/etc/mesos-slave-common', '/opt/mesosphere/etc/mesos-slave-common-extras',
                 '/var/lib/dcos/mesos-slave-common', '/opt/mesosphere/etc/mesos-slave-public' if is_public() else '/opt/mesosphere/etc/mesos-slave',
                 '/etc/mesosphere/mesos/agent-public.env' if is_public() else '/etc/mesosphere/mesos/agent.env'):
        for line in (read(name) or b'').decode('utf-8', 'replace').splitlines():
            key, equals, value = line.strip().partition('=')
            if equals and key.startswith('MESOS_NETWORK_CNI_'):
                values[key] = value.strip().strip('"\'')
    return values


def is_public():
    return os.path.exists(path('/etc/mesosphere/roles/slave_public'))


def looked_at():
    """Does the agent look where the options put the files? Else a restart with other flags is needed: not this step's to do."""
    plugins, networks = directories()
    flags = agent_flags()
    searched = [each.rstrip('/') for each in flags.get('MESOS_NETWORK_CNI_PLUGINS_DIR', '').split(':')]
    configured = flags.get('MESOS_NETWORK_CNI_CONFIG_DIR', '').rstrip('/')
    FOUND['agent flags'] = flags
    if plugins not in searched:
        return 'the Mesos agent looks for plugins in %s, not in %s' % (':'.join(searched) or 'no directory', plugins)
    if networks != configured:
        return 'the Mesos agent looks for networks in %s, not in %s' % (configured or 'no directory', networks)
    return ''


def put_back_script():
    """What the unit runs before the Mesos agent starts: the same files, plugins first, from the masters. No Python, no options."""
    plugins, networks = directories()
    lines = ['#!/bin/sh', '# Puts Calico\'s CNI files back after a DC/OS upgrade. Written by dcos calico.', 'set -u', 'R="${DCOS_CALICO_ROOT:-}"']
    for folder, names in ((plugins, PLUGINS), (networks, ('calico.cni',))):
        for name in names:
            source, target = single(MASTERS + '/' + name), single(folder + '/' + name)
            above = single(os.path.dirname(folder) + '/.' + name + '.put-back')
            lines.append('[ -d %s ] && ! cmp -s %s %s && cp -p %s %s && mv -f %s %s' % (
                single(folder), source, target, source, above, above, target))
    return '\n'.join(lines + ['exit 0', '']).encode('utf-8')


def agent_unit():
    """Whose start pulls in ours, each time: a DC/OS upgrade restarts it without a reboot."""
    return 'dcos-mesos-slave-public.service' if is_public() else 'dcos-mesos-slave.service'


def single(word):
    return '"$R"' + "'" + word.replace("'", "'\\''") + "'"


def unit():
    return '\n'.join([
        '[Unit]',
        'Description=Puts Calico\'s CNI files back before the Mesos agent starts, kept by dcos calico',
        'Before=dcos-mesos-slave.service dcos-mesos-slave-public.service',
        '',
        '[Service]',
        'Type=oneshot',
        'ExecStart=/bin/sh ' + PUT_BACK,
        '',
        '[Install]',
        'WantedBy=' + agent_unit(),
        '',
    ]).encode('utf-8')


def artifact(name):
    key = name.upper().replace('-', '_')
    return env(key + '_URL'), env(key + '_SHA256')


def lacking(content):
    plugins, networks = directories()
    lost, changed = unit_lacks(UNIT, unit(), agent_unit())
    if RECORD.get('read') != hash_of(unit().decode('utf-8')):
        lost.append('have systemd read its units')
    script = read(PUT_BACK)
    if script != put_back_script():
        (lost if script is None else changed).append('write ' + PUT_BACK)
    for name in PLUGINS:
        have = kept(*artifact(name))
        master = MASTERS + '/' + name
        if have is None or not same_file(master, have):
            lost.append('fetch ' + name)
        target = plugins + '/' + name
        if not os.path.exists(path(target)):
            lost.append('write ' + target)
        elif not same_file(target, master):
            changed.append('replace ' + target)
        elif not os.access(path(target), os.X_OK):
            lost.append('make %s executable' % target)
    for name in (MASTERS + '/calico.cni', networks + '/calico.cni'):
        found = read(name)
        if found != content:
            (lost if found is None else changed).append('%s %s' % ('write' if found is None else 'replace', name))
    changed += ['take the place of %s/%s, which an earlier Calico left' % (networks, each) for each, _ in same_network(networks)]
    return lost, changed


def back_up(folder, name, ours):
    """Keeps what was there before us, once: what is ours by its content is no backup."""
    found = read(folder + '/' + name)
    target = KEPT + '/backup/cni/' + name
    if found is None or found == ours or read(target) is not None or name in (RECORD.get('placed') or []):
        return
    write(target, found, os.stat(path(folder + '/' + name)).st_mode & 0o777)


def converge(wanted, lost, changed, content):
    permit(wanted, lost, changed)
    agree(wanted)
    files = [(name, fetch(name, *artifact(name))) for name in PLUGINS]
    plugins, networks = directories()
    with HostLock():
        note_former(plugins, networks)
        part_backups()
        for name, have in files:
            if not same_file(MASTERS + '/' + name, have):
                with open(path(have), 'rb') as file:
                    write(MASTERS + '/' + name, file.read(), 0o755)
        if read(MASTERS + '/calico.cni') != content:
            write(MASTERS + '/calico.cni', content)
        # Plugins first, the network last: Mesos looks for the plugins when it meets the network.
        for name in PLUGINS:
            master = read(MASTERS + '/' + name)
            back_up(plugins, name, master)
            if not same_file(plugins + '/' + name, MASTERS + '/' + name) or not os.access(path(plugins + '/' + name), os.X_OK):
                place(plugins, name, master, 0o755)
        back_up(networks, 'calico.cni', content)
        if read(networks + '/calico.cni') != content:
            place(networks, 'calico.cni', content, 0o644)
        # Ours is there: Mesos is never without a network of that name.
        for each, _ in same_network(networks):
            back_up(networks, each, content)
            remove(networks + '/' + each)
        keep(placed=list(PLUGINS) + ['calico.cni'], directories=[plugins, networks])
        if read(PUT_BACK) != put_back_script():
            write(PUT_BACK, put_back_script(), 0o755)
        install_unit(UNIT, unit(), agent_unit())
        bus('Reload')
        keep(read=hash_of(unit().decode('utf-8')))


def present():
    name = node_name()
    plugins, networks = directories()
    content = configuration(name)
    wanted = {'artifacts': [artifact(each) for each in PLUGINS], 'directories': [plugins, networks],
              'configuration': content.decode('utf-8')}
    WANTED.update({'network': env('CNI_NETWORK'), 'plugins': plugins, 'networks': networks})
    if RECORD.get('restarting agent'):
        with HostLock():
            end_agent_restart()
    for folder in (plugins, networks):
        if not os.path.isdir(path(folder)):
            raise failed('the directory %s is not there on this agent' % folder)
        refuse_writable(folder)
    refuse_other_network(networks, content)
    others = [each for each, theirs in same_network(networks) if not is_calico(theirs)]
    if others:
        raise failed('%s/%s has a network of the same name, and not of Calico: Mesos takes only one of the two' % (networks, others[0]))
    lost, changed = lacking(content)
    if lost or changed:
        converge(wanted, lost, changed, content)
        lost, changed = lacking(content)
        if lost or changed:
            raise Report('working', 'still to do: ' + '; '.join(changed + lost))
    for each in PLUGINS:
        describe(each, *artifact(each))
    if RECORD.get('agreed'):
        keep_node_name(name)
    elsewhere = looked_at()
    if elsewhere:
        # Its networks are in one directory, all of them: which it is to be is the operator's to say.
        raise Report('restart pending', elsewhere + ': it needs other flags and a restart', ['restart agent', 'plan'])
    otherwise = runs_otherwise(FOUND['agent flags'])
    if otherwise:
        restart_agent(otherwise)
    if RECORD.get('former'):
        with HostLock():
            clear_former()
    settled(wanted)
