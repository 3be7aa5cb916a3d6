# The Docker engine, through its client.

def engine():
    """`docker info` as the engine says it; reports when there is none."""
    result = command('docker', 'info', '--format', '{{json .}}', timeout=30)
    if result.code == 127:
        raise failed('Docker is not installed on this agent')
    said = parsed(result.out.encode('utf-8')) or {}
    # A client of 19.03 or newer prints its own part and the error when the engine is down.
    if result.code != 0 or not said.get('ServerVersion'):
        errors = said.get('ServerErrors') or [result.why()]
        raise EngineDown('Docker does not answer on this agent: %s' % errors[0])
    return said


class EngineDown(Report):
    def __init__(self, reason):
        Report.__init__(self, 'failed', reason, ['docker'])


def major(version):
    digits = version.split('.')[0]
    return int(digits) if digits.isdigit() else 0
