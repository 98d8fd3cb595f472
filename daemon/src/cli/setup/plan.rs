//! What setup would do: a function of what is there and what is wished.
//! Pure: it touches nothing, so that it can be shown before it is done.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::configuration::{self, Change};
use super::failure::Failure;
use super::record::{Installed, Question, Record};
use super::units::{self, Directives, SERVICE, SOCKET, Specifiers, Whose};
use crate::core::text::shell_word;
use crate::error::{Error, Result};

/// The drop-in for folders that the unit does not expect.
const FOLDERS: &str = "kith.service.d/folders.conf";

/// The drop-in for another port than that of a unit that is not setup's own.
const ADDRESS: &str = "kith.socket.d/address.conf";

/// The drop-in for a kernel that gives users no namespaces.
const NAMESPACES: &str = "kith.service.d/without-namespaces.conf";

/// Files that setup may have written below the folder of the user's units.
pub(super) const FILES: [&str; 5] = [SERVICE, SOCKET, FOLDERS, ADDRESS, NAMESPACES];

const WITHOUT_NAMESPACES: &str = "this computer gives users no namespaces (user.max_user_namespaces or \
     kernel.unprivileged_userns_clone is 0), so the service runs with fewer restrictions: it could write to your whole home.";

/// What there is.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// Where the words of units lead.
    pub(super) specifiers: Specifiers,
    /// kith's own folders that are missing.
    pub(super) missing: Vec<PathBuf>,
    /// Where the service has to be able to write.
    pub(super) writable: Vec<PathBuf>,
    /// The configuration, if there is one.
    pub(super) config: Text,
    /// What setup noted when it ran before.
    pub(super) record: Text,
    /// The program that runs now.
    pub(super) program: Program,
    /// Where a program is installed that lies where it cannot stay.
    pub(super) home_of_programs: PathBuf,
    /// The hash of what lies there.
    pub(super) installed: Option<String>,
    /// The link to the inbox: where it would be, and what is there.
    pub(super) link: (PathBuf, There),
    /// Where the link leads.
    pub(super) inbox: PathBuf,
    /// Where the user's own units lie.
    pub(super) unit_folder: PathBuf,
    /// Files of [`FILES`] that are there.
    pub(super) unit_files: BTreeMap<&'static str, String>,
    /// The user's own systemd, if there is one.
    pub(super) manager: Option<Manager>,
    /// Whether the user's services run without a login.
    pub(super) lingers: bool,
    /// Whether the kernel lets users have namespaces of their own.
    pub(super) namespaces: bool,
}

/// A file that may be there.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) path: PathBuf,
    pub(super) text: Option<String>,
}

/// The program that runs now.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    /// Why it has to be copied elsewhere, if it has to.
    pub(super) strays: Option<Strays>,
}

/// A program that lies where the service would not find it for long, or at all.
#[derive(Debug, Clone)]
pub(super) struct Strays {
    /// What kind of folder it lies in.
    pub(super) folder: &'static str,
    pub(super) sha256: String,
}

/// What is at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum There {
    Nothing,
    /// What setup would make, or made.
    Ours,
    SomethingElse,
}

/// The user's own systemd.
#[derive(Debug, Clone)]
pub(super) struct Manager {
    pub(super) service: Unit,
    pub(super) socket: Unit,
    /// Whether the program that the service runs was replaced since it started.
    pub(super) outdated: bool,
    /// Why the service does not run, where it should.
    pub(super) failure: Option<Failure>,
}

/// A unit as systemd knows it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// The file in force, wherever it lies.
    pub(super) file: Option<UnitFile>,
    /// What changes it, in the order in which systemd reads it.
    pub(super) drop_ins: Vec<UnitFile>,
    /// The text of a unit that a package installed.
    pub(super) packaged: Option<String>,
    pub(super) enabled: bool,
    pub(super) active: bool,
    /// Whether its files changed since systemd read them.
    pub(super) stale: bool,
    /// Whether something of the user's wants it, be it there or not.
    pub(super) wanted: bool,
}

