#!/usr/bin/python3
# Stands in for the Mesos agent of DC/OS: it reads the CNI directories as Mesos 1.2 and later do, at its start and again
# whenever a network is asked for that it does not know or that it knows (src/slave/containerizer/mesos/isolators/network/
# cni/cni.cpp, loadNetworkConfigs and getNetworkConfigJSON). `mesos-agent launch NETWORK` asks the running one to attach.
import json
import os
import socket
import subprocess
import sys

SOCKET = '/run/mesos-agent.sock'
STATE = '/run/mesos-agent.json'


def which(name, directories):
    """os::which: the first that is there and executable."""
    for directory in directories:
        path = os.path.join(directory, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def load():
    """({network: file}, {file: why it is skipped})"""
    plugins = [each for each in os.environ.get('MESOS_NETWORK_CNI_PLUGINS_DIR', '').split(':') if each]
    directory = os.environ.get('MESOS_NETWORK_CNI_CONFIG_DIR', '')
    networks, skipped = {}, {}
    for name in sorted(os.listdir(directory)):
        path = os.path.join(directory, name)
        if not os.path.isfile(path):
            continue
        try:
            with open(path) as file:
                config = json.load(file)
            network, kind = config['name'], config['type']
        except (OSError, ValueError, KeyError, TypeError) as error:
            skipped[name] = 'cannot be parsed: %r' % error
            continue
        if network in networks:
            skipped[name] = 'Multiple network configuration files (%s, %s) found for network %s' % (networks[network], path, network)
        elif which(kind, plugins) is None:
            skipped[name] = 'failed to find CNI plugin %s' % kind
        elif config.get('ipam', {}).get('type') and which(config['ipam']['type'], plugins) is None:
            skipped[name] = 'failed to find IPAM plugin %s' % config['ipam']['type']
        else:
            networks[network] = path
    return networks, skipped


def tell(networks, skipped):
    with open(STATE + '.new', 'w') as file:
        json.dump({'pid': os.getpid(), 'networks': networks, 'skipped': skipped}, file, indent=1, sort_keys=True)
    os.rename(STATE + '.new', STATE)


def attach(network, networks):
    if network not in networks:
        networks.clear()
        found, skipped = load()
        networks.update(found)
        tell(networks, skipped)
    if network not in networks:
        return {'error': "Unknown CNI network '%s'" % network}
    with open(networks[network]) as file:
        config = json.load(file)
    plugins = os.environ['MESOS_NETWORK_CNI_PLUGINS_DIR']
    plugin = which(config['type'], plugins.split(':'))
    if plugin is None:
        return {'error': 'failed to find CNI plugin %s' % config['type']}
    container = '%d' % os.getpid()
    config['args'] = {'org.apache.mesos': {'network_info': {'name': network}}}
    environment = {
        'PATH': os.environ.get('PATH', ''), 'CNI_COMMAND': 'ADD', 'CNI_IFNAME': 'eth0', 'CNI_PATH': plugins,
        'CNI_CONTAINERID': container, 'CNI_NETNS': '/run/mesos/isolators/network/cni/%s/ns' % container,
    }
    done = subprocess.run([plugin], input=json.dumps(config).encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    try:
        return {'address': json.loads(done.stdout.decode())['ip4']['ip']}
    except (ValueError, KeyError, TypeError):
        return {'error': 'the plugin answered %r %r' % (done.stdout.decode(), done.stderr.decode())}


def serve():
    networks, skipped = load()
    tell(networks, skipped)
    if os.path.exists(SOCKET):
        os.unlink(SOCKET)
    server = socket.socket(socket.AF_UNIX)
    server.bind(SOCKET)
    server.listen(8)
    while True:
        caller, _ = server.accept()
        with caller, caller.makefile('rw') as lines:
            json.dump(attach(lines.readline().strip(), networks), lines)


def ask(network):
    client = socket.socket(socket.AF_UNIX)
    client.connect(SOCKET)
    client.sendall((network + '\n').encode())
    with client.makefile() as lines:
        print(lines.read())


if sys.argv[1:2] == ['launch']:
    ask(sys.argv[2])
else:
    serve()
