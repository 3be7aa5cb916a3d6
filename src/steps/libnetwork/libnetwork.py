# libnetwork: Calico's answer to Docker's network calls, in a container of its own.

NAME = 'calico-libnetwork'
SOCKETS = ('/run/docker/plugins/calico.sock', '/run/docker/plugins/calico-ipam.sock')


def arguments(name):
    return [
        '-e', 'ETCD_ENDPOINTS=' + env('ETCD_ENDPOINTS'),
        # The plugin takes its node's name from HOSTNAME; newer ones from NODENAME.
        '-e', 'HOSTNAME=' + name, '-e', 'NODENAME=' + name,
        '-v', '/run/docker/plugins:/run/docker/plugins', '-v', '/var/run/docker.sock:/var/run/docker.sock',
    ] + tls_mounts()


def activates():
    """What the plugin's socket answers, or None."""
    try:
        answer = ask('http://localhost/Plugin.Activate', '-X', 'POST', '--unix-socket', path(SOCKETS[0]))
    except Unreachable as error:
        FOUND['socket'] = str(error)
        return None
    FOUND['socket'] = answer.body.strip()[:200]
    return answer.status == 200 and 'NetworkDriver' in answer.body


def present():
    name = node_name()
    WANTED.update({'image': env('IMAGE'), 'node': name, 'endpoints': env('ETCD_ENDPOINTS')})
    info = engine()
    if not info.get('ClusterStore'):
        raise Report('waiting for step', 'waits for Docker to have a cluster store', ['docker'])
    need_etcd()
    wanted = arguments(name) + [env('IMAGE')] + limits()
    container = inspect(NAME)
    if not is_running(container) and os.path.exists(path(SOCKETS[0])) and activates():
        node = inspect('calico-node')
        if is_running(node) and is_foreign(node) and is_calico(node):
            raise Report('waiting for step', 'waits for calico/node to be taken over: an earlier one answers Docker in its place', ['node'])
        raise failed('something else answers at %s: an earlier Calico? It must go first' % SOCKETS[0])
    container = keep_container(NAME, 'Calico libnetwork plugin', arguments(name), wanted)
    keep_node_name(name)
    FOUND['container'] = {'image': (container.get('Config') or {}).get('Image'), 'started': container['State'].get('StartedAt')}
    if not activates():
        lasted = lasting('silent', True)
        if lasted > 60:
            raise failed('the plugin runs, and its socket %s does not answer: %s' % (SOCKETS[0], FOUND['socket']))
        raise Report('working', 'the plugin runs and does not answer yet')
    lasting('silent', False)
    settled(wanted)


def left():
    there = unit_left(unit_name(STEP))
    container = inspect(NAME)
    ours = is_ours(container) or is_adopted(container)
    if ours:
        there.append('remove the container ' + NAME)
    if (ours or RECORD) and any(os.path.exists(path(socket)) for socket in SOCKETS) and (ours or not activates()):
        there.append('remove the sockets of the plugin')
    return there


def undo():
    remove_container(NAME)
    for socket in SOCKETS:
        remove(socket)


def absent():
    take_off(left, undo)


run(present, absent)
