#!/usr/bin/env bash
# Completion of `dcos calico` in bash and zsh. Made from the commands by scripts/docs.ts; a test fails when it is stale.
# `dcos` sources this file where the plugin is added, and calls _dcos_calico with cur, words, cword and c set.
# shellcheck disable=SC2154 # cur, words, cword and c are those of dcos.
# shellcheck disable=SC2207 # No word of ours has a space, and neither bash 3.2 nor zsh has mapfile.

_dcos_calico() {
    local IFS=$' \t\n'
    # "path" is zsh's own name for PATH.
    local place=calico word flag="" position=0 no_flags="" choices
    choices=()
    while [ "$c" -lt "$cword" ]; do
        word="${words[c]}"
        c=$((c + 1))
        if [ -n "$flag" ]; then
            flag=""
            continue
        fi
        case "$word" in
            --) no_flags=yes ;;
            -h | --help) return ;;
            --*=*) ;;
            -*) __dcos_calico_is "$word" takes "$place" && flag="$word" ;;
            *)
                if [ "$position" -eq 0 ] && __dcos_calico_is "$word" commands "$place"; then
                    place="$place $word"
                else
                    position=$((position + 1))
                fi
                ;;
        esac
    done
    if [ -n "$flag" ]; then
        choices=($(__dcos_calico_words values "$place $flag"))
    elif [ -z "$no_flags" ] && [[ $cur == --*=* ]]; then
        __dcos_calico_value "$place" "${cur%%=*}"
        return
    elif [ -z "$no_flags" ] && [[ $cur == -* ]]; then
        choices=($(__dcos_calico_words flags "$place"))
    else
        choices=($(__dcos_calico_words args "$place $((position + 1))"))
        [ "$position" -eq 0 ] && choices+=($(__dcos_calico_words commands "$place"))
    fi
    # bash 3.2 takes an empty array for an unset one.
    [ "${#choices[@]}" -gt 0 ] && __dcos_handle_compreply "${choices[@]}"
}

# __dcos_calico_value PLACE FLAG: bash puts it for what follows the =, zsh for the whole word.
__dcos_calico_value() {
    local value
    for value in $(__dcos_calico_words values "$1 $2"); do
        if [ -n "${ZSH_VERSION:-}" ]; then
            [[ "$2=$value" == "$cur"* ]] && COMPREPLY+=("$2=$value ")
        else
            [[ $value == "${cur#*=}"* ]] && COMPREPLY+=("$value ")
        fi
    done
}

# __dcos_calico_is WORD KIND PLACE
__dcos_calico_is() {
    local each
    for each in $(__dcos_calico_words "$2" "$3"); do
        [ "$each" = "$1" ] && return 0
    done
    return 1
}

