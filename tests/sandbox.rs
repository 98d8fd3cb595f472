//! What an importer that is not part of kith can do: read its file, and answer.
//!
//! `tests/hostile` is one that tries everything else.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal};
use serde_json::Value;

use crate::support::cards::card;
use crate::support::{Home, children, eventually};

/// A user without any rights, as whom the tests run kith where they run as root.
const NOBODY: u32 = 65534;

/// The hostile plugin. It is an example: `cargo test` builds it, and `cargo build --example hostile`.
pub(crate) fn hostile() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_kith")).with_file_name("examples/hostile")
}

/// Its manifest, with these lines in the section of limits.
pub(crate) fn manifest(limits: &str) -> String {
    format!(
        "name = 'hostile'\nexec = ['./hostile']\nprotocols = [1]\nextensions = ['wish']\n[limits]\n{limits}\n"
    )
}

/// A home with the hostile plugin in it.
struct Lab {
    home: Home,
    /// Whether kith runs as a user without rights, where the tests run as root.
    as_nobody: bool,
}

impl Lab {
    /// `limits` are lines of the manifest's section.
    fn new(limits: &str) -> Self {
        let home = Home::new();
        home.program(".local/share/kith/plugins/hostile", &hostile());
        home.file(".local/share/kith/plugins/hostile.toml", manifest(limits));
        Self { home, as_nobody: false }
    }

    fn by_nobody(mut self) -> Self {
        self.as_nobody = rustix::process::geteuid().is_root();
        self
    }

    /// Has the plugin try these; gives what `kith import` says.
    fn import(&self, wishes: &str) -> (Option<i32>, Value, String) {
        let file = self.home.file("a.wish", wishes);
        let mut command = self.home.command();
        if self.as_nobody {
            // A copy that everybody may run, wherever the tests are built.
            let kith = self.home.program("bin/kith", Path::new(env!("CARGO_BIN_EXE_kith")));
            let owned =
                Command::new("chown").arg("-R").arg(NOBODY.to_string()).arg(self.home.path()).status();
            assert!(owned.unwrap().success());
            let mut other = Command::new(kith);
            other.env_clear().env("HOME", self.home.path()).uid(NOBODY).gid(NOBODY).current_dir("/");
            command = other;
        }
        let output = command.args(["import", "--json"]).arg(file).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default(), said)
    }

    /// What kith says where the kernel lacks something.
    fn kith_without(&self, lacking: &str, words: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(self.home.data("plugins/hostile"));
        command.env_clear().env("HOME", self.home.path());
        command.arg(format!("without-{lacking}")).arg(env!("CARGO_BIN_EXE_kith"));
        let output = command.args(words).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// What came of each attempt.
    #[track_caller]
    fn outcomes(&self, wishes: &str) -> Vec<String> {
        let (code, report, said) = self.import(wishes);
        assert_eq!(code, Some(0), "{said}");
        let skipped = report["files"][0]["skipped_places"].as_array();
        let skipped = skipped.unwrap_or_else(|| panic!("{report:#}"));
        skipped.iter().map(|skipped| skipped["reason"].as_str().unwrap().to_owned()).collect()
    }
}

/// What a hostile plugin finds in a home: something of each kind.
pub(crate) struct Bait {
    private: PathBuf,
    tcp: TcpListener,
    /// Held, so that somebody listens; and open for whatever is started from here.
    _held: (UnixListener, fs::File),
}

impl Bait {
    pub(crate) fn lay(home: &Path) -> Self {
        let private = home.join("private");
        fs::write(&private, "of the user").unwrap();
        fs::set_permissions(&private, fs::Permissions::from_mode(0o666)).unwrap();
        let open = fs::File::open(&private).unwrap();
        rustix::io::fcntl_setfd(&open, rustix::io::FdFlags::empty()).unwrap();
        let unix = UnixListener::bind(home.join("socket")).unwrap();
        fs::set_permissions(home.join("socket"), fs::Permissions::from_mode(0o777)).unwrap();
        Self { private, tcp: TcpListener::bind("127.0.0.1:0").unwrap(), _held: (unix, open) }
    }

