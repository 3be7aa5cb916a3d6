# Stands in for calico/node 2.6 towards its host: what it reads, writes, listens on and leaves in the kernel.
# Sources: projectcalico/calicoctl v1.6 calico_node (start-up, confd's templates, BIRD's socket); projectcalico/felix 2.6
# (chains, ipsets, status reports); projectcalico/libcalico-go v1.7 lib/backend/model (keys).
import datetime
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

NAME = os.environ.get('NODENAME') or os.environ.get('HOSTNAME')
POOL = os.environ.get('CALICO_IPV4POOL_CIDR', '192.168.0.0/16')
REPORT_SECONDS, REPORT_TTL = 30, 90
STARTED = time.time()
PEERS = {}


def say(text):
    print(text, flush=True)


def run(*argv):
    return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)


def write_down():
    """Where a test sees what this container was given."""
    try:
        with open('/var/log/calico/lab.json', 'w') as file:
            json.dump({'environment': dict(os.environ), 'mounts': open('/proc/self/mounts').read()}, file)
    except OSError as error:
        say('cannot write /var/log/calico: %s' % error)


def start_up():
    if not NAME:
        say('NODENAME is not set')
        sys.exit(1)
    while True:
        try:
            if not children(etcd('GET', '/calico/v1/ipam/v4/pool')) and os.environ.get('NO_DEFAULT_POOLS') != 'true':
                mode = os.environ.get('CALICO_IPV4POOL_IPIP', 'off')
                etcd('PUT', '/calico/v1/ipam/v4/pool/' + POOL.replace('/', '-'), json.dumps({
                    'cidr': POOL, 'ipip': '' if mode == 'off' else 'tunl0', 'ipip_mode': '' if mode == 'off' else mode,
                    'masquerade': os.environ.get('CALICO_IPV4POOL_NAT_OUTGOING', 'true') == 'true', 'ipam': True, 'disabled': False}))
            etcd('PUT', '/calico/v1/Ready', 'true')
            etcd('PUT', '/calico/v1/host/%s/metadata' % NAME, '{}')
            etcd('PUT', '/calico/bgp/v1/host/%s/ip_addr_v4' % NAME, own_address())
            return
        except NoEtcd as error:
            if os.environ.get('WAIT_FOR_DATASTORE') != 'true':
                say('ERROR: Unable to access datastore to query node configuration: %s' % error)
                say('Calico node failed to start')
                sys.exit(1)
            say('Datastore is not ready, will retry')
            time.sleep(1)


def own_address():
    if os.environ.get('IP'):
        return os.environ['IP']
    method = os.environ.get('IP_AUTODETECTION_METHOD', 'first-found')
    device = method.partition('interface=')[2]
    shown = json.loads(run('ip', '-json', '-4', 'address', 'show', *(['dev', device] if device else ['scope', 'global'])).stdout or '[]')
    found = [each['local'] for link in shown if link for each in link.get('addr_info', [])]
    if not found:
        say('Unable to auto-detect an IPv4 address')
        sys.exit(1)
    return found[0]


def block():
    first, second = POOL.split('.')[:2]
    return '%s.%s.%s.0/26' % (first, second, own_address().rsplit('.', 1)[-1])


HOOKS = {'filter': ('INPUT', 'FORWARD', 'OUTPUT'), 'nat': ('PREROUTING', 'OUTPUT', 'POSTROUTING'), 'raw': ('PREROUTING', 'OUTPUT'),
         'mangle': ('PREROUTING',)}


def program_kernel():
    for name in ('cali4-all-ipam-pools', 'cali4-masq-ipam-pools'):
        run('ipset', 'create', name, 'hash:net', '-exist')
        run('ipset', 'add', name, POOL, '-exist')
    run('ipset', 'create', 'cali4-this-host', 'hash:ip', '-exist')
    for program in ('iptables', 'ip6tables'):
        for table, hooks in HOOKS.items():
            own = ['-w', '-t', table]
            for chain in ['cali-' + hook for hook in hooks] + (['cali-failsafe-in', 'cali-from-wl-dispatch'] if table == 'filter' else []):
                run(program, *own, '-N', chain)
            for hook in hooks:
                rule = [hook, '-m', 'comment', '--comment', 'cali:%s' % hook.lower(), '-j', 'cali-' + hook]
                if run(program, *own, '-C', *rule).returncode:
                    run(program, *own, '-I', *rule)
    inner = ['-w', '-t', 'filter', '-A', 'cali-INPUT', '-m', 'comment', '--comment', 'cali:fs', '-j', 'cali-failsafe-in']
    if run('iptables', '-w', '-t', 'filter', '-C', *inner[4:]).returncode:
        run('iptables', *inner)
    chain = ['cali-nat-outgoing', '-m', 'comment', '--comment', 'cali:masq', '-m', 'set', '--match-set', 'cali4-masq-ipam-pools', 'src',
             '-m', 'set', '!', '--match-set', 'cali4-all-ipam-pools', 'dst', '-j', 'MASQUERADE']
    run('iptables', '-w', '-t', 'nat', '-N', 'cali-nat-outgoing')
    if run('iptables', '-w', '-t', 'nat', '-C', *chain).returncode:
        added = run('iptables', '-w', '-t', 'nat', '-A', *chain)
        if added.returncode:
            say('no match-set here: %s' % added.stdout.strip())
    run('ip', 'route', 'replace', 'blackhole', block(), 'proto', 'bird')
    if os.environ.get('CALICO_IPV4POOL_IPIP', 'off') != 'off':
        # A machine of the lab has no ipip device: a dummy of its name bears the address.
        run('ip', 'link', 'add', 'tunl0', 'type', 'dummy')
        run('ip', 'address', 'replace', block().replace('.0/26', '.1/32'), 'dev', 'tunl0')


