# What every step's program begins with: what it was given, and how a look ends. Python 3.5, standard library only.
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
