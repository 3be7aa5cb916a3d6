# Asks the endpoints that are named to it, again and again, and keeps what came of the last round. Any POSIX sh; of Calico's own image too.
cd "${MESOS_SANDBOX:-.}" || exit 1
trap 'exit 143' TERM

# one NUMBER ID ADDRESS:PORT: a small server that another asks at the same moment refuses, and is asked again.
one() {
  for attempt in 1 2 3; do
    ask "$@" && break
    case $said in *refused* | *reset* | *'error getting'*) sleep "$attempt" ;; *) break ;; esac
  done
  printf '%s %s %s\n' "$2" "$code" "$said" >"./answer.$1"
}

ask() {
  if command -v curl >/dev/null 2>&1; then
    curl -q -sS --noproxy '*' --connect-timeout 3 --max-time 5 -o "./body.$1" --url "http://$3/" 2>"./error.$1"
  else
    wget -q -T 5 -O "./body.$1" "http://$3/" 2>"./error.$1"
  fi
  code=$?
  said=$(cat "./body.$1" "./error.$1" 2>/dev/null | tr '\n' ' ' | cut -c 1-200)
  return "$code"
}

round=0
while :; do
  round=$((round + 1))
  number=0
  rm -f ./body.* ./error.* ./answer.*
  for target in $DCOS_CALICO_TARGETS; do
    case $target in "$HOST|"*) ;; *) continue ;; esac
    target=${target#*|}
    number=$((number + 1))
    one "$number" "${target%%|*}" "${target#*|}" &
  done
  wait
  { cat ./answer.* 2>/dev/null; printf 'round %s\n' "$round"; } >./answers.new
  mv -f ./answers.new ./answers
  sleep 1
done
