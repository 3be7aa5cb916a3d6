# systemd over the system bus: a task has a PID namespace of its own, in which plain `systemctl` cannot connect.

SYSTEMD = 'org.freedesktop.systemd1'
OBJECT = '/org/freedesktop/systemd1'
VERBS = {'StartUnit': 'start', 'StopUnit': 'stop', 'RestartUnit': 'restart', 'ResetFailedUnit': 'reset-failed'}
UNITS = '/etc/systemd/system/'


def bus(method, signature='', *arguments):
    """
    Calls systemd's manager. busctl is the same from 219 (CentOS 7) on; where it is missing dbus-send does it, or a
    systemctl that can be told to take the bus.
    """
    words = [signature] + [str(argument) for argument in arguments] if signature else []
    result = command('busctl', 'call', SYSTEMD, OBJECT, SYSTEMD + '.Manager', method, *words)
    if result.code == 127:
        kinds = {'s': 'string:', 'i': 'int32:'}
        result = command('dbus-send', '--system', '--print-reply', '--dest=' + SYSTEMD, OBJECT,
                         SYSTEMD + '.Manager.' + method,
                         *[kinds[kind] + str(argument) for kind, argument in zip(signature, arguments)])
    if result.code == 127:
        if method == 'KillUnit':
            words = ['kill', '--kill-who=main', '--signal=%d' % arguments[2], arguments[0]]
        else:
            words = ['daemon-reload'] if method == 'Reload' else [VERBS[method], '--no-block', arguments[0]]
        result = command('systemctl', *words, env={'SYSTEMCTL_FORCE_BUS': '1'})
    if result.code != 0:
        raise failed('systemd did not do %s%s: %s' % (method, ' of ' + arguments[0] if arguments else '', result.why()))
    tell(' '.join(['systemd:', VERBS.get(method, 'reload')] + [str(each) for each in arguments[:1]]))


def properties(unit, **wanted):
    """
    Properties of a unit as text, as busctl or `systemctl show` prints them, by name: `properties('a.service',
    Unit=['ActiveState'], Service=['MainPID'])`.
    """
    values = {}
    plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    place = OBJECT + '/unit/' + ''.join(c if c in plain else '_%02x' % ord(c) for c in unit)
    for group in sorted(wanted):
        got = command('busctl', 'get-property', SYSTEMD, place, SYSTEMD + '.' + group, *wanted[group])
        if got.code == 127:
            break
        if got.code != 0:
            raise failed('systemd does not answer on the system bus: ' + got.why())
        for name, line in zip(wanted[group], got.out.splitlines()):
            kind, _, value = line.partition(' ')
            values[name] = value.strip('"') if kind == 's' else value
    else:
        return values
    names = [name for group in sorted(wanted) for name in wanted[group]]
    shown = command('systemctl', 'show', unit, '--property=' + ','.join(names), env={'SYSTEMCTL_FORCE_BUS': '1', 'TZ': 'UTC'})
    if shown.code != 0:
        raise failed('systemd does not answer on the system bus: ' + shown.why())
    return dict(line.split('=', 1) for line in shown.out.splitlines() if '=' in line)


def unit_state(unit):
    return properties(unit, Unit=['ActiveState']).get('ActiveState', '')


def is_at_it(unit):
    """systemd has something to do for this unit still: between the stop and the start of a restart it is `inactive` as well."""
    found = properties(unit, Unit=['ActiveState', 'Job'])
    return found.get('Job', '').split(' ')[0] not in ('', '0') or found.get('ActiveState') not in ('active', 'failed', 'inactive')


def quoted(word):
    """One argument in a unit file: quotes, specifiers and variables are taken literally."""
    if any(ord(character) < 32 or ord(character) == 127 for character in word):
        raise failed('an option has a control character, which cannot stand in a systemd unit')
    return '"' + word.replace('\\', '\\\\').replace('"', '\\"').replace('%', '%%').replace('$', '$$') + '"'


def unit_name(part):
    return 'dcos-calico-' + part + '.service'


def unit_lacks(name, content, wants='multi-user.target'):
    """What is missing of a unit, and what differs: two lists of sentences."""
    lost, changed = [], []
    found = read(UNITS + name)
    if found is None:
        lost.append('write the unit ' + name)
    elif found != content:
        changed.append('write the unit %s anew' % name)
    if not os.path.islink(path(UNITS + wants + '.wants/' + name)):
        lost.append('have %s started at boot' % name)
    return lost, changed


def install_unit(name, content, wants='multi-user.target'):
    """True if the unit is another than before."""
    link = UNITS + wants + '.wants/' + name
    if not os.path.islink(path(link)):
        make_directory(os.path.dirname(link))
        temporary = path(os.path.dirname(link) + '/.' + name + '.dcos-calico')
        if os.path.lexists(temporary):
            os.unlink(temporary)
        os.symlink(UNITS + name, temporary)
        os.rename(temporary, path(link))
        sync_directory(os.path.dirname(link))
    if read(UNITS + name) == content:
        return False
    write(UNITS + name, content)
    return True


def unit_left(name, wants='multi-user.target'):
    """What is still there of a unit: its file, its link, or what systemd remembers of it."""
    there = read(UNITS + name) is not None or os.path.islink(path(UNITS + wants + '.wants/' + name))
    return ['remove the unit ' + name] if there or (RECORD and unit_state(name) != 'inactive') else []


def remove_unit(name, wants='multi-user.target'):
    """Stops a unit of ours and takes it off."""
    if unit_state(name) not in ('inactive', 'failed'):
        bus('StopUnit', 'ss', name, 'replace')
        wait_until(lambda: unit_state(name) in ('inactive', 'failed'), 30)
    remove(UNITS + wants + '.wants/' + name)
    remove_empty(UNITS + wants + '.wants')
    remove(UNITS + name)
    bus('Reload')
    if unit_state(name) == 'failed':
        bus('ResetFailedUnit', 's', name)


def wait_until(done, longest):
    """Waits up to `longest` seconds; whether it came."""
    end, pause = time.time() + longest, 0.1
    while not done():
        if time.time() > end:
            return False
        time.sleep(pause)
        pause = min(1, pause * 2)
    return True
