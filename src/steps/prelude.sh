# A step of `dcos calico`: it looks at this host, changes it when it is the host's turn, and looks again. It never ends by itself.
# Any POSIX sh. Options come by the environment; nothing of them is ever read as shell.
set -u
unset LD_LIBRARY_PATH SASL_PATH
R="${DCOS_CALICO_ROOT:-}"
PATH="$R/usr/local/sbin:$R/usr/local/bin:$R/usr/sbin:$R/usr/bin:$R/sbin:$R/bin:$R/opt/mesosphere/bin"
LC_ALL=C
export PATH LC_ALL
umask 022
run="$R/run/dcos-calico"

# seconds NAME VALUE DEFAULT: only an agent's own environment sets these; anything but a number is not one.
seconds() {
  case $1 in '' | *[!0-9.]* | *.*.* | .) printf '%s\n' "$2" ;; *) printf '%s\n' "$1" ;; esac
}
look_seconds=$(seconds "${DCOS_CALICO_LOOK_SECONDS:-}" 5)

# failed SENTENCE: what can be said without Python. The sentence holds nothing that JSON would have to escape.
told=
failed() {
  now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  printf '{"step":"%s","state":"failed","reason":"%s","detail":{},"wanted":{},"found":{},"needs":[],"checkedAt":"%s"}\n' \
    "$step" "$1" "$now" >./status.new && mv -f ./status.new ./status.json
  printf 'exit 20\n' >./health.new && mv -f ./health.new ./health
  [ "$1" = "$told" ] || printf '%s %s: failed: %s\n' "$now" "$step" "$1"
  told=$1
}

# The task holds this file locked while it lives (step.py locks descriptor 9), so a task that was killed leaves no lock.
claim_host() {
  claim=unknown
  case "${MARATHON_APP_VERSION:-0}_${MESOS_TASK_ID:-$$}" in
    *[!A-Za-z0-9._:+-]*) ;;
    *) claim="${MARATHON_APP_VERSION:-0}_${MESOS_TASK_ID:-$$}" ;;
  esac
  claim="$run/tasks/$step/$claim"
  # Whoever may open a file may hold it locked: a turn, or a task, that is over would live on by the hand of any user.
  mkdir -p "$run/tasks/$step" && chmod 0700 "$run" && printf '' 2>/dev/null >>"$claim" && exec 9>>"$claim"
}

# ready_to_look: what must be there before Python can be asked.
ready_to_look() {
  # shellcheck disable=SC3067 # dash, busybox, bash and ksh all have -O.
  if [ -n "$R" ] && ! [ -O "$R" ]; then
    failed 'the root that the agent names for this task belongs to another user'
  elif ! [ -x "$R/opt/mesosphere/bin/python3" ]; then
    failed 'the Python of DC/OS, /opt/mesosphere/bin/python3, is missing on this agent'
  elif ! claim_host; then
    failed 'the directory /run/dcos-calico cannot be written to'
  else
    return 0
  fi
  return 1
}

# wait_for_news TICKS TOKEN: until so many ticks are over, or something on this host changed since TOKEN was read ("-": never mind;
# "@…": only a restart of a daemon counts). A builtin reads the token: waiting costs one `sleep` a tick.
wait_for_news() {
  ticks=0
  news=$run/changed
  case $2 in @*) news=$run/restarted ;; esac
  while [ "$ticks" -lt "$1" ]; do
    sleep "$look_seconds" 9>&-
    ticks=$((ticks + 1))
    [ "$2" = - ] && continue
    seen=
    [ -r "$news" ] && read -r seen <"$news"
    [ "$seen" = "${2#@}" ] || return 0
  done
}

# keep_looking: one Python a look, which reports, and says in ./next how long nothing is to be done.
keep_looking() {
  until ready_to_look; do
    sleep "$look_seconds"
  done
  while :; do
    rm -f ./next
    "$R/opt/mesosphere/bin/python3" -ISB ./step.py "$step" "$claim"
    code=$?
    ticks_to_wait=
    token=-
    [ -r ./next ] && read -r ticks_to_wait token <./next
    case $ticks_to_wait in
      '' | *[!0-9]*)
        failed "the look at this host ended with code $code: see stderr of this task"
        ticks_to_wait=6
        ;;
    esac
    wait_for_news "$ticks_to_wait" "${token:--}"
  done
}
