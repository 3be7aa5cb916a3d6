# What a task and those before it agreed on with this host: its record, and when it may change something.
def record_name():
    return KEPT + '/steps/' + STEP + '.json'


def load_record():
    return parsed(read(record_name())) or {}


RECORD = {}


def keep(**values):
    """Writes what must be known after a restart of the host; None forgets."""
    before = dict(RECORD)
    RECORD.update(values)
    for name in [name for name, value in RECORD.items() if value is None]:
        del RECORD[name]
    if before != RECORD:
        write(record_name(), text(RECORD), 0o600)


MEMO = {}
MEMO_NAME = RUN + '/memo/' + STEP + '.json'


def lasting(what, true):
    """For how many seconds, as far as looks have shown, `what` has been true without a break."""
    times = MEMO.setdefault('since', {})
    if not true:
        times.pop(what, None)
        return 0
    return time.time() - times.setdefault(what, time.time())


def hash_of(wanted):
    return sha256(json.dumps([MODE, wanted], sort_keys=True).encode('utf-8'))[:16]


def settled(wanted):
    """
    The host is as wanted. What was found so, without a change of ours, leaves no record. A change that was agreed, failed and was taken
    back left the host as it was before: that is what it is held to from here on.
    """
    if RECORD.get('agreed') and (RECORD['agreed'] != hash_of(wanted) or not RECORD.get('done')):
        keep(agreed=hash_of(wanted), done=True)


def agree(wanted):
    """From here on the change is ended by whoever comes next, turn or not."""
    with HostLock():
        keep(agreed=hash_of(wanted), done=False)


def grant():
    """What the turn of this host allows: {} if it has none. The turn's task holds its file locked while it lives; past its time it counts no more."""
    name = RUN + '/turn/grant'
    given = parsed(read(name))
    if not given or not is_held(name):
        return {}
    until = given.get('until') or ''
    return given if not until or until > now() else {}


def turn_of(given):
    """Which turn it is: the version of its app, the same for a task that Marathon starts in the place of a lost one."""
    return (given.get('task') or '').partition('_')[0]


def boot_id():
    return (read('/proc/sys/kernel/random/boot_id') or b'').decode('ascii', 'replace').strip()


def turn_is_held():
    return bool(grant())


def permit(wanted, lost, changed):
    """
    May the differences be mended now? `lost` and `changed` are sentences. What was agreed and is lost is mended at any time;
    an agreed change that was cut off is ended; everything else waits for this host's turn.
    """
    if not lost and not changed:
        return
    agreed = RECORD.get('agreed') == hash_of(wanted)
    if agreed and (not RECORD.get('done') or not changed):
        return
    if turn_is_held():
        return
    DETAIL['would'] = changed + lost
    if agreed:
        raise Report('drifted', 'changed since it was set up; to mend it: ' + '; '.join(changed), ['turn'])
    raise Report('waiting for turn', 'waits for this agent\'s turn', ['turn'])
