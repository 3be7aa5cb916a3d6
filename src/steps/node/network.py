# What calico/node leaves in the kernel of its host.

def listing(program):
    """{table: (rules as [(chain, words)], names of Calico's chains)}"""
    import shlex
    tables, table = {}, None
    saved = command(program + '-save')
    if saved.code == 127:
        # Felix brings its own in its container: without the host's nobody can say that its chains are gone.
        raise failed('%s-save is missing on this agent, without which Calico\'s chains cannot be seen' % program)
    for line in saved.out.splitlines():
        if line.startswith('*'):
            table = tables.setdefault(line[1:].strip(), ([], []))
        elif table and line.startswith(':cali'):
            table[1].append(line[1:].split()[0])
        elif table and line.startswith('-A '):
            words = shlex.split(line)
            table[0].append((words[1], words[2:]))
    return tables


def refers(words):
    return any(word in ('-j', '--jump', '-g', '--goto') and target.startswith('cali') for word, target in zip(words, words[1:]))


def references(rules):
    return [(chain, words) for chain, words in rules if not chain.startswith('cali') and refers(words)]


def remove_chains():
    """References from other chains first, one by one, then Calico's own chains: nobody else's rule is ever written anew."""
    for program in ('iptables', 'ip6tables'):
        for table, (rules, chains) in sorted(listing(program).items()):
            for chain, words in references(rules):
                command(program, '-w', '-t', table, '-D', chain, *words)
            for chain in chains:
                command(program, '-w', '-t', table, '-F', chain)
            for chain in chains:
                command(program, '-w', '-t', table, '-X', chain)


def chains_left():
    there = []
    for program in ('iptables', 'ip6tables'):
        for table, (rules, chains) in sorted(listing(program).items()):
            count = len(chains) + len(references(rules))
            if count:
                there.append('remove %d of Calico\'s chains and references from %s %s' % (count, program, table))
    return there


def ipsets():
    return [name for name in command('ipset', 'list', '-n').out.split() if name.startswith(('cali4', 'cali6'))]


def within(destination, pools):
    import ipaddress
    try:
        net = ipaddress.ip_network(destination, strict=False)
        return any(net.version == pool.version and net.network_address in pool for pool in map(ipaddress.ip_network, pools))
    except ValueError:
        return False


def routes(pools):
    """BIRD's routes into our pools: another BIRD of the host may have its own."""
    found = []
    for line in command('ip', 'route', 'show', 'proto', 'bird').out.splitlines():
        words = [word for word in line.split()]
        destination = words[1] if words[:1] == ['blackhole'] else (words[0] if words else '')
        if within(destination, pools):
            found.append((['blackhole'] if words[0] == 'blackhole' else []) + [destination])
    return found


def tunnel_addresses(pools):
    import re
    shown = command('ip', '-4', 'addr', 'show', 'dev', 'tunl0')
    return [each for each in re.findall(r'inet (\S+)', shown.out) if within(each, pools)] if shown.code == 0 else []


def kernel_left(pools):
    there = chains_left()
    for what, found in (('ipsets', ipsets()), ('routes of BIRD', routes(pools)), ('addresses of tunl0', tunnel_addresses(pools))):
        if found:
            there.append('remove %d %s' % (len(found), what))
    return there


def clean_kernel(pools):
    remove_chains()
    for name in ipsets():
        command('ipset', 'destroy', name)
    for words in routes(pools):
        command('ip', 'route', 'del', *words)
    for each in tunnel_addresses(pools):
        command('ip', 'addr', 'del', each, 'dev', 'tunl0')
