# Ends the making of the hosts' root file system; $1 is where it is. What is made here is the same for all hosts: the
# certificate of the lab's web server, which stands in for github.com and quay.io, and the layer of programs that the
# lab's images share.
set -eu
root=$1

chroot "$root" openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 7300 \
  -subj '/CN=Practice cluster of dcos calico' \
  -addext 'subjectAltName=DNS:github.com,DNS:objects.githubusercontent.com,DNS:quay.io,DNS:registry.example,DNS:mirror.example' \
  -keyout /root/lab-key.pem -out /usr/local/share/ca-certificates/lab.crt 2>/dev/null
chroot "$root" update-ca-certificates >/dev/null

chroot "$root" /bin/sh -eu <<'END'
stage=/var/tmp/layer
take() {
  for file in "$@"; do
    folder=$(readlink -f "$(dirname "$file")")
    mkdir -p "$stage$folder"
    cp -Lp "$file" "$stage$folder/"
  done
}
python=$(readlink -f /usr/bin/python3)
library=/usr/lib/$(basename "$python")
extensions=$(dirname "$(find /usr/lib -name libxt_comment.so)")
programs="$python /usr/sbin/xtables-legacy-multi /usr/sbin/ipset /bin/ip /bin/busybox"
take $programs
mkdir -p "$stage$library" "$stage$extensions" "$stage/usr/sbin" "$stage/usr/bin" "$stage/etc" "$stage/tmp" "$stage/run" "$stage/var"
cp -a "$library/." "$stage$library/"
rm -rf "$stage$library/test" "$stage$library/unittest" "$stage$library/pydoc_data" "$stage$library/distutils"
find "$stage$library" -name __pycache__ -exec rm -rf {} +
cp -a "$extensions/." "$stage$extensions/"
cp -a /etc/iproute2 "$stage/etc/"
# shellcheck disable=SC2046
take $(ldd $programs "$library"/lib-dynload/*.so "$extensions"/*.so 2>/dev/null | awk '$2 == "=>" && $3 ~ "^/" { print $3 } $1 ~ "^/lib" && $1 !~ ":$" { print $1 }' | sort -u)
for name in bin lib lib64 sbin; do [ -e "$stage/usr/$name" ] && ln -s "usr/$name" "$stage/$name"; done
ln -s "$(basename "$python")" "$stage/usr/bin/python3"
for name in iptables iptables-restore iptables-save ip6tables; do ln -s xtables-legacy-multi "$stage/usr/sbin/$name"; done
for name in sh ls cat sleep; do [ -e "$stage/usr/bin/$name" ] || ln -s busybox "$stage/usr/bin/$name"; done
ln -s ../run "$stage/var/run"
mkdir -p /var/lib/lab
tar -C "$stage" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf /var/lib/lab/programs.tar .
sha256sum /var/lib/lab/programs.tar | cut -d ' ' -f 1 >/var/lib/lab/programs.diff-id
gzip -n -3 /var/lib/lab/programs.tar
rm -rf "$stage"
# Agents of the time of Calico 2.6 have no other iptables, and Felix 2.6 knows no other.
update-alternatives --quiet --set iptables /usr/sbin/iptables-legacy
update-alternatives --quiet --set ip6tables /usr/sbin/ip6tables-legacy
END
