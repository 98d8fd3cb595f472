//! End-to-end tests: the real binary in a home of its own.
//!
//! tests/README.md tells how to write one. Nothing here needs the network, a
//! fixed port, a fixed date or an order.

// A test that cannot go on ends, and says on stderr what it skipped.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod commands;
mod core_is_pure;
mod docs;
mod feed_readers;
mod interface;
mod service;
mod support;
mod transcripts;
