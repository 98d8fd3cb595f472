//! Address books of gigabytes, taken in by the real binary: memory must not
//! grow with a file's bytes, and hardly with its people. And archives of many files, each of which
//! is read by a process of its own: the time is to grow with their number, and not with its square.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use kith::paths::Paths;

use crate::stage::{self, Figure};
use crate::table::{Row, Table};
use crate::{Result, cards, memory};

/// How many cards, and the bytes of the picture in each: a file of a tenth of
/// the size, two gigabytes of cards like those of telephones, two gigabytes of
/// cards as large as an importer takes them, and people alone.
const SIZES: [(u64, u64); 4] = [(2_500, 80_000), (25_000, 80_000), (250, 8_000_000), (25_000, 0)];

/// The same where the program is only tried out.
const TRIAL: [(u64, u64); 2] = [(20, 10_000), (10, 100_000)];

/// How many files of one card there are in an archive.
const FILES: [u64; 3] = [250, 1_000, 4_000];

/// The same where the program is only tried out.
const FEW_FILES: [u64; 1] = [3];

/// Imports a file of each size from nothing.
pub(crate) fn measure(tried_out: bool) -> Result<()> {
    let mut table = Table::begin(io::stdout().lock())?;
    let sizes = if tried_out { TRIAL.as_slice() } else { SIZES.as_slice() };
    let archives = if tried_out { FEW_FILES.as_slice() } else { FILES.as_slice() };
    // Not where temporary files are: that is often memory.
    let home = || tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"));
    for &(count, picture) in sizes {
        let home = home()?;
        let file = stage::cards(home.path());
        let bytes = cards::write(&file, count, picture)?;
        table.heading(&format!(
            "{count} cards of {} bytes, {} MB in all",
            bytes / count,
            bytes / 1_000_000
        ))?;
        measure_file(&mut table, home.path(), &file, count)?;
    }
    for &count in archives {
        let home = home()?;
        let file = home.path().join("cards.zip");
        let bytes = cards::archive(&file, count)?;
        table.heading(&format!("an archive of {count} files of one card, {} KB in all", bytes / 1_000))?;
        measure_file(&mut table, home.path(), &file, count)?;
    }
    Ok(())
}

fn measure_file(table: &mut Table<impl Write>, home: &Path, file: &Path, count: u64) -> Result<()> {
    let paths = Paths::below(home);
    fs::create_dir_all(paths.config_folder())?;
    fs::write(paths.config(), "[inbox]\nmax_size = \"16 GiB\"\n")?;
    for what in ["import from nothing", "import again, unchanged"] {
        let figure = import(home, file)?;
        table.row(&Row::of(what, count, &figure))?;
    }
    Ok(())
}

/// What `kith import` takes, with all that it does for it.
fn import(home: &Path, file: &Path) -> Result<Figure> {
    let begun = Instant::now();
    let mut kith = Command::new(env!("CARGO_BIN_EXE_kith"))
        .arg("import")
        .arg(file)
        .env_clear()
        .env("HOME", home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()?;
    let (status, peak_kib, importer_kib) = memory::of_process(&mut kith)?;
    if !status.success() {
        return Err("the import failed".into());
    }
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Figure { seconds, peak_kib, importer_kib: Some(importer_kib), ..Figure::default() })
}
