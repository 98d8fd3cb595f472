//! What starts a service that does not run.

use super::found::different_folders;
use super::manager;
use super::plan::Manager;
use crate::paths::Paths;

/// What starts the service of these folders, as the end of a sentence on a
/// service that does not run.
pub(in crate::cli) fn what_starts_it(paths: &Paths) -> &'static str {
    said(manager_of(paths).as_ref())
}

fn said(manager: Option<&Manager>) -> &'static str {
    match manager {
        Some(manager) if manager.socket.active => "it starts with the first request of the calendar",
        Some(manager) if manager.service.file.as_ref().is_some_and(|file| !file.masks()) => {
            "systemctl --user start kith starts it"
        }
        _ => "kith setup lets it start by itself, kith serve runs it here",
    }
}

/// The user's systemd, if it means the same folders: a kith that it runs for
/// another home starts nothing here.
fn manager_of(paths: &Paths) -> Option<Manager> {
    let systemd = manager::Systemd::of_this_home()?;
    different_folders(paths, &systemd.folders()).is_empty().then(|| systemd.look())
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
            (None, "kith setup"),
            (Some(manager(None, false)), "kith setup"),
            (Some(manager(Some(""), false)), "kith setup"),
            (Some(manager(Some("[Service]"), false)), "systemctl --user start kith"),
            (Some(manager(Some("[Service]"), true)), "the first request"),
        ] {
            let said = said(manager.as_ref());
            assert!(said.contains(says), "{said}");
        }
    }
}
