# Completion of kith for bash: kith itself says what may stand at the cursor.
_kith() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == $'\t'files ]]; then
            if [[ -z $2 ]]; then
                # One that begins with a dash would be an option.
                compopt -o filenames
                mapfile -t COMPREPLY < <(compgen -f)
                COMPREPLY=("${COMPREPLY[@]/#-/./-}")
            else
                # With no reply of our own bash offers files.
                compopt -o default
            fi
            return
        fi
        COMPREPLY+=("$line")
    done < <(command kith complete bash -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
}
complete -o nosort -F _kith kith
