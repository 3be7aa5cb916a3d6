# Becomes a machine: DIR (upper, work, root, docker), NAME, BASE, BRIDGE. Run in a mount namespace of its own, so that every
# mount goes with the machine, however it ends. Of cgroups the kernel forgets nothing by itself: they get a place of their own.
set -eu
dir=$1 name=$2 base=$3 bridge=$4

# One cgroup below this process' own in each hierarchy of v1; below the root of v2, whose controllers cannot be handed on
# from a cgroup that has processes.
unified=1
while read -r _ mount type _; do
  case $type in
    cgroup) unified=0 ;;
    cgroup2) ;;
    *) continue ;;
  esac
  case $mount in /sys/fs/cgroup*) ;; *) continue ;; esac
  if [ "$type" = cgroup2 ]; then
    own=
  else
    own=$(sed -n "s|^[0-9]*:\(.*,\)*\(name=\)*${mount##*/}\(,.*\)*:||p" /proc/self/cgroup | head -n 1)
  fi
  place=${mount}${own%/}/dcos-calico-lab
  for group in "$place" "$place/$name"; do
    mkdir -p "$group" 2>/dev/null || continue
    for file in cpuset.cpus cpuset.mems; do
      if [ "$type" = cgroup ] && [ -f "$group/$file" ]; then cat "$group/../$file" >"$group/$file"; fi
    done
    if [ "$type" = cgroup2 ]; then
      echo '+cpu +cpuset +io +memory +pids' 2>/dev/null >"$group/../cgroup.subtree_control" || true
    fi
  done
  echo $$ 2>/dev/null >"$place/$name/cgroup.procs" || true
done </proc/mounts

mount -t overlay overlay -o "lowerdir=$base,upperdir=$dir/upper,workdir=$dir/work" "$dir/root"
mkdir -p "$dir/root/var/lib/docker"
mount --bind "$dir/docker" "$dir/root/var/lib/docker"
# The kernel is this machine's, and so are its modules, where it has any.
modules=/lib/modules/$(uname -r)
if [ -d "$modules" ]; then
  mkdir -p "$dir/root/usr$modules"
  mount --bind -o ro "$modules" "$dir/root/usr$modules"
fi
# nspawn refuses to start where /run is on a disk.
mkdir -p /run/systemd/nspawn
mount -t tmpfs -o mode=755 tmpfs /run/systemd/nspawn

# Connections that were cut keep the network namespace of a machine that went down, for minutes.
ip link delete dev "vb-calico-$name" 2>/dev/null || true

export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=$unified SYSTEMD_NSPAWN_LOCK=0
echo $$ >"$dir/pid"
exec systemd-nspawn --quiet --boot --directory="$dir/root" --machine="calico-$name" --network-bridge="$bridge" \
  --register=no --keep-unit --capability=all --private-users=no --system-call-filter='@keyring bpf @mount' \
  --link-journal=no --console=pipe
