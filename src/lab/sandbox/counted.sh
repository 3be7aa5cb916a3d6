#!/bin/sh
# Stands before every command of a host while its operations are counted or its disk is in trouble: refuses to change what
# is full or read-only, gives the command its number, and kills the whole process group before or after it where the plan
# says so. Builtins alone, so that it costs a millisecond.
case $0 in
  */usr/bin/* | */usr/sbin/*) root=${0%/*/*/*} ;;
  *) root=${0%/*/*} ;;
esac
name=${0##*/}
real=$root/.host/real/$name
if [ -r "$root/.host/disk" ]; then
  case $name in
    chgrp | chmod | chown | cp | dd | install | ln | mkdir | mktemp | mv | rm | rmdir | tee | touch)
      while IFS=' ' read -r trouble place; do
        for each in "$@"; do
          case $each in
            "$root$place" | "$root$place"/*)
              [ "$trouble" = EROFS ] && why='Read-only file system' || why='No space left on device'
              printf '%s: cannot change %s: %s\n' "$name" "$each" "$why" >&2
              exit 1
              ;;
          esac
        done
      done <"$root/.host/disk"
      ;;
  esac
fi
# Only a task's own processes: what systemd runs at the same moment would take numbers at random.
[ -n "${LAB_COUNT:-}" ] || exec "$real" "$@"
count=$root/.host/count
n=1
[ -r "$count/last" ] && IFS= read -r n <"$count/last"
case $n in '' | *[!0-9]*) n=1 ;; esac
set -C
while ! { printf '%s\n' "$name $*" >"$count/ops/$n"; } 2>/dev/null; do n=$((n + 1)); done
set +C
printf '%s\n' "$n" >"$count/last"
IFS=' ' read -r at when <"$count/plan"
[ "$n" = "$at" ] || exec "$real" "$@"
[ "$when" = before ] && kill -KILL 0
"$real" "$@"
kill -KILL 0
