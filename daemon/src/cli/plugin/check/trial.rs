//! One attempt: a batch is sent twice, and what comes of it is judged.

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};

use kith_plugin::Counts;
use serde_json::Value;

use super::batch::{Batch, Wanted};
use super::message::{Weight, look};
use super::rule::{self, broken_by};
use super::{Finding, Remark, patience};
use crate::cli::counted;
use crate::core::text;
use crate::error::{Doing, Result};
use crate::importer::{Event, Fault, Host, Importer, Manner, Trial, Unanswered};

/// So many remarks of each weight are made on one attempt.
const MOST: usize = 5;

/// So much of a line is shown.
const SHOWN: usize = 160;

/// Where an importer is tried.
pub(super) struct Bench<'a> {
    host: Host,
    importer: &'a Importer,
    /// Where files without a name are made.
    folder: PathBuf,
    /// What each sample gave; nothing if it was not done.
    samples: Vec<Option<Counts>>,
}

/// What an importer answered.
#[derive(Default)]
struct Answer {
    lines: u64,
    /// A number for each line but those that tell the progress.
    prints: Vec<(u64, u64)>,
    /// What was written for each part.
    parts: Vec<Counts>,
    /// The uids of contacts, and of how many each is.
    uids: BTreeMap<String, u64>,
    /// The last line.
    last: Vec<u8>,
    /// The last line on standard error.
    words: Option<String>,
    wrong: Vec<Remark>,
    advice: Vec<Remark>,
    came: Option<Result<Counts, Unanswered>>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(host: Host, importer: &'a Importer, folder: &Path) -> Self {
        Self { host, importer, folder: folder.to_owned(), samples: Vec::new() }
    }

    /// Tries one batch; gives what it showed, and whether it is worth going on.
    pub(super) fn attempt(&mut self, batch: &Batch) -> Result<(Finding, bool)> {
        let doing = || "set aside what is sent to the importer".to_owned();
        let mut file = tempfile::tempfile_in(&self.folder).doing(doing)?;
        file.write_all(&batch.bytes).doing(doing)?;

        let first = self.ask(batch, &file, None)?;
        let mut finding = Finding {
            about: batch.about.clone(),
            answer: String::new(),
            wrong: first.wrong.clone(),
            advice: first.advice.clone(),
        };
        let came = first.came.as_ref();
        let hangs = matches!(came, Some(Err(Unanswered::Fault(Fault::Slow(_) | Fault::Idle(_)))));
        match self.judge(batch, &first) {
            Ok(answer) => finding.answer = answer,
            Err(remark) => finding.wrong.push(remark),
        }
        if let Some(Ok(counts)) = came {
            if batch.parts.iter().any(|part| part.bytes > 0) && first.says_nothing(*counts) {
                let what = "there was something to read, and the answer says nothing of it".to_owned();
                finding.advice.push(Remark { what, line: first.last_line(), rule: Some(&rule::SILENCE) });
            }
            if let Some((uid, many)) = first.uids.first_key_value().filter(|(_, many)| **many > 1)
                && matches!(batch.wanted, Wanted::TheSample(_))
                && *many == counts.contact
            {
                let what = format!("all {many} contacts have the uid {uid:?}");
                finding.wrong.push(Remark { what, line: None, rule: Some(&rule::UID) });
            }
        }
        if batch.wanted != Wanted::AnEnd && finding.wrong.is_empty() {
            let again = self.ask(batch, &file, Some(&first))?;
            finding.wrong.extend(again.wrong.into_iter().filter(|remark| remark.rule == Some(&rule::SAME)));
        }
        if let Wanted::TheSample(at) = batch.wanted {
            self.samples.resize(at + 1, None);
            self.samples[at] = came.and_then(|came| came.as_ref().ok().copied());
        }
        // One that hangs does so again, and one that is not greeted rightly never is.
        let greeted = batch.manner != Manner::WaitsForHello || finding.wrong.is_empty();
        Ok((finding, greeted && !hangs))
    }