    /// What succeeds without a sandbox, in an order in which it does.
    fn attempts(&self) -> Vec<String> {
        let home = self.private.parent().unwrap();
        let path = |name: &str| home.join(name).display().to_string();
        let address = self.tcp.local_addr().unwrap();
        vec![
            format!("read {}", path("private")),
            format!("list {}", path("")),
            format!("write {}", path("new")),
            format!("append {}", path("private")),
            format!("mkdir {}", path("folder")),
            format!("link {}", path("link")),
            format!("chmod {}", path("private")),
            format!("touch {}", path("private")),
            format!("rename {}", path("new")),
            format!("remove {}", path("private")),
            "memfd".to_owned(),
            format!("tcp {address}"),
            format!("udp {address}"),
            format!("unix {}", path("socket")),
            "listen".to_owned(),
            "pair".to_owned(),
            "owner".to_owned(),
            "owner-of-type".to_owned(),
            "signal-of-a-file".to_owned(),
            "asynchronous".to_owned(),
            "fork".to_owned(),
            "exec".to_owned(),
            "session".to_owned(),
            "outlive".to_owned(),
        ]
    }

    /// All that is refused to a plugin whose file is `own` and which is not `other`.
    pub(crate) fn wishes(&self, data: &Path, own: &Path, other: u32) -> Vec<String> {
        let mut wishes = self.attempts();
        wishes.extend([
            format!("read {}", data.join("contacts.db").display()),
            format!("read {}", data.join("plugins/hostile.toml").display()),
            format!("write {}", data.join("x").display()),
            format!("read {}", own.display()),
            "read /etc/passwd".to_owned(),
            "read /proc/self/environ".to_owned(),
            format!("read /proc/{other}/cmdline"),
            format!("read /proc/{other}/environ"),
            "list /home".to_owned(),
            "write /tmp/kith-hostile".to_owned(),
            "write /dev/shm/kith-hostile".to_owned(),
            format!("rename {}", self.private.display()),
            "allocate".to_owned(),
            format!("signal {other}"),
            format!("trace {other}"),
            format!("limit {other}"),
            "group".to_owned(),
            "namespace".to_owned(),
            "inherited".to_owned(),
            "environment".to_owned(),
        ]);
        wishes
    }

    /// That nothing was taken from the home.
    #[track_caller]
    pub(crate) fn is_untouched(&self) {
        assert_eq!(fs::read_to_string(&self.private).unwrap(), "of the user");
    }
}

/// What never ends by itself, or ends badly; and what is said of it where a
/// plugin may run for 2 seconds, write 1 MiB and have 3 processes.
pub(crate) const WITHOUT_END: [(&str, &str); 11] = [
    ("spin", "ran for 2 seconds and was ended"),
    ("busy", "ran for 2 seconds and was ended"),
    ("sleep", "ran for 2 seconds and was ended"),
    ("flood", "wrote more than 1 MiB and was ended"),
    ("line", "wrote more than 1 MiB and was ended"),
    ("lie", "counted 2 records"),
    ("abort", "was ended by signal 6"),
    ("bomb", "had more than 3 processes and was ended"),
    ("burst", "had more than 3 processes and was ended"),
    ("threads", "had more than 256 threads and was ended"),
    ("leave", "ran for 2 seconds and was ended"),
];

/// The limits of the manifest for these.
pub(crate) const SHORT: &str = "seconds = 2\noutput_mib = 1\nprocesses = 3";

fn everything_is_refused(lab: &Lab) {
    // Something to find at every place.
    lab.home.kith(&["import", lab.home.file("a.vcf", card("Anna Amsel")).to_str().unwrap()]).succeeds();
    let bait = Bait::lay(lab.home.path());
    let wishes = bait.wishes(&lab.home.data(""), &lab.home.path().join("a.wish"), std::process::id());
    let outcomes = lab.outcomes(&wishes.join("\n"));
    assert_eq!(outcomes.len(), wishes.len(), "{outcomes:#?}");
    for (wish, outcome) in wishes.iter().zip(outcomes) {
        assert!(outcome.contains(": refused: "), "{wish}\n  {outcome}");
    }
    bait.is_untouched();
}

#[test]
fn a_plugin_does_nothing_but_read_and_answer() {
    let lab = Lab::new("").by_nobody();
    everything_is_refused(&lab);
}

#[test]
fn it_is_the_same_as_root() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: it needs root");
        return;
    }
    everything_is_refused(&Lab::new(""));
}

