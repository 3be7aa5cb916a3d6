# Calico's name of this node: the agent's address, the same for calico/node, CNI and libnetwork. Once taken, it stays.

def node_name():
    kept_name = (read(KEPT + '/node-name') or b'').decode('ascii', 'replace').strip()
    return kept_name or adopted_name() or address()


def adopted_name():
    """The name under which a calico/node runs here already; '' if there is none."""
    said = command('docker', 'inspect', '--type', 'container', '--format', '{{json .Config}}', 'calico-node')
    if said.code not in (0, 127) and 'no such' not in said.err.lower() and os.path.isdir(path('/var/log/calico')):
        raise Report('waiting for step', 'waits for Docker, to see under which name an earlier Calico knows this agent', ['docker'])
    config = parsed(said.out.encode('utf-8')) if said.code == 0 else None
    if not config:
        return ''
    told = dict(pair.partition('=')[::2] for pair in config.get('Env') or [])
    return told.get('NODENAME') or told.get('HOSTNAME') or config.get('Hostname') or ''


def keep_node_name(name):
    if read(KEPT + '/node-name') is None:
        write(KEPT + '/node-name', (name + '\n').encode('ascii'))
