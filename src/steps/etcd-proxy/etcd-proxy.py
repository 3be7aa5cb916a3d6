# etcd-proxy: etcd as a v2 proxy on localhost:2379, in front of the cluster that a SRV record or other endpoints name.

UNIT = unit_name(STEP)
BINARY = '/opt/dcos-calico/bin/etcd'
DATA = KEPT + '/etcd-proxy'
MEMBERS = DATA + '/proxy/cluster'
LOCAL = 'http://localhost:2379'
SILENCE = 60


def upstreams():
    return [url.rstrip('/') for url in env('ETCD_PROXY_ENDPOINTS').split(',') if url]


def srv_record():
    return '_etcd-server._tcp.' + env('ETCD_DISCOVERY')


def source():
    return upstreams() or [srv_record()]


def peers_of_srv():
    """Peer URLs that the SRV record names now, as Mesos-DNS says; None if it cannot be asked."""
    try:
        answer = ask('http://leader.mesos:8123/v1/services/' + srv_record())
        named = json.loads(answer.body)
    except (Unreachable, ValueError):
        return None
    scheme = 'https://' if env('ETCD_CA_FILE') else 'http://'
    return sorted(scheme + (each.get('ip') or each.get('host', '')) + ':' + str(each.get('port', ''))
                  for each in named if isinstance(each, dict) and (each.get('ip') or each.get('host')))


def peers_of_endpoints():
    """The v2 proxy asks members at their peer URLs: the given client URLs say which those are. (peers, cluster id)."""
    why = ''
    for url in upstreams():
        try:
            answer = ask(url + '/v2/members', *tls_arguments())
        except Unreachable as error:
            why = '%s: %s' % (url, error)
            continue
        members = (answer.json or {}).get('members') or []
        peers = sorted(peer for member in members for peer in member.get('peerURLs') or [])
        if answer.status == 200 and peers:
            return peers, answer.headers.get('x-etcd-cluster-id', '')
        why = '%s: it answers %d and names no members' % (url, answer.status)
    raise failed('no member of etcd answers at ' + why)


def unit(peers):
    words = ['--proxy=on', '--name=dcos-calico-proxy', '--data-dir=' + DATA, '--listen-client-urls=http://127.0.0.1:2379']
    if peers:
        words.append('--initial-cluster=' + ','.join('etcd%d=%s' % pair for pair in enumerate(peers)))
    else:
        # etcd 3.3 and older find the members themselves; 3.4 does not, without a record for TLS beside it (etcd-io/etcd#11321).
        words.append('--discovery-srv=' + env('ETCD_DISCOVERY'))
    for option, name in (('trusted-ca-file', 'CA'), ('cert-file', 'CERT'), ('key-file', 'KEY')):
        if env('ETCD_%s_FILE' % name):
            # The client side of both transports: to the members' client URLs, and to their peer URLs for the list of members.
            words += ['--%s=%s' % (option, env('ETCD_%s_FILE' % name)), '--peer-%s=%s' % (option, env('ETCD_%s_FILE' % name))]
    return '\n'.join([
        '[Unit]',
        'Description=etcd proxy on localhost:2379, kept by dcos calico',
        'After=network-online.target',
        'Wants=network-online.target',
        'Before=docker.service',
        '',
        '[Service]',
        'ExecStart=%s %s' % (BINARY, ' '.join(quoted(word) for word in words)),
        'Restart=always',
        'RestartSec=5',
        'StartLimitInterval=0',
        'LimitNOFILE=40000',
        '',
        '[Install]',
        'WantedBy=multi-user.target',
        '',
    ]).encode('utf-8')


