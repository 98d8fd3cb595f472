# Completion of kith for fish: kith itself says what may stand at the cursor.
function __kith_ask
    # Since version 4 fish has another option for the words without their quotes.
    set -l words (commandline -xpc 2>/dev/null; or commandline -opc)
    set -l typed (commandline -ct)
    set -l word (string unescape -- $typed; or string replace --regex '^["\']' '' -- $typed)
    command kith complete fish -- $words[2..-1] "$word" 2>/dev/null
end
function __kith_complete
    set -l typed (commandline -ct)
    for line in (__kith_ask)
        if test "$line" != \tfiles
            echo $line
        else if test -z "$typed"
            # One that begins with a dash would be an option; ./ leads to it.
            complete --do-complete "'' " | string match --invert -- '-*'
        end
    end
end
function __kith_takes_a_file
    set -l typed (commandline -ct)
    test -n "$typed"; and __kith_ask | string match --quiet \tfiles
end
complete --command kith --no-files --keep-order --arguments '(__kith_complete)'
# What begins as typed fish finds itself.
complete --command kith --condition __kith_takes_a_file --force-files
