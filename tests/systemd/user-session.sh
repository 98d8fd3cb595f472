#!/usr/bin/env bash
# user-session.sh [-p PROGRAM]... COMMAND [ARGUMENT...]
#
# Runs COMMAND in the session of a user who has a real `systemd --user`, with
# its D-Bus and a journal, on any computer with systemd installed, whatever its
# process 1 is. Root is needed; nothing of the computer is changed, and nothing
# is left: all of it is in namespaces of its own, which end with their first
# process.
#
# The user cannot look into root's home. Each PROGRAM is therefore copied to
# /run/programs, which comes first in the user's PATH.
#
# Exit code: that of COMMAND; 125 if the session could not be made.
#
# Needs on Debian: systemd dbus dbus-user-session util-linux
set -euo pipefail

user=kith-test
id=59484            # of user and group: any that nobody has
home=/home/$user

fail() {
    printf 'user-session: %s\n' "$1" >&2
    exit 125
}

# ---------------------------------------------------------------- outside
outside() {
    [[ $EUID -eq 0 ]] || fail 'it needs root'
    # The manager wants a subtree of cgroups (version 2) of its own.
    local groups
    groups=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
    if [[ -z $groups ]]; then
        mounted=$(mktemp -d)
        groups=$mounted
        mount -t cgroup2 none "$groups" || fail 'there is no cgroup2'
    fi
    subtree=$groups/kith-test.$$
    trap tidy EXIT
    mkdir "$subtree" || fail 'a cgroup could not be made'
    set +e
    (
        # The new cgroup namespace begins where this process is.
        echo "$BASHPID" >"$subtree/cgroup.procs"
        # If this script is killed, the kernel kills unshare, and unshare its child.
        exec setpriv --pdeathsig KILL \
            unshare --mount --pid --cgroup --ipc --uts --net --fork --kill-child --mount-proc \
            bash "$0" --inside "$@"
    )
    exit $?
}

# Empty cgroups stay when their processes are gone.
tidy() {
    for _ in $(seq 50); do
        find "$subtree" -depth -type d -exec rmdir {} \; 2>/dev/null || true
        [[ -d $subtree ]] || break
        sleep 0.1
    done
    if [[ -n ${mounted:-} ]]; then
        umount "$mounted" && rmdir "$mounted"
    fi
}

# ---------------------------------------------------------------- inside
# As root, process 1 of the new namespaces: what it mounts nobody else sees.
inside() {
    mount --make-rprivate /
    ip link set lo up 2>/dev/null || fail 'the loopback network could not be started (iproute2)'
    programs "$@"
    shift $((OPTIND - 1))
    a_user
    a_run_folder
    a_journal
    a_manager
    local code=0
    ( enter command; as_user "$@" ) || code=$?
    as_user timeout 15 systemctl --user exit >/dev/null 2>&1 || true
    exit "$code"
}

# A private /run with the programs in it.
programs() {
    local kept
    kept=$(mktemp -d)
    mount -t tmpfs -o mode=755 none "$kept"
    while getopts p: option; do
        [[ $option == p ]] || fail 'unknown option'
        install -m 755 -D "$OPTARG" "$kept/programs/${OPTARG##*/}"
    done
    # -n: the list of mounts that mount(8) keeps is in the old /run.
    mount -n --move "$kept" /run
    rmdir "$kept"
}

# A user whom only these mounts know, with an empty home.
a_user() {
    local file
    for file in passwd group; do
        cp "/etc/$file" "/run/$file"
    done
    echo "$user:x:$id:$id::$home:/bin/sh" >>/run/passwd
    echo "$user:x:$id:" >>/run/group
    for file in passwd group; do
        mount --bind "/run/$file" "/etc/$file"
    done
    mount -t tmpfs -o mode=755 none /home
    install -d -m 700 -o $id -g $id "$home"
}

# What systemd and its tools look for in /run.
a_run_folder() {
    # /run/systemd/system says that systemd runs; unit-root is where units with
    # mounts of their own are put together; credentials is hidden from units
    # that have some of their own.
    mkdir -p /run/credentials /run/systemd/{system,journal,unit-root,propagate,incoming,journald.conf.d} \
        /run/{user,dbus,lock} /run/log/journal
    install -d -m 700 -o $id -g $id "/run/user/$id"
}

# Only a persistent journal has a part for each user, which the user may read.
a_journal() {
    mkdir -p /var/log/journal
    mount -t tmpfs -o mode=755,size=64m none /var/log/journal
    if [[ ! -s /etc/machine-id ]]; then
        tr -d - </proc/sys/kernel/random/uuid >/run/machine-id
        [[ -e /etc/machine-id ]] || fail 'there is no /etc/machine-id'
        mount --bind /run/machine-id /etc/machine-id
    fi
    mkdir "/var/log/journal/$(cat /etc/machine-id)"
    printf '%s\n' '[Journal]' Storage=persistent SplitMode=uid RateLimitIntervalSec=0 ReadKMsg=no Audit=no \
        >/run/systemd/journald.conf.d/test.conf
    /lib/systemd/systemd-journald >/dev/null 2>&1 &
    for _ in $(seq 200); do
        # To the disk, where each user has a part of it.
        [[ -S /run/systemd/journal/stdout ]] && journalctl --flush && return
        sleep 0.02
    done
    fail 'journald did not come up'
}

# Puts this shell into a cgroup of the user's.
enter() {
    echo "$BASHPID" >"$own/$1.scope/cgroup.procs"
}

# Runs something as the user, with the variables that a login sets, and those
# of the tests.
as_user() {
    local tests
    mapfile -t tests < <(env | grep -E '^(KITH_TEST_|RUST_)' || true)
    setpriv --reuid $id --regid $id --init-groups env -i -C "$home" HOME="$home" USER=$user LOGNAME=$user \
        SHELL=/bin/sh LANG=C.UTF-8 PATH=/run/programs:/usr/local/bin:/usr/bin:/bin \
        XDG_RUNTIME_DIR="/run/user/$id" DBUS_SESSION_BUS_ADDRESS="unix:path=/run/user/$id/bus" \
        "${tests[@]}" "$@"
}

a_manager() {
    # Pure cgroup2, whatever the computer itself has there.
    umount -R -l /sys/fs/cgroup 2>/dev/null || true
    mount -t cgroup2 -o nosuid,nodev,noexec none /sys/fs/cgroup
    # Named and owned as logind and process 1 would do it.
    own=/sys/fs/cgroup/user.slice/user-$id.slice/user@$id.service
    local group
    for group in "$own" "$own/init.scope" "$own/command.scope"; do
        mkdir -p "$group"
        chown $id:$id "$group" "$group"/cgroup.{procs,subtree_control,threads}
    done
    ( enter init; MANAGERPID='' as_user /lib/systemd/systemd --user --log-target=journal ) >/run/manager.log 2>&1 &
    local manager=$! state=
    for _ in $(seq 400); do
        state=$(as_user systemctl --user is-system-running 2>/dev/null || true)
        [[ $state == running || $state == degraded ]] && return
        kill -0 "$manager" 2>/dev/null || break
        sleep 0.05
    done
    tail -n 20 /run/manager.log >&2
    fail "the user's manager did not come up (${state:-it ended})"
}

if [[ ${1:-} == --inside ]]; then
    shift
    inside "$@"
elif (($#)); then
    outside "$@"
else
    sed -n '2,/^set/s/^# \{0,1\}//p' "$0"
    exit 2
fi
