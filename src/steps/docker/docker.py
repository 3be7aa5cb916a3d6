# docker: a cluster store for the engine. A first one is taken on reload; another one needs a restart, in a turn that allows it.

FILE = '/etc/docker/daemon.json'
SERVICE = 'docker.service'
OURS = ('cluster-store', 'cluster-advertise', 'cluster-store-opts')
# What `docker info` says of keys of daemon.json: these can be compared, all others cannot.
SHOWN = {
    'debug': 'Debug', 'live-restore': 'LiveRestoreEnabled', 'default-runtime': 'DefaultRuntime', 'storage-driver': 'Driver',
    'log-driver': 'LoggingDriver', 'data-root': 'DockerRootDir', 'graph': 'DockerRootDir', 'experimental': 'ExperimentalBuild',
    'labels': 'Labels', 'cgroup-parent': 'CgroupParent',
}


def config_file(flags):
    import re
    named = re.search(r'--config-file"?[= ]\s*"?([^\s";]+)', flags)
    return named.group(1) if named else FILE


def wanted_keys(here):
    keys = {'cluster-store': env('CLUSTER_STORE'), 'cluster-advertise': '%s:%s' % (here, env('ADVERTISE_PORT'))}
    if env('CLUSTER_STORE').startswith('etcd://') and env('ETCD_CA_FILE'):
        keys['cluster-store-opts'] = dict(
            (key, env('ETCD_%s_FILE' % name))
            for key, name in (('kv.cacertfile', 'CA'), ('kv.certfile', 'CERT'), ('kv.keyfile', 'KEY')) if env('ETCD_%s_FILE' % name))
    return keys


def service():
    """(what dockerd is started with, when: a time or None). Files of variables that the unit names are read too."""
    import re
    shown = properties(SERVICE, Unit=['ActiveState'],
                       Service=['ExecStart', 'Environment', 'EnvironmentFiles', 'ExecMainStartTimestamp'])
    flags = shown.get('ExecStart', '') + ' ' + shown.get('Environment', '')
    for name in re.findall(r'(/[^\s"();]+)', shown.get('EnvironmentFiles', '')):
        flags += ' ' + (read(name) or b'').decode('utf-8', 'replace').replace('\n', ' ')
    started = shown.get('ExecMainStartTimestamp', '')
    try:
        # The bus has microseconds, `systemctl show` whole seconds as text.
        moment = int(started) / 1e6 if started.isdigit() else utc(started)
    except ValueError:
        moment = None
    FOUND['unit'] = shown.get('ActiveState', '')
    return flags, moment or None, started


def utc(shown):
    import calendar
    return calendar.timegm(time.strptime(shown, '%a %Y-%m-%d %H:%M:%S UTC'))


def store_flag(flags):
    import re
    given = re.search(r'--cluster-store"?[= ]\s*"?\'?([^\s"\';]+)', flags)
    return given.group(1) if given else ''


def on_disk(flags):
    """The version of the dockerd that a restart would start; '' if it does not say."""
    import re
    program = re.search(r'(/[^\s"();]*dockerd)\b', flags)
    said = command(path(program.group(1) if program else '/usr/bin/dockerd'), '--version', timeout=20)
    version = re.search(r'version (\d[\w.+~-]*)', said.out)
    return version.group(1) if said.code == 0 and version else ''


def same_as_running(key, value, info):
    if key == 'registry-mirrors':
        running = (info.get('RegistryConfig') or {}).get('Mirrors') or []
        return sorted(url.rstrip('/') for url in value or []) == sorted(url.rstrip('/') for url in running)
    if key not in SHOWN:
        return False
    running = info.get(SHOWN[key])
    return sorted(value or []) == sorted(running or []) if key == 'labels' else value == running


def pending_edits(name, raw, config, info, started):
    """Keys, but for ours, that the engine has not taken yet, or of which nobody can say: a reload would take them too."""
    if raw is None or sha256(raw) in (RECORD.get('wrote'), RECORD.get('put')):
        return []
    stat = os.stat(path(name))
    # The change time too: it cannot be set back, as a copy that keeps times does with the other.
    if started is not None and max(stat.st_mtime, stat.st_ctime) <= started:
        return []
    return sorted(key for key in config if key not in OURS and not same_as_running(key, config[key], info))


