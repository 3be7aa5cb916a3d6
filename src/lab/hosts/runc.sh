#!/bin/sh
# Only a machine without CAP_SYS_RESOURCE needs this: the capability is taken out of what is to run, a container by its
# bundle or a further process by its file, then the real runc runs.
next=
for word in "$@"; do
  file=
  case $next in
    bundle) file=$word/config.json ;;
    process) file=$word ;;
  esac
  next=
  case $word in
    --bundle | -b) next=bundle ;;
    --bundle=*) file=${word#*=}/config.json ;;
    --process | -p) next=process ;;
    --process=*) file=${word#*=} ;;
  esac
  [ -f "$file" ] && sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$file"
done
exec /usr/sbin/runc "$@"
