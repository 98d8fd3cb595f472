#![allow(missing_docs)]
pub mod core;
