# What a restart of Docker interrupts, and whether the plan said so.

def running_containers():
    """Names, as the plan has them, of what runs in Docker and is not Calico's: its app, or its task, or its container."""
    listed = command('docker', 'ps', '-q', '--no-trunc')
    if listed.code != 0:
        raise EngineDown('Docker does not answer on this agent: ' + listed.why())
    found, ids = set(), listed.out.split()
    for each in json.loads(command('docker', 'inspect', '--type', 'container', *ids).out or '[]') if ids else []:
        config, name = each.get('Config') or {}, each.get('Name', '').lstrip('/')
        labels = config.get('Labels') or {}
        told = dict(pair.partition('=')[::2] for pair in config.get('Env') or [])
        if STEP_LABEL not in labels and name not in ('calico-node', 'calico-libnetwork'):
            found.add(told.get('MARATHON_APP_ID') or labels.get('MESOS_TASK_ID') or told.get('MESOS_TASK_ID') or name)
    return sorted(found)


def short(name):
    """A name as the turn carries it (FNV-1a)."""
    value = 0x811c9dc5
    for byte in name.encode('utf-8'):
        value = ((value ^ byte) * 0x01000193) & 0xffffffff
    return '%08x' % value


def not_named(given):
    """Of what runs, that which the turn does not name for this host."""
    said = dict(word.partition('=')[::2] for word in (given.get('interrupts') or '').split())
    named = said.get(address(), said.get('*', '')).split(',')
    return [] if '*' in named else [name for name in running_containers() if short(name) not in named]
