set -u
R="${DCOS_CALICO_ROOT:-}"
PATH="$R/usr/local/sbin:$R/usr/local/bin:$R/usr/sbin:$R/usr/bin:$R/sbin:$R/bin:$R/opt/mesosphere/bin"
export PATH
# A task of Marathon is newer than this, whatever it says: its steps stand aside for one.
unset MARATHON_APP_VERSION MESOS_TASK_ID
umask 022
run="$R/run/dcos-calico"
kept="$R/var/lib/dcos-calico"
python="$R/opt/mesosphere/bin/python3"
work="$run/boot"
seconds="${DCOS_CALICO_BOOT_SECONDS:-1800}"
steps=''
tasks=''

say() {
  printf '%s boot: %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1"
}

# begin: whether there is something to do on this host, and the host's turn for it.
begin() {
  if [ -e "$kept/steps" ] && ! [ -e "$kept/boot" ]; then
    say 'Calico was set up on this agent before: nothing is done here, the tasks of its steps keep it'
    exit 0
  fi
  if ! [ -x "$python" ]; then
    say 'DC/OS is not on this machine: /opt/mesosphere/bin/python3 is missing'
    exit 1
  fi
  mkdir -p "$kept" "$run/turn" && : >"$kept/boot" && exec 8>>"$run/turn/grant" || exit 1
  # Held like the lock of the task that gives turns to agents: as long as this script lives.
  if ! "$python" -IS -c 'import fcntl; fcntl.flock(8, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null; then
    say 'an install has this agent in its turn: nothing is done here'
    exit 0
  fi
  printf '{"allows": "change", "until": "", "task": "boot"}' >"$run/turn/grant"
  rm -rf "$work"
  trap 'end' EXIT
  trap 'exit 143' TERM INT
}

# start NAME: the step's own command, in a directory of its own, with what its task would have in its environment.
start() {
  mkdir -p "$work/$1" && cat >"$work/$1/cmd" || exit 1
  (
    cd "$work/$1" || exit 1
    "environment_of_$2"
    exec sh ./cmd 8>&-
  ) &
  tasks="$tasks $!"
  steps="$steps $1"
}

end() {
  # shellcheck disable=SC2086 # A list of numbers.
  [ -z "$tasks" ] || kill $tasks 2>/dev/null
  : >"$run/turn/grant"
}

# state NAME: the exit code that the step's check would have.
state() {
  code=2
  if [ -e "$work/$1/health" ]; then
    (cd "$work/$1" && sh ./health)
    code=$?
  fi
}

# wait_for_all: until every step is ready, or the time is over.
wait_for_all() {
  until_time=$(($(date +%s) + seconds))
  while :; do
    missing=''
    for step in $steps; do
      state "$step"
      case $code in
        0) ;;
        30)
          say "a task of the step $step runs on this agent: it goes on from here"
          rm -f "$kept/boot"
          exit 0
          ;;
        *) missing="$missing $step" ;;
      esac
    done
    if [ -z "$missing" ]; then
      rm -f "$kept/boot"
      say 'all steps are ready'
      exit 0
    fi
    if [ "$(date +%s)" -ge "$until_time" ]; then
      say "not ready after $seconds s:$missing. It goes on at the next start"
      exit 1
    fi
    sleep 1
  done
}
