#!/bin/sh
# Only a machine without CAP_SYS_RESOURCE needs this: the capability is taken out of the bundle, then the real runc runs.
bundle=
for word in "$@"; do
  [ "$bundle" = next ] && bundle=$word
  case $word in
    --bundle | -b) bundle=next ;;
    --bundle=*) bundle=${word#*=} ;;
  esac
done
[ -n "$bundle" ] && sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$bundle/config.json"
exec /usr/sbin/runc "$@"
