//! What may stand at the cursor, read off the definitions of the commands.

use clap::builder::ValueHint;
use clap::{Arg, ArgAction, Command};

use crate::core::name::{Fit, fit, fold};

/// What may stand at the cursor.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// How the word begins, whichever it is: `--circle=`.
    pub(super) fixed: String,
    /// The rest of it.
    pub(super) candidates: Vec<Candidate>,
    /// Whether it is the name of a file.
    pub(super) files: bool,
}

/// A word that may stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) word: String,
    /// What it is, on one line; may be empty.
    pub(super) about: String,
}

impl Candidate {
    /// One that says itself what it is.
    pub(super) fn bare(word: impl Into<String>) -> Self {
        Self { word: word.into(), about: String::new() }
    }
}

/// Names that are not in the definitions of the commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    People,
    Circles,
    Topics,
    /// What a step is called by, beside its number.
    Steps,
    /// The numbers of imports that can be taken back.
    Imports,
}

impl Named {
    /// What an argument wants, by the word that `--help` has for it.
    fn of(arg: &Arg) -> Option<Self> {
        match arg.get_value_names()?.first()?.as_str() {
            "PERSON" | "PEOPLE" => Some(Self::People),
            "CIRCLE" => Some(Self::Circles),
            "TOPIC" => Some(Self::Topics),
            "STEP" => Some(Self::Steps),
            "IMPORT" => Some(Self::Imports),
            _ => None,
        }
    }
}

/// What may stand behind the words `before` and begins with `word`. `kith` is
/// built, and `known` gives the names of a sort.
pub(super) fn answer(
    kith: &Command,
    before: &[String],
    word: &str,
    known: &dyn Fn(Named) -> Vec<Candidate>,
) -> Answer {
    let mut place = Place::at(kith);
    for word in before {
        place.pass(word);
    }
    let values = |arg: &Arg, word: &str| values(kith, arg, word, known);
    if let Some(option) = place.option {
        return values(option, word);
    }
    if place.options_end || !word.starts_with('-') {
        let mut answer = place.positional().map(|arg| values(arg, word)).unwrap_or_default();
        if place.positionals == 0 {
            answer.candidates.extend(subcommands(place.command, word));
        }
        return answer;
    }
    if let Some((option, value)) = word.split_once('=') {
        let Some(arg) = place.option(option) else { return Answer::default() };
        return Answer { fixed: format!("{option}="), ..values(arg, value) };
    }
    Answer { candidates: place.options(word), ..Answer::default() }
}

/// How far the words have led.
struct Place<'a> {
    command: &'a Command,
    /// An option whose value comes next.
    option: Option<&'a Arg>,
    /// How many arguments without an option there were.
    positionals: usize,
    /// Whether `--` was among the words.
    options_end: bool,
    given: Vec<&'a Arg>,
}

impl<'a> Place<'a> {
    fn at(command: &'a Command) -> Self {
        Self { command, option: None, positionals: 0, options_end: false, given: Vec::new() }
    }

    fn pass(&mut self, word: &str) {
        if self.option.take().is_some() {
            return;
        }
        if !self.options_end && word == "--" {
            self.options_end = true;
        } else if !self.options_end && word.len() > 1 && word.starts_with('-') {
            let (name, value) =
                word.split_once('=').map_or((word, None), |(name, value)| (name, Some(value)));
            let Some(arg) = self.option(name) else { return };
            self.given.push(arg);
            self.option = Some(arg).filter(|arg| arg.get_action().takes_values() && value.is_none());
        } else if let Some(command) = self.command.find_subcommand(word).filter(|_| self.positionals == 0) {
            *self = Self::at(command);
        } else {
            self.positionals += 1;
        }
    }

