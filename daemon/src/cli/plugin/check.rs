//! `kith plugin check`

mod batch;
mod message;
mod rule;
mod trial;

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use serde_json::{Value, json};

use super::list::manifest;
use crate::cli::{Done, named, screen};
use crate::core::text;
use crate::error::{Doing, Error, Kind, Result};
use crate::importer::{Host, Importer, Importers, Limits, OwnBinary, becomes, options, own_files};
use crate::paths::Paths;

use batch::{Sample, batches};
use rule::Rule;
use trial::Bench;

/// What one attempt showed.
struct Finding {
    /// What was tried.
    about: String,
    /// How it answered, if it is worth a word.
    answer: String,
    wrong: Vec<Remark>,
    /// What kith takes, and the author may not have meant.
    advice: Vec<Remark>,
}

/// Something to be said of an importer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Remark {
    what: String,
    /// The line of its answer that is meant, and the line's number.
    line: Option<(u64, String)>,
    rule: Option<&'static Rule>,
}

impl Finding {
    fn of(about: &str, result: Result<()>) -> Self {
        let remark = |error: Error| Remark { what: error.to_string(), line: None, rule: None };
        let wrong = result.err().map(remark).into_iter().collect();
        Self { about: about.to_owned(), answer: String::new(), wrong, advice: Vec::new() }
    }
}

pub(super) fn run(paths: &Paths, word: &str, files: &[PathBuf], as_json: bool) -> Done {
    let mut samples = Vec::new();
    for path in files {
        let bytes = fs::read(path).doing(|| format!("read {}", path.display()))?;
        samples.push(Sample { name: named::name(path), bytes });
    }
    let (findings, importer) = match super::importer(paths, word) {
        Ok(importer) => (look(paths, &importer, &samples)?, Some(importer)),
        Err(error) if error.kind == Kind::Config => (vec![Finding::of("manifest", Err(error))], None),
        Err(error) => return Err(error.into()),
    };
    let path = importer.as_ref().map_or_else(|| Some(word.to_owned()), manifest);
    if as_json {
        screen::print_json(&json!({
            "importer": importer.as_ref().map(|importer| &importer.manifest.name),
            "manifest": path,
            "tries": findings.iter().map(data).collect::<Vec<Value>>(),
        }))?;
    } else {
        print(&findings)?;
        // Behind what its manifest and its program show.
        if files.is_empty() && findings.len() > 2 {
            let told = "It was tried without a file of the sort that it reads: name some, and more is tried.";
            write!(screen::out(), "\n{}", screen::wrapped(told, 0))?;
        }
    }
    match findings.iter().filter(|finding| !finding.wrong.is_empty()).count() {
        0 => Ok(()),
        wrong => Err(Error::user(format!(
            "{word} breaks the protocol: {wrong} of {} attempts went wrong; see above",
            findings.len()
        ))
        .into()),
    }
}

/// Tries everything.
fn look(paths: &Paths, importer: &Importer, samples: &[Sample]) -> Result<Vec<Finding>> {
    let answer = importer.manifest.grants().unwrap_or_default();
    let mut findings = vec![Finding { answer, ..Finding::of("manifest", Ok(())) }];
    let program = Finding::of("program", becomes(importer).map(drop));
    let runs = program.wrong.is_empty();
    findings.push(program);
    if !runs {
        return Ok(findings);
    }
    let own = own_files(&paths.config_folder().join(&importer.manifest.name))?;
    let reads = Importers::of(paths).endings();
    let (me, today) = super::told(paths)?;
    let options = options(&own, None, &reads, &me, today);
    let host = Host::new(OwnBinary::open()?, paths.data_folder().to_owned());
    let mut bench = Bench::new(host, importer, paths.data_folder());
    for batch in batches(importer, samples, &options) {
        let (finding, goes_on) = bench.attempt(&batch)?;
        findings.push(finding);
        if !goes_on {
            break;
        }
    }
    Ok(findings)
}

fn print(findings: &[Finding]) -> io::Result<()> {
    let mut out = screen::out();
    let mut told: Vec<&Remark> = Vec::new();
    for Finding { about, answer, wrong, advice } in findings {
        let verdict = if wrong.is_empty() { "good" } else { "wrong" };
        let answer = if answer.is_empty() { String::new() } else { format!(" ({})", text::cut(answer, 100)) };
        write!(out, "{}", screen::wrapped(&format!("{about}: {verdict}{answer}"), 0))?;
        for (remark, is_wrong) in
            wrong.iter().map(|one| (one, true)).chain(advice.iter().map(|one| (one, false)))
        {
            // Once at length; what is wrong is said again each time, in short.
            let again = told.iter().any(|other| other.what == remark.what);
            if again && !is_wrong {
                continue;
            }
            let word = if is_wrong { "Wrong" } else { "Advice" };
            write!(out, "{}", screen::wrapped(&format!("{word}: {}", remark.what), 2))?;
            if !again {
                explain(&mut out, remark)?;
                told.push(remark);
            }
        }
    }
    Ok(())
}

/// The line that is meant, and the rule.
fn explain(out: &mut impl Write, remark: &Remark) -> io::Result<()> {
    if let Some((_, text)) = &remark.line {
        writeln!(out, "    < {text}")?;
    }
    if let Some(rule) = remark.rule {
        let cited = format!("PROTOCOL.md, {}: \"{}\"", rule.section, rule.text);
        write!(out, "{}", screen::wrapped(&cited, 4))?;
    }
    Ok(())
}

fn data(finding: &Finding) -> Value {
    let remarks = |remarks: &[Remark]| -> Vec<Value> {
        let remark = |remark: &Remark| {
            json!({
                "what": remark.what,
                "line": remark.line.as_ref().map(|(number, _)| number),
                "text": remark.line.as_ref().map(|(_, text)| text),
                "section": remark.rule.map(|rule| rule.section),
                "rule": remark.rule.map(|rule| rule.text),
            })
        };
        remarks.iter().map(remark).collect()
    };
    json!({
        "about": finding.about,
        "answer": finding.answer,
        "wrong": remarks(&finding.wrong),
        "advice": remarks(&finding.advice),
    })
}

/// The longest that one attempt may take.
fn patience(limits: &Limits) -> std::time::Duration {
    std::time::Duration::from_secs(limits.seconds.min(30))
}