def refuse_taken_port():
    """Something of somebody else's at 2379 would be asked in the place of our proxy."""
    listening = command('ss', '-ltn')
    if listening.code != 0:
        listening = command('netstat', '-ltn')
    for line in listening.out.splitlines():
        words = line.split()
        local = [word for word in words if word.endswith(':2379')]
        if not local or local[0] not in ('127.0.0.1:2379', '0.0.0.0:2379', '*:2379', '[::]:2379', ':::2379', '[::1]:2379'):
            continue
        # Which process it is nobody sees from a task's own PID namespace; etcd says so itself.
        who = 'something else: on the agent, ss -ltnp says by what'
        try:
            version = (ask(LOCAL + '/version').json or {}).get('etcdserver')
            who = 'etcd ' + version if version else who
        except Unreachable:
            pass
        raise failed('port 2379 of this agent is taken by ' + who)


def lacking(state, peers):
    lost, changed = unit_lacks(UNIT, unit(peers))
    have = kept(env('ETCD_URL'), env('ETCD_SHA256'))
    if have is None:
        lost.append('fetch etcd')
    elif not os.path.exists(path(BINARY)):
        lost.append('write ' + BINARY)
    elif not same_file(BINARY, have):
        changed.append('replace ' + BINARY)
    if state not in ('active', 'activating', 'reloading'):
        lost.append('start ' + UNIT)
    elif RECORD.get('started') != hash_of(unit(peers).decode('utf-8')):
        changed.append('restart ' + UNIT)
    return lost, changed


def converge(wanted, lost, changed, peers):
    permit(wanted, lost, changed)
    agree(wanted)
    have = fetch('etcd', env('ETCD_URL'), env('ETCD_SHA256'))
    with HostLock():
        keep(peers=peers, source=source())
        replaced = not same_file(BINARY, have)
        if replaced:
            with open(path(have), 'rb') as file:
                write(BINARY, file.read(), 0o755)
        make_directory(DATA, 0o700)
        install_unit(UNIT, unit(peers))
        bus('Reload')
        bus('RestartUnit' if changed or replaced else 'StartUnit', 'ss', UNIT, 'replace')
        keep(started=hash_of(unit(peers).decode('utf-8')))


def quorum_read():
    """The cluster id, if a quorum of the cluster answers through the proxy; else None, and why stands in FOUND."""
    try:
        answer = ask(LOCAL + '/v2/keys/?quorum=true')
    except Unreachable as error:
        FOUND['answer'] = str(error)
        return None
    FOUND['answer'] = answer.status
    if answer.status not in (200, 404):
        FOUND['answer'] = '%d %s' % (answer.status, (answer.json or {}).get('message', ''))
        return None
    return answer.headers.get('x-etcd-cluster-id', '')


def follow_members(wanted):
    """Nothing answers: if the cluster has moved, the proxy forgets the members it remembers, and is restarted."""
    remembered = (parsed(read(MEMBERS)) or {}).get('PeerURLs') or RECORD.get('peers')
    if not remembered or lasting('silent', True) < SILENCE or RECORD.get('agreed') != hash_of(wanted):
        return
    named, identity = peers_of_endpoints() if upstreams() else (peers_of_srv(), '')
    if not named or set(named) & set(remembered):
        return
    for peer in [] if identity else named:
        try:
            identity = ask(peer + '/members', *tls_arguments()).headers.get('x-etcd-cluster-id', '')
            break
        except Unreachable:
            continue
    if not identity:
        raise failed('etcd has moved to %s, and no member there says which cluster it is' % ', '.join(named))
    if RECORD.get('cluster') and identity != RECORD['cluster']:
        raise failed('behind %s is another etcd cluster (%s) than before (%s)' % (', '.join(named), identity, RECORD['cluster']))
    with HostLock():
        keep(peers=named)
        install_unit(UNIT, unit(RECORD['peers']))
        bus('Reload')
        remove(MEMBERS)
        bus('RestartUnit', 'ss', UNIT, 'replace')
        keep(started=hash_of(unit(RECORD['peers']).decode('utf-8')))
    lasting('silent', False)
    raise Report('working', 'etcd has moved: the proxy looks for it again')


