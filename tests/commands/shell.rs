//! What kith gives to shells and to `man`: completions in the shells
//! themselves, manual pages, and what it explains.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::examples::{commands, everything};
use super::{TODAY, say};
use crate::support::Home;

/// Types lines into a shell on a terminal of its own: each once the shell shows its prompt.
const TYPE: &str = r#"
import os, pty, sys, time
keys, program = sys.argv[1].split('\n'), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(program[0], program)
said = b''
def until(count):
    global said
    while said.count(b'READY>') < count:
        more = os.read(terminal, 4096)
        if not more:
            sys.exit('the shell ended: ' + said.decode(errors='replace'))
        said += more
try:
    for line in keys + ['exit']:
        until(1)
        said = b''
        os.write(terminal, (line + '\r').encode())
    while os.read(terminal, 4096):
        pass
except OSError:
    pass
os.waitpid(pid, 0)
"#;

/// How a shell is started, and what it is told first. `kith` is a function
/// that notes its words; a script that asks for completions goes past it.
const SHELLS: [(&str, &[&str], &str, &str); 3] = [
    (
        "bash",
        &["--noprofile", "--rcfile", "rc", "-i"],
        "rc",
        "source <(command kith completions bash)\nHISTFILE=\nPS1='READY>'\n\
         kith() { printf '<%s>' \"$@\" >>\"$HOME/got\"; echo >>\"$HOME/got\"; }\n",
    ),
    (
        "zsh",
        &["-i"],
        ".zshrc",
        "autoload -Uz compinit && compinit -u -D\nsource <(command kith completions zsh)\nPS1='READY>'\n\
         kith() { printf '<%s>' \"$@\" >>\"$HOME/got\"; echo >>\"$HOME/got\"; }\n",
    ),
    (
        "fish",
        &["--no-config", "--init-command", "source rc.fish", "--interactive"],
        "rc.fish",
        "command kith completions fish | source\nfunction fish_prompt; printf 'READY>'; end\nset -g fish_greeting\n\
         set -g fish_autosuggestion_enabled 0\n\
         function kith; printf '<%s>' $argv >>$HOME/got; echo >>$HOME/got; end\n",
    ),
];

/// People whose names are hard on shells.
fn with_people() -> Home {
    let home = Home::new();
    let names =
        ["Anna Müller", "Bert Kern", "Lab: Ada=Bo", "Øyvind O'Neil", "Pat \"$HOME\" `id`", "Zoe Gone"];
    let cards: String =
        names.iter().map(|n| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{n}\nEND:VCARD\n")).collect();
    home.file("my cards.vcf", cards);
    home.kith(&["import", "my cards.vcf"]).succeeds();
    home.kith(&["archive", "Zoe Gone"]).succeeds();
    home.kith(&["circle", "set", "rock climbing", "--ideal", "30d", "--latest", "60d"]).succeeds();
    home
}

/// The PATH with the folder of the binary at its front.
fn path() -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_kith")).parent().unwrap().display().to_string();
    format!("{folder}:{}", std::env::var("PATH").unwrap_or_default())
}

fn is_installed(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok()
}

/// Whether there is all that [`typed`] needs; says what is not.
fn can_be_typed_into(shell: &str) -> bool {
    let missing = ["python3", shell].into_iter().find(|program| !is_installed(program));
    if let Some(missing) = missing {
        eprintln!("skipped: {missing} is not installed");
    }
    missing.is_none()
}

/// What `kith` was given, a line each, after these lines were typed.
fn typed(
    home: &Home,
    (shell, words, file, told): (&str, &[&str], &str, &str),
    lines: &[&str],
) -> Vec<String> {
    home.file(file, told);
    home.file("got", "");
    let output = home
        .command()
        .env("PATH", path())
        .env("LC_ALL", "C.UTF-8")
        .env("TERM", "xterm")
        .env("ZDOTDIR", home.path())
        .env("KITH", env!("CARGO_BIN_EXE_kith"))
        .get_envs()
        .fold(Command::new("python3").env_clear(), |command, (key, value)| match value {
            Some(value) => command.env(key, value),
            None => command,
        })
        .args(["-c", TYPE, &lines.join("\n"), shell])
        .args(words)
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    let got = fs::read_to_string(home.path().join("got")).unwrap();
    got.replace(&home.path().display().to_string(), "~").lines().map(str::to_owned).collect()
}