    /// Has the conversation, and compares it with an earlier one about the same.
    fn ask(&self, batch: &Batch, file: &File, earlier: Option<&Answer>) -> Result<Answer> {
        let trial = Trial {
            batch: file,
            parts: u32::try_from(batch.parts.len()).unwrap_or(u32::MAX),
            manner: batch.manner,
            patience: patience(&self.importer.manifest.limits),
        };
        let mut answer = Answer { parts: vec![Counts::default(); batch.parts.len()], ..Answer::default() };
        let came = self.host.try_on(self.importer, &trial, &mut |event| match event {
            Event::Line(line) => answer.hear(line, batch, earlier),
            Event::Words(words) => answer.words = Some(words.to_owned()),
            Event::Record(_) | Event::Skipped(_) | Event::Progress { .. } => {}
        });
        match came {
            Err(Unanswered::Surroundings(error)) => return Err(error),
            came => answer.came = Some(came.map(|spool| spool.counts())),
        }
        if let Some(earlier) = earlier
            && answer.prints.len() < earlier.prints.len()
            && answer.wrong.is_empty()
        {
            let what = "the same bytes gave a shorter answer the second time".to_owned();
            answer.wrong.push(Remark { what, line: None, rule: Some(&rule::SAME) });
        }
        // A program whose answers differ may have told why where nobody looks.
        if let Some(words) = &answer.words {
            for remark in answer.wrong.iter_mut().filter(|remark| remark.rule == Some(&rule::SAME)) {
                remark.what = format!("{}; its last words were: {words}", remark.what);
            }
        }
        Ok(answer)
    }

    /// The answer in a few words, if it is what was wanted.
    fn judge(&self, batch: &Batch, answer: &Answer) -> Result<String, Remark> {
        let wrong = |what: &str, rule| {
            Err(Remark { what: what.to_owned(), line: answer.last_line(), rule: Some(rule) })
        };
        match (&answer.came, batch.wanted) {
            // What breaks off or is not read to its end has no answer.
            (Some(Err(Unanswered::Fault(Fault::NotDone(_) | Fault::HalfALine(_)))), Wanted::NotDone) => {
                Ok("no answer, as it should be".to_owned())
            }
            (Some(Err(Unanswered::Fault(fault))), Wanted::AnEnd)
                if !matches!(fault, Fault::LivedOn(_) | Fault::Slow(_) | Fault::Idle(_)) =>
            {
                Ok("it ended".to_owned())
            }
            (Some(Err(Unanswered::Fault(fault))), wanted) => Err(self.fault(fault, wanted, answer)),
            (Some(Err(Unanswered::Failed { reason, .. })), Wanted::TheSample(_)) => {
                wrong(&format!("it failed, and is said to read such files: {reason}"), &rule::WHOLE)
            }
            (Some(Err(Unanswered::Failed { reason, .. })), Wanted::AllSamples)
                if self.samples.iter().all(Option::is_some) =>
            {
                wrong(&format!("it failed, and was done with each file by itself: {reason}"), &rule::SEVERAL)
            }
            (Some(Err(Unanswered::Failed { reason, .. })), _) => Ok(format!("failed: {reason}")),
            (Some(Ok(_)), Wanted::NotDone) => {
                wrong("it said done, and the input was cut off", &rule::BROKEN_OFF)
            }
            (Some(Ok(_)), Wanted::Failed) => {
                wrong("it said done, and knows nothing of such a part", &rule::OTHER_KIND)
            }
            (Some(Ok(_)), Wanted::AllSamples) if !self.is_sum(answer) => {
                let what = format!(
                    "of several files it found {}, and of each by itself {}",
                    per_part(&answer.parts),
                    per_part(&self.alone())
                );
                wrong(&what, &rule::SEVERAL)
            }
            (Some(Ok(counts)), _) => Ok(words(*counts)),
            (Some(Err(_)) | None, _) => Ok(String::new()),
        }
    }

    fn fault(&self, fault: &Fault, wanted: Wanted, answer: &Answer) -> Remark {
        let name = &self.importer.manifest.name;
        let silent = answer.lines == 0;
        let (what, rule) = match (fault, wanted) {
            (Fault::Idle(_) | Fault::Slow(_), _) if silent => (
                format!(
                    "{name} {fault}, and had not said hello; it may be that what it writes stays in a buffer"
                ),
                &rule::HELLO,
            ),
            (Fault::NotDone(_) | Fault::ReadTooLittle(_), Wanted::Failed) => {
                (format!("{name} {fault}"), &rule::OTHER_KIND)
            }
            (Fault::LivedOn(_) | Fault::Idle(_) | Fault::Slow(_), Wanted::AnEnd) => {
                (format!("nobody listened any more, and {name} lived on"), &rule::GONE)
            }
            _ => (format!("{name} {fault}"), broken_by(fault, &answer.last)),
        };
        let line = fault.line().and_then(|_| answer.last_line());
        Remark { what, line, rule: Some(rule) }
    }

