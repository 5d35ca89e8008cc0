#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause-Patent
#
# Runs a shell, types what is in `cases`, presses TAB and looks at the line:
#
#   FWVAR=path/to/fwvar tests/completion/run.sh bash|zsh|fish|tables
#
# `tables` needs no shell: it asks the program about every command and option of its own
# help. Exit status: 0 passed, 1 failed, 77 skipped because there is no such shell.

set -eu

shell=$1
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scripts=$here/../../src/completions
packed=${FWVAR_FIXTURES:-$here/../../fixtures}
[ "$shell" = tables ] || command -v "$shell" >/dev/null 2>&1 || {
    echo "SKIPPED: there is no $shell"
    exit 77
}
scripts=$(CDPATH='' cd -- "$scripts" && pwd)

work=$(mktemp -d "${TMPDIR:-/tmp}/fwvar-completion.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/bin" "$work/a folder"
ln -s "$(CDPATH='' cd -- "$(dirname -- "$FWVAR")" && pwd)/${FWVAR##*/}" "$work/bin/fwvar"
gzip -dc "$packed/rpi4-2m-saved.fd.gz" >"$work/saved.fd"
cp "$work/saved.fd" "$work/a folder/"
cd "$work"
PATH=$work/bin:$PATH
HOME=$work
LC_ALL=C
scripts_dir=$scripts
export PATH HOME LC_ALL scripts_dir

grep -v '^#' "$here/cases" >cases
cut -d'|' -f1 cases >typed
cut -d'|' -f2 cases >wanted

# ---- the shells; each writes a line per case to `got` ----

in_bash() {
    cat >rc <<'RC'
. "$scripts_dir/fwvar.bash"
PS1= PS2=
bind 'set enable-bracketed-paste off'
bind 'set bell-style none'
bind -x '"\C-x\C-e": printf "%s\n" "$READLINE_LINE" >>got'
RC
    while IFS= read -r line; do
        printf '%s\t\030\005\025' "$line"
    done <typed >keys
    printf 'exit\n' >>keys
    timeout 600 bash --rcfile rc -i <keys >log 2>&1 || :
}

in_zsh() {
    cat >drive <<'RC'
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "fpath=(${(q)scripts_dir} \$fpath); autoload -Uz compinit; compinit -u -D"
zpty -w z "show() { print -r -- \"\$BUFFER\" >>got; BUFFER= }; zle -N show"
zpty -w z "bindkey '^X' show; unsetopt beep; PS1=; print -r READ''Y"
zpty -r z seen '*READY*'
done=0
while IFS= read -r line; do
    zpty -w -n z "$line"$'\t\x18'
    ((done++))
    for ((wait = 0; wait < 200; wait++)); do
        [[ -f got && $(wc -l <got) -ge $done ]] && break
        sleep 0.05
    done
done <typed
zpty -d z
RC
    timeout 600 zsh -f drive >log 2>&1 </dev/null || :
}

in_fish() {
    cut -d'|' -f3 cases >wanted
    while IFS= read -r line; do
        # shellcheck disable=SC2016 # fish expands it
        LINE=$line fish --no-config -c 'source $scripts_dir/fwvar.fish
            complete -C "$LINE"' 2>>log </dev/null | cut -f1 | paste -sd' ' -
    done <typed >got
}

# ---- the tables ----

# Every command is offered, every option of a command too, and what every argument is.
in_tables() {
    : >wanted
    : >got
    fwvar help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' | grep -v '^fwvar$' >commands
    [ -s commands ] || echo "help names no commands" >>got
    fwvar __complete '' | cut -f1 | sed '1d; /^--/d' | diff commands - >>got || :
    while read -r command; do
        fwvar help "$command" | sed -n 's/^  \(-., \|    \)\(--[a-z0-9-]*\).*/\2/p' >options
        fwvar __complete "$command" -- | cut -f1 | sed 1d | diff options - >>got || :
        fwvar __complete "$command" '' >/dev/null 2>>got || :
        fwvar __complete "$command" x '' >/dev/null 2>>got || :
        while read -r option; do
            fwvar __complete "$command" "$option=" >/dev/null 2>>got || :
        done <options
    done <commands
    # A pipe on the line is not read.
    mkfifo pipe
    timeout 10 "$work/bin/fwvar" __complete get pipe '' >/dev/null || echo "waits for a pipe" >>got
}

"in_$shell"
[ -f got ] || : >got
if ! diff -u wanted got; then
    cat log 2>/dev/null || :
    exit 1
fi