# __dcos_calico_words KIND PLACE
__dcos_calico_words() {
    case "$1 $2" in
        "commands calico") echo "configure connectivity diagnostics diff install lab logs options plan preflight prune repair restart status uninstall" ;;
        "flags calico") echo "--json --verbose --help --version" ;;
        "flags calico configure") echo "--json --verbose --options= --set= --answers= --containers= --etcd= --endpoints= --ca-file= --client-files= --pool= --ipip= --topology= --peers= --downloads= --mirror= --registry= --pace= --canary= --api-only --marathon= --yes --help" ;;
        "takes calico configure") echo "--options --set --answers --containers --etcd --endpoints --ca-file --client-files --pool --ipip --topology --peers --downloads --mirror --registry --pace --canary --marathon" ;;
        "values calico configure --containers") echo "both ucr docker" ;;
        "values calico configure --etcd") echo "record package proxy static" ;;
        "values calico configure --ipip") echo "off cross-subnet always" ;;
        "values calico configure --topology") echo "mesh peers" ;;
        "values calico configure --downloads") echo "internet mirror" ;;
        "values calico configure --pace") echo "usual slow named" ;;
        "commands calico connectivity") echo "test" ;;
        "flags calico connectivity") echo "--help" ;;
        "flags calico connectivity test") echo "--json --verbose --agents= --image= --dry-run --clean-up --marathon= --yes --help" ;;
        "takes calico connectivity test") echo "--agents --image --marathon" ;;
        "commands calico diagnostics") echo "create" ;;
        "flags calico diagnostics") echo "--help" ;;
        "flags calico diagnostics create") echo "--json --verbose --output= --agent= --marathon= --help" ;;
        "takes calico diagnostics create") echo "--output -o --agent --marathon" ;;
        "flags calico diff") echo "--json --verbose --options= --set= --exclude= --ignore= --api-only --ask= --canary= --out= --message= --marathon= --help" ;;
        "takes calico diff") echo "--options --set --exclude --ignore --ask --canary --out --message -m --marathon" ;;
        "flags calico install") echo "--json --verbose --options= --set= --exclude= --ignore= --api-only --ask= --plan= --dry-run --canary= --pause-after-canary --no-restart --leave --migrated --until= --message= --report= --marathon= --yes --help" ;;
        "takes calico install") echo "--options --set --exclude --ignore --ask --plan --canary --until --message -m --report --marathon" ;;
        "commands calico lab") echo "rehearse start status stop" ;;
        "flags calico lab") echo "--help" ;;
        "flags calico lab rehearse") echo "--json --verbose --options= --set= --exclude= --ignore= --api-only --ask= --inventory= --save-inventory= --fault= --list-faults --step-time= --step-times= --seed= --uninstall --canary= --pause-after-canary --no-restart --leave --until= --marathon= --help" ;;
        "takes calico lab rehearse") echo "--options --set --exclude --ignore --ask --inventory --save-inventory --fault --step-time --step-times --seed --canary --until --marathon" ;;
        "flags calico lab start") echo "--json --verbose --private= --public= --dcos= --no-native-calico --simulated= --hosts= --speed= --seed= --faults= --surprise= --foreground --help" ;;
        "takes calico lab start") echo "--private --public --dcos --simulated --hosts --speed --seed --faults --surprise" ;;
        "values calico lab start --dcos") echo "1.9 1.10 1.11 1.12 1.13 2.0 2.1 2.2" ;;
        "values calico lab start --surprise") echo "store full docker-stopped docker-23 no-etcd universe old-login" ;;
        "flags calico lab status") echo "--json --verbose --help" ;;
        "flags calico lab stop") echo "--json --verbose --help" ;;
        "flags calico logs") echo "--json --verbose --follow --lines= --stderr --marathon= --help" ;;
        "takes calico logs") echo "--lines -n --marathon" ;;
        "args calico logs 2") echo "etcd-proxy docker cni libnetwork node turn" ;;
        "commands calico options") echo "boot-script cover-job schema show validate" ;;
        "flags calico options") echo "--help" ;;
        "flags calico options boot-script") echo "--json --verbose --options= --set= --marathon= --help" ;;
        "takes calico options boot-script") echo "--options --set --marathon" ;;
        "flags calico options cover-job") echo "--json --verbose --plugin= --every= --secret= --marathon= --help" ;;
        "takes calico options cover-job") echo "--plugin --every --secret --marathon" ;;
        "values calico options cover-job --every") echo "5 10 15 20 30 60 120 240 360 720" ;;
        "flags calico options schema") echo "--json --verbose --help" ;;
        "flags calico options show") echo "--json --verbose --options= --set= --defaults --changed --offline --marathon= --help" ;;
        "takes calico options show") echo "--options --set --marathon" ;;
        "flags calico options validate") echo "--json --verbose --help" ;;
        "commands calico plan") echo "pause resume skip status undo" ;;
        "flags calico plan") echo "--help" ;;
        "flags calico plan pause") echo "--json --verbose --message= --marathon= --help" ;;
        "takes calico plan pause") echo "--message -m --marathon" ;;
        "flags calico plan resume") echo "--json --verbose --dry-run --no-restart --until= --report= --marathon= --yes --help" ;;
        "takes calico plan resume") echo "--until --report --marathon" ;;
        "flags calico plan skip") echo "--json --verbose --message= --marathon= --help" ;;
        "takes calico plan skip") echo "--message -m --marathon" ;;
        "flags calico plan status") echo "--json --verbose --all --marathon= --help" ;;
        "takes calico plan status") echo "--marathon" ;;
        "flags calico plan undo") echo "--json --verbose --dry-run --no-restart --until= --message= --report= --marathon= --yes --help" ;;
        "takes calico plan undo") echo "--until --message -m --report --marathon" ;;
        "flags calico preflight") echo "--json --verbose --options= --set= --exclude= --ignore= --api-only --ask= --for-dcos= --for-docker= --marathon= --help" ;;
        "takes calico preflight") echo "--options --set --exclude --ignore --ask --for-dcos --for-docker --marathon" ;;
        "flags calico prune") echo "--json --verbose --dry-run --older-than= --forget-agents --marathon= --yes --help" ;;
        "takes calico prune") echo "--older-than --marathon" ;;
        "flags calico repair") echo "--json --verbose --agent= --joined --dry-run --no-restart --until= --report= --marathon= --yes --help" ;;
        "takes calico repair") echo "--agent --until --report --marathon" ;;
        "flags calico restart") echo "--json --verbose --agent= --dry-run --until= --report= --marathon= --yes --help" ;;
        "takes calico restart") echo "--agent --until --report --marathon" ;;
        "flags calico status") echo "--json --verbose --all --watch --wait= --html= --marathon= --help" ;;
        "takes calico status") echo "--wait --html --marathon" ;;
        "flags calico uninstall") echo "--json --verbose --agent= --dry-run --force-with-workloads --forget-agents --delete-networks --delete-data --no-restart --api-only --until= --message= --report= --marathon= --yes --help" ;;
        "takes calico uninstall") echo "--agent --until --message -m --report --marathon" ;;
    esac
}
