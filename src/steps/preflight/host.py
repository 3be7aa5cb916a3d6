# What a host is like, beyond what a step looks at for itself.

# Lists in a report have so many entries at most.
MOST = 40
# All that a restart of Docker interrupts must be named, or it is not done.
MOST_CONTAINERS = 300
# What calicoctl 1.6 to 3 look for (`node checksystem`), as far as Calico 2.6 uses it: alternatives, the first is named.
MODULES = (('ip_tables',), ('ip_set',), ('xt_set', 'ipt_set'), ('ipt_REJECT',), ('nf_conntrack_netlink',), ('xt_addrtype',),
           ('xt_conntrack',), ('xt_mark',), ('xt_multiport',), ('xt_rpfilter', 'ipt_rpfilter'))
# Only for IPv6, and only where IPIP is on.
OPTIONAL_MODULES = (('ip6_tables',), ('ipip',))


def first_line(*argv):
    said = command(*argv)
    return said.out.splitlines()[0].strip() if said.code == 0 and said.out.strip() else ''


def tools():
    return {'python': '%d.%d.%d' % sys.version_info[:3], 'curl': first_line('curl', '--version')[:60],
            'missing': [name for name in ('curl', 'ip', 'iptables', 'ipset') if command(name, '--version').code == 127]}


def systemd_facts():
    """Its version, what could speak to it, and whether it answers over the bus: asked as the steps ask it."""
    words = first_line('systemctl', '--version').split()
    found = {'version': int(words[1]) if len(words) > 1 and words[1].isdigit() else 0,
             'means': [name for name in ('busctl', 'dbus-send', 'systemctl') if command(name, '--version').code != 127], 'why': ''}
    try:
        properties('docker.service', Unit=['ActiveState'])
    except Report as stop:
        found['why'] = str(stop)[:300]
    return found


def module_there(name, release):
    if command('modprobe', '-n', '-q', name).code == 0:
        return True
    shown = command('lsmod').out
    for file in ('modules.builtin', 'modules.dep'):
        shown += (read('/lib/modules/%s/%s' % (release, file)) or b'').decode('utf-8', 'replace')
    return any(line.split(':')[0].split()[:1] == [name] or line.split(':')[0].rsplit('/', 1)[-1].split('.')[0] == name
               for line in shown.splitlines() if line)


def modules_missing(wanted, release):
    if command('modprobe', '-n', '-q', '-a', *[names[0] for names in wanted]).code == 0:
        return []
    return [names[0] for names in wanted if not any(module_there(each, release) for each in names)]


def kernel():
    release = first_line('uname', '-r')
    if not os.path.isdir(path('/lib/modules/' + release)):
        # Of a kernel that has all built in nobody can tell from outside.
        raise failed('there is no /lib/modules/%s on this agent to tell which modules its kernel has' % release)
    return {'release': release, 'missing': modules_missing(MODULES, release), 'lacks': modules_missing(OPTIONAL_MODULES, release)}


def cgroups():
    if os.path.exists(path('/sys/fs/cgroup/cgroup.controllers')):
        return 'unified'
    return 'hybrid' if os.path.isdir(path('/sys/fs/cgroup/unified')) else 'legacy'


def iptables():
    return first_line('iptables', '--version')[:60]


def rp_filter():
    return int((read('/proc/sys/net/ipv4/conf/all/rp_filter') or b'0').decode('ascii'))


def memory():
    """MiB that can be had."""
    for line in (read('/proc/meminfo') or b'').decode('ascii', 'replace').splitlines():
        if line.startswith('MemAvailable:'):
            return int(line.split()[1]) // 1024
    return None


def disk(root):
    """MiB free where Calico's files, this program's and Docker's images go."""
    found = {}
    for name in ('/var/lib', '/opt', root or '/var/lib/docker'):
        shown = command('df', '-Pk', path(name))
        if shown.code == 0:
            found[name] = int(shown.out.splitlines()[-1].split()[3]) // 1024
    return found


