//! Why the service does not run, as systemd tells it.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::Error;

/// What of the service's properties tells it.
pub(super) const PROPERTIES: &str = "SubState,Result,ExecMainStatus,ExecStartPre,NRestarts";

/// What kith ends with when kith.toml cannot be used, which a calendar that asks later tries anew.
const CONFIGURATION: u8 = 3;

/// A service that systemd could not start, or that ended as it should not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// `Result=` (`systemd.service(5)`, `$SERVICE_RESULT` in `systemd.exec(5)`).
    result: String,
    /// What the program, or what runs before it, ended with: an exit code or the number of a signal.
    status: u8,
    /// Whether systemd goes on trying.
    again: bool,
}

impl Failure {
    /// Reads the properties of a unit; none where it runs, or ended as it should.
    pub(super) fn read(properties: &BTreeMap<&str, &str>) -> Option<Self> {
        let of = |key| properties.get(key).copied().unwrap_or_default();
        let again = of("SubState").starts_with("auto-restart");
        if !(again || of("ActiveState") == "failed") || of("Result") == "success" {
            return None;
        }
        // systemd prepares the first command of a unit as it does the program itself: what fails for
        // both is told of that one, and of the program nothing.
        let before = of("ExecStartPre").rsplit_once("status=").map_or("", |(_, rest)| rest);
        let before = before.split(|sign: char| !sign.is_ascii_digit()).next().unwrap_or_default();
        let statuses = [of("ExecMainStatus"), before];
        let status = statuses.iter().filter_map(|text| text.parse().ok()).find(|status| *status != 0);
        Some(Self { result: of("Result").to_owned(), status: status.unwrap_or(0), again })
    }

    /// Whether all that was wrong is kith.toml, which `kith check` looks at by itself.
    pub(super) fn is_of_configuration(&self) -> bool {
        self.result == "exit-code" && self.status == CONFIGURATION
    }

    /// What to do about it.
    fn advice(&self) -> &'static str {
        if self.is_of_configuration() {
            "kith check says what is wrong with it; once it is right, the next request of a calendar starts the service"
        } else {
            "journalctl --user -u kith says more; when it is put right, systemctl --user restart kith starts it"
        }
    }

    /// The same as an error of what started it.
    pub(super) fn error(&self) -> Error {
        Error::user(self.message()).hint(self.advice())
    }

    fn message(&self) -> String {
        let status = self.status;
        let (what, why) = match (self.result.as_str(), status) {
            ("exit-code", CONFIGURATION) => ("does not run", "it could not use kith.toml".to_owned()),
            ("exit-code", 200..=245) => ("does not start", refusal(status)),
            ("exit-code", _) => ("does not run", format!("it ended with {status}")),
            ("signal" | "core-dump", _) => ("does not run", format!("it was ended by signal {status}")),
            ("timeout", _) => ("does not run", "it took too long to start or to end".to_owned()),
            ("watchdog", _) => ("does not run", "it hung, and was ended".to_owned()),
            ("resources", _) => (
                "does not start",
                "systemd lacks something that the unit names, such as a file of EnvironmentFile=".to_owned(),
            ),
            (other, _) => ("does not run", format!("systemd says {other:?}")),
        };
        let again = if self.again { "; systemd tries it again and again" } else { "" };
        format!("kith.service {what}: {why}{again}")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message(), self.advice())
    }
}

/// Whether the service is just being started again after a failure.
pub(super) fn is_open(properties: &BTreeMap<&str, &str>) -> bool {
    let of = |key| properties.get(key).copied().unwrap_or_default();
    of("ActiveState") == "activating"
        && !of("SubState").starts_with("auto-restart")
        && !["", "0"].contains(&of("NRestarts"))
}

/// Why systemd itself did not come to run a program: its exit codes (`systemd.exec(5)`).
fn refusal(status: u8) -> String {
    let why = match status {
        200 => "the folder in which it is to run cannot be entered (WorkingDirectory=",
        203 => {
            "the program cannot be run from there: it is missing, may not be executed (chmod +x), or lies where \
             the service does not see it, as below /tmp (ExecStart="
        }
        216 | 217 => "its user or group is not known (User=, Group=",
        226 => {
            "its restrictions cannot be set up: a folder that the unit names is missing, or this computer gives \
             users no namespaces (ReadOnlyPaths=, BindPaths= and their like"
        }
        243 => "a credential that the unit names cannot be read (LoadCredential=, SetCredential=",
        _ => "systemd cannot set up what the unit asks for (see Process Exit Codes in man systemd.exec",
    };
    format!("{why}; status {status})")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Failure> {
        Failure::read(&text.lines().filter_map(|line| line.split_once('=')).collect())
    }

    #[test]
    fn a_failure_is_told_with_its_reason() {
        const LOOP: &str = "ActiveState=activating\nSubState=auto-restart\nResult=exit-code\n";
        const BEFORE: &str =
            "ExecMainStatus=0\nExecStartPre={ path=mkdir ; argv[]=mkdir status=1 ; code=exited ; ";
        for (name, shown, says) in [
            (
                "credential",
                format!("{LOOP}{BEFORE}status=243/CREDENTIALS }}"),
                "does not start: a credential",
            ),
            (
                "an older systemd",
                format!("{LOOP}{BEFORE}status=243 }}"),
                "(LoadCredential=, SetCredential=; status 243)",
            ),
            ("program", format!("{LOOP}ExecMainStatus=203"), "does not start: the program cannot be run"),
            (
                "again",
                format!("{LOOP}ExecMainStatus=203"),
                "status 203); systemd tries it again and again; journalctl",
            ),
            ("namespace", format!("{LOOP}ExecMainStatus=226"), "its restrictions cannot be set up"),
            ("user", format!("{LOOP}ExecMainStatus=217"), "its user or group is not known"),
            ("another of systemd's", format!("{LOOP}ExecMainStatus=228"), "status 228)"),
            ("kith's own", format!("{LOOP}ExecMainStatus=1"), "does not run: it ended with 1; systemd"),
            (
                "configuration",
                "ActiveState=failed\nResult=exit-code\nExecMainStatus=3".to_owned(),
                "could not use kith.toml; kith check",
            ),
            (
                "killed",
                "ActiveState=failed\nResult=signal\nExecMainStatus=9".to_owned(),
                "ended by signal 9; journalctl",
            ),
            (
                "nonsense",
                "ActiveState=failed\nResult=odd\nExecMainStatus=x".to_owned(),
                "systemd says \"odd\"",
            ),
        ] {
            let said = read(&shown).unwrap().to_string();
            assert!(said.contains(says), "{name}: {said}");
        }
    }

    #[test]
    fn what_runs_or_ended_well_did_not_fail() {
        for shown in [
            "",
            "ActiveState=active\nSubState=running\nResult=success\nExecMainStatus=0",
            "ActiveState=inactive\nSubState=dead\nResult=success",
            "ActiveState=activating\nSubState=start\nResult=success",
            "ActiveState=activating\nSubState=auto-restart\nResult=success",
        ] {
            assert_eq!(read(shown), None, "{shown}");
        }
    }

    #[test]
    fn a_further_try_is_waited_for() {
        for (state, sub, restarts, is) in [
            ("activating", "start", "4", true),
            ("activating", "start-pre", "1", true),
            ("activating", "auto-restart", "4", false),
            ("activating", "start", "0", false),
            ("active", "running", "4", false),
        ] {
            let shown = BTreeMap::from([("ActiveState", state), ("SubState", sub), ("NRestarts", restarts)]);
            assert_eq!(is_open(&shown), is, "{shown:?}");
        }
    }
}