#[test]
fn shells_complete_commands_people_circles_and_files() {
    let home = with_people();
    let cases = [
        ("kith sho\tann\t", "<show><Anna Müller>"),
        ("kith show mull\t", "<show><Anna Müller>"),
        ("kith show oyv\t", "<show><Øyvind O'Neil>"),
        ("kith show \"ann\t", "<show><Anna Müller>"),
        ("kith show 'be\t", "<show><Bert Kern>"),
        ("kith show pat\t", "<show><Pat \"$HOME\" `id`>"),
        ("kith show zoe\t", "<show><zoe>"),
        ("kith show kern\t", "<show><Bert Kern>"),
        ("kith show Lab:\t", "<show><Lab: Ada=Bo>"),
        ("kith show Lab:\\ Ada=\t", "<show><Lab: Ada=Bo>"),
        ("kith log ann\t\"her show\" --on \t", "<log><Anna Müller><her show><--on>"),
        ("kith log ann\t\"her show\" --wro\t", "<log><Anna Müller><her show><--wrote>"),
        ("kith met \"Rust meetup\" ann\tbert\t", "<met><Rust meetup><Anna Müller><Bert Kern>"),
        ("kith circle assign clo\tbert\tann\t", "<circle><assign><close><Bert Kern><Anna Müller>"),
        ("kith merge ann\tbert\t", "<merge><Anna Müller><Bert Kern>"),
        ("kith edit ann\t--circle rock\t", "<edit><Anna Müller><--circle><rock climbing>"),
        ("kith edit ann\t--circle=clo\t", "<edit><Anna Müller><--circle=close>"),
        ("kith edit ann\t--comf\tnev\t", "<edit><Anna Müller><--comfort><never>"),
        ("kith import my\t", "<import><my cards.vcf>"),
        ("kith import --dry\t~/my\t", "<import><--dry-run><~/my cards.vcf>"),
        ("kith import exports/\t", "<import><exports/-rf.vcf>"),
    ];
    home.file("exports/-rf.vcf", "");
    for shell in SHELLS.into_iter().filter(|shell| can_be_typed_into(shell.0)) {
        // fish goes through the answers once more, and knows nothing of accents.
        let cases = cases
            .iter()
            .filter(|(line, _)| shell.0 != "fish" || !["mull", "oyv"].iter().any(|w| line.contains(w)));
        let (lines, expected): (Vec<&str>, Vec<&str>) = cases.copied().unzip();
        assert_eq!(typed(&home, shell, &lines), expected, "{}", shell.0);
    }
}

#[test]
fn no_file_is_offered_that_would_be_an_option() {
    let home = with_people();
    home.file("exports/-rf.vcf", "");
    for shell in SHELLS.into_iter().filter(|shell| can_be_typed_into(shell.0)) {
        let said = typed(
            &home,
            shell,
            &["cd exports", "kith import \t", "kith import ./-\t", "kith import -- -r\t"],
        );
        // fish offers nothing that begins with a dot where none was typed.
        let first = if shell.0 == "fish" { "<import>" } else { "<import><./-rf.vcf>" };
        assert_eq!(said, [first, "<import><./-rf.vcf>", "<import><--><-rf.vcf>"], "{}", shell.0);
    }
}

/// The folders in which a new shell looks for completions, as `--help` and the README name them.
#[test]
fn a_new_shell_finds_what_was_installed() {
    let home = with_people();
    let folders = [
        (
            "bash",
            ".local/share/bash-completion/completions/kith",
            "source /usr/share/bash-completion/bash_completion",
        ),
        ("zsh", ".zfunc/_kith", "fpath=(~/.zfunc $fpath); autoload -Uz compinit && compinit -u -D"),
        (
            "fish",
            ".config/fish/completions/kith.fish",
            "set -p fish_complete_path ~/.config/fish/completions",
        ),
    ];
    for (shell, (name, file, loads)) in SHELLS.into_iter().zip(folders) {
        if name == "bash" && !Path::new("/usr/share/bash-completion/bash_completion").exists() {
            eprintln!("skipped: bash-completion is not installed");
            continue;
        }
        if !can_be_typed_into(name) {
            continue;
        }
        home.file(file, home.kith(&["completions", name]).succeeds().stdout);
        let sources = shell.3.lines().find(|line| line.contains("completions")).unwrap();
        let told = shell.3.replace("autoload -Uz compinit && compinit -u -D\n", "").replace(sources, loads);
        assert_eq!(
            typed(&home, (name, shell.1, shell.2, &told), &["kith show ann\t"]),
            ["<show><Anna Müller>"],
            "{name}"
        );
    }
}

