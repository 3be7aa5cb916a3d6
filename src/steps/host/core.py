# What every step does alike: paths, commands, files, locks, what was agreed, and the report. Python 3.5, standard library only.
import fcntl
import json
import os
import signal
import subprocess
import sys
import time

ROOT = os.environ.get('DCOS_CALICO_ROOT', '')
CODES = {
    'ready': 0,
    'waiting for step': 10,
    'waiting for turn': 11,
    'working': 12,
    'restart pending': 13,
    'failed': 20,
    'drifted': 21,
    'stands back': 30,
}
STEP = sys.argv[1]
CLAIM = sys.argv[2]
MODE = os.environ.get('DCOS_CALICO_MODE', 'present')
RUN = '/run/dcos-calico'
KEPT = '/var/lib/dcos-calico'
# On containers of ours.
STEP_LABEL = 'com.mesosphere.dcos-calico.step'
DETAIL, WANTED, FOUND = {}, {}, {}


class Report(Exception):
    """Ends a look: the state, its reason as a sentence, what it needs, and after how many ticks to look again."""

    def __init__(self, state, reason='', needs=(), ticks=None):
        Exception.__init__(self, reason)
        self.state, self.reason, self.needs, self.ticks = state, reason, list(needs), ticks


def failed(reason, needs=()):
    return Report('failed', reason, needs)


def env(name, default=''):
    return os.environ.get('DCOS_CALICO_' + name, default)


def seconds(name, default):
    try:
        return float(env(name)) or default
    except ValueError:
        return default


def path(name):
    """Where the host's absolute path `name` is for this process."""
    return ROOT + name


# -- commands --

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


# -- files --

def read(name):
    """The bytes of a file of the host; None if it is not there."""
    try:
        with open(path(name), 'rb') as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def make_directory(name, mode=0o755):
    missing = []
    while not os.path.isdir(path(name)):
        missing.append(name)
        name = os.path.dirname(name)
    for each in reversed(missing):
        try:
            os.mkdir(path(each), mode)
        except FileExistsError:
            pass


