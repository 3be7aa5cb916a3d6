# Files of the host: read, and written whole or not at all.
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


def refuse_writable(folder):
    """What root runs, or is told by, is not taken from where somebody else may write, or put another directory in its place."""
    real, end = os.path.realpath(path(folder)), os.path.realpath(path('/'))
    at = real
    while True:
        if os.path.exists(at):
            stat = os.stat(at)
            # Of a directory like /tmp only the owner of what is in it can rename that.
            shared = stat.st_mode & 0o002 and not (stat.st_mode & 0o1000 and at != real and os.path.exists(real))
            if shared or stat.st_uid not in (0, os.geteuid()):
                raise failed('%s is not root\'s alone: other users of this agent may write to %s' % (folder, at[len(end.rstrip('/')):] or '/'))
        if at in (end, '/'):
            return
        at = os.path.dirname(at)


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
    # The last is what nesting too deep to be read gives (`RecursionError`).
    except (AttributeError, ValueError, RuntimeError):
        return None
    return value if isinstance(value, dict) else None


def json_bytes(value, **layout):
    """Half of a surrogate pair, which JSON can escape and UTF-8 cannot hold, stays escaped."""
    try:
        return json.dumps(value, ensure_ascii=False, **layout).encode('utf-8') + b'\n'
    except UnicodeEncodeError:
        return json.dumps(value, **layout).encode('ascii') + b'\n'


def text(value):
    return json_bytes(value, indent=2, sort_keys=True)
