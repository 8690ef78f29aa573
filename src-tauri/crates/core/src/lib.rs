//! The pure heart of the watch: plan, readings, rules, session, verdict. No async, no I/O, no `now()`.

pub mod action;
pub mod baseline;
pub mod chain;
pub mod checklist;
pub mod config;
pub mod escalation;
pub mod event;
pub mod gap;
pub mod health;
pub mod log;
pub mod matrix;
pub mod notify;
pub mod observed;
pub mod part;
pub mod plan;
pub mod reach;
pub mod reading;
pub mod redact;
pub mod roll_back;
pub mod rules;
pub mod session;
pub mod stats;
pub mod time;
pub mod verdict;
pub mod view;
pub mod words;

mod toml_tree;