#[test]
fn the_scripts_are_read_without_a_fault() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = home.kith(&["completions", shell]).succeeds().stdout;
        let file = home.file(&format!("script.{shell}"), script);
        if !is_installed(shell) {
            eprintln!("skipped: {shell} is not installed");
            continue;
        }
        let checked = Command::new(shell).arg("-n").arg(file).output().unwrap();
        assert!(checked.status.success() && checked.stderr.is_empty(), "{shell}: {checked:?}");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 3, "no home was made");
}

#[test]
fn whoever_types_is_not_bothered_with_errors_and_nothing_is_made() {
    let home = Home::new();
    let silent = |home: &Home, words: &[&str]| {
        let ran = home.kith(words).succeeds();
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""), "{words:?}");
    };
    for words in [
        &["complete", "zsh", "--", "show", ""][..],
        &["complete", "bash", "--", "kith show ", ""],
        &["complete", "bash", "--", "kith show \"a\"b", "b"],
        &["complete", "bash", "--"],
        &["complete", "fish", "--", "nonsense", "--", "--x="],
    ] {
        silent(&home, words);
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    home.file(".local/share/kith/contacts.db", "no database");
    home.file(".config/kith/kith.toml", "no = configuration");
    silent(&home, &["complete", "zsh", "--", "show", ""]);
    silent(&home, &["complete", "zsh", "--", "edit", "anna", "--circle", ""]);
    assert_eq!(fs::read_to_string(home.data("contacts.db")).unwrap(), "no database");
}

