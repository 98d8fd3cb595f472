//! What starts a service that does not run.

use super::folders::Folders;
use super::found::home;
use super::manager::Systemd;
use super::plan::Manager;
use crate::paths::Paths;

/// What starts the service of these folders, as the end of a sentence on a
/// service that does not run.
pub(in crate::cli) fn what_starts_it(paths: &Paths) -> &'static str {
    let Some((home, systemd)) =
        home().ok().and_then(|home| Systemd::ask(&home).map(|systemd| (home, systemd)))
    else {
        return said(None);
    };
    match Folders::of_shell(paths, home).differ(&systemd.folders) {
        // A kith that it runs for other folders starts nothing here.
        Some(_) => "kith serve runs it here",
        None => said(Some(&systemd.look())),
    }
}

fn said(manager: Option<&Manager>) -> &'static str {
    match manager {
        None => "kith serve runs it here, kith setup says what else can start it",
        Some(manager) if manager.socket.active => "it starts with the first request of the calendar",
        Some(manager) if manager.service.file.as_ref().is_some_and(|file| !file.masks()) => {
            "systemctl --user start kith starts it"
        }
        _ => "kith setup lets it start by itself, kith serve runs it here",
    }
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
            }
        };
        for (manager, says) in [
            (None, "kith setup says what else"),
            (Some(manager(None, false)), "kith setup lets it"),
            (Some(manager(Some(""), false)), "kith setup lets it"),
            (Some(manager(Some("[Service]"), false)), "systemctl --user start kith"),
            (Some(manager(Some("[Service]"), true)), "the first request"),
        ] {
            let said = said(manager.as_ref());
            assert!(said.contains(says), "{said}");
        }
    }
}
