//! Whether the units that are installed fit the configuration: what would fail,
//! and what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::folders::Folders;
use super::found;
use super::manager::Systemd;
use super::plan::{Manager, Unit};
use super::units::{Directives, SERVICE, SOCKET, Specifiers};
use crate::config;
use crate::core::settings::Settings;
use crate::paths::Paths;

/// What would fail; none where systemd does not run kith.
pub(in crate::cli) fn problems(paths: &Paths, settings: &Settings) -> Option<Vec<String>> {
    let home = found::home().ok()?;
    let systemd = Systemd::ask(&home)?;
    let manager = systemd.look();
    let is_known = |unit: &Unit| unit.file.is_some() || unit.active || unit.wanted;
    if !is_known(&manager.service) && !is_known(&manager.socket) {
        return None;
    }
    // Its units are for other folders than these.
    if let Some(differ) = Folders::of_shell(paths, home.clone()).differ(&systemd.folders) {
        return Some(vec![differ.to_string()]);
    }
    let mut problems = masked(&manager);
    problems.extend(missing(&manager));
    if problems.is_empty() {
        let own = found::own(paths, &home);
        problems = misfits(&manager, settings, &systemd.specifiers(&home), &own, &unusable);
        // What was wrong with the configuration no longer is: it was looked at before.
        match manager.failure.as_ref().filter(|failure| !failure.is_of_configuration()) {
            Some(failure) => problems.push(failure.to_string()),
            None => problems.extend(asleep(&manager)),
        }
    }
    Some(problems)
}

/// Why a program cannot be run, and what to do.
fn unusable(program: &Path) -> Option<&'static str> {
    match fs::metadata(program) {
        Ok(file) if !file.is_file() || file.permissions().mode() & 0o111 == 0 => {
            Some("which may not be executed: the service will not start; chmod +x lets it be")
        }
        Ok(_) => None,
        Err(_) => Some("which is not there: the service will not start; kith setup puts it right"),
    }
}

/// That systemd neither runs the service nor listens for it.
fn asleep(manager: &Manager) -> Option<String> {
    let Manager { service, socket, .. } = manager;
    (!service.active && !socket.active).then(|| {
        "systemd neither runs kith.service nor listens for it, so no calendar is answered; \
         systemctl --user status kith.service kith.socket says why, kith setup starts them"
            .to_owned()
    })
}

/// The units that nothing starts, as somebody said.
fn masked(manager: &Manager) -> Vec<String> {
    let files = [&manager.service, &manager.socket].into_iter().filter_map(|unit| unit.file.as_ref());
    let masking = files.filter(|file| file.masks()).map(|file| {
        let path = file.path.display();
        let name = file.path.file_name().unwrap_or_default().display();
        format!("{name} is masked by {path}, so that nothing starts it; systemctl --user unmask {name} takes that back, or rm {path}")
    });
    masking.collect()
}

/// The units that somebody deleted, which what runs now need not show.
fn missing(manager: &Manager) -> Vec<String> {
    let units = [
        (SERVICE, &manager.service, "nothing starts kith from the next login on"),
        (
            SOCKET,
            &manager.socket,
            "nothing listens for a calendar from the next login on, and kith.service does not start without it",
        ),
    ];
    let missing = units.into_iter().filter(|(_, unit, _)| unit.file.is_none());
    missing
        .map(|(name, _, so)| {
            format!(
                "systemd has no file {name}: {so}; kith setup writes it again, kith setup --remove takes away the rest"
            )
        })
        .collect()
}

fn misfits(
    manager: &Manager,
    settings: &Settings,
    specifiers: &Specifiers,
    own: &[PathBuf],
    unusable: &dyn Fn(&Path) -> Option<&'static str>,
) -> Vec<String> {
    const AGAIN: &str = "kith setup puts it right";
    let mut problems = Vec::new();
    let service = manager.service.directives();
    match service.program(specifiers) {
        Some(program) => problems
            .extend(unusable(&program).map(|why| format!("kith.service runs {}, {why}", program.display()))),
        None => problems.push(format!("kith.service has no ExecStart=; {AGAIN}")),
    }
    let listens = manager.socket.directives().listens();
    if !listens.is_empty() && !listens.contains(&settings.serve.listen) {
        problems.push(format!(
            "kith.toml says listen = \"{}\", and systemd listens on {} for kith (kith.socket): calendars find it there; {AGAIN}",
            settings.serve.listen, listens[0]
        ));
    }
    let mut closed: Vec<&PathBuf> = Vec::new();
    for folder in own.iter().filter(|folder| !service.may_write(folder, specifiers)) {
        // What lies in it goes without saying.
        if closed.iter().any(|above| folder.starts_with(above)) {
            continue;
        }
        closed.push(folder);
        let (folder, why) = (folder.display(), taken_away(&manager.service, folder, specifiers));
        problems.push(match why {
            Some(path) => format!(
                "the service may not write to {folder}, as {} takes that away (an empty ReadWritePaths=, ReadOnlyPaths= or \
                 InaccessiblePaths=, say); correct it there, then run systemctl --user daemon-reload",
                path.display()
            ),
            None => format!(
                "the service may not write to {folder}, as kith.service does not name it (ReadWritePaths=); {AGAIN}"
            ),
        });
    }
    for folder in config::followed(settings).iter().filter(|folder| !service.may_read(folder, specifiers)) {
        problems.push(format!(
            "the service cannot look into {folder}, which kith.toml has it follow: kith.service keeps it out of its sight \
             (PrivateTmp=, ProtectHome=, InaccessiblePaths= or TemporaryFileSystem=). Move the folder elsewhere; or run \
             systemctl --user edit kith, write BindReadOnlyPaths={folder} below [Service], and run systemctl --user restart kith",
            folder = folder.display()
        ));
    }
    problems
}

