//! `kith demo`
