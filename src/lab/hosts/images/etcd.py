# etcd's v2 API for the programs of the lab's images.
import http.client
import json
import os
import urllib.parse


class NoEtcd(Exception):
    pass


def etcd(method, key, value=None, ttl=None, recursive=False):
    """The node of a key, or None; `NoEtcd` where no endpoint answers."""
    why = None
    for endpoint in os.environ.get('ETCD_ENDPOINTS', 'http://127.0.0.1:2379').split(','):
        url = urllib.parse.urlparse(endpoint.strip())
        try:
            connection = http.client.HTTPConnection(url.hostname, url.port or 2379, timeout=5)
            body = None
            if value is not None:
                body = urllib.parse.urlencode([('value', value)] + ([('ttl', ttl)] if ttl else []))
            connection.request(method, '/v2/keys' + key + ('?recursive=true' if recursive else ''), body,
                               {'Content-Type': 'application/x-www-form-urlencoded'} if body else {})
            answer = connection.getresponse()
            said = json.loads(answer.read().decode())
            if answer.status < 500:
                return said.get('node')
            why = said
        except (OSError, ValueError, http.client.HTTPException) as error:
            why = error
    raise NoEtcd(why)


def children(node):
    return (node or {}).get('nodes') or []
