# endpoints: asks etcd's URLs from this host, changes nothing, and says what came of it.


def asked(url):
    """What came of one URL: a quorum read through the v2 API, as the steps do it."""
    said = {'url': url, 'answers': False, 'what': ''}
    try:
        answer = ask(url + '/v2/keys/?quorum=true', *tls_arguments())
    except Unreachable as error:
        said['what'] = str(error)
        return said
    if answer.status in (401, 403):
        said['what'] = 'it answers %d: it asks for a user, which no step has' % answer.status
    elif answer.json is None:
        said['what'] = 'it answers %d, but not in the v2 API of etcd (from 3.4 on it must be started with --enable-v2)' % answer.status
    elif answer.status >= 500:
        said['what'] = 'it answers %d: %s' % (answer.status, answer.json.get('message') or answer.json.get('cause') or '')
    else:
        said['answers'] = True
    return said


def present():
    found = [asked(url) for url in endpoints()]
    FOUND['endpoints'] = found
    silent = [each['url'] for each in found if not each['answers']]
    if silent:
        raise failed('etcd does not answer at ' + ', '.join(silent))


run(present, present)
