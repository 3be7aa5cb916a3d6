# The cluster store taken off Docker again.

def left():
    flags, _, _ = service()
    name = config_file(flags)
    there = []
    config = parsed(read(name)) or {}
    if RECORD.get('wrote') and our_keys(config):
        there.append('take the cluster store out of ' + name)
    return there


def undo(name):
    with HostLock():
        keep_last(read(name))
        restore(name)


def absent():
    flags, started, start = service()
    name, ours = config_file(flags), (RECORD.get('keys') or {}).get('cluster-store')
    fits = lambda running: running != ours
    if RECORD:
        end_what_was_cut_off(name, fits)
    wanted = {'absent': True}
    try:
        info = engine()
    except EngineDown:
        start_again(name)
        info = {}
    running = info.get('ClusterStore') or ''
    if running and running == ours:
        stay_refused(wanted)
    there = left()
    if there:
        permit(wanted, [], there)
        agree(wanted)
        undo(name)
    if RECORD:
        take_off_store(name, wanted, running, ours, fits, lambda: refuse_pending(name, read(name), info, started))
    take_off(lambda: [], lambda: None)


def take_off_store(name, wanted, running, ours, fits, refuse):
    """Has the engine go on without our store; what there was before is kept until then."""
    if RECORD.get('agreed') != hash_of(wanted):
        agree(wanted)
    # A store that nothing of ours answers for may stay in the engine until somebody restarts it.
    if running and running == ours and env('LEAVE_STORE') == 'true' and not is_local(ours):
        DETAIL['left'] = ['the store %s in the engine, until Docker is restarted' % running]
    elif running and running == ours:
        restart(name, wanted, 'Docker keeps the store %s until it is restarted' % running, fits, refuse)
    remove(BEFORE)
    forget_last()


run(present, absent)
