# Whatever ends this task, what it has made goes first.
tidy() {
  trap - TERM
  [ -z "$claim" ] || DCOS_CALICO_MODE=absent "$R/opt/mesosphere/bin/python3" -ISB ./step.py "$step" "$claim"
  leave
}
trap tidy TERM
keep_looking
