# Answers everybody with its own name.
import http.server
import os
import socketserver
import subprocess
import sys

NAME = (os.environ.get('HOST', '') + '/mesos').encode('ascii')


def address():
    """Of this container: what Calico gave it."""
    for line in subprocess.check_output(['ip', '-4', '-o', 'addr', 'show', 'scope', 'global']).decode('utf-8', 'replace').splitlines():
        words = line.split()
        if 'inet' in words:
            return words[words.index('inet') + 1].split('/')[0]
    sys.exit('this container has no address')


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header('Content-Length', str(len(NAME)))
        self.end_headers()
        self.wfile.write(NAME)

    def log_message(self, *words):
        pass


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server((address(), int(os.environ['DCOS_CALICO_PORT'])), Answer).serve_forever()
