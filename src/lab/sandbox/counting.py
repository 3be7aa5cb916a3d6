# Runs a Python program of a step while a host's operations are counted or its disk is in trouble: each change of the file
# system fails where the disk is full or read-only, gets its number, and the whole process group is killed before or after
# it where the plan says so. Python 3.8, for its audit hooks.
import errno
import os
import sys

ROOT, ARGUMENTS = sys.argv[1], sys.argv[2:]
COUNT = ROOT + '/.host/count'
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
EVENTS = ('os.rename', 'os.remove', 'os.rmdir', 'os.mkdir', 'os.link', 'os.symlink', 'os.chmod', 'os.chown',
          'os.truncate', 'os.utime')
kill, make, close, put = os.kill, os.open, os.close, os.write
counting = [False]


def take_number(what):
    n = 1
    try:
        with open(COUNT + '/last') as file:
            n = int(file.read() or 1)
    except (OSError, ValueError):
        pass
    while True:
        try:
            descriptor = make(COUNT + '/ops/%d' % n, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            break
        except FileExistsError:
            n += 1
    put(descriptor, (what + '\n').encode('utf-8', 'surrogateescape'))
    close(descriptor)
    with open(COUNT + '/last', 'w') as file:
        file.write('%d\n' % n)
    return n


def when_done(frame, event, argument):
    # The first C function that returns from here on is the one whose hook this is.
    if event in ('c_return', 'c_exception'):
        kill(0, 9)


def troubles():
    try:
        with open(ROOT + '/.host/disk') as file:
            return [(getattr(errno, line.split(' ', 1)[0]), ROOT + line.rstrip('\n').split(' ', 1)[1]) for line in file]
    except OSError:
        return []


def refuse(names):
    for number, place in DISK:
        for name in names:
            if name == place or name.startswith(place + '/'):
                raise OSError(number, os.strerror(number), name)


def operation(what):
    if counting[0] or not os.environ.get('LAB_COUNT'):
        return
    counting[0] = True
    try:
        n = take_number(what)
        with open(COUNT + '/plan') as file:
            at, when = file.read().split()
    finally:
        counting[0] = False
    if str(n) == at:
        if when == 'before':
            kill(0, 9)
        sys.setprofile(when_done)


def hook(event, arguments):
    if event == 'open':
        name, flags = arguments[0], arguments[2]
        if not isinstance(name, (str, bytes)) or not isinstance(flags, int) or not flags & WRITES:
            return
        name = os.fsdecode(name)
        if name.startswith('/dev/') and not name.startswith(ROOT + '/'):
            return
        refuse([name])
        operation('python open ' + name)
    elif event in EVENTS:
        refuse([os.fsdecode(each) for each in arguments if isinstance(each, (str, bytes))])
        operation('python ' + event + ' ' + ' '.join(str(each) for each in arguments if each is not None and each != -1))


def counted(name):
    real = getattr(os, name)

    def replaced(*arguments):
        operation('python os.' + name)
        return real(*arguments)
    return replaced


if not hasattr(sys, 'addaudithook'):
    sys.exit('counting a step\'s operations needs Python 3.8')

flags = ''
while ARGUMENTS and ARGUMENTS[0].startswith('-') and ARGUMENTS[0] not in ('-', '-c', '-m'):
    flags += ARGUMENTS.pop(0)[1:]
sys.dont_write_bytecode = True
DISK = troubles()
first = ARGUMENTS.pop(0) if ARGUMENTS else '-'
if first == '-c':
    name, source = '-c', ARGUMENTS.pop(0)
elif first == '-':
    name, source = '-', sys.stdin.read()
else:
    name = first
    with open(first, 'rb') as program:
        source = program.read()
    if 'I' not in flags:
        sys.path.insert(0, os.path.dirname(os.path.abspath(first)))
sys.argv = [name] + ARGUMENTS
code = compile(source, name, 'exec')
for each in ('fsync', 'write', 'ftruncate'):
    setattr(os, each, counted(each))
sys.addaudithook(hook)
program = {'__name__': '__main__', '__file__': name, '__builtins__': __builtins__, '__doc__': None, '__package__': None}
exec(code, program)
