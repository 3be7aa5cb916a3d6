# Answers everybody with its own name, with what Calico's own image has.
cd "${MESOS_SANDBOX:-.}" || exit 1
trap 'exit 143' TERM
name=$HOST/docker
while :; do
  printf 'HTTP/1.0 200 OK\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' "${#name}" "$name" >./answer
  nc -l -p "$DCOS_CALICO_PORT" <./answer >/dev/null || sleep 1
done
