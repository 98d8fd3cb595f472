#compdef kith
# Completion of kith for zsh: kith itself says what may stand at the cursor.
_kith() {
    local line
    local -a values shown
    for line in "${(@f)$(command kith complete zsh -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
        if [[ $line == $'\t'files ]]; then
            if [[ -n $PREFIX ]]; then
                _files
            else
                # One that begins with a dash would be an option.
                _files -F '(-*)'
                compadd -f -P ./ -- -*(N)
            fi
            return
        fi
        [[ -n $line ]] || continue
        values+=("${line%%$'\t'*}")
        shown+=("${line/$'\t'/  -- }")
    done
    (( $#values )) || return 1
    # A name may be found by another part of it than its beginning: what was typed
    # is replaced then, by each of several in turn.
    if (( $#values > 1 )) && [[ ${#${(M)values:#${(Q)PREFIX}*}} -lt $#values ]]; then
        compstate[insert]=menu
    fi
    compadd -U -V kith -d shown -- "${values[@]}"
}
if [[ $funcstack[1] == _kith ]]; then
    _kith "$@"
else
    compdef _kith kith
fi
