//! The plan as a TOML file.

use std::{collections::HashMap, fmt::Write as _};

use super::{Checkpoint, Phase, Plan};
use crate::{
    checklist::Item,
    time::Span,
    toml_tree::{self, Entry, Fault, Lined, Table, exact, nearest, quoted, seen, shown},
};

/// The longest session.
const MAX_LENGTH: Span = Span::hours(31 * 24);
/// The most checkpoints that a plan may have.
const MAX_CHECKPOINTS: u64 = 500;

const MAX_TITLE: usize = 120;
const PLAN_KEYS: &[&str] = &["length", "phase"];
const PHASE_KEYS: &[&str] = &["title", "focus", "at", "from", "to", "every", "label", "items"];

/// Why a plan is refused, with the line that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plan is refused at line {line}: {what}")]
pub struct PlanError {
    /// The line in the file, from 1.
    pub line: usize,
    /// What is wrong there and what would be right.
    pub what: String,
}

impl From<Fault> for PlanError {
    fn from(fault: Fault) -> Self {
        Self { line: fault.line, what: fault.what }
    }
}

impl Plan {
    /// Reads a plan:
    ///
    /// ```toml
    /// length = "24h"
    ///
    /// [[phase]]
    /// title = "Phase 1: First 4 Hours"
    /// focus = "Critical system health"   # optional
    /// from = "0h"
    /// to = "4h"                          # its checkpoints come before this
    /// every = "1h"
    /// label = "Hour"                     # its checkpoints: Hour 1, Hour 2, …
    /// items = ["container_health", "logs_for_errors"]
    ///
    /// [[phase]]
    /// title = "Phase 3: Final Validation"
    /// at = "24h"                         # one checkpoint only
    /// label = "Final"
    /// items = ["ready_for_sign_off"]
    /// ```
    ///
    /// # Errors
    /// When the text is not TOML or the plan makes no sense, with the line that is wrong.
    ///
    /// ```
    /// # use watchkeeper_core::plan::Plan;
    /// let error = Plan::from_toml("length = \"0h\"").unwrap_err();
    /// assert_eq!(error.line, 1);
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, PlanError> {
        toml_tree::read(text, |root| {
            root.only(PLAN_KEYS)?;
            let length = length(root)?;
            let phases = match root.get("phase") {
                None => Vec::new(),
                Some(entry) => entry.list().map_err(|_| {
                    Fault::new(entry.line, "a phase is written under `[[phase]]`, in double brackets")
                })?,
            };
            if phases.is_empty() {
                return Err(Fault::new(
                    length.line,
                    "the plan has no phases: add at least one `[[phase]]` with title, at, label and items",
                )
                .into());
            }
            let mut reader = Reader { length: length.value, ..Reader::default() };
            let phases = phases.into_iter().map(|p| reader.phase(p)).collect::<Result<_, Fault>>()?;
            Ok(Self { length: length.value, phases })
        })
    }

    /// The plan as [`Plan::from_toml`] reads it. A phase's label is taken from its first checkpoint.
    pub fn to_toml(&self) -> String {
        let mut out = format!("length = {}\n", quoted(&exact(self.length)));
        for phase in &self.phases {
            // A String takes everything that is written to it.
            let _ = write_phase(&mut out, phase);
        }
        out
    }
}

/// What the phases read so far say about the next one.
#[derive(Default)]
struct Reader {
    length: Span,
    /// Start, end and title of the phase before.
    before: Option<(Span, Span, String)>,
    /// Every checkpoint id with the line of its label.
    ids: HashMap<String, usize>,
    checkpoints: u64,
}

/// When a phase has its checkpoints.
struct Times {
    from: Lined<Span>,
    to: Lined<Span>,
    every: Option<Lined<Span>>,
}

impl Reader {
    fn phase(&mut self, entry: Entry<'_>) -> Result<Phase, Fault> {
        let table = entry.table().map_err(|what| Fault::new(entry.line, what))?;
        table.only(PHASE_KEYS)?;
        let title = title(table, "title")?;
        let focus = table.read("focus", Entry::text)?;
        if let Some(focus) = &focus {
            plain(focus.line, "focus", focus.value)?;
        }
        let times = times(table)?;
        self.fits(&times, &title.value)?;
        let label = title_of_checkpoints(table)?;
        let checkpoints = self.checkpoints(&times, &label)?;
        let items = items(table)?;
        Ok(Phase {
            title: title.value,
            focus: focus.map_or_else(String::new, |f| f.value.trim().to_string()),
            from: times.from.value,
            to: times.to.value,
            every: times.every.map(|e| e.value),
            items,
            checkpoints,
        })
    }

