# What the two modes share: when a step is wanted absent, it is ready once nothing of it is left.

def take_off(left, undo, forget=lambda: None):
    """`left()`: sentences that say what is still there. `undo()`: takes it off; killed at any point, it does
    the rest next time. `forget()`: what nobody sees."""
    there = left()
    if there:
        permit({'absent': True}, [], there)
        tell('to do: ' + '; '.join(there))
        with HostLock():
            keep(agreed=hash_of({'absent': True}), done=False)
            undo()
        there = left()
        if there:
            raise Report('working', 'still to do: ' + '; '.join(there))
    if read(record_name()) is not None:
        forget()
        remove(record_name())
    # What a run that was killed left of writing it.
    remove(KEPT + '/steps/.' + STEP + '.json.dcos-calico')
    if not any(os.path.exists(path(KEPT + '/steps/%s.json' % step)) for step in ('cni', 'libnetwork', 'node')):
        remove(KEPT + '/node-name')
    for folder in (KEPT + '/steps', KEPT + '/backup', KEPT + '/artifacts', KEPT, '/opt/dcos-calico/bin', '/opt/dcos-calico'):
        remove_empty(folder)

