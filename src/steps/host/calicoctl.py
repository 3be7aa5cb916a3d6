# calicoctl 1.6, brought into this task's own directory, and etcd's members as it asks them.

TOOL = './calicoctl'
RESOURCE = './resource.json'
LARGEST = 100 * 1024 * 1024


def through_members():
    """The options' endpoints; where those are a proxy that is not there (yet), the members that it would ask."""
    urls = endpoints()
    for url in urls:
        try:
            if ask(url + '/v2/keys/?quorum=true', *tls_arguments()).json is not None:
                return urls
        except Unreachable:
            continue
    if not all(is_local(url) for url in urls):
        return urls
    given = [url.rstrip('/') for url in env('ETCD_PROXY_ENDPOINTS').split(',') if url]
    return given or clients_of(peers_of_srv()) or urls


def peers_of_srv():
    try:
        named = json.loads(ask('http://leader.mesos:8123/v1/services/_etcd-server._tcp.' + env('ETCD_DISCOVERY')).body)
    except (Unreachable, ValueError):
        return []
    scheme = 'https://' if env('ETCD_CA_FILE') else 'http://'
    return [scheme + (each.get('ip') or each.get('host', '')) + ':' + str(each.get('port', ''))
            for each in named if isinstance(each, dict) and (each.get('ip') or each.get('host'))]


def clients_of(peers):
    for peer in peers:
        try:
            members = json.loads(ask(peer + '/members', *tls_arguments()).body)
            urls = [url.rstrip('/') for member in members for url in member.get('clientURLs') or []]
        except (Unreachable, ValueError, AttributeError):
            continue
        if urls:
            return urls
    return []


URLS = []


def tool():
    """Brings calicoctl into this task's own directory: nothing of it stays on the host."""
    if os.path.exists(TOOL):
        return
    url, wanted, reasons = env('CALICOCTL_URL'), env('CALICOCTL_SHA256'), []
    name = url.rstrip('/').rsplit('/', 1)[-1]
    progress('fetches calicoctl')
    for source in [mirror.rstrip('/') + '/' + name for mirror in env('MIRRORS').split()] + [url]:
        got = command('curl', '-q', '-fsSL', '--connect-timeout', '10', '--max-time', '900', '--proto', '=http,https',
                      '--max-filesize', str(LARGEST), '-o', TOOL + '.new', '--url', source, timeout=910)
        if got.code != 0:
            reasons.append('%s: %s' % (source, got.why()))
            continue
        with open(TOOL + '.new', 'rb') as file:
            found = sha256(file.read())
        if wanted and found != wanted:
            reasons.append('%s: its SHA-256 is %s, not %s' % (source, found, wanted))
            continue
        DETAIL['artifacts'] = {'calicoctl': {'url': url, 'sha256': found, 'checked': 'against the options' if wanted else 'not: the options have no sum'}}
        os.chmod(TOOL + '.new', 0o755)
        os.rename(TOOL + '.new', TOOL)
        return
    raise failed('calicoctl cannot be fetched: %s' % '; '.join(reasons))


def calicoctl(arguments, resource):
    # A file that the host has already would else be read in the place of these.
    settings = {'datastoreType': 'etcdv2', 'etcdEndpoints': ','.join(URLS)}
    for key, name in (('etcdCACertFile', 'CA'), ('etcdCertFile', 'CERT'), ('etcdKeyFile', 'KEY')):
        if env('ETCD_%s_FILE' % name):
            settings[key] = path(env('ETCD_%s_FILE' % name))
    put('./calicoctl.cfg', text({'apiVersion': 'v1', 'kind': 'calicoApiConfig', 'metadata': {}, 'spec': settings}))
    if resource:
        put(RESOURCE, text(resource))
    done = command(TOOL, *(arguments + ['--config=./calicoctl.cfg']), timeout=60)
    if done.code != 0:
        raise failed('calicoctl %s: %s' % (' '.join(arguments), done.why()))