    /// The option of that name, dashes included.
    fn option(&self, name: &str) -> Option<&'a Arg> {
        let long = name.strip_prefix("--");
        let short = name.strip_prefix('-').and_then(|letters| letters.chars().next_back());
        self.command.get_arguments().find(|arg| match long {
            Some(long) => arg.get_long() == Some(long),
            None => short.is_some() && arg.get_short() == short,
        })
    }

    /// The argument without an option that comes next.
    fn positional(&self) -> Option<&'a Arg> {
        let several = |arg: &Arg| arg.get_num_args().is_some_and(|count| count.max_values() > 1);
        let mut all = self.command.get_positionals();
        all.by_ref().take(self.positionals).find(|arg| several(arg)).or_else(|| all.next())
    }

    /// The options that begin with `word` and can still be given.
    fn options(&self, word: &str) -> Vec<Candidate> {
        let repeats = |arg: &Arg| matches!(arg.get_action(), ArgAction::Append | ArgAction::Count);
        let given = |arg: &Arg| self.given.iter().any(|given| given.get_id() == arg.get_id());
        self.command
            .get_arguments()
            .filter(|arg| !arg.is_hide_set() && (repeats(arg) || !given(arg)))
            .filter_map(|arg| {
                let word = Some(format!("--{}", arg.get_long()?)).filter(|name| name.starts_with(word))?;
                Some(Candidate { word, about: arg.get_help().map(ToString::to_string).unwrap_or_default() })
            })
            .map(one_line)
            .collect()
    }
}

fn subcommands(command: &Command, word: &str) -> Vec<Candidate> {
    command
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name().starts_with(word))
        .map(|command| Candidate {
            word: command.get_name().to_owned(),
            about: command.get_about().map(ToString::to_string).unwrap_or_default(),
        })
        .map(one_line)
        .collect()
}

/// The values an argument may have that fit `word`.
fn values(kith: &Command, arg: &Arg, word: &str, known: &dyn Fn(Named) -> Vec<Candidate>) -> Answer {
    let mut answer = Answer {
        files: matches!(arg.get_value_hint(), ValueHint::AnyPath | ValueHint::FilePath | ValueHint::DirPath),
        ..Answer::default()
    };
    match Named::of(arg) {
        Some(Named::People) => answer.candidates = names(known(Named::People), word),
        Some(named) => {
            let fits = |candidate: &Candidate| candidate.word.starts_with(word);
            answer.candidates = known(named).into_iter().filter(fits).map(one_line).collect();
        }
        None => {
            let possible = arg.get_possible_values().into_iter().filter(|value| !value.is_hide_set());
            answer.candidates = possible
                .filter(|value| value.get_name().starts_with(word))
                .map(|value| Candidate {
                    word: value.get_name().to_owned(),
                    about: value.get_help().map(ToString::to_string).unwrap_or_default(),
                })
                .map(one_line)
                .collect();
        }
    }
    // What can be helped with is a topic or a command.
    if matches!(arg.get_value_names(), Some([name]) if ["TOPIC", "COMMAND"].contains(&name.as_str())) {
        let new = |command: &Candidate| !answer.candidates.iter().any(|known| known.word == command.word);
        let commands: Vec<Candidate> = subcommands(kith, word).into_iter().filter(new).collect();
        answer.candidates.extend(commands);
    }
    answer
}

/// The names that begin with what was typed, whatever its accents and capital
/// letters; if none does, those with another word that does.
fn names(all: Vec<Candidate>, typed: &str) -> Vec<Candidate> {
    // A name that a line cannot hold cannot be typed either.
    let all = all.into_iter().filter(|name| !name.word.contains(char::is_control));
    let folded = fold(typed);
    let (first, rest): (Vec<Candidate>, Vec<Candidate>) = all.partition(|name| match folded.as_str() {
        "" => name.word.starts_with(typed.trim()),
        folded => fold(&name.word).starts_with(folded),
    });
    if first.is_empty() {
        rest.into_iter().filter(|name| fit(&name.word, &folded) >= Some(Fit::Begins)).collect()
    } else {
        first
    }
}