def networks():
    """Networks that this host has an address in, or a route to; Calico's own left out."""
    found = []
    for line in command('ip', '-4', '-o', 'addr', 'show').out.splitlines():
        words = line.split()
        if 'inet' in words[:-1] and words[1] != 'lo' and not words[1].startswith(('cali', 'tunl')):
            found.append(words[words.index('inet') + 1])
    for line in command('ip', '-4', 'route', 'show').out.splitlines():
        words = line.split()
        if words and '/' in words[0] and 'bird' not in words and not any(word.startswith('cali') for word in words):
            found.append(words[0])
    return sorted(set(found))[:MOST]


def clock():
    """Seconds that this host's clock is ahead of the master's, as Mesos-DNS dates its answers."""
    import calendar
    try:
        dated = ask('http://leader.mesos:8123/v1/version').headers.get('date', '')
        return round(time.time() - calendar.timegm(time.strptime(dated, '%a, %d %b %Y %H:%M:%S GMT')))
    except Unreachable as error:
        raise failed('the master does not answer: %s' % error)
    except ValueError:
        raise failed('the answer of the master has no date')


def listener(port, step):
    """
    What is said of who listens on a TCP port, on any address; '' if nobody does, or the step that wants it is there. Which
    process it is cannot be seen from a task's own PID namespace.
    """
    if read(KEPT + '/steps/%s.json' % step) is not None:
        return ''
    shown = command('ss', '-ltn')
    if shown.code != 0:
        shown = command('netstat', '-ltn')
    for line in shown.out.splitlines():
        words = line.split()
        if any(word.rpartition(':')[2] == port for word in words[3:4]):
            return 'something'
    return ''


def docker_facts(names):
    """Of daemon.json our keys with their values, of all others the names alone: a value may be a secret."""
    flags, started, _ = names['service']()
    name = names['config_file'](flags)
    raw = read(name)
    config = parsed(raw) if raw and raw.strip() else {}
    found = {'unit': FOUND.get('unit', ''), 'onDisk': names['on_disk'](flags), 'flag': names['store_flag'](flags), 'file': name,
             'there': raw is not None, 'valid': config is not None, 'answers': False, 'why': '',
             'own': [each for each in ((RECORD.get('keys') or {}).get('cluster-store'), RECORD.get('earlier')) if each]}
    if config is not None:
        found['before'] = dict((key, config[key]) for key in names['OURS'] if key in config)
        found['others'] = sorted(key for key in config if key not in names['OURS'])[:MOST]
        if env('CLUSTER_STORE'):
            found['after'] = names['wanted_keys'](address())
    try:
        info = engine()
    except Report as stop:
        found['why'] = str(stop)[:300]
        return found
    found.update(answers=True, version=info['ServerVersion'], store=info.get('ClusterStore') or '',
                 swarm=(info.get('Swarm') or {}).get('LocalNodeState') or 'inactive',
                 liveRestore=bool(info.get('LiveRestoreEnabled')), root=info.get('DockerRootDir') or '')
    found['pending'] = names['pending_edits'](name, raw, config or {}, info, started)[:MOST] if not found['store'] else []
    return found


def containers():
    """Containers that run, by name, with the task that each is: what a restart of Docker would end."""
    listed = command('docker', 'ps', '-q', '--no-trunc')
    if listed.code != 0:
        return {'count': 0, 'running': []}
    ids = listed.out.split()
    found = []
    if ids:
        for each in json.loads(command('docker', 'inspect', '--type', 'container', *ids[:MOST_CONTAINERS]).out):
            config = each.get('Config') or {}
            told = dict(pair.partition('=')[::2] for pair in config.get('Env') or [])
            labels = config.get('Labels') or {}
            found.append({'name': each.get('Name', '').lstrip('/'), 'image': config.get('Image', ''), 'ours': STEP_LABEL in labels,
                          'task': labels.get('MESOS_TASK_ID') or told.get('MESOS_TASK_ID', ''), 'app': told.get('MARATHON_APP_ID', '')})
    return {'count': len(ids), 'running': sorted(found, key=lambda one: one['name'])}


