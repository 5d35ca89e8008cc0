# SPDX-License-Identifier: BSD-2-Clause-Patent
# Completion of fwvar for fish. The program itself knows what may follow.

function __fwvar_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    # The word as typed; what is quoted in it is passed on without its quotes.
    set -l plain (string unescape -- "$word" 2>/dev/null; or echo -- "$word")
    set -l lines ($words[1] __complete $words[2..-1] "$plain" 2>/dev/null)
    if test "$lines[1]" = files
        set -l option (string match -r '^--[^=]*=' -- $word)
        set -l typed (string replace -r '^--[^=]*=' '' -- $word)
        for path in (__fish_complete_path "$typed")
            echo -- "$option$path"
        end
    else if test (count $lines) -gt 1
        printf '%s\n' $lines[2..-1]
    end
end

complete -c fwvar -f -a '(__fwvar_complete)'
