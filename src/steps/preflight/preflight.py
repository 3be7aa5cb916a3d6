# preflight: what this host is like, and what each step would do here, or stop at, by the step's own code.

FACTS, UNKNOWN = {}, {}


class Would(Exception):
    """Ends a step's look where it would begin to change the host: its sentences."""


def begin_change(*_, **__):
    """In the place of whatever is not in this program."""
    raise Would(['change this host'])


globals().update(dict.fromkeys(LEFT_OUT, begin_change))


def permit(wanted, lost, changed):
    if lost or changed:
        raise Would(changed + lost)


def converge(wanted, lost, changed, *_):
    permit(wanted, lost, changed)


def restart(name, wanted, reason, *_):
    raise Report('restart pending', reason, ['restart docker'])


def restart_agent(reason):
    raise Report('restart pending', reason, ['restart agent'])


def nothing(*_, **__):
    return None


def lasting(*_):
    return 0


def wait_until(done, *_):
    return bool(done())


# What only remembers, and what mends a host that another run left halfway.
agree = keep = keep_node_name = settled = progress = tell_news = forget_last = end_what_was_cut_off = end_agent_restart = rescue = start_again = nothing


def with_store():
    """As it will be when the step before it has done its work."""
    return dict(engine(), ClusterStore='of the options')


# What another step brings is taken for granted; so is what only etcd knows.
INSTEAD = {
    'docker': {'need_etcd': nothing},
    'libnetwork': {'need_etcd': nothing, 'engine': with_store},
    'node': {'need_etcd': nothing, 'tell_pools': nothing},
}


def step_names(step):
    """The names of a step's program, for this host and the step's own options."""
    global STEP
    STEP = step
    suffix = '_OF_' + step.upper().replace('-', '_')
    for name in list(os.environ):
        if name.endswith(suffix):
            os.environ[name[:-len(suffix)]] = os.environ[name]
    for each in (DETAIL, WANTED, FOUND, RECORD, MEMO):
        each.clear()
    RECORD.update(load_record())
    names = dict(globals())
    with open('./%s.py' % step, 'rb') as file:
        exec(compile(file.read(), step + '.py', 'exec'), names)
    names.update(INSTEAD.get(step, {}))
    return names


def judged(step):
    """What a step would do here, or what it stops at."""
    said = {'state': 'ready', 'reason': '', 'would': [], 'needs': []}
    try:
        step_names(step)['present']()
    except Would as would:
        said.update(state='waiting for turn', would=would.args[0][:MOST])
    except Report as stop:
        said.update(state=stop.state, reason=str(stop)[:500], needs=stop.needs)
    except Exception as error:
        import traceback
        traceback.print_exc()
        said.update(state='failed', reason='unexpected: %s: %s' % (type(error).__name__, error))
    return said


def fact(name, ask):
    """One thing that is looked at; that it cannot be seen is told, and stops nothing else."""
    try:
        FACTS[name] = ask()
    except Report as stop:
        UNKNOWN[name] = str(stop)[:300]
    except Exception as error:
        UNKNOWN[name] = ('%s: %s' % (type(error).__name__, error))[:300]


def look():
    enabled = env('STEPS').split()
    for name, ask in (('tools', tools), ('systemd', systemd_facts), ('native', native_calico), ('kernel', kernel),
                      ('cgroups', cgroups), ('iptables', iptables), ('rpFilter', rp_filter), ('memory', memory),
                      ('networks', networks), ('clock', clock)):
        fact(name, ask)
    fact('docker', lambda: docker_facts(step_names('docker')))
    fact('disk', lambda: disk(FACTS.get('docker', {}).get('root')))
    fact('containers', containers)
    fact('ports', lambda: {'2379': listener('2379', 'etcd-proxy'), '179': listener('179', 'node')})
    fact('etcd', lambda: etcd_facts(step_names('etcd-proxy')))
    fact('cni', lambda: cni_facts(step_names('cni')))
    fact('earlier', lambda: earlier(step_names('cni'), step_names('node')))
    return [(step, judged(step)) for step in enabled]


def main():
    global STEP
    signal.alarm(300)
    steps = look()
    STEP = 'preflight'
    for each in (DETAIL, WANTED, FOUND):
        each.clear()
    FOUND.update(FACTS)
    DETAIL.update(steps=dict(steps), unknown=UNKNOWN)
    stopped = ['%s: %s' % (step, said['reason']) for step, said in steps if said['state'] == 'failed']
    if stopped or FACTS.get('native'):
        return Report('failed', '; '.join(stopped)[:1000])
    if UNKNOWN or noted(FACTS) or any(said['state'] == 'restart pending' for _, said in steps):
        return Report('drifted', 'there is something to read')
    return Report('ready')


publish(main())