def present():
    wanted = {'url': env('ETCD_URL'), 'sha256': env('ETCD_SHA256'), 'discovery': env('ETCD_DISCOVERY'), 'endpoints': upstreams(),
              'tls': [env('ETCD_CA_FILE'), env('ETCD_CERT_FILE'), env('ETCD_KEY_FILE')]}
    WANTED.update({'upstream': upstreams() or srv_record()})
    state = unit_state(UNIT)
    FOUND['unit'] = state
    if state not in ('active', 'activating', 'reloading'):
        refuse_taken_port()
    peers = RECORD.get('peers') or []
    if RECORD.get('source') != source() or not (peers or RECORD.get('done')):
        peers = peers_of_endpoints()[0] if upstreams() else peers_of_srv() or []
    lost, changed = lacking(state, peers)
    if lost or changed:
        converge(wanted, lost, changed, peers)
        wait_until(lambda: quorum_read() is not None, PATIENCE)
        FOUND['unit'] = unit_state(UNIT)
    describe('etcd', env('ETCD_URL'), env('ETCD_SHA256'))
    cluster = quorum_read()
    if cluster is None:
        follow_members(wanted)
        lasted = lasting('silent', True)
        reason = 'no quorum of etcd answers through localhost:2379: %s' % FOUND['answer']
        if not upstreams() and lasted > 10 and peers_of_srv() == []:
            reason += '; the record %s names nothing' % srv_record()
        if lasted > SILENCE:
            raise failed(reason)
        raise Report('working', reason)
    lasting('silent', False)
    DETAIL['cluster'] = cluster
    if RECORD.get('cluster') and cluster and RECORD['cluster'] != cluster:
        raise failed('localhost:2379 leads to another etcd cluster (%s) than before (%s)' % (cluster, RECORD['cluster']))
    if cluster and RECORD.get('agreed') and RECORD.get('cluster') != cluster:
        keep(cluster=cluster)
    settled(wanted)


def through_proxy(text):
    return 'localhost:2379' in text or '127.0.0.1:2379' in text


def users():
    """What on this host uses the proxy still, whatever the options say by now."""
    docker = parsed(read(KEPT + '/steps/docker.json')) or {}
    found = ['docker'] if through_proxy(str(docker.get('keys') or '')) else []
    for step, name in (('cni', KEPT + '/cni/calico.cni'), ('libnetwork', UNITS + unit_name('libnetwork')), ('node', UNITS + unit_name('node'))):
        if through_proxy((read(name) or b'').decode('utf-8', 'replace')):
            found.append(step)
    # Its unit goes first; then it removes this agent's entry in etcd, through the proxy.
    node = parsed(read(KEPT + '/steps/node.json')) or {}
    if 'node' not in found and node.get('agreed') and not node.get('done'):
        found.append('node')
    if 'docker' not in found and through_proxy(store_of_docker()) and (docker or not docker_is_done()):
        found.insert(0, 'docker')
    return found


def store_of_docker():
    try:
        return engine().get('ClusterStore') or ''
    except Report:
        return ''


def docker_is_done():
    """A store that Docker had before is put back by nobody, and waited for by nobody once Docker's step is content."""
    living = claims('docker')
    said = parsed(read(living[-1][2] + '.json')) if living else {'state': 'ready'}
    return (said or {}).get('state') == 'ready'


def left():
    there = unit_left(UNIT)
    if os.path.exists(path(BINARY)):
        there.append('remove ' + BINARY)
    if os.path.exists(path(DATA)):
        there.append('remove ' + DATA)
    if there:
        using = users()
        if using:
            raise Report('waiting for step', 'goes last: used on this agent by ' + ', '.join(using), using)
    return there


def undo():
    import shutil
    remove_unit(UNIT)
    remove(BINARY)
    shutil.rmtree(path(DATA), ignore_errors=True)


def absent():
    take_off(left, undo, forget_artifacts)
    store = store_of_docker()
    if through_proxy(store):
        DETAIL['left'] = ['the store %s that Docker had before this proxy' % store]


run(present, absent)
