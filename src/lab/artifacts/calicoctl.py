# What this program asks of calicoctl 1.6, on the keys of libcalico-go 1.7 (lib/backend/model, lib/client/node.go, lib/client/ipam.go).
# What goes wrong it says on its output (calicoctl 1.6.5, calicoctl/commands/*.go).
import json, subprocess, sys
from ipaddress import ip_address, ip_network

words = [word for word in sys.argv[1:] if not word.startswith("--")]
flags = dict(word[2:].partition("=")[::2] for word in sys.argv[1:] if word.startswith("--"))
if words[:1] == ["version"]:
    print("Client Version: stand-in")
    sys.exit(0)
with open(flags.get("config", "/etc/calico/calicoctl.cfg")) as file:
    spec = json.load(file)["spec"]


def ask(method, key, *more):
    for url in spec["etcdEndpoints"].split(","):
        asked = ["curl", "-q", "-sS", "-X", method, "--url", url + "/v2/keys/calico/" + key] + list(more)
        answer = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said = answer.communicate()[0]
        if answer.returncode == 0:
            return json.loads(said.decode())
    print("Error: client: etcd cluster is unavailable or misconfigured")
    sys.exit(1)


def write(key, value):
    ask("PUT", key, "--data-urlencode", "value=" + value)


def leaves(key):
    open_nodes, found = [ask("GET", key + "?recursive=true").get("node") or {}], {}
    while open_nodes:
        node = open_nodes.pop()
        open_nodes += node.get("nodes") or []
        if "value" in node:
            found[node["key"][len("/calico/"):]] = json.loads(node["value"] or "{}") if node["value"][:1] in ("{", "") else node["value"]
    return found


def peer(scope, node, address):
    address = str(ip_address(address))
    where = "global" if scope == "global" else "host/" + node
    return "bgp/v1/%s/%s/%s" % (where, "peer_v6" if ":" in address else "peer_v4", address)


def each_block(change):
    for key, block in leaves("ipam/v2/assignment").items():
        if not change(block):
            continue
        if block["affinity"] is None and all(each is None for each in block["allocations"]):
            ask("DELETE", key)
        else:
            write(key, json.dumps(block))


def delete_node(name):
    nets = [net for value in leaves("v1/host/" + name + "/workload").values() for kind in ("ipv4_nets", "ipv6_nets") for net in value.get(kind) or []]
    held = set(net.split("/")[0] for net in nets)

    def release(block):
        first = ip_network(block["cidr"]).network_address
        freed = [place for place, each in enumerate(block["allocations"]) if each is not None and str(first + place) in held]
        for place in freed:
            block["allocations"][place] = None
        block["unallocated"] += freed
        return freed

    def let_go(block):
        own = block["affinity"] == "host:" + name
        block["affinity"] = None if own else block["affinity"]
        return own

    each_block(release)
    if not leaves("ipam/v2/host/" + name):
        # An error of that source: it ends here, and with --skip-not-exists successfully.
        sys.exit(0 if "skip-not-exists" in flags else 1)
    each_block(let_go)
    ask("DELETE", "ipam/v2/host/" + name + "?recursive=true")
    for each in ("ip_addr_v4", "network_v4", "ip_addr_v6", "network_v6", "as_num"):
        ask("DELETE", "bgp/v1/host/" + name + "/" + each)
    ask("DELETE", "v1/host/" + name + "?recursive=true")


def rules(given):
    named = {"selector": "src_selector", "tag": "src_tag"}
    return [dict([("action", each["action"])] + [(named[key], value) for key, value in each.get("source", {}).items()]) for each in given]


def policy_keys(path):
    """Of a policy or a profile the key that goes with it, and its keys and values (lib/backend/model/{policy,profile}.go)."""
    with open(path) as file:
        given = json.load(file)
    about, spec = given.get("metadata", {}), given.get("spec", {})
    written = {"inbound_rules": rules(spec.get("ingress", [])), "outbound_rules": rules(spec.get("egress", []))}
    if given.get("kind") == "policy":
        key = "v1/policy/tier/default/policy/" + about["name"]
        return key, [(key, dict(written, order=spec["order"], selector=spec["selector"]))]
    if given.get("kind") == "profile":
        key = "v1/policy/profile/" + about["name"]
        return key, [(key + "/tags", about["tags"]), (key + "/labels", about["labels"]), (key + "/rules", written)]
    return None


if words[:2] == ["config", "set"] and words[2] == "asNumber":
    write("bgp/v1/global/as_num", words[3])
elif words[:2] == ["config", "set"] and words[2] == "nodeToNodeMesh":
    write("bgp/v1/global/node_mesh", json.dumps({"enabled": words[3] == "on"}))
elif words[:2] == ["apply", "-f"] and policy_keys(words[2]):
    for key, value in policy_keys(words[2])[1]:
        write(key, json.dumps(value))
elif words[:2] == ["delete", "-f"] and policy_keys(words[2]):
    if "errorCode" in ask("DELETE", policy_keys(words[2])[0] + "?recursive=true") and "skip-not-exists" not in flags:
        print("Failed to execute command: resource does not exist")
        sys.exit(1)
elif words[:2] == ["apply", "-f"]:
    with open(words[2]) as file:
        given = json.load(file)
    for each in given if isinstance(given, list) else [given]:
        about = each["metadata"]
        if each["kind"] == "ipPool":
            ipip = each["spec"].get("ipip") or {"enabled": False}
            pool = {"cidr": about["cidr"], "masquerade": each["spec"].get("nat-outgoing", False), "ipam": True, "disabled": each["spec"].get("disabled", False)}
            pool.update({"ipip": "tunl0" if ipip["enabled"] else "", "ipip_mode": ipip.get("mode", "")})
            write("v1/ipam/v4/pool/" + about["cidr"].replace("/", "-"), json.dumps(pool))
            continue
        number = str(each["spec"]["asNumber"])
        write(peer(about["scope"], about.get("node"), about["peerIP"]), json.dumps({"ip": about["peerIP"], "as_num": number}))
elif words[:2] == ["delete", "bgpPeer"]:
    found = ask("DELETE", peer(flags["scope"], flags.get("node"), words[2]))
    if "errorCode" in found:
        print("Failed to delete bgpPeer: resource does not exist")
        sys.exit(1)
elif words[:2] == ["delete", "node"]:
    delete_node(words[2])
else:
    print("Usage: calicoctl <command> [<args>...]")
    sys.exit(1)
