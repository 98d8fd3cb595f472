//! kith keeps a person's ties alive.

pub mod cli;
pub mod config;
pub mod core;
pub mod error;
pub mod feed_file;
pub mod import;
pub mod importer;
pub mod inbox;
mod keeper;
mod logs;
pub mod paths;
pub mod publish;
pub mod running;
pub mod service;
pub mod store;
mod token;
pub mod web;
