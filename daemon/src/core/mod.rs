//! The pure part of kith: what it knows about people and how it decides.
//!
//! Nothing in here does I/O, reads a clock or the environment, or knows SQL,
//! async or processes (a test over the sources keeps it so). "Today", the time
//! zone, random bytes and stored facts are arguments.

pub mod account;
pub mod action;
pub mod assemble;
pub mod busy;
pub mod cadence;
pub mod calendar;
pub mod card;
pub mod color;
pub mod conflict;
pub mod contact;
pub mod date;
pub mod draft;
pub mod export;
pub mod facts;
pub mod feed;
mod folding;
pub mod follow_up;
pub mod goal;
pub mod groups;
pub mod how;
pub mod identity;
pub mod imported;
pub mod intention;
pub mod introduction;
pub mod line;
pub mod maker;
pub mod matching;
pub mod memo;
pub mod name;
pub mod occasion;
pub mod part;
pub mod path;
pub mod pause;
pub mod phone;
pub mod phrases;
pub mod plan;
pub mod preference;
pub mod provenance;
pub mod revision;
pub mod settings;
pub mod simulate;
pub mod state;
pub mod suggest;
pub mod suspicion;
pub mod talk;
pub mod text;
pub mod tie;
pub mod vdir;
pub mod when;
pub mod win;
mod word;
