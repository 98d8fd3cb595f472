//! How fast kith is and how much memory it takes, as one table.
//!
//! `cargo bench` measures with 10,000 and 100,000 cards; other sizes are
//! arguments: `cargo bench -- 1000`. `cargo bench -- large` imports address books of
//! gigabytes instead (12 GB on the disk while it runs), for their memory. Nothing here passes or fails on time: it
//! is for people who compare the table before a change with that after it.
//!
//! Every stage runs in a process of its own, so that its peak of memory is its
//! own, in a throw-away home, on generated cards that are the same each time.
//! What is measured is the real thing: [`kith::import::Workshop`] with the
//! built-in importer as its child, and the real binary as the service. This
//! program is its own stages and, as kith is, its own importer: see [`main`].

mod bare;
mod cards;
mod large;
mod memory;
mod service;
mod stage;
mod table;

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use kith::importer::Order;

use crate::stage::Stage;
use crate::table::{Row, Table};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The sizes that `cargo bench` measures.
const SIZES: [u64; 2] = [10_000, 100_000];

/// The size where the program is only tried out (`cargo test --benches`).
const TRIAL: u64 = 200;

/// With how many people the service is measured, unless there are fewer cards.
const SERVED: u64 = 10_000;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["confined", order] => order.parse::<Order>().and_then(|order| order.obey()).map_err(Into::into),
        ["stage", stage, home] => stage.parse().and_then(|stage: Stage| stage.report(Path::new(home))),
        ["large", options @ ..] => large::measure(!options.contains(&"--bench")),
        words => sizes(words).and_then(|sizes| measure(&sizes)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if stderr is gone.
            let _ = writeln!(io::stderr(), "Error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The sizes asked for; cargo itself adds `--bench` when it is to be measured.
fn sizes(words: &[&str]) -> Result<Vec<u64>> {
    let asked: Vec<u64> = words
        .iter()
        .filter(|word| !word.starts_with('-'))
        .map(|word| word.parse().map_err(|_| format!("{word:?} is no number of cards")))
        .collect::<std::result::Result<_, _>>()?;
    Ok(match (asked.is_empty(), words.contains(&"--bench")) {
        (false, _) => asked,
        (true, true) => SIZES.to_vec(),
        (true, false) => vec![TRIAL],
    })
}

fn measure(sizes: &[u64]) -> Result<()> {
    let mut table = Table::begin(io::stdout().lock())?;
    for &size in sizes {
        let home = tempfile::tempdir()?;
        measure_size(&mut table, home.path(), size)?;
    }
    let served = sizes.iter().copied().max().unwrap_or(SERVED).min(SERVED);
    let home = tempfile::tempdir()?;
    service::measure(&mut table, home.path(), served)?;
    Ok(())
}

fn measure_size(table: &mut Table<impl Write>, home: &Path, size: u64) -> Result<()> {
    let bytes = cards::write(&stage::cards(home), size, 0)?;
    table.heading(&format!("{size} cards of {} bytes", bytes / size.max(1)))?;
    let run = |stage: Stage| stage.run(home);

    let parse = run(Stage::Parse)?;
    table.row(&Row::bare("parsing alone", size, &parse))?;
    let first = run(Stage::Import)?;
    let insert = run(Stage::Insert)?;
    table.row(&Row::bare("inserting alone", size, &insert))?;
    let bare = parse.seconds + insert.seconds;
    table.row(&Row::of("import from nothing", size, &first).beside(bare))?;
    table.row(&Row::of("import again, unchanged", size, &run(Stage::Import)?).beside(parse.seconds))?;
    table.row(&Row::of("the import taken back", size, &run(Stage::Undo)?).beside(insert.seconds))?;
    table.row(&Row::of("the import brought back", size, &run(Stage::Redo)?).beside(insert.seconds))?;

    run(Stage::Live)?;
    let read = run(Stage::Read)?;
    table.row(&Row::bare("reading people alone", size, &read))?;
    table.row(&Row::of("plan, facts loaded", size, &run(Stage::Plan)?).beside(read.seconds))?;
    table.row(&Row::of("all feeds, first time", size, &run(Stage::Publish)?).beside(read.seconds))?;
    table.row(&Row::of("all feeds, again", size, &run(Stage::Publish)?).beside(read.seconds))?;
    let logged = run(Stage::LogAndPublish)?;
    table.row(&Row::of("a contact logged, one feed", size, &logged).beside(read.seconds))?;
    run(Stage::Mail)?;
    for row in ["a mail from everybody, the history", "a contact logged, the history"] {
        table.row(&Row::of(row, size, &run(Stage::LogAndRemember)?).beside(read.seconds))?;
    }
    Ok(())
}
