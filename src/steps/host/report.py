# What a look found, told to whoever reads the sandbox; and the loop of looks.
def now():
    moment = time.time()
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(moment)) + '.%03dZ' % (moment % 1 * 1000)


def news():
    return (read(RUN + '/changed') or b'').decode('ascii', 'replace').strip()


def restarted_at():
    """When a step restarted a daemon of this host, since it was booted; '' if none did."""
    return (read(RUN + '/restarted') or b'').decode('ascii', 'replace').strip()


def tell_news():
    """One character more: whoever waits compares the whole text. Appended, so that none is lost between two writers."""
    name = path(RUN + '/changed')
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        if os.fstat(descriptor).st_size > 2000:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, now().encode('ascii'))
        os.write(descriptor, b'.')
    finally:
        os.close(descriptor)


def tell_restarted():
    """What was seen of this host before counts no more: every step looks again."""
    write(RUN + '/restarted', (now() + '\n').encode('ascii'))
    tell_news()


def put(name, data):
    """A file of the sandbox: whole, but not worth a sync."""
    with open(name + '.new', 'wb') as file:
        file.write(data)
    os.rename(name + '.new', name)


# How long a daemon may take for what it was told: seconds.
PATIENCE = max(1, seconds('LOOK_SECONDS', 5))
TOKEN = {'seen': '', 'own': '', 'restarted': '', 'began': ''}


def progress(sentence):
    """Says what a look that takes long is doing."""
    publish(Report('working', sentence), False)


def publish(report, final=True):
    """Only what is `final` is news: two steps that fail would else wake each other for ever."""
    status = {
        'step': STEP, 'state': report.state, 'reason': report.reason, 'detail': DETAIL, 'wanted': WANTED, 'found': FOUND,
        'needs': report.needs, 'checkedAt': now(),
    }
    put('./status.json', text(status))
    code = CODES[report.state]
    own = CLAIM + '.json'
    try:
        with open(own, 'rb') as file:
            before = parsed(file.read()) or {}
    except OSError:
        before = {}
    was, told = before.get('final'), before.get('told') or []
    if (before.get('state'), before.get('reason')) != (report.state, report.reason) or (final and was != report.state):
        line = report.state + (': ' + report.reason if report.reason else '')
        # What goes round, working and failed and working again, is told once.
        if line not in told:
            tell(line)
        told = ([] if report.state == 'ready' else told[-5:]) + [line]
    # What the turn reads.
    put(own, text({
        'state': report.state, 'reason': report.reason, 'needs': report.needs, 'lookedAt': TOKEN['began'],
        'final': report.state if final else was, 'told': told,
    }))
    put('./health', b'exit %d\n' % code)
    quiet = ('waiting for step', 'waiting for turn', 'working', 'stands back', None)
    if final and was != report.state and not (report.state in quiet and was in quiet):
        tell_news()
        TOKEN['own'] += '.'
    ticks = report.ticks
    if ticks is None:
        look, verify = seconds('LOOK_SECONDS', 5), seconds('VERIFY_SECONDS', 60)
        longest = max(1, int(verify / look))
        ticks = {'working': 1, 'waiting for step': 3, 'failed': 6, 'drifted': 6}.get(report.state, longest)
        ticks = min(ticks, longest)
    token = TOKEN['seen'] + TOKEN['own'] or '-'
    # What is ready looks again when its time has come, or when Docker was restarted.
    if report.state == 'ready' and STEP != 'turn':
        token = '@' + TOKEN['restarted']
    put('./next', ('%d %s\n' % (ticks, token)).encode('ascii'))


def unwritable(error):
    """The sentence for a file system that takes nothing; None for another error."""
    import errno
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):
        return None
    name = getattr(error, 'filename2', None) or error.filename or 'a file'
    return failed('%s cannot be written: %s' % (name[len(ROOT):] if ROOT and name.startswith(ROOT) else name, error.strerror))


def in_a_restart(report):
    """What goes wrong while the docker step restarts Docker says nothing of this step: it looks again afterwards."""
    if report.state != 'failed' or STEP in ('docker', 'turn'):
        return report
    if (parsed(read(KEPT + '/steps/docker.json')) or {}).get('restarting'):
        return Report('waiting for step', 'Docker is being restarted', ['docker'], ticks=1)
    if restarted_at() != TOKEN['restarted']:
        return Report('working', 'looks again: a daemon was restarted meanwhile', ticks=1)
    return report


def run(present, absent):
    """One look: `present` or `absent` returns when the host is as wanted, and raises a `Report` when it is not."""
    # Nothing here may hang for ever and leave an old report standing.
    signal.alarm(3000)
    fcntl.flock(9, fcntl.LOCK_EX)
    TOKEN.update(began=now(), seen=news(), restarted=restarted_at())
    remembered = None
    report = Report('ready')
    try:
        stand_back()
        RECORD.update(load_record())
        MEMO.update(parsed(read(MEMO_NAME)) or {})
        remembered = text(MEMO)
        if native_calico() and (MODE == 'present' or RECORD):
            raise failed('DC/OS runs its own Calico on this agent: this step stands down and changes nothing')
        (absent if MODE == 'absent' else present)()
    except Report as stop:
        report = stop
    except Exception as error:
        import traceback
        traceback.print_exc()
        sys.stderr.flush()
        report = unwritable(error) or failed('unexpected: %s: %s' % (type(error).__name__, error))
    if MEMO and text(MEMO) != remembered:
        make_directory(RUN + '/memo')
        put(path(MEMO_NAME), text(MEMO))
    publish(in_a_restart(report))
    forget_dead_claims()