    /// What each file gave by itself, in the order in which they were sent together.
    fn alone(&self) -> Vec<Counts> {
        let alone: Vec<Counts> = self.samples.iter().copied().flatten().collect();
        if alone.len() == 1 { alone.repeat(2) } else { alone }
    }

    /// Whether an answer to all files has of each what it gave by itself.
    fn is_sum(&self, answer: &Answer) -> bool {
        self.samples.iter().any(Option::is_none) || self.alone() == answer.parts
    }
}

impl Answer {
    fn hear(&mut self, line: &[u8], batch: &Batch, earlier: Option<&Self>) {
        self.lines += 1;
        self.last = line.to_vec();
        for (weight, what, rule) in look(line, &batch.parts, batch.reads.as_deref()) {
            let remarks = if weight == Weight::Wrong { &mut self.wrong } else { &mut self.advice };
            // The same again is not worth a word.
            if remarks.len() < MOST && !remarks.iter().any(|known| known.what == what) {
                let line = Some((self.lines, shown(line)));
                remarks.push(Remark { what, line, rule: Some(rule) });
            }
        }
        let message: Value = serde_json::from_slice(line).unwrap_or_default();
        let part = message["at"]["part"].as_u64().and_then(|part| usize::try_from(part).ok()).unwrap_or(0);
        if let Some(counts) = self.parts.get_mut(part) {
            match message["type"].as_str() {
                Some("contact") => {
                    counts.contact += 1;
                    if let Some(uid) = message["contact"]["uid"].as_str() {
                        *self.uids.entry(uid.to_owned()).or_default() += 1;
                    }
                }
                Some("interaction") => counts.interaction += 1,
                Some("part") => counts.part += u64::from(message["more"] != true),
                Some("skipped") => counts.skipped += 1,
                _ => {}
            }
        }
        // How far it is may be told whenever it likes.
        if message["type"] == "progress" {
            return;
        }
        let mut print = DefaultHasher::new();
        line.hash(&mut print);
        self.prints.push((self.lines, print.finish()));
        let Some(earlier) =
            earlier.filter(|_| !self.wrong.iter().any(|known| known.rule == Some(&rule::SAME)))
        else {
            return;
        };
        let at = self.prints.len() - 1;
        if earlier.prints.get(at).map(|(_, print)| print) != self.prints.get(at).map(|(_, print)| print) {
            let what = format!("the same bytes gave another answer the second time, in line {}", self.lines);
            self.wrong.push(Remark { what, line: Some((self.lines, shown(line))), rule: Some(&rule::SAME) });
        }
    }

    /// Whether neither a record nor a remark was written.
    fn says_nothing(&self, counts: Counts) -> bool {
        let done: Value = serde_json::from_slice(&self.last).unwrap_or_default();
        counts == Counts::default() && done["notes"].as_array().is_none_or(Vec::is_empty)
    }

    fn last_line(&self) -> Option<(u64, String)> {
        (self.lines > 0).then(|| (self.lines, shown(&self.last)))
    }
}

fn shown(line: &[u8]) -> String {
    text::cut(&String::from_utf8_lossy(line), SHOWN).into_owned()
}

fn words(counts: Counts) -> String {
    let Counts { contact, interaction, part, skipped } = counts;
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let mut words = vec![counted(count(contact), "contact", "contacts")];
    if interaction > 0 {
        words.push(counted(count(interaction), "interaction", "interactions"));
    }
    if part > 0 {
        words.push(counted(count(part), "file", "files"));
    }
    words.push(format!("{skipped} skipped"));
    words.join(", ")
}

fn per_part(parts: &[Counts]) -> String {
    parts.iter().map(|counts| words(*counts)).collect::<Vec<_>>().join("; ")
}
