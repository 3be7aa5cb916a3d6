# leave: who is ended takes its traces along, and the last one on a host without Calico those of all before it.
claim=
leave() {
  trap - TERM
  [ -z "$claim" ] || rm -f "$claim" "$claim.json"
  [ -e "$R/var/lib/dcos-calico" ] || [ "$(find "$run/tasks" -type f -mmin -5 || echo '?')" ] || rm -rf "$run"
  kill -TERM $$
}
trap leave TERM
