# A restart of Docker: in a turn that allows it, once, and with the earlier configuration back where it does not come up.

LIMIT = seconds('RESTART_SECONDS', 240)
AGAIN = ['restart docker']


def process():
    """Which dockerd it is that runs: this boot, and when it was started."""
    return [boot_id(), service()[2]]


def store_of(before):
    """The store of a dockerd that answers and is another than `before`; None as long as there is none."""
    try:
        if process() == before or FOUND['unit'] != 'active':
            return None
        return engine().get('ClusterStore') or ''
    except Report:
        return None


def restart(name, wanted, reason, fits, refuse):
    """
    Restarts Docker so that it runs with a store that `fits`; does not return. Where this host's turn does not allow it, or
    it would interrupt what nobody was told of, that is reported and nothing is done. `refuse` raises what else speaks against it.
    """
    given = grant()
    if given.get('allows') != 'restart':
        raise Report('restart pending', reason, AGAIN)
    if RECORD.get('restarted') == [turn_of(given), hash_of(wanted)]:
        raise failed('Docker was restarted in this turn, and it is as before: ' + reason)
    refuse()
    others = not_named(given)
    if others:
        DETAIL['not named'] = others
        raise Report('restart pending', '%s; it is left alone, as that would interrupt what the plan does not name: %s' % (reason, ', '.join(others)),
                     AGAIN + ['plan'])
    with HostLock():
        if grant() != given:
            raise Report('working', 'the turn of this agent has just changed', ticks=1)
        progress('restarts Docker: ' + reason)
        keep(restarting={'before': process(), 'turn': turn_of(given), 'wanted': hash_of(wanted)})
        go(name, fits)


def go(name, fits):
    """From the marker on: one restart, and what comes of it."""
    before, seen = RECORD['restarting']['before'], []

    def over():
        found = process()
        if found != before and found not in seen:
            seen.append(found)
        # systemd starts it again and again: what ended at once three times will not come up.
        return store_of(before) is not None or FOUND['unit'] == 'failed' or len(seen) > 3

    restart_unit()
    wait_until(over, LIMIT)
    finish(name, fits)


def restart_unit():
    bus('ResetFailedUnit', 's', SERVICE)
    bus('RestartUnit', 'ss', SERVICE, 'replace')


def finish(name, fits):
    marker = RECORD['restarting']
    store = store_of(marker.get('before'))
    if store is None or not fits(store):
        put_back(name)
    tell_restarted()
    forget_last(restarting=None, refused=None, restart=None, reloaded=None, restarted=[marker.get('turn'), marker.get('wanted')])
    bring_containers_back()
    raise Report('working', 'Docker has been restarted', ticks=0)


def bring_containers_back():
    """They went with Docker. systemd would start them after some seconds."""
    for step in ('libnetwork', 'node'):
        if read(UNITS + unit_name(step)) is not None and unit_state(unit_name(step)) != 'active':
            bus('StartUnit', 'ss', unit_name(step), 'replace')


def answers():
    try:
        return bool(engine())
    except Report:
        return False


def last_words():
    """What dockerd said last: why it did not start."""
    said = command('journalctl', '-u', SERVICE, '-n', '20', '-o', 'cat', timeout=20)
    lines = [line.strip() for line in said.out.splitlines() if line.strip()]
    told = [line for line in lines if 'unable to configure' in line or 'level=fatal' in line or 'failed to start' in line]
    return (told or lines or ['it says nothing'])[-1][:300]


def put_back(name):
    """Docker does not run as it should: the configuration before is put back, and Docker started with it, once."""
    marker = RECORD.get('restarting') or {}
    untouched = answers() and process() == marker.get('before')
    words = '' if untouched else last_words()
    restored = put_last(name)
    if not untouched and marker.get('back'):
        # Cut off on the way back: nothing is restarted any more, what is down is started.
        if unit_state(SERVICE) not in ('active', 'activating'):
            restored = False
            bus('ResetFailedUnit', 's', SERVICE)
            bus('StartUnit', 'ss', SERVICE, 'replace')
    elif not untouched and (restored or not answers()):
        keep(restarting=dict(marker, back=True))
        restart_unit()
    wait_until(answers, LIMIT)
    up = answers()
    if untouched:
        reason = 'a restart of Docker was cut off before it began: its configuration is as it was'
    else:
        reason = 'Docker did not come up with the new configuration (%s): ' % words
        reason += 'the one before is back' if restored else 'there was none to put back'
        reason += ', and Docker runs again' if up else ', and Docker does not run with it either: %s' % last_words()
    if up and not untouched:
        tell_restarted()
        bring_containers_back()
    forget_last(restarting=None, restart=None, reloaded=None,
                refused={'turn': marker.get('turn', ''), 'wanted': marker.get('wanted', ''), 'reason': reason})
    raise failed(reason, AGAIN)


def end_what_was_cut_off(name, fits):
    """A marker without its end: whoever set it is gone. Docker is not restarted for it once more."""
    marker = RECORD.get('restarting')
    if not marker:
        return
    with HostLock():
        # What it had begun goes on by itself: systemd may be at it still.
        over = lambda: store_of(marker.get('before')) is not None
        if not wait_until(over, PATIENCE):
            wait_until(lambda: not is_at_it(SERVICE) or over(), LIMIT)
        finish(name, fits)


def stay_refused(wanted):
    """What failed is not tried again until another turn that allows it, or other options."""
    refused = RECORD.get('refused')
    if not refused:
        return
    given = grant()
    if refused['wanted'] in ('', hash_of(wanted)) and (given.get('allows') != 'restart' or turn_of(given) == refused['turn']):
        raise failed(refused['reason'], AGAIN)
    keep(refused=None)


def start_again(name):
    """Docker is down, and was never seen to run with what we wrote: the file as it was comes back."""
    if RECORD.get('last') is not None and lasting('down', True) > LIMIT / 4:
        with HostLock():
            put_back(name)