def sync_directory(name):
    descriptor = os.open(path(name), os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Writing:
    """Around whatever makes the file `name` by way of a temporary one: a full disk or a read-only one is a sentence, and no rest stays."""

    def __init__(self, name, temporary):
        self.name, self.temporary = name, temporary

    def __enter__(self):
        return self

    def __exit__(self, kind, error, _):
        if isinstance(error, OSError):
            try:
                os.unlink(self.temporary)
            except OSError:
                pass
            raise failed('%s cannot be written: %s' % (self.name, error.strerror))


def new_file(name):
    """A file that was not there, for root alone until its mode is set. What stands in its place, be it a link that somebody else put
    there, goes and is not followed."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        descriptor = os.open(name, flags, 0o600)
    except FileExistsError:
        os.unlink(name)
        descriptor = os.open(name, flags, 0o600)
    return os.fdopen(descriptor, 'wb')


def write(name, data, mode=0o644, beside=None, like=None):
    """
    Puts a file in place whole or not at all: written beside it (or in the directory `beside`, on the same file system),
    synced, renamed. `like`: a stat whose owner and mode it gets. A run that was killed leaves at most the one temporary
    file, which the next run writes anew.
    """
    folder, base = os.path.split(name)
    temporary = path(beside or folder) + '/.' + base + '.dcos-calico'
    with Writing(name, temporary):
        make_directory(folder)
        with new_file(temporary) as file:
            file.write(data)
            if like is not None:
                os.fchown(file.fileno(), like.st_uid, like.st_gid)
                mode = like.st_mode & 0o7777
            os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, path(name))
        sync_directory(folder)
    if folder != KEPT + '/steps':
        tell('wrote ' + name)


def remove(name):
    """Removes a file or link; True if it was there."""
    try:
        os.unlink(path(name))
    except (FileNotFoundError, NotADirectoryError):
        return False
    sync_directory(os.path.dirname(name))
    if name != record_name():
        tell('removed ' + name)
    return True


def remove_empty(name):
    try:
        os.rmdir(path(name))
    except OSError:
        pass


def sha256(data):
    import hashlib
    return hashlib.sha256(data).hexdigest()


def parsed(data):
    """A JSON object, keys in their order; None if it is none."""
    from collections import OrderedDict
    try:
        value = json.loads(data.decode('utf-8'), object_pairs_hook=OrderedDict)
    except (AttributeError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def text(value):
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode('utf-8') + b'\n'


# -- what was agreed --

def record_name():
    return KEPT + '/steps/' + STEP + '.json'


def load_record():
    return parsed(read(record_name())) or {}


RECORD = {}


def keep(**values):
    """Writes what must be known after a restart of the host; None forgets."""
    before = dict(RECORD)
    RECORD.update(values)
    for name in [name for name, value in RECORD.items() if value is None]:
        del RECORD[name]
    if before != RECORD:
        write(record_name(), text(RECORD), 0o600)


MEMO = {}
MEMO_NAME = RUN + '/memo/' + STEP + '.json'


def lasting(what, true):
    """For how many seconds, as far as looks have shown, `what` has been true without a break."""
    times = MEMO.setdefault('since', {})
    if not true:
        times.pop(what, None)
        return 0
    return time.time() - times.setdefault(what, time.time())


def hash_of(wanted):
    return sha256(json.dumps([MODE, wanted], sort_keys=True).encode('utf-8'))[:16]


def settled(wanted):
    """
    The host is as wanted. What was found so, without a change of ours, leaves no record. A change that was agreed, failed and was taken
    back left the host as it was before: that is what it is held to from here on.
    """
    if RECORD.get('agreed') and (RECORD['agreed'] != hash_of(wanted) or not RECORD.get('done')):
        keep(agreed=hash_of(wanted), done=True)


def agree(wanted):
    """From here on the change is ended by whoever comes next, turn or not."""
    with HostLock():
        keep(agreed=hash_of(wanted), done=False)


def grant():
    """What the turn of this host allows: {} if it has none. The turn's task holds its file locked while it lives; past its time it counts no more."""
    name = RUN + '/turn/grant'
    given = parsed(read(name))
    if not given or not is_held(name):
        return {}
    until = given.get('until') or ''
    return given if not until or until > now() else {}


def turn_of(given):
    """Which turn it is: the version of its app, the same for a task that Marathon starts in the place of a lost one."""
    return (given.get('task') or '').partition('_')[0]


def boot_id():
    return (read('/proc/sys/kernel/random/boot_id') or b'').decode('ascii', 'replace').strip()


def turn_is_held():
    return bool(grant())


def permit(wanted, lost, changed):
    """
    May the differences be mended now? `lost` and `changed` are sentences. What was agreed and is lost is mended at any time;
    an agreed change that was cut off is ended; everything else waits for this host's turn.
    """
    if not lost and not changed:
        return
    agreed = RECORD.get('agreed') == hash_of(wanted)
    if agreed and (not RECORD.get('done') or not changed):
        return
    if turn_is_held():
        return
    DETAIL['would'] = changed + lost
    if agreed:
        raise Report('drifted', 'changed since it was set up; to mend it: ' + '; '.join(changed), ['turn'])
    raise Report('waiting for turn', 'waits for this agent\'s turn', ['turn'])


# -- locks --

def is_held(name):
    try:
        descriptor = os.open(path(name), os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except OSError:
        return True
    finally:
        os.close(descriptor)


class HostLock:
    """One lock a host around every change. It goes with this process."""

    def __enter__(self):
        self.descriptor = os.open(path(RUN + '/lock'), os.O_RDWR | os.O_CREAT, 0o600)
        for _ in range(20):
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                time.sleep(0.1)
        else:
            holder = os.pread(self.descriptor, 40, 0).decode('ascii', 'replace').strip()
            raise Report('working', 'waits while the step %s changes this host' % (holder or 'of another task'), ticks=1)
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, STEP.encode('ascii'), 0)
        stand_back()
        return self

    def __exit__(self, *_):
        os.close(self.descriptor)


def claims(step):
    """The tasks of a step that live on this host: [(version, task, path)], oldest first."""
    folder = RUN + '/tasks/' + step
    found = []
    try:
        names = os.listdir(path(folder))
    except OSError:
        return found
    for name in names:
        if not name.endswith('.json') and is_held(folder + '/' + name):
            version, _, task = name.partition('_')
            found.append((version, task, folder + '/' + name))
    return sorted(found)


def stand_back():
    """Marathon sets the version, a time: the newest that lives has the host."""
    own = os.path.basename(CLAIM)
    live = [os.path.basename(name) for _, _, name in claims(STEP)]
    if live and max(live) > own:
        raise Report('stands back', 'a newer task of this step is on this agent', ticks=2)


def forget_dead_claims():
    """Of tasks that ended more than an hour ago: younger ones may be about to be locked."""
    folder = os.path.dirname(CLAIM)
    for name in os.listdir(folder):
        file = folder + '/' + name
        if not name.endswith('.json') and os.stat(file).st_mtime < time.time() - 3600 and not is_held(file[len(ROOT):]):
            for each in (file, file + '.json'):
                if os.path.exists(each):
                    os.unlink(each)


def native_calico():
    """DC/OS >= 2.1 brings its own Calico; 2.1.0 has no file that says whether it is on."""
    if os.path.exists(path('/opt/mesosphere/etc/calico/calico_enabled')):
        return True
    if not os.path.isdir(path('/opt/mesosphere/active/calico')):
        return False
    return os.path.exists(path('/opt/mesosphere/etc/dcos/network/cni/calico.conf'))


# -- the report --

def now():
    moment = time.time()
    return time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(moment)) + '.%03dZ' % (moment % 1 * 1000)


def news():
    return (read(RUN + '/changed') or b'').decode('ascii', 'replace').strip()


def restarted_at():
    """When a step restarted a daemon of this host, since it was booted; '' if none did."""
    return (read(RUN + '/restarted') or b'').decode('ascii', 'replace').strip()


