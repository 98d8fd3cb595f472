//! kith keeps a person's ties alive.

pub mod core;
pub mod error;
pub mod feed_file;
pub mod web;
