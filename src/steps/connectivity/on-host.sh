# Where there is no image a task has the host's own programs.
set -u
unset LD_LIBRARY_PATH SASL_PATH
R="${DCOS_CALICO_ROOT:-}"
PATH="$R/usr/local/sbin:$R/usr/local/bin:$R/usr/sbin:$R/usr/bin:$R/sbin:$R/bin:$R/opt/mesosphere/bin"
export PATH
