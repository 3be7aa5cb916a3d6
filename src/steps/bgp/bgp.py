# bgp: what holds for all nodes together: AS number, mesh, peers, and what the pool of addresses does. One agent says it for the cluster, with calicoctl.

GLOBAL = '/calico/bgp/v1/global'
HOSTS = '/calico/bgp/v1/host'
# Peers that this program has set: those that somebody else has set are nobody's of ours to take away.
OURS = '/dcos-calico/bgp-peers'
LOCK = '/dcos-calico/bgp-lock'


def get(key):
    """(value, children's keys) of a key of etcd."""
    answer = etcd(key + '?quorum=true', urls=URLS)
    return value_of(answer), children(answer)


def peer_key(scope, address):
    where = GLOBAL if scope == 'global' else HOSTS + '/' + scope
    return '%s/%s/%s' % (where, 'peer_v6' if ':' in address else 'peer_v4', address)


def node_of(agent):
    """The name of an agent's node: its address, unless an earlier Calico gave it another."""
    for key in get(HOSTS)[1]:
        if get(key + '/ip_addr_v4')[0] == agent:
            return key.rsplit('/', 1)[-1]
    return agent


def spelt(address):
    """As calicoctl spells it, and so its key in etcd: an address of IPv6 has many forms (libcalico-go 1.7, lib/backend/model/bgppeer.go)."""
    import ipaddress
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        raise failed('the BGP peer %s of the options is no address' % address)


def wanted_peers():
    """{key: (scope, address, AS number)}"""
    found = {}
    for peer in json.loads(env('BGP_PEERS', '[]')):
        scope, address = node_of(peer['agent']) if peer.get('agent') else 'global', spelt(peer['peer'])
        found[peer_key(scope, address)] = (scope, address, str(peer['as-number']))
    return found


def scope_of(key):
    words = key.split('/')
    return 'global' if words[4] == 'global' else words[5], words[-1]


def differences():
    """What calicoctl is to do, in the order in which no node is ever without a route: [(sentence, arguments, resource or None)]."""
    peers, to_do = wanted_peers(), []
    for key, (scope, address, number) in sorted(peers.items()):
        if (parsed((get(key)[0] or '').encode('utf-8')) or {}).get('as_num') != number:
            metadata = {'peerIP': address, 'scope': 'global'} if scope == 'global' else {'peerIP': address, 'scope': 'node', 'node': scope}
            to_do.append(('peer %s with %s, AS %s' % (address, 'all nodes' if scope == 'global' else scope, number), ['apply', '-f', RESOURCE],
                          {'apiVersion': 'v1', 'kind': 'bgpPeer', 'metadata': metadata, 'spec': {'asNumber': int(number)}}))
    if (get(GLOBAL + '/as_num')[0] or '64512') != env('AS_NUMBER'):
        to_do.append(('AS number ' + env('AS_NUMBER'), ['config', 'set', 'asNumber', env('AS_NUMBER')], None))
    mesh = (parsed((get(GLOBAL + '/node_mesh')[0] or '').encode('utf-8')) or {}).get('enabled', True)
    if mesh != (env('MESH') == 'true'):
        mode = 'on' if env('MESH') == 'true' else 'off'
        to_do.append(('mesh of all nodes ' + mode, ['config', 'set', 'nodeToNodeMesh', mode], None))
    to_do += pool_differences()
    for key in ours():
        if key not in peers and get(key)[0] is not None:
            scope, address = scope_of(key)
            where = ['--scope=global'] if scope == 'global' else ['--scope=node', '--node=' + scope]
            to_do.append(('no peer %s with %s' % (address, 'all nodes' if scope == 'global' else scope), ['delete', 'bgpPeer', address] + where, None))
    return to_do


def pool_differences():
    """calico/node makes a pool only where there is none: one that is there takes what it is to do from here alone."""
    cidr, ipip, nat = env('POOL_CIDR'), env('IPIP'), env('NAT_OUTGOING')
    there = parsed((get('/calico/v1/ipam/v4/pool/' + cidr.replace('/', '-'))[0] or '').encode('utf-8')) if cidr else None
    if not there:
        return []
    if ipip_of(there) == ipip and bool(there.get('masquerade')) == (nat == 'true'):
        return []
    spec = {'nat-outgoing': nat == 'true', 'disabled': bool(there.get('disabled'))}
    if ipip != 'off':
        spec['ipip'] = {'enabled': True, 'mode': ipip}
    return [('pool %s: ipip %s, nat-outgoing %s' % (cidr, ipip, nat), ['apply', '-f', RESOURCE],
             {'apiVersion': 'v1', 'kind': 'ipPool', 'metadata': {'cidr': cidr}, 'spec': spec})]


def ours():
    try:
        return [key for key in json.loads(get(OURS)[0] or '[]') if key.startswith('/calico/bgp/v1/')]
    except (ValueError, AttributeError):
        return []


def remember(keys):
    """Before a peer is made, so that a run that is killed in between knows it again."""
    if sorted(keys) != ours():
        etcd(OURS, '-X', 'PUT', '--data-urlencode', 'value=' + json.dumps(sorted(keys)), urls=URLS)


def lock():
    """One at a time for the whole cluster; gone by itself when its holder is."""
    if etcd(LOCK + '?prevExist=false&ttl=120', '-X', 'PUT', '--data-urlencode', 'value=' + os.path.basename(CLAIM), urls=URLS).status < 400:
        return
    if get(LOCK)[0] != os.path.basename(CLAIM):
        raise Report('working', 'waits: BGP is being changed from elsewhere', ticks=1)


def present():
    URLS[:] = through_members()
    etcd('/?quorum=true', urls=URLS)
    to_do = differences()
    if env('DO') != 'apply':
        DETAIL['would'] = [sentence for sentence, _, _ in to_do]
        return
    if MEMO.get('asked') != CLAIM:
        MEMO.clear()
        MEMO.update(asked=CLAIM, did=[])
    DETAIL['did'] = MEMO['did']
    if to_do:
        tool()
        lock()
        try:
            remember(set(ours()) | set(wanted_peers()))
            for sentence, arguments, resource in to_do:
                tell('calicoctl: ' + sentence)
                calicoctl(arguments, resource)
                MEMO['did'].append(sentence)
            left = differences()
            if left:
                raise failed('calicoctl has done it, and it is not so: ' + '; '.join(sentence for sentence, _, _ in left))
            remember(wanted_peers())
        finally:
            etcd(LOCK, '-X', 'DELETE', urls=URLS)


run(present, present)
