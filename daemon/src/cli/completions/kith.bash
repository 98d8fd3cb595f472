# Completion of kith for bash: kith itself says what may stand at the cursor.
_kith() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == $'\t'files ]]; then
            # With no reply of our own bash offers files.
            compopt -o default
            return
        fi
        COMPREPLY+=("$line")
    done < <(command kith complete bash -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
}
complete -o nosort -F _kith kith
