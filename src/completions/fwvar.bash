# SPDX-License-Identifier: BSD-2-Clause-Patent
# Completion of fwvar for bash. The program itself knows what may follow; here its answer
# is fitted to readline, which breaks words at = and : (COMP_WORDBREAKS).

_fwvar() {
    local -a words=() lines
    local rest=${COMP_LINE:0:COMP_POINT} piece i joined=
    COMPREPLY=()

    # Put together what readline took apart: pieces without a blank between them.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        if [[ -z $joined || $rest == [[:blank:]]* ]]; then
            words+=("$piece")
        else
            words[${#words[@]} - 1]+=$piece
        fi
        joined=1
        rest=${rest#"${rest%%[![:blank:]]*}"}
        rest=${rest#"$piece"}
    done
    # Take the quotes off, as far as they are of use in completion.
    local last=$((${#words[@]} - 1)) quote=
    [[ ${words[last]} == [\"\']* ]] && quote=${words[last]:0:1}
    for ((i = 1; i <= last; i++)); do
        words[i]=${words[i]#[\"\']}
        ((i < last)) && words[i]=${words[i]%[\"\']}
        words[i]=${words[i]//\\/}
    done

    mapfile -t lines < <("${words[0]/#\~\//$HOME/}" __complete "${words[@]:1}" 2>/dev/null)
    # Readline replaces only what is behind the last break.
    local word=${words[last]} cut=
    [[ $COMP_WORDBREAKS == *:* && $word == *:* ]] && cut=${word%:*}:
    [[ $COMP_WORDBREAKS == *=* && ${word#"$cut"} == *=* ]] && cut=${word%=*}=
    if [[ ${lines[0]} == files ]]; then
        compopt -o filenames
        [[ $word == --*=* ]] && word=${word#*=}
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
    fi
    for piece in "${lines[@]:1}"; do
        piece=${piece%%$'\t'*}
        [[ $piece == *= ]] && compopt -o nospace
        piece=${piece#"$cut"}
        [[ $quote ]] || printf -v piece %q "$piece"
        COMPREPLY+=("${piece//\\,/,}")
    done
    return 0
}
complete -F _fwvar fwvar
