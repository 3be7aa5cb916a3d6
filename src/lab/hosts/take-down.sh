# Takes a lab of hosts down, however far it has come and whatever of it still lives: DIR, BRIDGE. Run at the end, when the
# lab's process is gone, and before a new lab where a killed one left something.
dir=$1 bridge=$2
case $dir in /*/*) ;; *) exit 1 ;; esac

for file in "$dir"/*/pid; do
  [ -f "$file" ] || continue
  pid=$(cat "$file")
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -q -F -- "$dir/" && kill -KILL "$pid"
done

# A machine outlives its systemd-nspawn: what is in the lab's cgroups, and nowhere else, is the lab's.
places=$(
  while read -r _ mount type _; do
    case $type in
      cgroup | cgroup2) find "$mount" -type d -name dcos-calico-lab -prune 2>/dev/null ;;
    esac
  done </proc/mounts
)
tries=0
while [ "$tries" -lt 100 ]; do
  left=
  for place in $places; do
    [ -d "$place" ] || continue
    find "$place" -name cgroup.procs -exec cat {} + 2>/dev/null | while read -r pid; do
      kill -KILL "$pid" 2>/dev/null
    done
    find "$place" -depth -type d -exec rmdir {} + 2>/dev/null
    [ -d "$place" ] && left=1
  done
  [ -z "$left" ] && break
  tries=$((tries + 1))
  sleep 0.1
done

# Connections that were cut keep a machine's network namespace for minutes, and with it its link to the bridge.
for link in $(ip -o link show master "$bridge" 2>/dev/null | sed 's/^[0-9]*: \([^@:]*\).*/\1/') "$bridge"; do
  ip link show dev "$link" >/dev/null 2>&1 && ip link delete dev "$link"
done
rm -rf "$dir"
exit 0
