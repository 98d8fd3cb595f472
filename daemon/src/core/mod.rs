//! The pure part of kith: what it knows about people and how it decides.
//!
//! Nothing in here does I/O, reads a clock or the environment, or knows SQL,
//! async or processes (a test over the sources keeps it so). "Today", the time
//! zone, random bytes and stored facts are arguments.

pub mod cadence;
pub mod date;
pub mod facts;
pub mod follow_up;
pub mod plan;
pub mod settings;
