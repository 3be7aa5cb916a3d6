# What this program asks of calicoctl 1.6: its BGP commands, on the keys of libcalico-go 1.7 (lib/backend/model/bgp*.go).
import json, subprocess, sys

words = [word for word in sys.argv[1:] if not word.startswith("--")]
flags = dict(word[2:].partition("=")[::2] for word in sys.argv[1:] if word.startswith("--"))
if words[:1] == ["version"]:
    print("Client Version: stand-in")
    sys.exit(0)
with open(flags.get("config", "/etc/calico/calicoctl.cfg")) as file:
    spec = json.load(file)["spec"]


def ask(method, key, *more):
    for url in spec["etcdEndpoints"].split(","):
        asked = ["curl", "-q", "-sS", "-X", method, "--url", url + "/v2/keys/calico/bgp/v1/" + key] + list(more)
        answer = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        said = answer.communicate()[0]
        if answer.returncode == 0:
            return json.loads(said.decode())
    print("Error: client: etcd cluster is unavailable or misconfigured", file=sys.stderr)
    sys.exit(1)


def write(key, value):
    ask("PUT", key, "--data-urlencode", "value=" + value)


def peer(scope, node, address):
    return "%s/%s/%s" % ("global" if scope == "global" else "host/" + node, "peer_v6" if ":" in address else "peer_v4", address)


if words[:2] == ["config", "set"] and words[2] == "asNumber":
    write("global/as_num", words[3])
elif words[:2] == ["config", "set"] and words[2] == "nodeToNodeMesh":
    write("global/node_mesh", json.dumps({"enabled": words[3] == "on"}))
elif words[:2] == ["apply", "-f"]:
    with open(words[2]) as file:
        given = json.load(file)
    for each in given if isinstance(given, list) else [given]:
        about = each["metadata"]
        number = str(each["spec"]["asNumber"])
        write(peer(about["scope"], about.get("node"), about["peerIP"]), json.dumps({"ip": about["peerIP"], "as_num": number}))
elif words[:2] == ["delete", "bgpPeer"]:
    found = ask("DELETE", peer(flags["scope"], flags.get("node"), words[2]))
    if "errorCode" in found:
        print("Failed to delete bgpPeer: resource does not exist", file=sys.stderr)
        sys.exit(1)
else:
    print("Usage: calicoctl <command> [<args>...]", file=sys.stderr)
    sys.exit(1)
