# Files that this step needs: fetched here, checked, and kept by their sum.

ARTIFACTS = KEPT + '/artifacts'
LARGEST = 300 * 1024 * 1024
ROUNDS = 3


def sources(url):
    name = url.rstrip('/').rsplit('/', 1)[-1]
    return [mirror.rstrip('/') + '/' + name for mirror in env('MIRRORS').split()] + [url]


def download(url, temporary):
    """Fetches a file and returns its SHA-256. Reads curl's output itself: a server need not say the size before."""
    import hashlib
    total, digest = 0, hashlib.sha256()
    process = subprocess.Popen(
        ['curl', '-q', '-fsSL', '--connect-timeout', '10', '--max-time', '900', '--speed-limit', '1000', '--speed-time', '60',
         '--proto', '=http,https', '--max-filesize', str(LARGEST), '--url', url],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, close_fds=True)
    whole = False
    try:
        with Writing(temporary, path(temporary)), new_file(path(temporary)) as file:
            while True:
                piece = process.stdout.read(1 << 16)
                if not piece:
                    break
                total += len(piece)
                if total > LARGEST:
                    break
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        whole = total <= LARGEST
    finally:
        if not whole:
            process.kill()
        err = process.communicate()[1]
    if total > LARGEST:
        raise Unreachable('it is larger than %d MiB' % (LARGEST >> 20))
    if process.returncode != 0:
        raise Unreachable(Result(process.returncode, '', err.decode('utf-8', 'replace')).why())
    if total == 0:
        raise Unreachable('it is empty')
    return digest.hexdigest()


def unpack(archive, member, target):
    """Takes one file out of a tar.gz; a plain file is taken as it is."""
    import tarfile
    with open(path(archive), 'rb') as file:
        packed = file.read(2) == b'\x1f\x8b'
    if not packed:
        os.rename(path(archive), path(target))
        return
    try:
        with tarfile.open(path(archive), 'r:gz') as tar:
            for each in tar:
                if each.isfile() and each.name.rsplit('/', 1)[-1] == member and each.size <= LARGEST:
                    write(target, tar.extractfile(each).read(), 0o755)
                    break
            else:
                raise failed('the archive of %s holds no file of that name' % member)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise failed('the archive of %s cannot be read: %s' % (member, error))
    remove(archive)


def known_sum(url, wanted):
    return wanted or (RECORD.get('sums') or {}).get(url, '')


def kept(url, wanted):
    """Where the artifact is kept; None if it is not there."""
    known = known_sum(url, wanted)
    name = ARTIFACTS + '/' + known
    return name if known and os.path.exists(path(name)) else None


def fetch(member, url, wanted):
    """Brings the artifact here, from the mirrors in their order, then from its own URL; where it is kept."""
    have = kept(url, wanted)
    if have:
        return have
    make_directory(ARTIFACTS)
    temporary = ARTIFACTS + '/.' + STEP + '-' + member
    import random
    progress('fetches ' + member)
    reasons, left = {}, sources(url)
    for attempt in range(ROUNDS):
        # Many agents have their turn at the same moment, and there is one mirror: where it is at its limit, ever longer.
        if left:
            time.sleep(random.uniform(0, seconds('LOOK_SECONDS', 5) * 2 ** attempt))
        for source in list(left):
            try:
                found = download(source, temporary)
            except Unreachable as error:
                reasons[source] = error
                continue
            known = known_sum(url, wanted)
            if known and found != known:
                reasons[source] = 'its SHA-256 is %s, not %s' % (found, known)
                left.remove(source)
                continue
            name = ARTIFACTS + '/' + found
            try:
                unpack(temporary, member, name)
            except Report:
                remove(temporary)
                raise
            os.chmod(path(name), 0o755)
            sync_directory(ARTIFACTS)
            sums = dict(RECORD.get('sums') or {})
            sums[url] = found
            keep(sums=sums)
            tell('fetched %s from %s, SHA-256 %s' % (member, source, found))
            return name
    remove(temporary)
    why = ['%s: %s' % (source, reasons[source]) for source in sources(url) if source in reasons]
    raise failed('%s cannot be fetched: %s' % (member, '; '.join(why)))


def describe(member, url, wanted):
    DETAIL.setdefault('artifacts', {})[member] = {
        'url': url, 'sha256': known_sum(url, wanted), 'checked': 'against the options' if wanted else 'not: the options have no sum',
    }


def same_file(name, other):
    """Are two files the same? They are read once: what has the same inode, size and times was not written since."""
    def identity(file):
        try:
            stat = os.stat(path(file))
        except OSError:
            return None
        return [stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns]
    both = [identity(name), identity(other)]
    if None in both or both[0][1] != both[1][1]:
        return False
    known = MEMO.setdefault('same', {})
    if known.get(name) == both:
        return True
    with open(path(name), 'rb') as one, open(path(other), 'rb') as two:
        while True:
            left, right = one.read(1 << 20), two.read(1 << 20)
            if left != right:
                return False
            if not left:
                break
    known[name] = both
    return True


def forget_artifacts():
    """Those that this step fetched."""
    for digest in (RECORD.get('sums') or {}).values():
        remove(ARTIFACTS + '/' + digest)
    try:
        names = os.listdir(path(ARTIFACTS))
    except OSError:
        return
    for name in names:
        if name.startswith('.' + STEP + '-'):
            remove(ARTIFACTS + '/' + name)