/// A file of systemd's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnitFile {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl UnitFile {
    /// Whether it says that there is to be no such unit: it is empty, or a link to /dev/null.
    pub(super) fn masks(&self) -> bool {
        self.text.is_empty()
    }
}

impl Unit {
    /// What is in force.
    pub(super) fn directives(&self) -> Directives {
        Directives::read(self.file.iter().chain(&self.drop_ins).map(|file| file.text.as_str()))
    }
}

/// What the user wishes.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) change: Change,
    /// Where the feed is to be.
    pub(super) listen: SocketAddr,
    pub(super) start: bool,
    pub(super) link: bool,
    pub(super) linger: bool,
    /// What was asked just now and left out.
    pub(super) declined: BTreeSet<Question>,
}

/// A step, in the words of `kith setup`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    MakeFolder(PathBuf),
    Write {
        path: PathBuf,
        before: Option<String>,
        text: String,
    },
    Copy {
        from: PathBuf,
        to: PathBuf,
        /// What kind of folder it lies in.
        folder: &'static str,
    },
    Link {
        path: PathBuf,
        to: PathBuf,
    },
    Remove(PathBuf),
    /// A file of setup's that the user changed: systemd no longer sees it, and nothing is lost.
    SetAside {
        path: PathBuf,
        to: PathBuf,
    },
    Run(Vec<String>),
    /// systemd neither runs kith's units nor starts them any more; that it knows none is good.
    TurnOff,
    /// The user's services run without a login, or no longer do.
    Linger(bool),
}

/// What turns kith's units off.
pub(super) const TURN_OFF: [&str; 6] = ["systemctl", "--user", "disable", "--now", SERVICE, SOCKET];

/// What would be done, and what else is to be said.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// What comes after these, and may fail without harm to them; each rests on the one before.
    pub(super) besides: Vec<Step>,
    pub(super) notes: Vec<String>,
}

/// The steps that lead from what is there to what is wished; none if nothing
/// is to change.
///
/// # Errors
/// If something is in the way that setup did not make.
pub(super) fn plan(found: &Found, wish: &Wish) -> Result<Plan> {
    let mut plan = Plan::default();
    plan.steps.extend(found.missing.iter().cloned().map(Step::MakeFolder));
    let config = configuration::changed(found.config.text.as_deref(), &wish.change)?;
    plan.write(&found.config, config);

    let mut record = Record::read(found.record.text.as_deref());
    record.declined.extend(&wish.declined);
    let packaged = found.manager.as_ref().and_then(|manager| manager.service.packaged.as_deref());
    let mut program = found.program.path.clone();
    let mut replaced = false;
    if let (Some(strays), None) = (&found.program.strays, packaged) {
        program.clone_from(&found.home_of_programs);
        replaced = plan.install(found, strays, &record)?;
        // One that lay there already is the user's.
        if replaced {
            record.program = Some(Installed { path: program.clone(), sha256: strays.sha256.clone() });
        }
    }
    let mut noted = found.record.clone();
    if record != Record::default() && plan.write(&found.record, record.text()) {
        noted.text = Some(record.text());
    }
    match (found.link.1, wish.link) {
        (There::Nothing, true) => {
            plan.steps.push(Step::Link { path: found.link.0.clone(), to: found.inbox.clone() });
        }
        (There::SomethingElse, true) => plan.notes.push(format!(
            "{} is there already and is something else: no link to the inbox was made.",
            found.link.0.display()
        )),
        _ => {}
    }
    if let Some(manager) = &found.manager {
        plan.units(manager, found, wish, &program, replaced)?;
    }
    if wish.linger && !found.lingers {
        plan.besides.push(Step::Linger(true));
        // Noted once it is so: what the user does later is not setup's to take away.
        let lingering = Record { linger: true, ..record };
        plan.besides.extend(written(&noted, lingering.text()));
    }
    Ok(plan)
}

