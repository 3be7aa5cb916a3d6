# data: what Calico and Docker keep in etcd. It says what is there, and removes what is named to it, once.

HOSTS = '/calico/v1/host/'
BGP = '/calico/bgp/v1/host/'
FELIX = '/calico/felix/v1/host/'
IPAM = '/calico/ipam/v2/'
# What could not be looked at, with why.
UNSEEN = {}


def leaves(key):
    """All leaves below a key: {key: (value, index of its last change)}."""
    answer = etcd(key + '?recursive=true&quorum=true', urls=URLS)
    found, open_nodes = {}, [(answer.json or {}).get('node') or {}]
    while open_nodes:
        node = open_nodes.pop()
        open_nodes += node.get('nodes') or []
        if not node.get('dir') and node.get('key'):
            found[node['key']] = (node.get('value') or '', node.get('modifiedIndex'))
    return found


def tree(key):
    return dict((each, value) for each, (value, _) in leaves(key).items())


def blocks():
    """Blocks of addresses by the node that has them: {name: [(cidr, addresses in use)]}."""
    found = {}
    for key, value in tree(IPAM + 'assignment').items():
        block = parsed(value.encode('utf-8')) or {}
        affinity = block.get('affinity') or block.get('hostAffinity') or ''
        if affinity.startswith('host:'):
            affinity = affinity[len('host:'):]
        used = len([each for each in block.get('allocations') or [] if each is not None])
        found.setdefault(affinity, []).append((block.get('cidr') or key.rsplit('/', 1)[-1].replace('-', '/'), used))
    for key in tree(IPAM + 'host'):
        # …/host/NAME/ipv4/block/10.1.0.0-26: a block that the node lays claim to, whether it is there or not.
        words = key[len(IPAM + 'host/'):].split('/')
        cidr = words[-1].replace('-', '/')
        if len(words) > 2 and cidr not in [each for each, _ in found.get(words[0], [])]:
            found.setdefault(words[0], []).append((cidr, 0))
    return found


def nodes():
    """What Calico keeps of each node, by its name."""
    found, has = {}, blocks()
    hosts, bgp, felix = tree('/calico/v1/host'), tree('/calico/bgp/v1/host'), tree('/calico/felix/v1/host')
    for prefix, leaves in ((HOSTS, hosts), (BGP, bgp), (FELIX, felix)):
        for key in leaves:
            found.setdefault(key[len(prefix):].split('/')[0], {'addresses': [], 'endpoints': {}, 'seen': ''})
    for name in has:
        if name:
            found.setdefault(name, {'addresses': [], 'endpoints': {}, 'seen': ''})
    for key, value in bgp.items():
        words = key[len(BGP):].split('/')
        if words[-1] in ('ip_addr_v4', 'ip_addr_v6') and value:
            found[words[0]]['addresses'].append(value)
    for key in hosts:
        # …/host/NAME/workload/ORCHESTRATOR/WORKLOAD/endpoint/ID
        words = key[len(HOSTS):].split('/')
        if len(words) > 3 and words[1] == 'workload':
            counts = found[words[0]]['endpoints']
            counts[words[2]] = counts.get(words[2], 0) + 1
    for key, value in felix.items():
        words = key[len(FELIX):].split('/')
        if words[-1] in ('status', 'last_reported_status'):
            said = (parsed(value.encode('utf-8')) or {}).get('time') or ''
            found[words[0]]['seen'] = max(found[words[0]]['seen'], said)
    for name, node in found.items():
        node['name'] = name
        node['blocks'] = [{'cidr': cidr, 'used': used} for cidr, used in sorted(has.get(name, []))]
    return [found[name] for name in sorted(found)]


def blind():
    """Why this engine does not see the networks that all have in common; '': it does."""
    said = command('docker', 'info', '--format', '{{.ClusterStore}}')
    if said.code != 0:
        return said.why()
    store, wanted = said.out.strip(), env('CLUSTER_STORE')
    # Where the options leave Docker alone, whatever it has is its owner's.
    return '' if not wanted or store == wanted else 'Docker on %s has %s' % (address(), 'the store ' + store if store else 'no cluster store')


def docker_networks():
    """Docker's own networks with Calico's driver, as this engine has them: those of a cluster store are the same on all."""
    unseen = blind()
    if unseen:
        UNSEEN['networks'] = unseen
        return []
    listed = command('docker', 'network', 'ls', '--no-trunc', '--filter', 'driver=calico', '--format', '{{.ID}} {{.Name}}')
    if listed.code != 0:
        UNSEEN['networks'] = listed.why()
        return []
    return [dict(zip(('id', 'name'), line.split(' ', 1))) for line in listed.out.splitlines() if ' ' in line]


def look():
    found = {'nodes': nodes(), 'pools': [key.rsplit('/', 1)[-1].replace('-', '/') for key in tree('/calico/v1/ipam/v4/pool')],
             'networks': docker_networks(), 'unseen': UNSEEN}
    put('./data.json', text(found))
    FOUND.update({'nodes': len(found['nodes']), 'networks': len(found['networks'])})


def gone(key):
    etcd(key + '?recursive=true', '-X', 'DELETE', urls=URLS)


def change(key, index, *arguments):
    """Changes a key that is as it was read: other nodes take addresses out of the same blocks."""
    if etcd(key + '?prevIndex=%s' % index, '-X', *(list(arguments)), urls=URLS).status == 412:
        raise Report('working', '%s has just been changed by a node' % key, ticks=1)


def prune(name):
    """
    Removes all that is kept of a node. calicoctl releases its addresses and blocks by Calico's own rules, and deletes the node with its
    endpoints. It leaves Felix's reports, and, where IPAM has no entry of the node, ends before it has deleted anything (libcalico-go
    1.7, client/node.go): the rest goes by etcd's API.
    """
    tell('calicoctl: delete node ' + name)
    calicoctl(['delete', 'node', name, '--skip-not-exists'], None)
    for key, (value, index) in leaves(IPAM + 'assignment').items():
        block = parsed(value.encode('utf-8')) or {}
        if block.get('affinity') != 'host:' + name:
            continue
        if all(each is None for each in block.get('allocations') or []):
            change(key, index, 'DELETE')
        else:
            # What others have taken of its block stays theirs; the block is nobody's from here on.
            block['affinity'] = None
            change(key, index, 'PUT', '--data-urlencode', 'value=' + json.dumps(block))
    for prefix in (IPAM + 'host/', HOSTS, BGP, FELIX):
        if etcd(prefix + name + '?quorum=true', urls=URLS).status == 200:
            gone(prefix + name)
    tell('removed all that Calico kept of ' + name)


def delete_networks():
    """Docker's networks of Calico's driver, where nothing is attached to them."""
    left = []
    for network in docker_networks():
        removed = command('docker', 'network', 'rm', network['id'], timeout=60)
        if removed.code != 0 and 'no such network' not in removed.err.lower():
            left.append('%s: %s' % (network['name'], removed.why()))
        else:
            tell('removed the Docker network ' + network['name'])
    if left:
        raise failed('Docker networks stay: ' + '; '.join(left))


def present():
    URLS[:] = through_members()
    task = env('DATA_DO')
    if MEMO.get('did') != CLAIM:
        if task == 'prune':
            tool()
            for name in env('DATA_NODES').split():
                prune(name)
        elif task == 'delete networks':
            delete_networks()
        elif task == 'delete data':
            gone('/calico')
            tell('removed all that Calico kept in etcd')
        MEMO['did'] = CLAIM
    look()


run(present, present)