    /// The phase lies within the session and after the phase before it.
    fn fits(&mut self, times: &Times, title: &str) -> Result<(), Fault> {
        let (from, to) = (times.from.value, times.to.value);
        if let Some((before_from, before_to, before_title)) = &self.before {
            let before = shown(before_title);
            if from < *before_from {
                return Err(Fault::new(
                    times.from.line,
                    format!(
                        "this phase starts at {}, before {before} above it, which starts at {}: put the phases in the \
                         order of time",
                        exact(from),
                        exact(*before_from)
                    ),
                ));
            }
            if from < *before_to {
                return Err(Fault::new(
                    times.from.line,
                    format!(
                        "this phase starts at {} and overlaps {before}, which ends at {}: let it start at \"{}\" or \
                         later",
                        exact(from),
                        exact(*before_to),
                        exact(*before_to)
                    ),
                ));
            }
        }
        if to > self.length {
            return Err(Fault::new(
                times.to.line,
                format!(
                    "{} is past the end of the session, which is {} long: write \"{}\" or less, or a longer `length`",
                    exact(to),
                    exact(self.length),
                    exact(self.length)
                ),
            ));
        }
        self.before = Some((from, to, title.to_string()));
        Ok(())
    }

    fn checkpoints(&mut self, times: &Times, label: &Lined<String>) -> Result<Vec<Checkpoint>, Fault> {
        let from = times.from.value;
        let Some(every) = &times.every else {
            self.count(1, times.from.line)?;
            return Ok(vec![self.checkpoint(&label.value, from, label.line)?]);
        };
        let n = (times.to.value.saturating_sub(from)).as_millis().div_ceil(every.value.as_millis().max(1));
        self.count(n, every.line)?;
        (0..n)
            .map(|i| {
                let title = format!("{} {}", label.value, i + 1);
                self.checkpoint(&title, from + every.value.times(i), label.line)
            })
            .collect()
    }

    fn count(&mut self, more: u64, line: usize) -> Result<(), Fault> {
        self.checkpoints = self.checkpoints.saturating_add(more);
        if self.checkpoints > MAX_CHECKPOINTS {
            return Err(Fault::new(
                line,
                format!(
                    "that makes {} checkpoints, and {MAX_CHECKPOINTS} are the most: between checkpoints the watch reads \
                     all the time anyway, so let them be further apart",
                    self.checkpoints
                ),
            ));
        }
        Ok(())
    }

    fn checkpoint(&mut self, title: &str, due: Span, line: usize) -> Result<Checkpoint, Fault> {
        let checkpoint = Checkpoint::new(title, due);
        if checkpoint.id.starts_with("extra-") {
            return Err(Fault::new(
                line,
                "checkpoints called `Extra` are those taken by hand between the planned ones: choose another label",
            ));
        }
        if let Some(first) = self.ids.insert(checkpoint.id.clone(), line) {
            return Err(Fault::new(
                line,
                format!(
                    "the checkpoint {} is there already (line {first}): give this phase another label",
                    shown(&checkpoint.id)
                ),
            ));
        }
        Ok(checkpoint)
    }
}

fn length(root: Table<'_>) -> Result<Lined<Span>, Fault> {
    let length = root
        .read("length", Entry::span)?
        .ok_or_else(|| Fault::new(root.line, "the plan says no length: begin with `length = \"24h\"`"))?;
    if length.value < Span::secs(1) || length.value > MAX_LENGTH {
        let what =
            format!("a session of {} is not possible: write 1s to 31d, such as \"24h\"", exact(length.value));
        return Err(Fault::new(length.line, what));
    }
    Ok(length)
}

fn times(table: Table<'_>) -> Result<Times, Fault> {
    let at = table.read("at", Entry::span)?;
    let from = table.read("from", Entry::span)?;
    let to = table.read("to", Entry::span)?;
    let every = table.read("every", Entry::span)?;
    let missing = |key: &str, example: &str| {
        Fault::new(table.line, format!("this phase has no `{key}`: add `{key} = \"{example}\"`"))
    };
    if let Some(at) = at {
        if let Some(other) = [from, to, every].into_iter().flatten().min_by_key(|o| o.line) {
            return Err(Fault::new(
                at.line.max(other.line),
                "a phase has either `at` (one checkpoint) or `from`, `to` and `every` (a series), not both",
            ));
        }
        return Ok(Times { from: at, to: at, every: None });
    }
    if from.is_none() && to.is_none() && every.is_none() {
        return Err(Fault::new(
            table.line,
            "this phase says no time: add `at` (one checkpoint) or `from`, `to` and `every` (a series)",
        ));
    }
    let from = from.ok_or_else(|| missing("from", "0h"))?;
    let to = to.ok_or_else(|| missing("to", "4h"))?;
    let every = every.ok_or_else(|| missing("every", "1h"))?;
    if to.value < from.value {
        let what =
            format!("`to` ({}) comes before `from` ({}): swap them", exact(to.value), exact(from.value));
        return Err(Fault::new(to.line, what));
    }
    if to.value == from.value {
        let what = format!(
            "the phase has no length: for one checkpoint write `at = \"{}\"` instead of `from`, `to` and `every`",
            exact(from.value)
        );
        return Err(Fault::new(to.line, what));
    }
    let long = to.value.saturating_sub(from.value);
    if every.value == Span::ZERO || every.value > long {
        let what = format!(
            "`every` is {}, but the phase is {} long: write more than 0s and at most \"{}\"",
            exact(every.value),
            exact(long),
            exact(long)
        );
        return Err(Fault::new(every.line, what));
    }
    Ok(Times { from, to, every: Some(every) })
}

