# Commands of the host, run with a limit of time, and what they say.
class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def why(self):
        """The last line that says something."""
        lines = [line.strip() for line in (self.err + '\n' + self.out).splitlines() if line.strip()]
        return lines[-1][:300] if lines else 'it ended with code %d' % self.code


def command(*argv, **options):
    """Runs a command without a shell; `timeout` in seconds. A missing one has code 127, one that hangs 124."""
    environment = dict(os.environ, **options.get('env', {}))
    try:
        process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   close_fds=True, env=environment)
    except OSError as error:
        return Result(127, '', '%s: %s' % (argv[0], error.strerror))
    try:
        out, err = process.communicate(timeout=options.get('timeout', 30))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return Result(124, '', '%s did not end within %d s' % (argv[0], options.get('timeout', 30)))
    return Result(process.returncode, out.decode('utf-8', 'replace'), err.decode('utf-8', 'replace'))


def address():
    """The agent's address: its name in Mesos, and Calico's name of this node."""
    found = command(path('/opt/mesosphere/bin/detect_ip'), timeout=20)
    words = found.out.split()
    if found.code != 0 or len(words) != 1 or set(words[0]) - set('0123456789abcdefABCDEF.:'):
        raise failed('/opt/mesosphere/bin/detect_ip does not say the address of this agent: ' + found.why())
    return words[0]


def tell(sentence):
    """A line of this task's output: what it does to the host."""
    print('%s %s: %s' % (now(), STEP, sentence))
    sys.stdout.flush()
