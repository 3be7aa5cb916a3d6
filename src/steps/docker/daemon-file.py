# daemon.json: our keys in it, what was there before kept, and the way back.

BEFORE = KEPT + '/backup/daemon.json'
# The file with which the engine last came up, while it is not proved that it does with ours.
LAST = KEPT + '/backup/daemon.json.last'


def merged(raw, config, keys):
    """daemon.json with our keys: everything else as it was, in its order and its indentation."""
    from collections import OrderedDict
    result = OrderedDict(config)
    result.update(sorted(keys.items(), reverse=True))
    if 'cluster-store-opts' not in keys:
        result.pop('cluster-store-opts', None)
    return indented(raw, result)


def indented(raw, config):
    import re
    found = re.search(r'\n([ \t]+)"', (raw or b'').decode('utf-8'))
    indent = found.group(1) if found else '  '
    return json_bytes(config, indent=indent)


def put_file(name, data):
    """Writes daemon.json, or removes it (None), and remembers what it put. A link stays one."""
    # Before the file: a run that is killed between the two knows its own writing again.
    keep(put=sha256(data) if data is not None else 'none')
    if data is None:
        remove(name)
        return
    real = os.path.realpath(path(name))
    there = os.path.exists(real)
    write(real[len(os.path.realpath(ROOT)):] if ROOT else real, data, 0o644, like=os.stat(real) if there else None)


def keep_last(raw):
    """Keeps the file as it is now, unless an earlier one still waits for its successor to be proved."""
    if RECORD.get('last') is not None:
        return
    if raw is not None:
        write(LAST, raw, 0o600)
    keep(last='file' if raw is not None else 'none')


def forget_last(**values):
    remove(LAST)
    keep(last=None, **values)


def put_last(name):
    """The file that `keep_last` kept, where ours still stands; else our keys alone as they were in it. Whether there was something to do."""
    was, raw, last = RECORD.get('last'), read(name), read(LAST)
    if was is None or (was == 'file' and last is None):
        return False
    if raw == last:
        return True
    if RECORD.get('put') == (sha256(raw) if raw is not None else 'none'):
        put_file(name, last)
        return True
    config, earlier = parsed(raw) if raw is not None else {}, parsed(last) or {}
    if config is None:
        return False
    for key in OURS:
        if key in earlier:
            config[key] = earlier[key]
        else:
            config.pop(key, None)
    put_file(name, indented(raw, config))
    return True


def configure(name, raw, config, keys):
    """Writes our keys, what was there before kept once."""
    with HostLock():
        if read(name) != raw:
            raise Report('working', '%s has just been changed by something else' % name)
        target = merged(raw, config, keys)
        if RECORD.get('was') is None:
            if raw is not None:
                write(BEFORE, raw, 0o600)
            keep(was='file' if raw is not None else 'none', before=dict((key, config[key]) for key in OURS if key in config) or None)
        keep_last(raw)
        ours = (RECORD.get('keys') or {}).get('cluster-store')
        keep(wrote=sha256(target), keys=keys, earlier=ours if ours != keys['cluster-store'] else RECORD.get('earlier'))
        put_file(name, target)


def our_keys(config):
    """Those of daemon.json that are as we wrote them, and were not so before."""
    keys, earlier = RECORD.get('keys') or {}, RECORD.get('before') or {}
    return [key for key in OURS if key in config and config[key] == keys.get(key) != earlier.get(key)]


def restore(name, bare=False):
    """
    Our keys out of daemon.json; the file as it was, where it is still as we wrote it. `bare`: no earlier store of anybody's
    comes back. True if there was something to do.
    """
    raw = read(name)
    if raw is None or not RECORD.get('wrote'):
        return False
    before = read(BEFORE)
    if sha256(raw) == RECORD['wrote'] and (before is not None or RECORD.get('was') == 'none') and not (bare and RECORD.get('before')):
        put_file(name, None if RECORD.get('was') == 'none' else before)
        return True
    config = parsed(raw)
    if config is None:
        raise failed('%s is not valid JSON: it is left as it is' % name)
    earlier = RECORD.get('before') or {}
    ours = [key for key in OURS if key in config] if bare else our_keys(config)
    for key in ours:
        if key in earlier and not bare:
            config[key] = earlier[key]
        else:
            del config[key]
    if ours:
        put_file(name, indented(raw, config))
    return bool(ours)


def rescue(name, flags):
    """Docker is down since a newer one does not know our keys: they, and only they, go out, and Docker is started."""
    if read(name) is None or not RECORD.get('wrote') or major(on_disk(flags)) < 23:
        return
    with HostLock():
        if not restore(name, bare=True):
            return
        forget_last(restarting=None)
        bus('ResetFailedUnit', 's', SERVICE)
        bus('StartUnit', 'ss', SERVICE, 'replace')
    raise failed('the Docker on this agent is now %s, which has no cluster store and did not start with ours: it was taken out of %s' % (on_disk(flags), name))
