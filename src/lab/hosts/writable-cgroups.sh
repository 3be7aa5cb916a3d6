#!/bin/sh
# Only a systemd-nspawn machine needs this.
mount -o remount,rw,bind /sys/fs/cgroup 2>/dev/null
for place in /sys/fs/cgroup/*; do
  if ! [ -L "$place" ] && mountpoint -q "$place"; then
    mount -o remount,rw,bind "$place"
  fi
done
exit 0
