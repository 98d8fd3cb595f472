//! kith keeps a person's ties alive: address books in, a plan of whom to talk
//! to next out, as a calendar.
//!
//! ```text
//! dropped file ─▶ importer ─▶ matching ─▶ contacts.db ─▶ facts ─▶ plan ─▶ calendars
//!                 (child)     (core)      (store)                (core)   (publish)
//! ```
//!
//! [`core`] is pure and decides everything: who is who, who is next, what a
//! calendar says. Around it, [`store`] keeps the database, which other
//! programs edit too; [`importer`] talks with the children that read files, and
//! [`import`] takes in one file; [`inbox`] tells when a dropped file is
//! complete; [`publish`] goes from facts to calendars, which [`web`] and
//! [`feed_file`] hand out. [`service`] runs all of that for as long as it is
//! asked to, and [`cli`] is every command.
//!
//! ARCHITECTURE.md has the whole picture, the words, and why it is so.

pub mod act;
mod calendars;
pub mod cli;
pub mod config;
pub mod core;
pub mod error;
pub mod feed_file;
mod heart;
pub mod import;
pub mod importer;
pub mod inbox;
mod keeper;
mod logs;
mod memory;
pub mod paths;
pub mod publish;
pub mod running;
pub mod service;
pub mod store;
pub mod systemd;
mod templates;
mod terminal;
mod token;
pub mod web;
