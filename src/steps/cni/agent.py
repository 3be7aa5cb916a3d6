# The Mesos agent: it reads its flags when it starts, and only then.

AGENT_LIMIT = seconds('RESTART_SECONDS', 240)
NAMED = {'network_cni_plugins_dir': 'MESOS_NETWORK_CNI_PLUGINS_DIR', 'network_cni_config_dir': 'MESOS_NETWORK_CNI_CONFIG_DIR'}


def starts_as():
    """(state, when it was started) of the agent's unit, as text."""
    shown = properties(agent_unit(), Unit=['ActiveState'], Service=['ExecMainStartTimestamp'])
    return shown.get('ActiveState', ''), shown.get('ExecMainStartTimestamp', '')


def runs_otherwise(flags):
    """In what the agent that runs differs from its files; '' if in nothing, or if it does not tell."""
    try:
        running = (ask('http://%s:5051/flags' % address()).json or {}).get('flags') or {}
    except Unreachable:
        return ''
    other = ['%s is %s' % (name, running[name]) for name, variable in sorted(NAMED.items()) if running.get(name) and running[name] != flags.get(variable)]
    return 'the Mesos agent was started before its flags were changed: ' + ', '.join(other) if other else ''


def ends_its_tasks():
    """Mesos moves its tasks out of the v1 hierarchy of systemd alone: elsewhere they go with the agent's unit (measured, Mesos 1.11)."""
    return any(os.path.exists(path('/sys/fs/cgroup/' + each)) for each in ('unified', 'cgroup.controllers'))


def restart_agent(reason):
    """As docker's restart: in a turn that allows it, once; does not return."""
    given = grant()
    if given.get('allows') != 'restart':
        raise Report('restart pending', reason, ['restart agent'])
    if RECORD.get('agent restarted') == turn_of(given):
        raise failed('the Mesos agent was restarted in this turn, and it is as before: ' + reason)
    said = dict(word.partition('=')[::2] for word in (given.get('interrupts') or '').split())
    if ends_its_tasks() and '*' not in said.get(address(), said.get('*', '')).split(','):
        raise Report('restart pending', reason + '; it is left alone: systemd of this agent has its cgroups so that every Mesos task would end with it',
                     ['restart agent', 'plan'])
    with HostLock():
        if grant() != given:
            raise Report('working', 'the turn of this agent has just changed', ticks=1)
        progress('restarts the Mesos agent: ' + reason)
        keep(**{'restarting agent': [boot_id(), starts_as()[1], turn_of(given)]})
        bus('ResetFailedUnit', 's', agent_unit())
        bus('RestartUnit', 'ss', agent_unit(), 'replace')
        end_agent_restart()
    raise Report('working', 'the Mesos agent has been restarted', ticks=0)


def end_agent_restart():
    """What comes of a restart, or of one that was cut off: this task itself may have gone with it. It is not done once more."""
    boot, before, turn = RECORD['restarting agent']

    def came():
        state, start = starts_as()
        return state == 'active' and [boot_id(), start] != [boot, before]

    up = wait_until(lambda: came() or starts_as()[0] == 'failed', AGENT_LIMIT if is_at_it(agent_unit()) else PATIENCE) and came()
    if starts_as()[0] in ('failed', 'inactive'):
        bus('ResetFailedUnit', 's', agent_unit())
        bus('StartUnit', 'ss', agent_unit(), 'replace')
        up = wait_until(came, AGENT_LIMIT)
    tell_restarted()
    keep(**{'restarting agent': None, 'agent restarted': turn})
    if not up and starts_as()[0] != 'active':
        raise failed('the Mesos agent does not come up again: see its unit, %s' % agent_unit())
