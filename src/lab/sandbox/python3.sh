#!/bin/sh
# DC/OS's Python 3 of a sandbox host: the machine's own.
root=${0%/opt/mesosphere/bin/*}
IFS= read -r python <"$root/.host/python"
[ -z "${LAB_COUNT:-}" ] || exec "$python" -I -S "$root/.host/counting.py" "$root" "$@"
exec "$python" "$@"
