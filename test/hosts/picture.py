# What a host is, as text by name: files with owner, mode and content; the kernel's rules, sets, routes and links; units;
# containers and networks; since when Docker and the Mesos agent run. What changes by itself is left out.
import hashlib
import json
import os
import re
import subprocess
import sys

PLACES = ['/etc', '/opt', '/usr/local', '/root', '/var/lib', '/var/log/calico', '/run/docker/plugins', '/run/calico']
BY_TIME = ['/usr/bin', '/usr/sbin', '/usr/lib/systemd']
PASSED = ('/var/lib/docker', '/var/lib/containerd', '/var/lib/mesos', '/var/lib/etcd-member', '/var/lib/systemd', '/var/lib/dpkg',
          '/var/lib/apt', '/var/lib/lab', '/etc/ssl')


def describe(path, by_time):
    stat = os.lstat(path)
    head = '%o %d:%d ' % (stat.st_mode, stat.st_uid, stat.st_gid)
    if os.path.islink(path):
        return head + '-> ' + os.readlink(path)
    if not os.path.isfile(path):
        return head
    if by_time:
        return head + '%d %d' % (stat.st_size, stat.st_mtime_ns)
    with open(path, 'rb') as file:
        data = file.read()
    text = data.decode('utf-8', 'replace')
    return head + (text if len(data) < 4000 and text.isprintable() is not None and '\0' not in text else hashlib.sha256(data).hexdigest())


def files(picture):
    for place, by_time in [(each, False) for each in PLACES] + [(each, True) for each in BY_TIME]:
        for folder, names, others in os.walk(place):
            names[:] = [name for name in names if os.path.join(folder, name) not in PASSED]
            for name in [''] + names + others:
                path = os.path.join(folder, name).rstrip('/')
                picture[path] = describe(path, by_time)


def said(*argv):
    try:
        return subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, universal_newlines=True).stdout
    except FileNotFoundError:
        return ''


def kernel(picture):
    for program in ('iptables-legacy-save', 'ip6tables-legacy-save'):
        for line in said(program).splitlines():
            line = re.sub(r' \[\d+:\d+\]$', '', line)
            # A table is there from the first look at it on.
            if line[:1] not in '#*' and line != 'COMMIT' and not re.match(r':[A-Z]+ ACCEPT', line):
                picture['%s: %s' % (program, line)] = 'yes'
    for line in said('ipset', 'save').splitlines():
        picture['ipset: ' + line] = 'yes'
    for line in said('ip', 'route').splitlines():
        picture['route: ' + line.strip()] = 'yes'
    for link in json.loads(said('ip', '-json', 'address') or '[]'):
        # Those of containers on Docker's bridge have another name at each start.
        if link['ifname'].startswith('veth'):
            continue
        picture['link: ' + link['ifname']] = ' '.join(sorted(each['local'] for each in link['addr_info'] if each['family'] == 'inet'))


def services(picture):
    names = [line.split()[0] for line in said('systemctl', 'list-unit-files', '--no-legend').splitlines() if line.strip()]
    for name in names:
        if 'dcos' in name or name.startswith('docker'):
            picture['unit: ' + name] = said('systemctl', 'show', name, '--property=LoadState,ActiveState,UnitFileState,NeedDaemonReload').replace('\n', ' ')
    for name in ('docker.service', 'dcos-mesos-slave.service', 'dcos-mesos-slave-public.service'):
        picture['started: ' + name] = said('systemctl', 'show', name, '--property=ExecMainStartTimestampMonotonic,MainPID').replace('\n', ' ')


def docker(picture):
    for line in said('docker', 'ps', '-a', '--format', '{{.Names}} {{.ID}} {{.State}}').splitlines():
        picture['container: ' + line] = 'yes'
    for line in said('docker', 'network', 'ls', '--format', '{{.Name}} {{.Driver}} {{.Scope}}').splitlines():
        picture['network: ' + line] = 'yes'
    info = json.loads(said('docker', 'info', '--format', '{{json .}}') or '{}')
    picture['store'] = '%s %s' % (info.get('ClusterStore'), info.get('ClusterAdvertise'))


def main():
    picture = {}
    files(picture)
    kernel(picture)
    services(picture)
    docker(picture)
    json.dump(picture, sys.stdout)


main()
