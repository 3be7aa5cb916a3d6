#!/bin/sh
# Found under a command's name in a host's bin directory. The host's root is where this was called from, less its last parts.
case $0 in
  */usr/bin/* | */usr/sbin/*) root=${0%/*/*/*} ;;
  */.host/real/*) root=${0%/.host/real/*} ;;
  */.host/image/*) root=${0%/.host/image/*} ;;
  *) root=${0%/*/*} ;;
esac
IFS= read -r python <"$root/.host/python"
exec "$python" -I -S "$root/.host/standin.py" "$root" "${0##*/}" "$@"