/// The drop-in without which the service might write to a folder.
fn taken_away<'a>(service: &'a Unit, folder: &Path, specifiers: &Specifiers) -> Option<&'a Path> {
    let culprit = service.drop_ins.iter().find(|drop_in| {
        let others = service.drop_ins.iter().filter(|other| other.path != drop_in.path);
        let texts = service.file.iter().chain(others).map(|file| file.text.as_str());
        Directives::read(texts).may_write(folder, specifiers)
    });
    culprit.map(|drop_in| drop_in.path.as_path())
}

#[cfg(test)]
mod tests {
    use super::super::plan::UnitFile;
    use super::super::units;
    use super::*;

    #[test]
    fn it_is_said_that_nothing_runs() {
        let manager = |service, socket| Manager {
            service: Unit { active: service, ..Unit::default() },
            socket: Unit { active: socket, ..Unit::default() },
            outdated: false,
            failure: None,
        };
        for (service, socket, says) in
            [(true, true, false), (false, true, false), (true, false, false), (false, false, true)]
        {
            assert_eq!(asleep(&manager(service, socket)).is_some(), says, "{service} {socket}");
        }
    }

    #[test]
    fn a_program_has_to_be_there_and_executable() {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("kith");
        assert!(unusable(&program).is_some_and(|why| why.contains("not there")));
        fs::write(&program, "").unwrap();
        for (mode, says) in [(0o644, Some("may not be executed")), (0o755, None)] {
            fs::set_permissions(&program, fs::Permissions::from_mode(mode)).unwrap();
            let why = unusable(&program);
            assert_eq!(why.map(|why| why.contains(says.unwrap_or("?"))), says.map(|_| true), "{why:?}");
        }
    }

    fn file(path: &str, text: &str) -> UnitFile {
        UnitFile { path: path.into(), text: text.to_owned() }
    }

    #[test]
    fn a_masked_unit_is_named() {
        let of = |text: &str| Unit { file: Some(file("/units/kith.service", text)), ..Unit::default() };
        let manager = |service| Manager { service, socket: Unit::default(), outdated: false, failure: None };
        assert_eq!(masked(&manager(of("[Service]"))), [""; 0]);
        let said = masked(&manager(of(""))).join("\n");
        assert!(said.starts_with("kith.service is masked by /units/kith.service,"), "{said}");
    }

    #[test]
    fn a_unit_that_was_deleted_is_named() {
        let there = || Unit { file: Some(file("/units/x", "[Unit]")), ..Unit::default() };
        let of = |service, socket| missing(&Manager { service, socket, outdated: false, failure: None });
        assert_eq!(of(there(), there()), [""; 0]);
        for (service, socket, named) in [
            (there(), Unit { active: true, ..Unit::default() }, "kith.socket"),
            (Unit { wanted: true, ..Unit::default() }, there(), "kith.service"),
        ] {
            let said = of(service, socket);
            assert!(
                said.len() == 1 && said[0].starts_with(&format!("systemd has no file {named}:")),
                "{said:?}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_named_with_what_would_fail() {
        let specifiers = Specifiers { home: "/home/a".into(), config: "/home/a/.config".into() };
        let data = PathBuf::from("/home/a/.local/share/kith");
        let of = |listen: &str, drop_in: &str, folders: &[PathBuf], there: bool| {
            let service = Unit {
                file: Some(file("/units/kith.service", &units::service(Path::new("/bin/kith")))),
                drop_ins: vec![
                    file("/units/kith.service.d/folders.conf", &units::folders_drop_in(&["/cloud".into()])),
                    file("/units/kith.service.d/mine.conf", drop_in),
                ],
                ..Unit::default()
            };
            let socket = file("/units/kith.socket", &units::socket(listen.parse().unwrap()));
            let socket = Unit { file: Some(socket), ..Unit::default() };
            let manager = Manager { service, socket, outdated: false, failure: None };
            misfits(&manager, &Settings::parse("").unwrap(), &specifiers, folders, &|_| {
                (!there).then_some("which is not there")
            })
            .join("\n")
        };
        let ours = "127.0.0.1:5484";
        let all = [data.clone(), data.join("inbox"), "/cloud/inbox".into()];
        assert_eq!(of(ours, "", &all, true), "");
        assert!(of(ours, "", &all, false).contains("/bin/kith, which is not there"));
        assert!(of("127.0.0.1:5485", "", &all, true).contains("systemd listens on 127.0.0.1:5485"));
        let said = of(ours, "", &["/data".into(), "/data/inbox".into()], true);
        assert!(said.contains("may not write to /data,") && said.lines().count() == 1, "{said}");
        for taken in [
            "ReadWritePaths=",
            "ReadOnlyPaths=/home/a/.local/share/kith/inbox",
            "InaccessiblePaths=%h/.local/share/kith",
        ] {
            let said = of(ours, taken, &all, true);
            assert!(said.contains("as /units/kith.service.d/mine.conf takes that away"), "{taken}: {said}");
        }
        assert_eq!(of(ours, "ReadWritePaths=\nReadWritePaths=%h /cloud", &all, true), "");
    }
}
