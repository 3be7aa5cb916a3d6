# node: the calico/node container (Felix, BIRD, confd), which routes the addresses and enforces policy.

NAME = 'calico-node'
FRESH = 90


def detection(here):
    """How calico/node finds the address it peers from."""
    given = env('INTERFACE')
    if not given:
        return ['-e', 'IP=' + here]
    method = given if '=' in given or given == 'first-found' else 'interface=' + given
    return ['-e', 'IP=', '-e', 'IP_AUTODETECTION_METHOD=' + method]


def arguments(name):
    values = [
        '-e', 'NODENAME=' + name, '-e', 'HOSTNAME=' + name, '-e', 'DATASTORE_TYPE=etcdv2', '-e', 'WAIT_FOR_DATASTORE=true',
        '-e', 'ETCD_ENDPOINTS=' + env('ETCD_ENDPOINTS'), '-e', 'CLUSTER_TYPE=mesos',
        '-e', 'CALICO_LIBNETWORK_ENABLED=false', '-e', 'CALICO_NETWORKING_BACKEND=' + env('BACKEND', 'bird'),
        '-e', 'CALICO_IPV4POOL_CIDR=' + env('POOL_CIDR'), '-e', 'CALICO_IPV4POOL_IPIP=' + env('IPIP', 'off'),
        '-e', 'CALICO_IPV4POOL_NAT_OUTGOING=' + env('NAT_OUTGOING', 'true'),
        # DC/OS sets rp_filter to loose whenever its agent starts; Felix would not run.
        '-e', 'FELIX_IGNORELOOSERPF=true', '-e', 'FELIX_FELIXHOSTNAME=' + name,
    ] + detection(name)
    for source, target in (('/lib/modules', '/lib/modules:ro'), ('/var/run/calico', '/var/run/calico'),
                           ('/var/log/calico', '/var/log/calico')):
        values += ['-v', source + ':' + target]
    return values + tls_mounts()


def felix_status(name, container):
    """Felix's own report, if it is of this run: its key lives for 90 s, longer than the container it came from."""
    value = value_of(etcd('/calico/felix/v1/host/%s/status?quorum=true' % name))
    status = parsed((value or '').encode('utf-8'))
    if not status:
        return None
    FOUND['felix'] = status
    started = ((container.get('State') or {}).get('StartedAt') or '')[:19]
    return status if (status.get('time') or '')[:19] >= started else None


def sessions():
    """(up, all) of BIRD's BGP sessions; None if BIRD does not say."""
    shown = command('docker', 'exec', NAME, 'birdcl', '-s', '/var/run/calico/bird.ctl', 'show', 'protocols')
    if shown.code != 0:
        FOUND['bird'] = shown.why()
        return None
    lines = [line.split() for line in shown.out.splitlines()]
    bgp = [words for words in lines if len(words) > 3 and words[1] == 'BGP']
    up = [words for words in bgp if 'Established' in words]
    DETAIL['bgp'] = {'up': len(up), 'of': len(bgp), 'down': [words[0] for words in bgp if words not in up][:20]}
    return len(up), len(bgp)


def present():
    name = node_name()
    WANTED.update({'image': env('IMAGE'), 'node': name, 'endpoints': env('ETCD_ENDPOINTS'), 'pool': env('POOL_CIDR')})
    engine()
    need_etcd()
    wanted = arguments(name) + [env('IMAGE')] + limits()
    container = keep_container(NAME, 'calico/node', arguments(name), wanted)
    tell_pools()
    keep_node_name(name)
    FOUND['container'] = {'image': (container.get('Config') or {}).get('Image'), 'started': container['State'].get('StartedAt')}
    age = seconds_running(container)
    wait_until(lambda: felix_status(name, container), 2)
    if not felix_status(name, container):
        if age > FRESH:
            raise failed('calico/node runs, and Felix has not reported to etcd for %d s' % FRESH)
        raise Report('working', 'calico/node is starting: Felix has not reported yet')
    if env('BACKEND', 'bird') == 'bird':
        judge(sessions(), age)
    settled(wanted)


def tell_pools():
    """What the options say of the pool counts only as long as Calico has none: a living network is not readdressed."""
    there = {}
    for node in (((etcd('/calico/v1/ipam/v4/pool?quorum=true').json or {}).get('node') or {}).get('nodes') or []):
        there[node.get('key', '').rsplit('/', 1)[-1].replace('-', '/')] = parsed((node.get('value') or '').encode('utf-8')) or {}
    DETAIL['pools'] = sorted(there)
    wanted = env('POOL_CIDR')
    if there and wanted not in there:
        DETAIL['pool'] = 'Calico has the pool %s already: %s of the options is not made' % (', '.join(sorted(there)), wanted)
    elif there:
        found = {'ipip': ipip_of(there[wanted]),
                 'nat-outgoing': str(bool(there[wanted].get('masquerade'))).lower()}
        other = ['%s is %s' % (name, found[name]) for name, value in (('ipip', env('IPIP', 'off')), ('nat-outgoing', env('NAT_OUTGOING', 'true')))
                 if found[name] != value]
        if other:
            DETAIL['pool'] = 'the pool %s is there already, and stays as it is: %s' % (wanted, ', '.join(other))


def judge(counted, age):
    if counted is None:
        if lasting('no bird', True) > 60:
            raise failed('BIRD does not answer in calico/node: %s' % FOUND.get('bird'))
        raise Report('working', 'BIRD does not answer yet')
    lasting('no bird', False)
    up, total = counted
    if total and not up:
        # Sessions need some seconds, and the other side its own start.
        if min(age, lasting('no session', True)) > 60:
            raise failed('none of BIRD\'s %d BGP sessions is up' % total)
        raise Report('working', 'none of BIRD\'s %d BGP sessions is up yet' % total)
    lasting('no session', False)
    if up < total:
        DETAIL['degraded'] = '%d of %d BGP sessions up' % (up, total)


def pools():
    """Calico's pools: the one of the options, and those that etcd has."""
    found = [env('POOL_CIDR')] if env('POOL_CIDR') else []
    try:
        found += [key.rsplit('/', 1)[-1].replace('-', '/') for key in children(etcd('/calico/v1/ipam/v4/pool?quorum=true'))]
    except Report:
        pass
    return sorted(set(found))


def node_keys(name):
    return ['/calico/bgp/v1/host/' + name, '/calico/v1/host/' + name, '/calico/felix/v1/host/' + name]


def left():
    there = unit_left(unit_name(STEP))
    container = inspect(NAME)
    if is_ours(container) or is_adopted(container):
        there.append('remove the container ' + NAME)
    elif container:
        # Another calico/node has this host's chains and routes.
        return there
    if not RECORD and not there:
        return there
    there += kernel_left(pools())
    there += ['remove %s from etcd' % key for key in node_keys(node_name()) if etcd(key + '?quorum=true').status == 200]
    return there


def undo():
    found = pools()
    remove_container(NAME)
    remove_empty('/run/calico')
    clean_kernel(found)
    for key in node_keys(node_name()):
        etcd(key + '?recursive=true', '-X', 'DELETE')


def absent():
    take_off(left, undo)
    DETAIL['left'] = ['IP pools and address blocks in etcd', '/var/log/calico']


run(present, absent)
