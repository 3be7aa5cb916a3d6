# Completion of `dcos calico` in fish. Made from the commands by scripts/docs.ts; a test fails when it is stale.
# The DC/OS CLI has no completion for fish: put this file at ~/.config/fish/completions/dcos.fish, or source it from there.

# Whether the words so far are those of a command (`calico lab start`), with so many arguments behind it.
function __dcos_calico_at
    set -l wanted (string split ' ' -- $argv[1])
    set -l place
    set -l skip 0
    set -l rest 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            __dcos_calico_takes $word (string join ' ' -- $place); and set skip 1
        else if test $rest = 0; and __dcos_calico_is_command (string join ' ' -- $place $word)
            set place $place $word
        else
            set rest (math $rest + 1)
        end
    end
    test "$place" = "$wanted"; and begin
        test (count $argv) -lt 2; or test $rest = $argv[2]
    end
end

function __dcos_calico_takes
    contains -- "$argv[1] $argv[2]" '--options calico configure' '--set calico configure' '--answers calico configure' '--containers calico configure' '--etcd calico configure' '--endpoints calico configure' '--ca-file calico configure' '--client-files calico configure' '--pool calico configure' '--ipip calico configure' '--topology calico configure' '--peers calico configure' '--downloads calico configure' '--mirror calico configure' '--registry calico configure' '--pace calico configure' '--canary calico configure' '--marathon calico configure' '--options calico install' '--set calico install' '--canary calico install' '--exclude calico install' '--until calico install' '--message calico install' '-m calico install' '--marathon calico install' '--private calico lab start' '--public calico lab start' '--dcos calico lab start' '--simulated calico lab start' '--speed calico lab start' '--seed calico lab start' '--faults calico lab start' '--lines calico logs' '-n calico logs' '--marathon calico logs' '--options calico options boot-script' '--set calico options boot-script' '--marathon calico options boot-script' '--options calico options show' '--set calico options show' '--marathon calico options show' '--wait calico status' '--marathon calico status'
end

function __dcos_calico_is_command
    contains -- $argv[1] 'calico' 'calico configure' 'calico install' 'calico lab' 'calico lab start' 'calico lab status' 'calico lab stop' 'calico logs' 'calico options' 'calico options boot-script' 'calico options schema' 'calico options show' 'calico options validate' 'calico status'
end

