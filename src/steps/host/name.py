# Calico's name of this node: the agent's address, the same for calico/node, CNI and libnetwork. Once taken, it stays.

def node_name():
    kept_name = (read(KEPT + '/node-name') or b'').decode('ascii', 'replace').strip()
    return kept_name or address()


def keep_node_name(name):
    if read(KEPT + '/node-name') is None:
        write(KEPT + '/node-name', (name + '\n').encode('ascii'))