impl Plan {
    /// All steps, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().chain(&self.besides)
    }

    fn run(&mut self, words: &[&str]) {
        self.steps.push(Step::Run(words.iter().map(|&word| word.to_owned()).collect()));
    }

    /// Writes a file, if it is to change; tells whether it is.
    fn write(&mut self, there: &Text, text: String) -> bool {
        let step = written(there, text);
        let changes = step.is_some();
        self.steps.extend(step);
        changes
    }

    /// Copies the program to where it can stay; tells whether that is needed.
    fn install(&mut self, found: &Found, strays: &Strays, record: &Record) -> Result<bool> {
        let to = &found.home_of_programs;
        if found.installed.as_ref() == Some(&strays.sha256) {
            return Ok(false);
        }
        let ours = record.program.as_ref().is_some_and(|program| program.path == *to);
        if found.installed.is_some() && !ours {
            return Err(Error::user(format!(
                "{} lies in {}, where it cannot stay, and {} is there already and is not setup's",
                found.program.path.display(),
                strays.folder,
                to.display()
            ))
            .hint(format!("if it may be replaced, remove it first: rm {}", to.display())));
        }
        self.steps.push(Step::Copy {
            from: found.program.path.clone(),
            to: to.clone(),
            folder: strays.folder,
        });
        Ok(true)
    }

    fn units(
        &mut self,
        manager: &Manager,
        found: &Found,
        wish: &Wish,
        program: &Path,
        replaced: bool,
    ) -> Result<()> {
        let service = match &manager.service.packaged {
            Some(text) => self.unit(found, SERVICE, None)?.or_else(|| Some(text.clone())),
            None => self.unit(found, SERVICE, Some(units::service(program)))?,
        };
        let socket = match &manager.socket.packaged {
            Some(text) => self.unit(found, SOCKET, None)?.or_else(|| Some(text.clone())),
            None => self.unit(found, SOCKET, Some(units::socket(wish.listen)))?,
        };
        let elsewhere = Directives::read(socket.as_deref()).listens() != [wish.listen];
        self.unit(found, ADDRESS, elsewhere.then(|| units::socket_drop_in(wish.listen)))?;
        let unit = Directives::read(service.as_deref());
        let is_closed = |folder: &&PathBuf| !unit.may_write(folder, &found.specifiers);
        let closed: Vec<PathBuf> = found.writable.iter().filter(is_closed).cloned().collect();
        self.unit(found, FOLDERS, (!closed.is_empty()).then(|| units::folders_drop_in(&closed)))?;
        let without = self.unit(found, NAMESPACES, (!found.namespaces).then(units::without_namespaces))?;
        if without.is_some() {
            self.notes.push(WITHOUT_NAMESPACES.to_owned());
        }

        let touched = |files: &[&str]| {
            self.steps.iter().any(|step| {
                matches!(step, Step::Write { path, .. } | Step::Remove(path)
                    if files.iter().any(|file| *path == found.unit_folder.join(file)))
            })
        };
        let socket_changed = touched(&[SOCKET, ADDRESS]) || manager.socket.stale;
        let service_changed = touched(&[SERVICE, FOLDERS, NAMESPACES]) || manager.service.stale;
        if socket_changed || service_changed {
            self.run(&["systemctl", "--user", "daemon-reload"]);
        }
        if !wish.start {
            return Ok(());
        }
        if !manager.service.enabled || !manager.socket.enabled {
            self.run(&["systemctl", "--user", "enable", SOCKET, SERVICE]);
        }
        if manager.socket.active && socket_changed {
            // The socket cannot change under a service that has it.
            self.run(&["systemctl", "--user", "stop", SERVICE, SOCKET]);
            self.run(&["systemctl", "--user", "start", SOCKET, SERVICE]);
        } else if !manager.service.active || !manager.socket.active {
            self.run(&["systemctl", "--user", "start", SOCKET, SERVICE]);
        } else if service_changed || replaced || manager.outdated {
            self.run(&["systemctl", "--user", "restart", SERVICE]);
        }
        Ok(())
    }

    /// Makes a file of the user's units what it should be, or none; gives the
    /// text that is in force then.
    fn unit(&mut self, found: &Found, file: &'static str, wanted: Option<String>) -> Result<Option<String>> {
        let path = found.unit_folder.join(file);
        let before = found.unit_files.get(file);
        match (before, before.map(|text| units::whose(text)), wanted) {
            (None, _, None) => Ok(None),
            (Some(_), Some(Whose::Ours), None) => {
                self.steps.push(Step::Remove(path));
                Ok(None)
            }
            (Some(before), Some(Whose::Ours), Some(text)) => {
                self.write(&Text { path, text: Some(before.clone()) }, text.clone());
                Ok(Some(text))
            }
            (None, _, Some(text)) => {
                self.write(&Text { path, text: None }, text.clone());
                Ok(Some(text))
            }
            (Some(before), Some(Whose::Changed), _) => {
                self.notes.push(format!(
                    "{} was changed since setup wrote it, and is left as it is; kith check says whether it fits.",
                    path.display()
                ));
                Ok(Some(before.clone()))
            }
            (Some(_), _, Some(_)) => Err(Error::user(format!(
                "{} is there already, and was not written by kith setup",
                path.display()
            ))
            .hint(format!(
                "to have it replaced, remove it and run kith setup again: rm {}",
                shell_word(&path.display().to_string())
            ))),
            (Some(before), _, None) => Ok(Some(before.clone())),
        }
    }
}

