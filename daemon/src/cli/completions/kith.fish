# Completion of kith for fish: kith itself says what may stand at the cursor.
function __kith_complete
    # Since version 4 fish has another option for the words without their quotes.
    set -l words (commandline -xpc 2>/dev/null; or commandline -opc)
    set -l typed (commandline -ct)
    set -l word (string unescape -- $typed; or string replace --regex '^["\']' '' -- $typed)
    for line in (command kith complete fish -- $words[2..-1] "$word" 2>/dev/null)
        if test "$line" = \tfiles
            __fish_complete_path "$typed"
        else
            echo $line
        end
    end
end
complete --command kith --no-files --keep-order --arguments '(__kith_complete)'