fn items(table: Table<'_>) -> Result<Vec<Item>, Fault> {
    let list = table.read("items", Entry::list)?.ok_or_else(|| {
        Fault::new(
            table.line,
            "this phase has no `items`: add a list such as `items = [\"container_health\"]`",
        )
    })?;
    if list.value.is_empty() {
        return Err(Fault::new(
            list.line,
            "the checklist is empty: name at least one item, such as \"container_health\"",
        ));
    }
    let mut items: Vec<Item> = Vec::new();
    for entry in list.value {
        let id = entry.text().map_err(|what| Fault::new(entry.line, format!("`items`: {what}")))?;
        let item = Item::by_id(id).ok_or_else(|| Fault::new(entry.line, unknown_item(id)))?;
        if items.contains(&item) {
            let what = format!("the item {} is twice in this checklist: leave one out", shown(id));
            return Err(Fault::new(entry.line, what));
        }
        items.push(item);
    }
    Ok(items)
}

fn unknown_item(id: &str) -> String {
    let known = || Item::ALL.iter().map(|i| i.id());
    let advice = nearest(id, known()).map_or_else(
        || format!("known items are {}", known().collect::<Vec<_>>().join(", ")),
        |n| format!("did you mean `{n}`?"),
    );
    format!("the item {} is not known; {advice}", shown(id))
}

fn title_of_checkpoints(table: Table<'_>) -> Result<Lined<String>, Fault> {
    title(table, "label")
}

/// A text for people that must be there.
fn title(table: Table<'_>, key: &str) -> Result<Lined<String>, Fault> {
    let Some(found) = table.read(key, Entry::text)? else {
        let example = if key == "label" { "Hour" } else { "Phase 1: First 4 Hours" };
        return Err(Fault::new(
            table.line,
            format!("this phase has no `{key}`: add one, such as `{key} = \"{example}\"`"),
        ));
    };
    let text = found.value.trim();
    if text.is_empty() {
        return Err(Fault::new(found.line, format!("`{key}` is empty: write what people should read")));
    }
    plain(found.line, key, text)?;
    Ok(Lined { line: found.line, value: text.to_string() })
}

/// One line of ordinary length: it becomes a heading of the report.
fn plain(line: usize, key: &str, text: &str) -> Result<(), Fault> {
    if text.chars().any(char::is_control) || text.chars().count() > MAX_TITLE {
        let what =
            format!("`{key}` must be one line of at most {MAX_TITLE} characters without control characters");
        return Err(Fault::new(line, what));
    }
    seen(text).map_err(|what| Fault::new(line, format!("`{key}`: {what}")))
}

fn write_phase(out: &mut String, phase: &Phase) -> std::fmt::Result {
    writeln!(out, "\n[[phase]]\ntitle = {}", quoted(&phase.title))?;
    if !phase.focus.is_empty() {
        writeln!(out, "focus = {}", quoted(&phase.focus))?;
    }
    let first = phase.checkpoints.first().map_or("", |c| &c.title);
    match phase.every {
        Some(every) => {
            writeln!(out, "from = {}\nto = {}", quoted(&exact(phase.from)), quoted(&exact(phase.to)))?;
            let label = first.strip_suffix(" 1").unwrap_or(first);
            writeln!(out, "every = {}\nlabel = {}", quoted(&exact(every)), quoted(label))?;
        }
        None => writeln!(out, "at = {}\nlabel = {}", quoted(&exact(phase.from)), quoted(first))?,
    }
    writeln!(out, "items = [")?;
    for item in &phase.items {
        writeln!(out, "    {},", quoted(item.id()))?;
    }
    writeln!(out, "]")
}
