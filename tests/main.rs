//! End-to-end tests: the real binary in a home of its own.
//!
//! tests/README.md tells how to write one. Nothing here needs the network, a
//! fixed port, a fixed date or an order.

// A test that cannot go on ends, and says on stderr what it skipped.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod archives;
mod bad_days;
mod bad_input;
mod chats;
mod commands;
mod configuration;
mod core_is_pure;
mod docs;
mod edits;
mod exports;
mod feed;
mod feed_readers;
mod folders;
mod history;
mod inbox;
mod interface;
mod killed;
mod links;
mod privacy;
mod sandbox;
mod service;
mod support;
mod systemd;
mod transcripts;
