//! What starts a service that does not run.

use std::fmt;

use super::folders::Folders;
use super::found::home;
use super::manager::Systemd;
use super::plan::Manager;
use crate::paths::Paths;

/// How a service that does not run is started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Starts {
    /// By this, in words for the user.
    By(&'static str),
    /// systemd tried, and this is why it could not.
    Fails(String),
}

impl Starts {
    /// Why systemd could not.
    pub(in crate::cli) fn failure(&self) -> Option<&str> {
        match self {
            Self::By(_) => None,
            Self::Fails(why) => Some(why),
        }
    }
}

impl fmt::Display for Starts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::By(said) => f.write_str(said),
            Self::Fails(why) => f.write_str(why),
        }
    }
}

/// What starts the service of these folders, as the end of a sentence on a
/// service that does not run.
pub(in crate::cli) fn what_starts_it(paths: &Paths) -> Starts {
    let Some((home, systemd)) =
        home().ok().and_then(|home| Systemd::ask(&home).map(|systemd| (home, systemd)))
    else {
        return said(None);
    };
    match Folders::of_shell(paths, home).differ(&systemd.folders) {
        // A kith that it runs for other folders starts nothing here.
        Some(_) => Starts::By("kith serve runs it here"),
        None => said(Some(&systemd.look())),
    }
}

fn said(manager: Option<&Manager>) -> Starts {
    if let Some(failure) = manager.and_then(|manager| manager.failure.as_ref()) {
        return Starts::Fails(failure.to_string());
    }
    Starts::By(match manager {
        None => "kith serve runs it here, kith setup says what else can start it",
        Some(manager) if manager.socket.active => "it starts with the first request of the calendar",
        Some(manager) if manager.service.file.as_ref().is_some_and(|file| !file.masks()) => {
            "systemctl --user start kith starts it"
        }
        _ => "kith setup lets it start by itself, kith serve runs it here",
    })
}

#[cfg(test)]
mod tests {
    use super::super::plan::{Unit, UnitFile};
    use super::*;

    #[test]
    fn it_is_said_what_starts_the_service() {
        let manager = |text: Option<&str>, listens| {
            let file =
                text.map(|text| UnitFile { path: "/units/kith.service".into(), text: text.to_owned() });
            Manager {
                service: Unit { file, ..Unit::default() },
                socket: Unit { active: listens, ..Unit::default() },
                outdated: false,
                failure: None,
            }
        };
        for (manager, says) in [
            (None, "kith setup says what else"),
            (Some(manager(None, false)), "kith setup lets it"),
            (Some(manager(Some(""), false)), "kith setup lets it"),
            (Some(manager(Some("[Service]"), false)), "systemctl --user start kith"),
            (Some(manager(Some("[Service]"), true)), "the first request"),
        ] {
            let said = said(manager.as_ref()).to_string();
            assert!(said.contains(says), "{said}");
        }
    }
}
