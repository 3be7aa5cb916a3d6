# connectivity: what a test of the network needs besides its own tasks: resources of Calico and a Docker network. They go with this task.

RESOURCES = json.loads(env('RESOURCES', '[]'))
NETWORK = env('DOCKER_NETWORK')


def is_late():
    """Whoever asked for the test is gone: nothing of it stays behind."""
    return time.time() > float(env('UNTIL', '0') or 0)


def networks():
    """Ids of Docker's networks of that very name."""
    listed = command('docker', 'network', 'ls', '--no-trunc', '--filter', 'name=' + NETWORK, '--format', '{{.ID}} {{.Name}}')
    if listed.code != 0:
        raise failed('Docker does not tell its networks: ' + listed.why())
    return [line.split(' ')[0] for line in listed.out.splitlines() if line.split(' ', 1)[1:] == [NETWORK]]


def make_network():
    if networks():
        return
    made = command('docker', 'network', 'create', '--driver', 'calico', '--ipam-driver', 'calico-ipam', NETWORK, timeout=60)
    if made.code != 0 and 'already exists' not in made.err:
        raise failed('docker network create %s: %s' % (NETWORK, made.why()))
    tell('made the Docker network ' + NETWORK)


def drop_network():
    """Its last containers end at this moment, too: it is asked again for a while."""
    for attempt in range(15):
        why = ''
        for each in networks():
            removed = command('docker', 'network', 'rm', each, timeout=30)
            if removed.code != 0 and 'no such network' not in removed.err.lower():
                why = removed.why()
        if not why:
            return
        time.sleep(2)
    raise failed('the Docker network %s stays: %s' % (NETWORK, why))


def reach_etcd():
    URLS[:] = through_members()
    etcd('/?quorum=true', urls=URLS)


def present():
    if is_late():
        if MEMO.get('done') != 'late ' + CLAIM:
            absent()
            MEMO['done'] = 'late ' + CLAIM
        DETAIL['late'] = True
        return
    reach_etcd()
    if MEMO.get('done') == CLAIM:
        return
    tool()
    for resource in RESOURCES:
        calicoctl(['apply', '-f', RESOURCE], resource)
    if NETWORK:
        make_network()
    MEMO['done'] = CLAIM


def absent():
    reach_etcd()
    tool()
    for resource in reversed(RESOURCES):
        calicoctl(['delete', '-f', RESOURCE, '--skip-not-exists'], resource)
    if NETWORK:
        drop_network()
    MEMO.clear()


run(present, absent)
