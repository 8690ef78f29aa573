//! What people wrote down and announced.

use super::Page;
use crate::{
    clock::{self, Days},
    doc::Doc,
    escape,
};

pub(super) fn section(page: &Page<'_>, doc: &mut Doc) {
    let view = page.view;
    doc.rule();
    doc.heading(2, "📝 Session Notes");
    if view.notes.is_empty() && view.announcements.is_empty() {
        doc.block("No notes were written.");
    }
    doc.list(view.notes.iter().map(|note| {
        let at = clock::exact(note.moment.utc);
        format!("**{at}**, {}: {}", escape::text(&note.by), escape::lines(&note.text, 2))
    }));
    if view.announcements.is_empty() {
        return;
    }
    doc.block("**Announced in advance**");
    let mut days = Days::default();
    let rows: Vec<Vec<String>> = view
        .announcements
        .iter()
        .map(|a| vec![days.stamp(page.clock.utc(a.until)), escape::text(&a.by), escape::text(&a.what)])
        .collect();
    doc.table(&["Until (UTC)", "By", "What"], &rows);
}