/// Without a sandbox the same attempts succeed: a refusal above is not for another reason.
#[test]
fn the_attempts_are_real() {
    let lab = Lab::new("");
    let bait = Bait::lay(lab.home.path());
    let wishes = bait.attempts();
    let mut child = Command::new(lab.home.data("plugins/hostile"))
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(format!("header\n{}", wishes.join("\n")).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    for wish in wishes {
        let what = wish.split(' ').next().unwrap();
        // The leader of a group cannot have a session of its own.
        let outcome = if what == "session" { "refused: Operation not permitted" } else { "DONE" };
        assert!(said.contains(&format!("\"{what}: {outcome}")), "{wish}: {said}");
    }
}

/// Newer kernels' Landlock would keep the signal itself from going out; here the refusal is seccomp's.
#[test]
fn no_file_is_made_to_signal_others() {
    let lab = Lab::new("").by_nobody();
    let wishes = [
        "owner",
        "owner-of-type",
        "signal-of-a-file",
        "asynchronous",
        "owner-of-a-socket",
        "group-of-a-socket",
    ];
    let refused = wishes.map(|wish| format!("{wish}: refused: Operation not permitted (os error 1)"));
    assert_eq!(lab.outcomes(&wishes.join("\n")), refused);
}

#[test]
fn what_it_needs_it_has() {
    let lab = Lab::new("").by_nobody();
    let own = lab.home.data("plugins/hostile");
    let outcomes = lab.outcomes(&format!("read {}\nlist /usr/lib\nwrite /dev/null\nthread", own.display()));
    assert_eq!(outcomes, ["read: DONE", "list: DONE", "write: DONE", "thread: DONE"]);
}

#[test]
fn what_has_ended_makes_room_for_another_process() {
    let lab = Lab::new("processes = 2").by_nobody();
    assert_eq!(lab.outcomes("many\nfork\nthread"), ["many: DONE", "fork: DONE", "thread: DONE"]);
}

/// Of three hundred forks a third failed, with an error that no program expects of a fork.
#[test]
fn a_child_that_ends_disturbs_nobody_who_starts_another() {
    assert_eq!(Lab::new("processes = 8").by_nobody().outcomes("children"), ["children: DONE"]);
}

/// A script as anybody would write it, for a shell that neither tries again nor says much.
#[test]
fn a_shell_script_loses_nothing() {
    const SCRIPT: &str = r#"
        printf '{"type":"hello","name":"names","protocols":[1]}\n'
        IFS= read -r header
        n=0
        while IFS= read -r name; do
          n=$((n+1))
          name=$(printf '%s' "$name" | sed 's/["\\]/\\&/g')
          printf '{"type":"contact","at":{"line":%s},"contact":{"name":{"full":"%s"}}}\n' $n "$name"
        done
        printf '{"type":"done","counts":{"contact":%s}}\n' "$n""#;
    let home = Home::new();
    home.file(".local/share/kith/plugins/names.sh", SCRIPT);
    home.file(
        ".local/share/kith/plugins/names.toml",
        "name = 'names'\nexec = ['sh', './names.sh']\nprotocols = [1]\nextensions = ['names']\n[limits]\nprocesses = 8\n",
    );
    let names: String = (1..=60).map(|at| format!("Anna \\ Amsel {at}\n")).collect();
    home.kith(&["import", home.file("a.names", names).to_str().unwrap()]).succeeds();
    assert_eq!(home.count("SELECT count(*) FROM contact WHERE name LIKE 'Anna \\ Amsel %'"), 60);
}

#[test]
fn it_ends_with_kith() {
    let lab = Lab::new("");
    let file = lab.home.file("a.wish", "sleep");
    let mut command = lab.home.command();
    let mut kith = command.args(["import", file.to_str().unwrap()]).stderr(Stdio::null()).spawn().unwrap();
    let children = format!("/proc/{0}/task/{0}/children", kith.id());
    let plugin = eventually("the plugin runs", || {
        let pid = fs::read_to_string(&children).ok()?.trim().to_owned();
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
        (name.trim() == "hostile").then_some(pid)
    });
    kith.kill().unwrap();
    kith.wait().unwrap();
    eventually("it has ended, too", || {
        let stat = fs::read_to_string(format!("/proc/{plugin}/stat"));
        stat.map_or(true, |stat| stat.contains(") Z ")).then_some(())
    });
}

/// That whatever ends kith ends the plugin with all its processes; nobody is left who could see to it.
#[test]
fn what_it_started_ends_with_kith_whatever_ended_that() {
    for signal in [Signal::KILL, Signal::TERM] {
        let lab = Lab::new("processes = 3");
        let file = lab.home.file("a.wish", "leave\nleave\nsleep");
        let mut command = lab.home.command();
        let mut kith =
            command.args(["import", file.to_str().unwrap()]).stderr(Stdio::null()).spawn().unwrap();
        let processes = eventually("the plugin and what it started run", || {
            let plugin = children(kith.id());
            let all: Vec<u32> =
                plugin.iter().copied().chain(plugin.iter().flat_map(|it| children(*it))).collect();
            let are_hostile = all.iter().filter(|id| {
                fs::read_to_string(format!("/proc/{id}/comm")).is_ok_and(|name| name.trim() == "hostile")
            });
            (are_hostile.count() == 3).then_some(all)
        });
        rustix::process::kill_process(Pid::from_child(&kith), signal).unwrap();
        kith.wait().unwrap();
        eventually(&format!("all have ended after {signal:?}"), || {
            let lives = |id: &u32| {
                fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
            };
            (!processes.iter().any(lives)).then_some(())
        });
    }
}

#[test]
fn the_service_goes_on() {
    let lab = Lab::new(SHORT);
    let _service = lab.home.serve();
    for (wish, _) in WITHOUT_END {
        lab.home.drop_in(&format!("{wish}.wish"), wish);
    }
    lab.home.drop_in("allocate.wish", "allocate");
    lab.home.drop_in("good.vcf", card("Anna Amsel"));
    assert!(lab.home.report("done/good.vcf").contains("1 new"));
    for (wish, says) in WITHOUT_END {
        let report = lab.home.report(&format!("failed/{wish}.wish"));
        assert!(report.contains("the importer hostile") && report.contains(says), "{wish}: {report}");
    }
    assert!(lab.home.report("done/allocate.wish").contains("allocate: refused"));
    assert!(lab.home.service_log().contains("hostile"));
    assert_eq!(lab.home.count("SELECT count(*) FROM contact"), 1);
}

#[test]
fn without_landlock_only_what_is_part_of_kith_runs() {
    let lab = Lab::new("");
    let kith = |words: &[&str]| lab.kith_without("landlock", words);
    let wishes = lab.home.file("a.wish", "read /etc/passwd");
    let (code, _, said) = kith(&["import", wishes.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(said.contains("cannot be confined: this kernel has no Landlock"), "{said}");
    let card = lab.home.file("a.vcf", card("Anna Amsel"));
    let (code, said, error) = kith(&["import", card.to_str().unwrap()]);
    assert_eq!(code, Some(0), "{error}");
    assert!(said.contains("1 new"), "{said}");
    let (_, said, _) = kith(&["check"]);
    assert!(said.contains("no Landlock"), "{said}");
}

#[test]
fn without_seccomp_nothing_runs_and_that_is_said() {
    let lab = Lab::new("");
    for file in [lab.home.file("a.wish", "fork"), lab.home.file("a.vcf", card("Anna Amsel"))] {
        let (code, _, said) = lab.kith_without("seccomp", &["import", file.to_str().unwrap()]);
        assert_eq!(code, Some(1), "{said}");
        assert!(
            said.contains("confined: this kernel has no seccomp") && !said.contains("fault of kith"),
            "{said}"
        );
    }
    let (_, said, _) = lab.kith_without("seccomp", &["check"]);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("has no seccomp") && said.contains("no importer runs without it"), "{said}");
}

#[test]
fn what_never_ends_is_ended_and_told_in_plain_words() {
    let lab = Lab::new(SHORT).by_nobody();
    for (wish, says) in WITHOUT_END {
        let (code, _, said) = lab.import(wish);
        assert_eq!(code, Some(1), "{wish}: {said}");
        assert!(said.contains(says) && said.contains("hostile"), "{wish}: {said}");
    }
    assert_eq!(lab.home.count("SELECT count(*) FROM contact"), 0);
}

#[test]
fn with_more_time_and_room_it_is_ended_all_the_same() {
    for (wish, limits, says) in [
        ("line", "", "wrote a line longer than 16 MiB and was ended"),
        ("leave", "processes = 3", "left a process behind"),
    ] {
        let (code, _, said) = Lab::new(limits).by_nobody().import(wish);
        assert_eq!(code, Some(1), "{wish}: {said}");
        assert!(said.contains(says) && said.contains("hostile"), "{wish}: {said}");
    }
}