#[test]
fn names_are_read_while_the_service_has_the_database_open() {
    let home = with_people();
    let asked = || home.kith(&["complete", "zsh", "--", "show", ""]).succeeds().stdout;
    let names = "Anna Müller\nBert Kern\nLab: Ada=Bo\nØyvind O'Neil\nPat \"$HOME\" `id`\n";
    assert_eq!(asked(), names);
    let files = || fs::read_dir(home.data("")).unwrap().count();
    let before = files();
    assert_eq!((asked(), files()), (names.to_owned(), before), "no file is made beside the database");
    let service = home.serve();
    home.kith(&["edit", "bert", "--name", "Bertram Kern"]).succeeds();
    assert!(asked().contains("Bertram Kern"));
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn there_is_a_manual_page_for_every_command() {
    let home = Home::new();
    let said = home.kith(&["man", "--out", "man pages"]).succeeds().stdout;
    let folder = home.path().join("man pages");
    let mut expected: Vec<String> = everything(&home)
        .iter()
        .map(|words| format!("{}.1", [&["kith".to_owned()], &words[..]].concat().join("-")))
        .collect();
    expected.sort();
    let mut pages: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    assert_eq!(pages, expected);
    assert!(said.starts_with(&format!("Wrote {} pages to man pages.", pages.len())), "{said}");
    let page = fs::read_to_string(folder.join("kith-circle-set.1")).unwrap();
    assert_eq!(home.kith(&["man", "circle", "set"]).succeeds().stdout, page);
    let title = format!(".TH \"kith-circle-set\" 1 \"\" \"kith {}\" \"kith\"\n", env!("CARGO_PKG_VERSION"));
    let synopsis = ".SH SYNOPSIS\n\\fBkith circle set\\fR [OPTIONS] <CIRCLE>\n";
    assert!(page.starts_with(&title) && page.contains(synopsis), "{page}");
    let line = r#"\fBkith circle set others \-\-ideal 6mo \-\-latest "1 year"\fR"#;
    assert!(page.contains(".SH EXAMPLES\n.nf\n") && page.contains(line), "{page}");
    for (program, words) in
        [("groff", &["-man", "-ww", "-z", "-Kutf8"][..]), ("mandoc", &["-T", "lint", "-W", "error"])]
    {
        if !is_installed(program) {
            eprintln!("skipped: {program} is not installed");
            continue;
        }
        for page in &pages {
            let checked = Command::new(program).args(words).arg(folder.join(page)).output().unwrap();
            let found = [checked.stdout, checked.stderr].concat();
            assert!(found.is_empty(), "{program}: {page}: {}", String::from_utf8_lossy(&found));
        }
    }
    insta::assert_snapshot!(say(&Home::new(), "man plant"), @r#"
    Error: there is no command "plant"
    Hint: kith --help lists the commands
    [exit 2]
    "#);
}

/// The concepts, as an unknown one lists them.
fn topics(home: &Home) -> Vec<String> {
    let said = home.kith(&["help", "nonsense"]).fails(2).stderr;
    let (_, list) = said.split_once("the concepts are ").unwrap();
    list.split(';').next().unwrap().split(", ").map(str::to_owned).collect()
}

#[test]
fn every_concept_is_explained_on_one_screen() {
    let home = Home::new();
    let topics = topics(&home);
    for known in ["circles", "clock", "comfort", "review", "budget", "people", "dates"] {
        assert!(topics.iter().any(|topic| topic == known), "{known}");
    }
    let overview = home.kith(&["--help"]).succeeds().stdout.replace('\n', " ");
    let of_help = home.kith(&["help", "--help"]).succeeds().stdout;
    for topic in &topics {
        assert!(overview.contains(topic.as_str()) && of_help.contains(topic.as_str()), "{topic}");
        for columns in [80, 50] {
            let output =
                home.command().env("COLUMNS", columns.to_string()).args(["help", topic]).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            let text = text.split("\nThe command:\n").next().unwrap();
            assert!(
                columns < 80 || text.lines().count() <= 24,
                "{topic} has {} lines\n{text}",
                text.lines().count()
            );
            for line in text.lines().filter(|line| !line.starts_with("  kith ")) {
                assert!(line.chars().count() <= columns, "{topic}: {line}");
            }
        }
    }
    insta::assert_snapshot!(say(&home, "help nonsense"), @r#"
    Error: there is neither a concept nor a command "nonsense"
    Hint: the concepts are circles, clock, comfort, promises, review, budget, people, dates, goals, introductions; kith --help lists the commands
    [exit 2]
    "#);
}

#[test]
fn help_of_a_command_is_what_its_option_says() {
    let home = Home::new();
    assert_eq!(home.kith(&["help"]).succeeds().stdout, home.kith(&["--help"]).succeeds().stdout);
    for words in everything(&home) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let by_option = home.kith(&[&words[..], &["--help"]].concat()).succeeds().stdout;
        let by_command = home.kith(&[&["help"], &words[..]].concat()).succeeds().stdout;
        assert!(by_command.ends_with(&by_option), "{words:?}\n{by_command}");
    }
    let review = home.kith(&["help", "review"]).succeeds().stdout;
    assert!(review.starts_with("Review\n") && review.contains("\nUsage: kith review "), "{review}");
    assert!(commands(&home, &["circle"]).contains(&"set".to_owned()));
}

#[test]
fn what_the_clock_is_said_to_do_is_what_it_does() {
    let home = with_people();
    let text = home.kith(&["help", "clock"]).succeeds().stdout.replace('\n', " ");
    assert!(text.contains("another try after 2 weeks, and for a third one 6 weeks after that"), "{text}");
    let wrote = |day: &str| {
        home.json(&["log", "anna", "hello", "--wrote", "--today", day])["due"].as_str().unwrap().to_owned()
    };
    assert_eq!(wrote(TODAY), "2026-12-07");
    assert_eq!(wrote("2026-12-07"), "2027-01-18");
    // Somebody without a circle rests for 12 months.
    assert_eq!(wrote("2027-01-18"), "2028-01-18");
    let heard = home.json(&["log", "anna", "hello", "--heard", "--today", "2027-01-20"]);
    assert_eq!(heard["due"], "2027-07-20");
}
