#!/bin/sh
# DC/OS's Python 3 of a sandbox host: the machine's own.
root=${0%/opt/mesosphere/bin/*}
IFS= read -r python <"$root/.host/python"
if [ -n "${LAB_COUNT:-}" ] || [ -r "$root/.host/disk" ]; then
  exec "$python" -I -S "$root/.host/counting.py" "$root" "$@"
fi
if [ -n "${LAB_ENDPOINT:-}" ]; then
  exec "$python" -I -S "$root/.host/endpoint.py" "$@"
fi
exec "$python" "$@"