complete -c dcos -n __fish_use_subcommand -f -a calico -d 'Put the Calico network on every agent of the cluster'
complete -c dcos -n "__dcos_calico_at 'calico' 0" -f -a configure -d 'Make an options file, by a few questions'
complete -c dcos -n "__dcos_calico_at 'calico' 0" -f -a install -d 'Put Calico on every agent of the cluster'
complete -c dcos -n "__dcos_calico_at 'calico' 0" -f -a lab -d 'A practice cluster on this machine'
complete -c dcos -n "__dcos_calico_at 'calico' 0" -f -a logs -d 'Show what a step printed on an agent'
complete -c dcos -n "__dcos_calico_at 'calico' 0" -f -a options -d 'The options in force, and those of a file'
complete -c dcos -n "__dcos_calico_at 'calico' 0" -f -a status -d 'Show the state of Calico on each agent, worst first'
complete -c dcos -n "__dcos_calico_at 'calico'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico'" -l version -f -d 'Show the version'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l options -r -d 'Write the options to FILE; what it says already is suggested'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l set -r -d 'Set one option; wins over the file'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l answers -r -d 'Read answers from FILE (JSON), - for stdin; a flag wins over it'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l containers -x -a 'both ucr docker' -d 'Which containers use Calico: of Docker, of the Universal Container Runtime, or both'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l etcd -x -a 'record package proxy static' -d 'Where etcd is: found by its SRV record, a package that you install, or addresses (behind the proxy or without it)'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l endpoints -r -d 'Client URLs of etcd, for the ways proxy and static'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l ca-file -r -d 'File on the agents with the CA certificates of etcd'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l client-files -r -d 'Files on the agents with the certificate and key for etcd, or none'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l pool -r -d 'Addresses that tasks get'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l ipip -x -a 'off cross-subnet always' -d 'How packets get from agent to agent: plain, or wrapped in IP-in-IP'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l topology -x -a 'mesh peers' -d 'Who exchanges routes with whom: all agents with each other, or with route reflectors'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l peers -r -d 'Route reflectors or routers, each with its AS number where it is another one'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l downloads -x -a 'internet mirror' -d 'Where agents fetch files and images from'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l mirror -r -d 'Base URL of the files of a mirror, or none'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l registry -r -d 'Registry that has the images of Calico, or none'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l pace -x -a 'usual slow named' -d 'How an install goes through the agents'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l canary -r -d 'Agents that change first, for the pace named'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l api-only -f -d 'Start no task, not even to ask etcd from an agent'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l marathon -r -d 'Use another Marathon than the one named marathon'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l yes -s y -f -d 'Ask nothing, take yes for an answer'
complete -c dcos -n "__dcos_calico_at 'calico configure'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l options -r -d 'Read options from FILE, - for stdin'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l set -r -d 'Set one option'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l dry-run -f -d 'Show the plan, change nothing; exit code 7 if something would change'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l canary -r -d 'Agents of the first wave: a count or share of private and of public agents, or addresses'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l pause-after-canary -f -d 'End after the first wave, exit code 5; the same command goes on'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l exclude -r -d 'Leave this agent alone'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l no-restart -f -d 'Restart nothing (this version never does)'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l until -r -d 'Begin no agent after TIME (22:00, 2h, an ISO time)'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l message -s m -r -d 'Why, for the record'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l marathon -r -d 'Use another Marathon than the one named marathon'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l yes -s y -f -d 'Ask nothing, take yes for an answer'
complete -c dcos -n "__dcos_calico_at 'calico install'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico lab' 0" -f -a start -d 'Start a practice cluster on this machine'
complete -c dcos -n "__dcos_calico_at 'calico lab' 0" -f -a status -d 'Show the practice cluster'
complete -c dcos -n "__dcos_calico_at 'calico lab' 0" -f -a stop -d 'Stop the practice cluster'
complete -c dcos -n "__dcos_calico_at 'calico lab'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l private -r -d 'Private agents (default 5)'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l public -r -d 'Public agents (default 1)'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l dcos -x -a '1.9 1.10 1.11 1.12 1.13 2.0 2.1 2.2' -d 'Version of DC/OS to be'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l simulated -r -d 'Model this many agents, run nothing'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l speed -r -d 'Seconds that pass in the simulated cluster in one real second'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l seed -r -d 'Make the same random choices as another lab with this seed'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l faults -r -d 'Do wrong what this file says: JSON with http (answers), agents (hosts), events (in time)'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l foreground -f -d 'Stay in front until Ctrl-C'
complete -c dcos -n "__dcos_calico_at 'calico lab start'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico lab status'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico lab status'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico lab status'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico lab stop'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico lab stop'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico lab stop'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico logs' 1" -f -a 'etcd-proxy docker cni libnetwork node turn'
complete -c dcos -n "__dcos_calico_at 'calico logs'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico logs'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico logs'" -l follow -s f -f -d 'Go on with what it prints, also when its task is replaced, until Ctrl-C'
complete -c dcos -n "__dcos_calico_at 'calico logs'" -l lines -s n -r -d 'Show this many lines at most'
complete -c dcos -n "__dcos_calico_at 'calico logs'" -l stderr -f -d 'Show standard error instead of standard output'
complete -c dcos -n "__dcos_calico_at 'calico logs'" -l marathon -r -d 'Use another Marathon than the one named marathon'
complete -c dcos -n "__dcos_calico_at 'calico logs'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico options' 0" -f -a boot-script -d 'Print a script that sets Calico up at the first boot of an agent'
complete -c dcos -n "__dcos_calico_at 'calico options' 0" -f -a schema -d 'Print the JSON Schema of an options file'
complete -c dcos -n "__dcos_calico_at 'calico options' 0" -f -a show -d 'Show the options in force, and where each value is from'
complete -c dcos -n "__dcos_calico_at 'calico options' 0" -f -a validate -d 'Check an options file'
complete -c dcos -n "__dcos_calico_at 'calico options'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico options boot-script'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico options boot-script'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico options boot-script'" -l options -r -d 'Read options from this file (JSON); - is standard input'
complete -c dcos -n "__dcos_calico_at 'calico options boot-script'" -l set -r -d 'Set one option; wins over the file'
complete -c dcos -n "__dcos_calico_at 'calico options boot-script'" -l marathon -r -d 'Use another Marathon than the one named marathon'
complete -c dcos -n "__dcos_calico_at 'calico options boot-script'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico options schema'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico options schema'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico options schema'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico options show'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico options show'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico options show'" -l options -r -d 'Read options from this file (JSON); - is standard input'
complete -c dcos -n "__dcos_calico_at 'calico options show'" -l set -r -d 'Set one option; wins over the file'
complete -c dcos -n "__dcos_calico_at 'calico options show'" -l defaults -f -d 'Show the defaults alone'
complete -c dcos -n "__dcos_calico_at 'calico options show'" -l changed -f -d 'Show only options that are not at their default'
complete -c dcos -n "__dcos_calico_at 'calico options show'" -l offline -f -d 'Leave out what is installed on the cluster'
complete -c dcos -n "__dcos_calico_at 'calico options show'" -l marathon -r -d 'Use another Marathon than the one named marathon'
complete -c dcos -n "__dcos_calico_at 'calico options show'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico options validate'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico options validate'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico options validate'" -l help -s h -f -d 'Show this help'
complete -c dcos -n "__dcos_calico_at 'calico status'" -l json -f -d 'Print one JSON document'
complete -c dcos -n "__dcos_calico_at 'calico status'" -l verbose -s v -f -d 'Show each request and the detail of errors; -vv shows more'
complete -c dcos -n "__dcos_calico_at 'calico status'" -l all -f -d 'Show each agent, also where equal ones would fold into a count'
complete -c dcos -n "__dcos_calico_at 'calico status'" -l watch -f -d 'Look again and again; in a pipe, print what changes'
complete -c dcos -n "__dcos_calico_at 'calico status'" -l wait -r -d 'Wait until every agent is ready or nothing more is going on, at most DURATION (90s, 10m)'
complete -c dcos -n "__dcos_calico_at 'calico status'" -l marathon -r -d 'Use another Marathon than the one named marathon'
complete -c dcos -n "__dcos_calico_at 'calico status'" -l help -s h -f -d 'Show this help'
