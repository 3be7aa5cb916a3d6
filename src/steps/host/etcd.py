# etcd's v2 API, through curl.

class Unreachable(Exception):
    pass


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.json = parsed(body.encode('utf-8'))


def tls_arguments():
    arguments = []
    for option, name in (('--cacert', 'CA'), ('--cert', 'CERT'), ('--key', 'KEY')):
        if env('ETCD_%s_FILE' % name):
            arguments += [option, path(env('ETCD_%s_FILE' % name))]
    return arguments


def ask(url, *arguments):
    """One request; `Unreachable` with curl's own words if there is no answer."""
    # -q comes first: a .curlrc on the host must not change what is asked.
    result = command('curl', '-q', '-sS', '-i', '--noproxy', '*', '--connect-timeout', '5', '--max-time', '10',
                     *(list(arguments) + ['--url', url]))
    head, _, body = result.out.replace('\r\n', '\n').partition('\n\n')
    lines = head.split('\n')
    words = lines[0].split()
    if result.code != 0 or len(words) < 2 or not words[1].isdigit():
        raise Unreachable(result.why())
    headers = dict((name.strip().lower(), value.strip()) for name, _, value in (line.partition(':') for line in lines[1:]))
    return Answer(int(words[1]), headers, body)


def endpoints():
    return [url.strip().rstrip('/') for url in env('ETCD_ENDPOINTS').split(',') if url.strip()]


def is_local(url):
    return '://localhost:' in url or '://127.0.0.1:' in url


def etcd(key, *arguments, **options):
    """Asks one endpoint after the other for `/v2/keys`KEY. Reports what this step can do about it if none answers."""
    why, urls = 'no address', options.get('urls') or endpoints()
    for url in urls:
        try:
            answer = ask(url + '/v2/keys' + key, *(tls_arguments() + list(arguments)))
        except Unreachable as error:
            why = '%s: %s' % (url, error)
            continue
        if answer.status < 500 and answer.json is not None:
            if arguments[:1] == ('-X',) and answer.status < 400:
                tell('etcd: %s %s' % (arguments[1], key))
            return answer
        why = '%s: it answers %d' % (url, answer.status)
    if urls and all(is_local(url) for url in urls):
        raise Report('waiting for step', 'waits for the etcd proxy: ' + why, ['etcd-proxy'])
    raise failed('etcd does not answer at ' + why)


def need_etcd():
    """A read that a minority of etcd's members cannot answer."""
    etcd('/?quorum=true')


def value_of(answer):
    return ((answer.json or {}).get('node') or {}).get('value')


def children(answer):
    return [child.get('key', '') for child in (((answer.json or {}).get('node') or {}).get('nodes') or [])]


def ipip_of(pool):
    """`off`, `always` or `cross-subnet`. A pool that does no IPIP can have a mode all the same (libcalico-go 1.7, lib/converter/ippool.go)."""
    return (pool.get('ipip_mode') or 'always') if pool.get('ipip') else 'off'
