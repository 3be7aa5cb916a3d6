#!/bin/sh
# Stands in for Calico's CNI plugin: it keeps what it was given, asks calico-ipam for an address, and answers as CNI 0.1 does.
given=$(cat)
mkdir -p /run/calico-cni
{ env | grep ^CNI_; printf '%s\n' "$given"; } >/run/calico-cni/calico
IFS=:
for folder in $CNI_PATH; do
  if [ -x "$folder/calico-ipam" ]; then
    printf '%s' "$given" | "$folder/calico-ipam"
    exit
  fi
done
echo '{"code":100,"msg":"calico-ipam not found"}'
exit 1