/// A candidate of which only the first line says what it is.
fn one_line(candidate: Candidate) -> Candidate {
    let about = candidate.about.lines().next().unwrap_or_default();
    Candidate { about: about.trim_end_matches('.').to_owned(), ..candidate }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn known(named: Named) -> Vec<Candidate> {
        let names: &[&str] = match named {
            Named::People => {
                &["Ana Ríos", "Anna Müller", "Bert Kern", "Øyvind Berg", "O'Brien", "two\nlines"]
            }
            Named::Circles => &["close", "climbing", "rock climbing"],
            Named::Topics => &["circles", "clock", "review"],
            Named::Steps => &["import"],
            Named::Imports => &["3", "31", "12"],
        };
        names.iter().map(|&name| Candidate::bare(name)).collect()
    }

    fn asked(line: &str) -> Answer {
        let mut kith = Cli::command();
        kith.build();
        let words: Vec<String> = line.split('|').map(str::to_owned).collect();
        let (word, before) = words.split_last().unwrap();
        answer(&kith, before, word, &known)
    }

    fn words(line: &str) -> Vec<String> {
        asked(line).candidates.into_iter().map(|candidate| candidate.word).collect()
    }

    #[test]
    fn what_may_stand_at_the_cursor() {
        for (line, expected) in [
            ("comp", &["completions"][..]),
            ("circle|s", &["set"]),
            ("circle|set|cl", &["close", "climbing"]),
            ("circle|assign|close|b", &["Bert Kern"]),
            ("circle|assign|close|Bert Kern|b", &["Bert Kern"]),
            ("show|", &["Ana Ríos", "Anna Müller", "Bert Kern", "Øyvind Berg", "O'Brien"]),
            ("show|an", &["Ana Ríos", "Anna Müller"]),
            ("show|ANA RIOS", &["Ana Ríos"]),
            ("show|mull", &["Anna Müller"]),
            ("show|oyv", &["Øyvind Berg"]),
            ("show|berg", &["Øyvind Berg"]),
            ("show|nobody", &[]),
            ("show|O'", &["Øyvind Berg", "O'Brien"]),
            ("--today|2026-11-30|show|be", &["Bert Kern"]),
            ("show|--json|be", &["Bert Kern"]),
            ("edit|anna|--circle|cl", &["close", "climbing"]),
            ("edit|anna|--circle=r", &["rock climbing"]),
            ("edit|anna|--comfort|n", &["not-now", "never"]),
            ("edit|--comfort|never|be", &["Bert Kern"]),
            ("edit|anna|--comf", &["--comfort"]),
            ("edit|anna|--comfort|never|--comf", &[]),
            ("edit|anna|--add-email|a@example.org|--add-e", &["--add-email"]),
            ("edit|anna|--nonsense=x", &[]),
            ("edit|anna|--note|an", &[]),
            ("edit|anna|--|--comf", &[]),
            ("undo|", &["import"]),
            ("undo|import|", &["3", "31", "12"]),
            ("undo|import|3", &["3", "31"]),
            ("undo|import|3|--d", &["--dry-run"]),
            ("completions|", &["bash", "zsh", "fish"]),
            ("help|c", &["circles", "clock", "check", "circle", "completions", "conflicts"]),
            ("nonsense|", &[]),
        ] {
            let mut found = words(line);
            let mut expected: Vec<String> = expected.iter().map(|&word| word.to_owned()).collect();
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{line}");
        }
        assert_eq!(asked("edit|anna|--circle=r").fixed, "--circle=");
        assert!(asked("import|con").files && asked("import|a.vcf|con").files && !asked("show|con").files);
    }

    #[test]
    fn what_it_is_stands_beside_it_and_what_is_hidden_is_not_offered() {
        let all = asked("").candidates;
        let plan = all.iter().find(|candidate| candidate.word == "plan").unwrap();
        assert_eq!(plan.about.lines().count(), 1);
        assert!(all.iter().all(|candidate| candidate.word != "complete"));
        let comfort = asked("edit|anna|--comfort|y").candidates;
        assert_eq!(comfort[0].about, "Ask me to get in touch");
    }
}