/// The step that writes a file, if it is to change.
fn written(Text { path, text: before }: &Text, text: String) -> Option<Step> {
    let changes = before.as_ref() != Some(&text);
    changes.then(|| Step::Write { path: path.clone(), before: before.clone(), text })
}

/// The steps that take away what setup made, and nothing else.
pub(super) fn removal(found: &Found) -> Plan {
    let mut plan = Plan::default();
    let record = Record::read(found.record.text.as_deref());
    if let Some(manager) = &found.manager {
        let units = [&manager.service, &manager.socket];
        if units.iter().any(|unit| unit.enabled || unit.active) {
            plan.steps.push(Step::TurnOff);
        }
    }
    let before = plan.steps.len();
    for (file, text) in &found.unit_files {
        let path = found.unit_folder.join(file);
        match units::whose(text) {
            Whose::Ours => plan.steps.push(Step::Remove(path)),
            Whose::Changed => {
                let to = with_ending(&path, ".changed");
                plan.notes.push(format!(
                    "{} was changed since setup wrote it: it is kept as {}.",
                    path.display(),
                    to.display()
                ));
                plan.steps.push(Step::SetAside { path, to });
            }
            Whose::Theirs => {
                plan.notes.push(format!("{} was not written by kith setup, and stays.", path.display()));
            }
        }
    }
    if found.manager.is_some() && plan.steps.len() > before {
        plan.run(&["systemctl", "--user", "daemon-reload"]);
    }
    if found.link.1 == There::Ours {
        plan.steps.push(Step::Remove(found.link.0.clone()));
    }
    if let Some(Installed { path, sha256 }) = record.program {
        match &found.installed {
            Some(hash) if *hash == sha256 => plan.steps.push(Step::Remove(path)),
            Some(_) => plan
                .notes
                .push(format!("{} is not the program that setup put there, and stays.", path.display())),
            None => {}
        }
    }
    if record.linger && found.lingers {
        plan.besides.push(Step::Linger(false));
    }
    if found.record.text.is_some() {
        plan.besides.push(Step::Remove(found.record.path.clone()));
    }
    plan
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests;
