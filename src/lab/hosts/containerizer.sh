# Runs a task on a machine as Mesos does it: first process of a PID namespace with a /proc of its own, in a sandbox of mode
# 0750. $1: the sandbox; $2: the command; the rest: the shell.
sandbox=$1 cmd=$2
shift 2
/bin/mkdir -p "${sandbox%/*}" && /bin/mkdir -m 0750 "$sandbox" && cd "$sandbox" || exit 125
/bin/ln -sfn "$sandbox" "${sandbox%/*}/latest"
# Mesos takes a task's processes out of the agent's cgroup, so that they outlive its restart (facts of linux_launcher.cpp).
container=/sys/fs/cgroup/systemd/mesos/${sandbox##*/}
/bin/mkdir -p "$container" 2>/dev/null && echo 0 2>/dev/null >"$container/cgroup.procs"
umask 022
exec >>stdout 2>>stderr
"$@" -c "$cmd" &
wait $!
