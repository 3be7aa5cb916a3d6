# The grant: who holds this file locked gives this host its turn. It goes with the task.
mkdir -p "$run/turn" && printf '' 2>/dev/null >>"$run/turn/grant" && exec 8>>"$run/turn/grant"
keep_looking
