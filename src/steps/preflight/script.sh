# Looks once. What a step keeps below /run, this one has in its sandbox: it leaves nothing on the host.
run=.
claim_host() {
  claim="$run/claim"
  exec 9>>"$claim"
}
until ready_to_look; do
  sleep "$look_seconds"
done
"$R/opt/mesosphere/bin/python3" -ISB ./step.py "$step" "$claim"
code=$?
[ -r ./health ] || failed "the look at this host ended with code $code: see stderr of this task"
while :; do
  sleep 60 9>&-
done
