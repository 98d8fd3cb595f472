//! Whether the units that are installed fit the configuration: what would fail,
//! and what to do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::found::{self, different_folders};
use super::manager;
use super::plan::{FILES, Manager};
use super::units::{Directives, SERVICE, SOCKET, Specifiers};
use crate::core::settings::Settings;
use crate::paths::Paths;

/// What would fail; none where systemd does not run kith.
pub(in crate::cli) fn problems(paths: &Paths, settings: &Settings) -> Option<Vec<String>> {
    let home = found::home().ok()?;
    let environment = manager::environment()?;
    let config = manager::config_home(&environment, &home);
    let folder = config.join("systemd/user");
    let manager = manager::look(&folder);
    let units = Units::of(&manager, &manager::files(&folder))?;
    let specifiers = Specifiers { config, home: home.clone() };
    let mut problems =
        units.misfits(settings, &specifiers, &found::writable(paths, &home), &|program| program.is_file());
    problems.extend(asleep(&manager));
    problems.extend(different_folders(paths, &found::of_service(&environment, &home)));
    Some(problems)
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

/// The units in force.
struct Units {
    service: Directives,
    socket: Directives,
}

impl Units {
    /// None if there is no kith.service.
    fn of(manager: &Manager, files: &BTreeMap<&'static str, String>) -> Option<Self> {
        let of = |file: &'static str, packaged: &Option<String>| {
            let own = files.get(file).or(packaged.as_ref());
            let folder = format!("{file}.d/");
            let drop_ins = FILES.iter().filter(|name| name.starts_with(&folder));
            let texts = own.into_iter().chain(drop_ins.filter_map(|name| files.get(name)));
            (own.is_some(), Directives::read(texts.map(String::as_str)))
        };
        let (there, service) = of(SERVICE, &manager.service.packaged);
        let (_, socket) = of(SOCKET, &manager.socket.packaged);
        there.then_some(Self { service, socket })
    }

    fn misfits(
        &self,
        settings: &Settings,
        specifiers: &Specifiers,
        writable: &[PathBuf],
        exists: &dyn Fn(&Path) -> bool,
    ) -> Vec<String> {
        const AGAIN: &str = "kith setup puts it right";
        let mut problems = Vec::new();
        match self.service.program(specifiers) {
            Some(program) if !exists(&program) => problems.push(format!(
                "kith.service runs {}, which is not there: the service will not start; {AGAIN}",
                program.display()
            )),
            Some(_) => {}
            None => problems.push(format!("kith.service has no ExecStart=; {AGAIN}")),
        }
        let listens = self.socket.listens();
        if !listens.is_empty() && !listens.contains(&settings.serve.listen) {
            problems.push(format!(
                "kith.toml says listen = \"{}\", and systemd listens on {} for kith (kith.socket): calendars find it there; {AGAIN}",
                settings.serve.listen, listens[0]
            ));
        }
        if let Some(open) = self.service.writable(specifiers) {
            for folder in writable.iter().filter(|folder| !open.iter().any(|above| folder.starts_with(above)))
            {
                problems.push(format!(
                    "the service may not write to {}, as kith.service does not name it (ReadWritePaths=); {AGAIN}",
                    folder.display()
                ));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::super::plan::Unit;
    use super::super::units;
    use super::*;

    #[test]
    fn it_is_said_that_nothing_runs() {
        let manager = |service, socket| Manager {
            service: Unit { active: service, ..Unit::default() },
            socket: Unit { active: socket, ..Unit::default() },
            outdated: false,
        };
        for (service, socket, says) in
            [(true, true, false), (false, true, false), (true, false, false), (false, false, true)]
        {
            assert_eq!(asleep(&manager(service, socket)).is_some(), says, "{service} {socket}");
        }
    }

    #[test]
    fn what_does_not_fit_is_named_with_what_would_fail() {
        let specifiers = Specifiers { home: "/home/a".into(), config: "/home/a/.config".into() };
        let data = PathBuf::from("/home/a/.local/share/kith");
        let of = |listen: &str, program: &str, folders: &[PathBuf], there: bool| {
            let texts = [units::service(Path::new(program)), units::folders_drop_in(&["/cloud".into()])];
            let service = Directives::read(texts.iter().map(String::as_str));
            let socket = units::socket(listen.parse().unwrap());
            let units = Units { service, socket: Directives::read([socket.as_str()]) };
            units.misfits(&Settings::parse("").unwrap(), &specifiers, folders, &|_| there).join("\n")
        };
        let ours = "127.0.0.1:5484";
        assert_eq!(of(ours, "/bin/kith", &[data.clone(), "/cloud/inbox".into()], true), "");
        assert!(
            of(ours, "/bin/kith", std::slice::from_ref(&data), false)
                .contains("/bin/kith, which is not there")
        );
        assert!(
            of("127.0.0.1:5485", "/bin/kith", &[data], true).contains("systemd listens on 127.0.0.1:5485")
        );
        assert!(of(ours, "/bin/kith", &["/data".into()], true).contains("may not write to /data"));
    }
}
