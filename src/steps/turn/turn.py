# turn: while this task lives, the steps of its host may change it. It reports when they have settled.

GRANT = RUN + '/turn/grant'
# An agent whose turn is over is no more at work, as the next wave may begin then: for so long the other steps may finish.
FINISHING = 120


def hold():
    """Takes the grant, and says what it allows. A turn that came before still holds it until its task is gone."""
    try:
        fcntl.flock(8, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Report('working', 'an earlier turn on this agent has not ended yet', ticks=1)
    said = {'allows': env('TURN_ALLOWS', 'change'), 'until': env('TURN_UNTIL'), 'interrupts': env('TURN_INTERRUPTS'),
            'task': os.path.basename(CLAIM)}
    if parsed(read(GRANT)) != said:
        # In place: another file would not be the one that is locked.
        os.ftruncate(8, 0)
        os.write(8, json.dumps(said).encode('utf-8'))
        os.fsync(8)
        tell_news()


def expected():
    """[(step, lowest version of the task that counts)]"""
    return [tuple(word.split('=', 1)) for word in env('TURN_STEPS').split() if '=' in word]


def reported(step, version):
    """What the newest living task of a step says of this host."""
    living = [claim for claim in claims(step) if claim[0] >= version]
    if not living:
        return {'state': 'working', 'reason': 'its task is not on this agent yet'}
    said = parsed(read(living[-1][2] + '.json')) or {'state': 'working', 'reason': 'its task has not looked yet'}
    # What it said of the time before this turn, or before a restart in it, is to be seen again.
    since = restarted_at() if said['state'] == 'ready' else MEMO['began']
    if said['state'] in ('ready', 'failed', 'drifted', 'restart pending') and said.get('lookedAt', '') < since:
        return {'state': 'working', 'reason': 'it has not looked again yet'}
    return said


def states():
    found = []
    for step, version in expected():
        said = reported(step, version)
        found.append((step, said))
    DETAIL['steps'] = dict((step, {'state': said.get('state'), 'reason': said.get('reason', '')}) for step, said in found)
    return found


def is_pending(said):
    """A restart that this turn does not bring: one it does bring is begun as soon as the step has seen the turn."""
    if said['state'] != 'restart pending':
        return False
    needs = said.get('needs', [])
    brought = env('TURN_ALLOWS', 'change') == 'restart' and 'plan' not in needs
    return not brought or '' < env('TURN_UNTIL') <= now()


def stopped(found):
    """The report with which this turn ends without its steps being ready; None: nothing is in their way."""
    for state, wait in (('failed', 0), ('drifted', 15)):
        there = ['%s: %s' % (step, said['reason']) for step, said in found if said['state'] == state]
        # What drifted is mended in this turn; only what stays so has failed.
        if lasting(state, bool(there)) >= wait and there:
            return failed('; '.join(there))
    pending = ['%s: %s' % (step, said['reason']) for step, said in found if is_pending(said)]
    return Report('restart pending', '; '.join(pending), ['restart'], ticks=1) if pending else None


def docker_answers():
    result = command('docker', 'version', '--format', '{{.Server.Version}}', timeout=20)
    return result.code == 127 or result.code == 0


def present():
    hold()
    if MEMO.get('turn') != CLAIM:
        # What an earlier turn has seen is not this one's.
        MEMO.clear()
        MEMO.update(turn=CLAIM, began=now())
    WANTED.update({'allows': env('TURN_ALLOWS'), 'until': env('TURN_UNTIL')})
    found = states()
    end = stopped(found)
    waited = lasting('stopped', end is not None)
    if end and (waited >= FINISHING or not any(said['state'] == 'working' for _, said in found)):
        lasting('ready', False)
        raise end
    working = ['%s %s' % (step, said['state']) for step, said in found if said['state'] != 'ready']
    docker = not any(step != 'cni' and step != 'etcd-proxy' for step, _ in found) or docker_answers()
    lasted = lasting('ready', not working and docker)
    if working:
        raise Report('working', 'not ready yet: ' + ', '.join(working), ticks=1)
    if not docker:
        raise Report('working', 'Docker does not answer', ticks=1)
    try:
        settle = float(env('TURN_SETTLE_SECONDS', '0'))
    except ValueError:
        settle = 60
    if lasted < settle:
        raise Report('working', 'all steps are ready; settling', ticks=1)


run(present, present)
