//! A whole day at the app.
