# birdcl of BIRD 1.6: `birdcl -s SOCKET COMMAND`.
import socket
import sys

arguments = sys.argv[1:]
path = '/usr/local/var/run/bird.ctl'
if arguments[:1] == ['-s']:
    path, arguments = arguments[1], arguments[2:]
client = socket.socket(socket.AF_UNIX)
try:
    client.connect(path)
except OSError as error:
    sys.exit('Unable to connect to server control socket (%s): %s' % (path, error.strerror))
with client.makefile('rw') as lines:
    print(lines.readline().split(' ', 1)[1].rstrip('\n'))
    lines.write(' '.join(arguments) + '\n')
    lines.flush()
    for line in lines:
        code, rest = line[:4], line[5:].rstrip('\n')
        if code == '0000':
            break
        print(rest)
        if line[4:5] == ' ' and code[0] in '89':
            sys.exit(1)