def registered(info, here):
    """Is the engine's own key in its store? None: that cannot be asked. `docker info` alone is not to be believed."""
    advertised = info.get('ClusterAdvertise') or ''
    store = info.get('ClusterStore') or ''
    if not store.startswith('etcd://'):
        DETAIL['registration'] = 'not looked at: the store is not etcd'
        return None
    if not advertised:
        DETAIL['registration'] = 'not looked at: the engine has no cluster-advertise'
        return None
    hosts, _, prefix = store[len('etcd://'):].partition('/')
    scheme = 'https://' if env('ETCD_CA_FILE') else 'http://'
    key = ('/' + prefix.rstrip('/') if prefix else '') + '/docker/nodes'
    answer = etcd(key + '?quorum=true', urls=[scheme + host for host in hosts.split(',')])
    names = [name.rsplit('/', 1)[-1] for name in children(answer)]
    DETAIL['registration'] = key + '/' + advertised
    return advertised in names or any(name.rpartition(':')[0] == here for name in names)


def reload():
    bus('KillUnit', 'ssi', SERVICE, 'main', 1)


def engine_or_rescue(name, flags):
    try:
        info = engine()
    except EngineDown:
        if FOUND['unit'] != 'active':
            rescue(name, flags)
            start_again(name)
        raise
    lasting('down', False)
    return info


def refuse(info, flags, running):
    version = info['ServerVersion']
    FOUND.update({'docker': version, 'cluster-store': running, 'cluster-advertise': info.get('ClusterAdvertise') or ''})
    if major(version) >= 23:
        raise failed('Docker %s has no cluster store: Docker took it out in 23.0. Disable this step (docker.enable) on such clusters' % version)
    if (info.get('Swarm') or {}).get('LocalNodeState') in ('active', 'pending', 'locked'):
        raise failed('Docker is in swarm mode on this agent, which excludes a cluster store')
    newer = on_disk(flags)
    FOUND['docker on disk'] = newer
    return newer if major(newer) >= 23 else ''


def refuse_options():
    """Docker would not start again with a store that it cannot read."""
    import re
    if not re.match(r'(etcd|zk|consul)://[A-Za-z0-9._:,\[\]/-]+$', env('CLUSTER_STORE')):
        raise failed('the options name no cluster store that Docker could use')
    if not env('ADVERTISE_PORT').isdigit():
        raise failed('the options name no port for Docker to advertise')


def present():
    refuse_options()
    here = address()
    keys = wanted_keys(here)
    store = keys['cluster-store']
    wanted = {'keys': keys}
    WANTED.update(keys)
    flags, started, start = service()
    name = config_file(flags)
    end_what_was_cut_off(name, store.__eq__)
    info = engine_or_rescue(name, flags)
    running = info.get('ClusterStore') or ''
    unstartable = refuse(info, flags, running)
    if running != store:
        stay_refused(wanted)
    raw = read(name)
    config = parsed(raw) if raw and raw.strip() else {}
    if config is None:
        raise failed('%s is not valid JSON: nothing was changed' % name)
    in_file = config.get('cluster-store') or ''
    replace = env('REPLACE_STORE') == 'true'
    given = store_flag(flags)
    if given and given != store:
        raise failed('Docker gets %s as its cluster store by a flag of its unit, which this step does not change' % given)
    # What this step wrote for earlier options is nobody else's.
    ours = ('', store, (RECORD.get('keys') or {}).get('cluster-store'), RECORD.get('earlier'))
    for other in (running, in_file):
        if other not in ours and not replace:
            raise failed('Docker already uses %s as its store' % other if other == running else
                         '%s already names %s as the store' % (name, other))
    if unstartable and running != store:
        raise failed('the Docker on disk is %s, which has no cluster store: it would not start again with one' % unstartable)

    def needs_restart(reason):
        restart(name, wanted, reason, store.__eq__, lambda: refuse_pending(name, read(name), info, started))

    if given and running != store:
        needs_restart('the unit of Docker names the store, and Docker runs without it')
    # A store that is there already is taken as it is; on reload Docker takes a first one only with what it advertises.
    write_needed = not given and (in_file != store or (running == '' and not config.get('cluster-advertise')) or outdated(config, keys))
    if running == store and not RECORD.get('agreed') and not write_needed:
        DETAIL['adopted'] = 'the store was there already'
    if write_needed or running == '':
        settle_store(wanted, name, raw, config, keys, info, started, start, write_needed)
        info = engine()
        running = info.get('ClusterStore') or ''
        FOUND.update({'cluster-store': running, 'cluster-advertise': info.get('ClusterAdvertise') or ''})
    if RECORD.get('restart') and RECORD['restart'] == start:
        needs_restart('Docker has another store than is wanted, and takes the new one only when it is restarted')
    if running != store:
        if lasting('not taken', True) < 2 * PATIENCE and RECORD.get('agreed'):
            raise Report('working', 'Docker was told to reload, and does not show the store yet')
        needs_restart('Docker did not take the cluster store on reload: it takes it when it is restarted')
    lasting('not taken', False)
    prove(info, here, needs_restart)
    # Proved: the way back is needed no more.
    forget_last(reloaded=None, restart=None, earlier=None, refused=None)
    if unstartable:
        raise Report('drifted', 'the Docker on disk is %s, which has no cluster store and will not start with it' % unstartable)
    settled(wanted)


