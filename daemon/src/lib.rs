//! kith keeps a person's ties alive.

pub mod core;
pub mod error;
pub mod importer;
pub mod inbox;
pub mod feed_file;
pub mod web;