def felix():
    first = True
    while True:
        try:
            with open('/proc/sys/net/ipv4/conf/all/rp_filter') as file:
                loose = file.read().strip() == '2'
        except OSError:
            loose = False
        if loose and os.environ.get('FELIX_IGNORELOOSERPF', '').lower() not in ('true', '1', 'yes'):
            say("Kernel's RPF check is set to 'loose'. Calico requires net.ipv4.conf.all.rp_filter to be set to 0 or 1.")
            time.sleep(2)
            continue
        status = {'time': datetime.datetime.utcnow().strftime('%Y-%m-%dT%H:%M:%SZ'), 'uptime': time.time() - STARTED, 'first_update': first}
        try:
            etcd('PUT', '/calico/felix/v1/host/%s/last_reported_status' % NAME, json.dumps(status))
            etcd('PUT', '/calico/felix/v1/host/%s/status' % NAME, json.dumps(status), ttl=REPORT_TTL)
        except NoEtcd as error:
            say('Failed to report status to the datastore: %s' % error)
            time.sleep(2)
            continue
        first = False
        time.sleep(REPORT_SECONDS)


def listen_for_peers():
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((own_address(), 179))
    server.listen(64)
    kept = []
    while True:
        kept.append(server.accept()[0])


def bird():
    """A session of the mesh with each node that etcd names: here, a TCP connection to its port 179 that stands."""
    threading.Thread(target=listen_for_peers, daemon=True).start()
    connections = {}
    while True:
        try:
            hosts = children(etcd('GET', '/calico/bgp/v1/host', recursive=True))
            mesh = json.loads((etcd('GET', '/calico/bgp/v1/global/node_mesh') or {}).get('value') or '{"enabled": true}')['enabled']
        except (NoEtcd, ValueError, KeyError):
            hosts, mesh = None, True
        if hosts is not None:
            found = {}
            for host in hosts if mesh else []:
                for key in children(host):
                    if key['key'].endswith('/ip_addr_v4') and not host['key'].endswith('/' + NAME):
                        found[key['value']] = None
            for address in list(PEERS):
                if address not in found:
                    PEERS.pop(address)
                    connections.pop(address, None)
            for address in found:
                PEERS.setdefault(address, 'Connect')
        for address in list(PEERS):
            connection = connections.get(address)
            try:
                if connection is None:
                    connection = socket.create_connection((address, 179), timeout=2)
                    connection.setblocking(False)
                    connections[address] = connection
                if connection.recv(1) == b'':
                    raise OSError('closed')
            except (BlockingIOError, InterruptedError):
                if PEERS.get(address) != 'Established':
                    PEERS[address] = 'Established'
                    route = '.'.join(POOL.split('.')[:2] + [address.rsplit('.', 1)[-1], '0/26'])
                    run('ip', 'route', 'replace', route, 'via', address, 'proto', 'bird')
            except OSError:
                connections.pop(address, None)
                if address in PEERS:
                    PEERS[address] = 'Connect'
        time.sleep(0.5)


def bird_control():
    """BIRD's own protocol on its control socket (bird 1.6 nest/cmds.c): replies in numbered lines."""
    path = '/var/run/calico/bird.ctl'
    if os.path.exists(path):
        os.unlink(path)
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(8)
    since = time.strftime('%H:%M:%S', time.gmtime())
    while True:
        caller, _ = server.accept()
        with caller, caller.makefile('rw') as lines:
            lines.write('0001 BIRD v0.3.3+birdv1.6.3 ready.\n')
            lines.flush()
            for line in lines:
                if line.strip() != 'show protocols':
                    lines.write('9001 syntax error\n')
                else:
                    rows = ['name     proto    table    state  since       info',
                            'static1  Static   master   up     %s    ' % since, 'kernel1  Kernel   master   up     %s    ' % since]
                    for address, state in sorted(PEERS.items()):
                        rows.append('Mesh_%s BGP      master   %s %s    %s   ' % (
                            address.replace('.', '_'), 'up    ' if state == 'Established' else 'start ', since, state))
                    lines.write('2002-%s\n' % rows[0] + ''.join('1002-%s\n' % row for row in rows[1:]) + '0000 \n')
                lines.flush()


def main():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    write_down()
    start_up()
    say('Calico node started successfully')
    program_kernel()
    if os.environ.get('CALICO_NETWORKING_BACKEND', 'bird') == 'bird':
        threading.Thread(target=bird, daemon=True).start()
        threading.Thread(target=bird_control, daemon=True).start()
    felix()


main()
