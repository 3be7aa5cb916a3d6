# Outlives the lab by a moment: when its input ends, however the lab ended, it kills the process groups and removes the
# directories that are still registered. Lines: +g PGID, -g PGID, +d DIR, -d DIR. Builtins alone until then.
groups=' '
dirs=
newline='
'
while IFS= read -r line; do
  value=${line#??}
  value=${value# }
  case $line in
    +g*) groups="$groups$value " ;;
    -g*)
      case $groups in
        *" $value "*) groups="${groups%%" $value "*} ${groups#*" $value "}" ;;
      esac
      ;;
    +d*) dirs="$dirs$newline$value$newline" ;;
    -d*)
      case $dirs in
        *"$newline$value$newline"*) dirs="${dirs%%"$newline$value$newline"*}${dirs#*"$newline$value$newline"}" ;;
      esac
      ;;
  esac
done
for group in $groups; do kill -KILL "-$group" 2>/dev/null; done
IFS=$newline
for dir in $dirs; do
  case $dir in
    /*/*) rm -rf "$dir" ;;
  esac
done
exit 0