def outdated(config, keys):
    """Does the file have our keys as earlier options wanted them? Those that we did not write stay as they are."""
    ours = RECORD.get('keys')
    return bool(ours) and ours != keys and any(config.get(key) != keys.get(key) for key in OURS)


def refuse_pending(name, raw, info, started):
    """A reload, and a restart, take every other edit too."""
    pending = [] if env('APPLY_OTHER_CHANGES') == 'true' else pending_edits(name, raw, parsed(raw) or {}, info, started)
    if pending:
        raise failed('%s has changes that Docker has not taken yet, and would take with ours: %s' % (name, ', '.join(pending)))


def settle_store(wanted, name, raw, config, keys, info, started, start, write_needed):
    """Writes the keys, and has the engine take on reload what it can."""
    running = info.get('ClusterStore') or ''
    # What it advertises it takes on reload. An existing store with other files of TLS is another store to it.
    opts = (RECORD.get('keys') or keys).get('cluster-store-opts') != keys.get('cluster-store-opts')
    takes = running == '' or (running == keys['cluster-store'] and not opts)
    if takes and RECORD.get('reloaded') == [start, sha256(raw or b'')] and not write_needed:
        return
    refuse_pending(name, raw, info, started)
    if keys['cluster-store'].startswith('etcd://') and env('STORE_OVERRIDDEN') != 'true':
        need_etcd()
    did = (['write the cluster store into ' + name] if write_needed else []) + (['have Docker reload'] if takes else [])
    permit(wanted, did if RECORD.get('done') else [], [] if RECORD.get('done') else did)
    agree(wanted)
    if not takes:
        keep(restart=start)
    if write_needed:
        configure(name, raw, config, keys)
    if not takes:
        return
    with HostLock():
        reload()
        keep(reloaded=[start, sha256(read(name) or b'')])
    wait_until(lambda: engine().get('ClusterStore') and engine().get('ClusterAdvertise') == keys['cluster-advertise'], PATIENCE)


def prove(info, here, needs_restart):
    """The engine's own key in the store, or a reason."""
    try:
        there = registered(info, here)
        if there is False:
            wait_until(lambda: registered(info, here), min(2, PATIENCE))
            there = registered(info, here)
    except Report as stop:
        if stop.state == 'waiting for step':
            raise
        raise failed('Docker has its store, but: ' + str(stop))
    lasted = lasting('unregistered', there is False)
    if there is False:
        if lasted > 90:
            needs_restart('Docker shows the store, and is not in it: it uses an earlier one, or earlier addresses of etcd, until it is restarted')
        raise Report('working', 'Docker has the store, and has not entered itself there yet')