def tell_news():
    """One character more: whoever waits compares the whole text. Appended, so that none is lost between two writers."""
    name = path(RUN + '/changed')
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        if os.fstat(descriptor).st_size > 2000:
            os.ftruncate(descriptor, 0)
            os.write(descriptor, now().encode('ascii'))
        os.write(descriptor, b'.')
    finally:
        os.close(descriptor)


def tell_restarted():
    """What was seen of this host before counts no more: every step looks again."""
    write(RUN + '/restarted', (now() + '\n').encode('ascii'))
    tell_news()


def put(name, data):
    """A file of the sandbox: whole, but not worth a sync."""
    with open(name + '.new', 'wb') as file:
        file.write(data)
    os.rename(name + '.new', name)


# How long a daemon may take for what it was told: seconds.
PATIENCE = max(1, seconds('LOOK_SECONDS', 5))
TOKEN = {'seen': '', 'own': '', 'restarted': '', 'began': ''}


def progress(sentence):
    """Says what a look that takes long is doing."""
    publish(Report('working', sentence), False)


def publish(report, final=True):
    """Only what is `final` is news: two steps that fail would else wake each other for ever."""
    status = {
        'step': STEP, 'state': report.state, 'reason': report.reason, 'detail': DETAIL, 'wanted': WANTED, 'found': FOUND,
        'needs': report.needs, 'checkedAt': now(),
    }
    put('./status.json', text(status))
    code = CODES[report.state]
    own = CLAIM + '.json'
    try:
        with open(own, 'rb') as file:
            before = parsed(file.read()) or {}
    except OSError:
        before = {}
    was, told = before.get('final'), before.get('told') or []
    if (before.get('state'), before.get('reason')) != (report.state, report.reason) or (final and was != report.state):
        line = report.state + (': ' + report.reason if report.reason else '')
        # What goes round, working and failed and working again, is told once.
        if line not in told:
            tell(line)
        told = ([] if report.state == 'ready' else told[-5:]) + [line]
    # What the turn reads.
    put(own, text({
        'state': report.state, 'reason': report.reason, 'needs': report.needs, 'lookedAt': TOKEN['began'],
        'final': report.state if final else was, 'told': told,
    }))
    put('./health', b'exit %d\n' % code)
    quiet = ('waiting for step', 'waiting for turn', 'working', 'stands back', None)
    if final and was != report.state and not (report.state in quiet and was in quiet):
        tell_news()
        TOKEN['own'] += '.'
    ticks = report.ticks
    if ticks is None:
        look, verify = seconds('LOOK_SECONDS', 5), seconds('VERIFY_SECONDS', 60)
        longest = max(1, int(verify / look))
        ticks = {'working': 1, 'waiting for step': 3, 'failed': 6, 'drifted': 6}.get(report.state, longest)
        ticks = min(ticks, longest)
    token = TOKEN['seen'] + TOKEN['own'] or '-'
    # What is ready looks again when its time has come, or when Docker was restarted.
    if report.state == 'ready' and STEP != 'turn':
        token = '@' + TOKEN['restarted']
    put('./next', ('%d %s\n' % (ticks, token)).encode('ascii'))


def unwritable(error):
    """The sentence for a file system that takes nothing; None for another error."""
    import errno
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EROFS, errno.EDQUOT):
        return None
    name = getattr(error, 'filename2', None) or error.filename or 'a file'
    return failed('%s cannot be written: %s' % (name[len(ROOT):] if ROOT and name.startswith(ROOT) else name, error.strerror))


def in_a_restart(report):
    """What goes wrong while the docker step restarts Docker says nothing of this step: it looks again afterwards."""
    if report.state != 'failed' or STEP in ('docker', 'turn'):
        return report
    if (parsed(read(KEPT + '/steps/docker.json')) or {}).get('restarting'):
        return Report('waiting for step', 'Docker is being restarted', ['docker'], ticks=1)
    if restarted_at() != TOKEN['restarted']:
        return Report('working', 'looks again: a daemon was restarted meanwhile', ticks=1)
    return report


def run(present, absent):
    """One look: `present` or `absent` returns when the host is as wanted, and raises a `Report` when it is not."""
    # Nothing here may hang for ever and leave an old report standing.
    signal.alarm(3000)
    fcntl.flock(9, fcntl.LOCK_EX)
    TOKEN.update(began=now(), seen=news(), restarted=restarted_at())
    remembered = None
    report = Report('ready')
    try:
        stand_back()
        RECORD.update(load_record())
        MEMO.update(parsed(read(MEMO_NAME)) or {})
        remembered = text(MEMO)
        if native_calico() and (MODE == 'present' or RECORD):
            raise failed('DC/OS runs its own Calico on this agent: this step stands down and changes nothing')
        (absent if MODE == 'absent' else present)()
    except Report as stop:
        report = stop
    except Exception as error:
        import traceback
        traceback.print_exc()
        sys.stderr.flush()
        report = unwritable(error) or failed('unexpected: %s: %s' % (type(error).__name__, error))
    if MEMO and text(MEMO) != remembered:
        make_directory(RUN + '/memo')
        put(path(MEMO_NAME), text(MEMO))
    publish(in_a_restart(report))
    forget_dead_claims()