def etcd_urls(names):
    """Client URLs of etcd as far as they can be known before there is a proxy."""
    given = names['upstreams']() or [url for url in endpoints() if not is_local(url)]
    if given:
        return given
    for peer in names['peers_of_srv']() or []:
        try:
            said = json.loads(ask(peer + '/members', *tls_arguments()).body)
            return [url for member in said for url in member.get('clientURLs') or []]
        except (Unreachable, ValueError, AttributeError):
            continue
    return []


def etcd_facts(names):
    """What each URL answers to a quorum read, and the IP pools that Calico has there already."""
    asked, pools = [], set()
    for url in etcd_urls(names)[:8]:
        try:
            answer = ask(url + '/v2/keys/calico/v1/ipam/v4/pool?quorum=true', *tls_arguments())
            good = answer.json is not None and answer.status in (200, 404)
            asked.append({'url': url, 'answers': good, 'what': '' if good else 'it answers %d' % answer.status})
            pools.update(key.rsplit('/', 1)[-1].replace('-', '/') for key in children(answer))
        except Unreachable as error:
            asked.append({'url': url, 'answers': False, 'what': str(error)[:200]})
    return {'asked': asked, 'pools': sorted(pools)[:MOST]}


def cni_facts(names):
    plugins, networks_folder = names['directories']()
    return {'elsewhere': names['looked_at'](), 'network': env('CNI_NETWORK'),
            'sameName': [networks_folder + '/' + each for each, _ in names['same_network'](networks_folder)]}


def earlier(names, node):
    """What a Calico that is not ours left here: containers, units, files, and in the kernel."""
    ours = [step for step in ('cni', 'libnetwork', 'node') if read(KEPT + '/steps/%s.json' % step) is not None]
    found = {'containers': [], 'units': [], 'files': [], 'kernel': []}
    for name, step in (('calico-node', 'node'), ('calico-libnetwork', 'libnetwork')):
        if step in ours:
            # What was taken over keeps its labels.
            continue
        try:
            container = inspect(name)
        except Report:
            break
        if container and label(container, STEP_LABEL) is None:
            found['containers'].append('%s (%s)' % (name, (container.get('Config') or {}).get('Image', '')))
    if os.path.isdir(path(UNITS)):
        found['units'] = sorted(name for name in os.listdir(path(UNITS))
                                if 'calico' in name and name.endswith('.service') and not name.startswith('dcos-calico-'))[:MOST]
    plugins, _ = names['directories']()
    places = ['/etc/calico', '/etc/cni/net.d/10-calico.conf', '/run/docker/plugins/calico.sock']
    if 'cni' not in ours:
        places += [plugins + '/' + each for each in names['PLUGINS']]
    if 'libnetwork' in ours:
        places.remove('/run/docker/plugins/calico.sock')
    found['files'] = [name for name in places if os.path.exists(path(name))]
    if 'node' not in ours:
        found['kernel'] = node['kernel_left']([])
    return found


def noted(facts):
    """Whether somebody should read this: said so that of thousands only those need be read."""
    docker, tool, bus_facts = facts.get('docker') or {}, facts.get('tools') or {}, facts.get('systemd') or {}
    return bool(
        tool.get('missing') or bus_facts.get('why') or (facts.get('kernel') or {}).get('missing') or facts.get('cgroups') != 'legacy'
        or 'nf_tables' in (facts.get('iptables') or '') or any((facts.get('ports') or {}).values()) or abs(facts.get('clock') or 0) > 5
        or not docker.get('answers') or not docker.get('valid') or docker.get('store') or docker.get('flag') or docker.get('before')
        or docker.get('liveRestore') or docker.get('pending') or docker.get('swarm') not in (None, 'inactive')
        or (facts.get('cni') or {}).get('elsewhere') or (facts.get('cni') or {}).get('sameName')
        or any((facts.get('earlier') or {}).values()) or any(free < 2048 for free in (facts.get('disk') or {}).values())
        or (facts.get('memory') is not None and facts['memory'] < 512)
        or (facts.get('etcd') or {}).get('pools') or any(not each['answers'] for each in (facts.get('etcd') or {}).get('asked', [])))
