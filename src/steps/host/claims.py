# Who else is at work on this host: held locks, tasks that live, a newer one to stand back for, a Calico of DC/OS' own.
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
    """DC/OS >= 2.1 brings its own Calico; 2.1.0 has no file that says whether it is on, but its network has this chain."""
    if os.path.exists(path('/opt/mesosphere/etc/calico/calico_enabled')):
        return True
    if not os.path.isdir(path('/opt/mesosphere/active/calico')):
        return False
    return b'M-CALICO' in (read('/opt/mesosphere/etc/dcos/network/cni/calico.conf') or b'')
