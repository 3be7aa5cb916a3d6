# Stands in for Calico's libnetwork plugin 1.1 towards Docker: network and address plugin on two sockets. Networks are global,
# so Docker keeps them in its cluster store. Source: projectcalico/libnetwork-plugin v1.1.3 (main.go, driver/).
import http.server
import ipaddress
import json
import os
import socketserver
import subprocess
import sys
import threading

FOLDER = '/run/docker/plugins'
HOST = os.environ.get('NODENAME') or os.environ.get('HOSTNAME') or ''
ENDPOINTS = {}


def pool():
    for node in children(etcd('GET', '/calico/v1/ipam/v4/pool')):
        return json.loads(node['value'])['cidr']
    return '192.168.0.0/16'


def address():
    """The lowest free one of this node's block; taken in etcd, as Calico's own IPAM does in its way."""
    first, second = pool().split('.')[:2]
    block = ipaddress.ip_network('%s.%s.%s.0/26' % (first, second, HOST.rsplit('.', 1)[-1]))
    taken = [node['key'].rsplit('/', 1)[-1] for node in children(etcd('GET', '/calico/ipam/v2/lab/' + HOST))]
    free = next(str(each) for each in list(block)[1:] if str(each) not in taken)
    etcd('PUT', '/calico/ipam/v2/lab/%s/%s' % (HOST, free), 'docker')
    return free


def join(said):
    """A pair of links, one of which Docker takes into the container."""
    name = 'cali' + said['EndpointID'][:11]
    inner = 'temp' + said['EndpointID'][:11]
    subprocess.run(['ip', 'link', 'add', name, 'type', 'veth', 'peer', 'name', inner], check=True)
    subprocess.run(['ip', 'link', 'set', name, 'up'], check=True)
    where = ENDPOINTS.get(said['EndpointID'])
    if where:
        subprocess.run(['ip', 'route', 'replace', where + '/32', 'dev', name], check=True)
    return {'InterfaceName': {'SrcName': inner, 'DstPrefix': 'cali'}, 'Gateway': '169.254.1.1',
            'StaticRoutes': [{'Destination': '169.254.1.1/32', 'RouteType': 1, 'NextHop': ''}]}


def create_endpoint(said):
    ENDPOINTS[said['EndpointID']] = ((said.get('Interface') or {}).get('Address') or '').split('/')[0]
    return {'Interface': {'MacAddress': 'EE:EE:EE:EE:EE:EE'}}


def leave(said):
    subprocess.run(['ip', 'link', 'delete', 'cali' + said['EndpointID'][:11]])
    return {}


def release(said):
    etcd('DELETE', '/calico/ipam/v2/lab/%s/%s' % (HOST, (said.get('Address') or '').split('/')[0]))
    return {}


def request_address(said):
    if (said.get('Options') or {}).get('RequestAddressType') == 'com.docker.network.gateway':
        return {'Address': '0.0.0.0/0'}
    return {'Address': (said.get('Address') or address()) + '/32'}


ANSWERS = {
    'NetworkDriver.GetCapabilities': lambda _: {'Scope': 'global', 'ConnectivityScope': 'global'},
    'NetworkDriver.CreateEndpoint': create_endpoint,
    'NetworkDriver.Join': join,
    'NetworkDriver.Leave': leave,
    'NetworkDriver.EndpointOperInfo': lambda _: {'Value': {}},
    'IpamDriver.GetCapabilities': lambda _: {'RequiresMACAddress': False},
    'IpamDriver.GetDefaultAddressSpaces': lambda _: {'LocalDefaultAddressSpace': 'CalicoLocalAddressSpace',
                                                      'GlobalDefaultAddressSpace': 'CalicoGlobalAddressSpace'},
    'IpamDriver.RequestPool': lambda said: {'PoolID': 'CalicoPoolIPv4', 'Pool': said.get('Pool') or '0.0.0.0/0',
                                             'Data': {'com.docker.network.gateway': '0.0.0.0/0'}},
    'IpamDriver.RequestAddress': request_address,
    'IpamDriver.ReleaseAddress': release,
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        call = self.path.strip('/')
        length = int(self.headers.get('Content-Length') or 0)
        body = self.rfile.read(length) if length else b''
        try:
            if call == 'Plugin.Activate':
                answer = {'Implements': [self.server.kind]}
            else:
                answer = ANSWERS.get(call, lambda _: {})(json.loads(body.decode() or '{}'))
            status = 200
        except Exception as error:
            answer, status = {'Err': repr(error)}, 500
        print('%s %s -> %s' % (call, body.decode(), json.dumps(answer)), flush=True)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header('Content-Type', 'application/vnd.docker.plugins.v1.1+json')
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass

    def address_string(self):
        return 'docker'


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def main():
    print('environment %s' % json.dumps(dict(os.environ)), flush=True)
    if not HOST:
        sys.exit('HOSTNAME is not set')
    servers = []
    for name, kind in (('calico', 'NetworkDriver'), ('calico-ipam', 'IpamDriver')):
        path = '%s/%s.sock' % (FOLDER, name)
        if os.path.exists(path):
            os.unlink(path)
        server = Server(path, Handler)
        server.kind = kind
        servers.append(server)
    threading.Thread(target=servers[1].serve_forever, daemon=True).start()
    servers[0].serve_forever()


main()
