//! The journal and the readings in SQLite.
