//! End-to-end tests: the real binary in a home of its own.
//!
//! tests/README.md tells how to write one. Nothing here needs the network, a
//! fixed port, a fixed date or an order.

mod docs;
mod service;
mod support;
