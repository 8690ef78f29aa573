//! A view of a session as Markdown and JSON, and its verification.
