# Runs a command in a pseudo-terminal: terminal.py ROWS COLUMNS COMMAND…. What is read here is typed there; what it prints comes out here.
# Ends with the command's exit code, 128 + n for signal n.
import fcntl
import os
import pty
import select
import struct
import sys
import termios

rows, columns = int(sys.argv[1]), int(sys.argv[2])
child, terminal = pty.fork()
if child == 0:
    # The size is there before the command looks.
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    os.execvp(sys.argv[3], sys.argv[3:])

inputs = [terminal, 0]
while True:
    ready, _, _ = select.select(inputs, [], [])
    if terminal in ready:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            # Linux says EIO when the last process of the terminal is gone.
            data = b''
        if not data:
            break
        while data:
            data = data[os.write(1, data):]
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            inputs.remove(0)
        while data:
            data = data[os.write(terminal, data):]
_, status = os.waitpid(child, 0)
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
