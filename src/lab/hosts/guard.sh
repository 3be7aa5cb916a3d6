# Outlives the lab by a moment: when its input ends, however the lab ended, it takes the machines down.
while IFS= read -r line; do
  [ "$line" = over ] && exit 0
done
