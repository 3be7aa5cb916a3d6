# DC/OS's Python in a container on Calico's network: what it binds to is, on this machine, an address of the loopback.
import os
import socket
import sys

arguments = sys.argv[1:]
while arguments and arguments[0].startswith('-'):
    arguments.pop(0)
real = socket.socket


class Socket(real):
    def bind(self, address):
        if address[0].startswith('192.168.'):
            address = (os.environ['LAB_ENDPOINT'],) + tuple(address[1:])
        real.bind(self, address)


socket.socket = Socket
sys.argv = arguments
with open(arguments[0]) as file:
    code = compile(file.read(), arguments[0], 'exec')
sys.path.insert(0, os.path.dirname(os.path.abspath(arguments[0])))
exec(code, {'__name__': '__main__', '__file__': arguments[0]})
