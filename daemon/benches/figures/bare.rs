//! The least work there is in each stage: what kith takes is shown beside it.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::time::Instant;

use kith_plugin::{PROTOCOL, PartHeader, PartKind, serve};
use kith_plugin_vcard::VCard;
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

use crate::Result;

/// The tables that an import fills.
const TABLES: [&str; 9] =
    ["contact", "card", "email", "phone", "address", "link", "nickname", "category", "anniversary"];

/// Reads a file of cards with the built-in importer in this process and drops
/// what it says. Seconds.
pub(crate) fn parse(path: &Path) -> Result<f64> {
    let file = File::open(path)?;
    let header = PartHeader {
        kind: PartKind::File,
        protocol: PROTOCOL,
        file_name: "cards.vcf".to_owned(),
        bytes: file.metadata()?.len(),
        options: serde_json::Map::new(),
    };
    let mut head = serde_json::to_vec(&header)?;
    head.push(b'\n');
    let begun = Instant::now();
    serve(&mut VCard::default(), BufReader::new(head.as_slice().chain(file)), io::sink())?;
    Ok(begun.elapsed().as_secs_f64())
}

/// Inserts the rows that an import made, ready in memory, into the empty
/// database at `into`: one transaction of prepared statements, on disk and out
/// of the log. Seconds.
pub(crate) fn insert(from: &Path, into: &Path) -> Result<f64> {
    let from = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let rows = TABLES.map(|table| rows(&from, table));
    let mut conn = Connection::open(into)?;
    conn.execute_batch("PRAGMA synchronous = FULL")?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    let begun = Instant::now();
    let tx = conn.transaction()?;
    for (table, rows) in TABLES.into_iter().zip(rows) {
        let rows = rows?;
        let Some(first) = rows.first() else { continue };
        let marks = vec!["?"; first.len()].join(", ");
        let mut insert = tx.prepare(&format!("INSERT INTO {table} VALUES ({marks})"))?;
        for row in &rows {
            insert.execute(params_from_iter(row))?;
        }
    }
    tx.commit()?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(begun.elapsed().as_secs_f64())
}

fn rows(conn: &Connection, table: &str) -> Result<Vec<Vec<Value>>> {
    let mut select = conn.prepare(&format!("SELECT * FROM {table}"))?;
    let columns = select.column_count();
    let rows = select.query_map([], |row| (0..columns).map(|at| row.get(at)).collect())?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Reads of everybody what a plan needs, and makes nothing of it. Seconds.
pub(crate) fn read(database: &Path) -> Result<f64> {
    let conn = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let begun = Instant::now();
    let mut sink = io::sink();
    for sql in [
        "SELECT id, name, circle, comfort, comfort_until, ideal, latest, birthday FROM contact",
        "SELECT contact_id, day, how FROM interaction",
        "SELECT contact_id, source_id, said FROM card",
    ] {
        let mut select = conn.prepare(sql)?;
        let columns = select.column_count();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            for at in 0..columns {
                write!(sink, "{:?}", row.get_ref(at)?.data_type())?;
            }
        }
    }
    Ok(begun.elapsed().as_secs_f64())
}
