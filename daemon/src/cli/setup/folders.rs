//! Whether the shell and systemd mean the same folders: where they do not, the
//! commands and the service would not see the same people.

use std::path::{Path, PathBuf};

use crate::core::text::shell_word;
use crate::error::Error;
use crate::paths::Paths;

/// The folders that the variables name, for the shell or for the user's services.
#[derive(Debug, Clone)]
pub(super) struct Folders {
    /// `HOME`
    pub(super) home: PathBuf,
    /// `XDG_CONFIG_HOME`, or what counts where it is not set.
    pub(super) config: PathBuf,
    /// `XDG_DATA_HOME`, or what counts where it is not set.
    pub(super) data: PathBuf,
}

/// Where the configuration is below a home, if no variable says otherwise.
pub(super) const CONFIG: &str = ".config";

/// Where the data are below a home, if no variable says otherwise.
pub(super) const DATA: &str = ".local/share";

impl Folders {
    /// The folders of this shell, where kith has its own at `paths`.
    pub(super) fn of_shell(paths: &Paths, home: PathBuf) -> Self {
        let base = |folder: &Path| folder.parent().unwrap_or(folder).to_owned();
        Self { config: base(paths.config_folder()), data: base(paths.data_folder()), home }
    }

    /// What differs between this shell and the `service`, and what to do about
    /// it; none if both mean the same folders.
    pub(super) fn differ(&self, service: &Self) -> Option<Error> {
        let mut said = Vec::new();
        let mut say = |variable: &str, shell: &Path, service: &Path| {
            said.push(format!(
                "{variable} differs: commands in this shell use {}, and the service {}",
                shell.display(),
                service.display()
            ));
        };
        let other_home = !are_same(&self.home, &service.home);
        if other_home {
            say("HOME", &self.home, &service.home);
        }
        let (mut in_shell, mut in_service, mut for_good) = (Vec::new(), Vec::new(), Vec::new());
        for (variable, usual, shell, of_service) in [
            ("XDG_CONFIG_HOME", CONFIG, &self.config, &service.config),
            ("XDG_DATA_HOME", DATA, &self.data, &service.data),
        ] {
            let unset = |base: &Path, home: &Path| *base == home.join(usual);
            // Where neither is set, it is HOME alone that differs.
            let neither = unset(shell, &self.home) && unset(of_service, &service.home);
            if neither || are_same(shell, of_service) {
                continue;
            }
            say(variable, &shell.join("kith"), &of_service.join("kith"));
            in_shell.push(if unset(of_service, &self.home) {
                format!("unset {variable}")
            } else {
                format!("export {variable}={}", shell_word(&of_service.display().to_string()))
            });
            let (does, good) = if unset(shell, &service.home) {
                ("unset", format!("no {variable}"))
            } else {
                ("import", format!("{variable}={}", shell.display()))
            };
            in_service.push(format!("systemctl --user {does}-environment {variable}"));
            for_good.push(good);
        }
        let advice = if other_home {
            format!(
                "set HOME to {} to mean the folders of the service; kith serve runs kith for those of this shell",
                service.home.display()
            )
        } else {
            format!(
                "to take the service's in this shell: {}. To have the service take this shell's: {} (and for good: {} in \
                 ~/.config/environment.d/kith.conf). Then run kith setup again",
                in_shell.join("; "),
                in_service.join("; "),
                for_good.join(" and ")
            )
        };
        (!said.is_empty()).then(|| Error::user(said.join("; ")).hint(advice))
    }
}

/// Whether two paths lead to the same folder: a link on the way is no difference.
fn are_same(one: &Path, other: &Path) -> bool {
    one == other || real(one) == real(other)
}

/// A path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let found = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let whole = found.and_then(|(above, real)| Some(real.join(path.strip_prefix(above).ok()?)));
    whole.unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folders(home: &str, config: &str, data: &str) -> Folders {
        Folders { home: home.into(), config: config.into(), data: data.into() }
    }

    #[test]
    fn what_differs_is_said_with_both_values_and_what_to_do() {
        let usual = || folders("/nohome/a", "/nohome/a/.config", "/nohome/a/.local/share");
        let data = || folders("/nohome/a", "/nohome/a/.config", "/od");
        let config = || folders("/nohome/a", "/oc", "/nohome/a/.local/share");
        let home = || folders("/nohome/b", "/nohome/b/.config", "/nohome/b/.local/share");
        let differ = |shell: Folders, service: Folders| shell.differ(&service).map(|error| error.to_string());
        assert_eq!(differ(usual(), usual()), None);
        assert_eq!(differ(data(), data()), None);
        for (name, shell, service, says, not) in [
            (
                "data, set in the shell",
                data(),
                usual(),
                vec![
                    "XDG_DATA_HOME differs: commands in this shell use /od/kith, and the service /nohome/a/.local/share/kith",
                    "unset XDG_DATA_HOME.",
                    "systemctl --user import-environment XDG_DATA_HOME (and for good: XDG_DATA_HOME=/od in",
                ],
                vec!["XDG_CONFIG_HOME", "HOME differs: commands in this shell use /nohome"],
            ),
            (
                "data, set for the service",
                usual(),
                data(),
                vec![
                    "export XDG_DATA_HOME=/od.",
                    "systemctl --user unset-environment XDG_DATA_HOME (and for good: no XDG_DATA_HOME in",
                ],
                vec!["XDG_CONFIG_HOME"],
            ),
            (
                "both",
                config(),
                data(),
                vec![
                    "unset XDG_CONFIG_HOME; export XDG_DATA_HOME=/od.",
                    "XDG_CONFIG_HOME=/oc and no XDG_DATA",
                ],
                vec![],
            ),
            (
                "home",
                home(),
                usual(),
                vec![
                    "HOME differs: commands in this shell use /nohome/b, and the service /nohome/a\n",
                    "set HOME to /nohome/a to",
                ],
                vec!["XDG"],
            ),
            (
                "home and data",
                home(),
                data(),
                vec!["HOME differs", "; XDG_DATA_HOME differs"],
                vec!["XDG_CONFIG"],
            ),
        ] {
            let said = differ(shell, service).unwrap();
            for says in says {
                assert!(said.contains(says), "{name}: {says} in {said}");
            }
            for not in not {
                assert!(!said.contains(not), "{name}: {not} in {said}");
            }
        }
    }

    #[test]
    fn a_link_on_the_way_is_no_difference() {
        let folder = tempfile::tempdir().unwrap();
        let (home, link) = (folder.path().join("home"), folder.path().join("link"));
        std::fs::create_dir(&home).unwrap();
        std::os::unix::fs::symlink(&home, &link).unwrap();
        let of = |home: &Path| Folders::of_shell(&Paths::below(home), home.to_owned());
        assert_eq!(of(&home).differ(&of(&link)), None);
    }
}
