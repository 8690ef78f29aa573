//! What was done to the deployment because of an incident: who decided, stage by stage, and what came of it.

use watchkeeper_core::{
    action::{ActionKind, ActionOutcome},
    session::{Action, ActionState},
    view::IncidentView,
};

use super::Page;
use crate::{
    clock::{self, Days},
    doc::Doc,
    escape, words,
};

/// The actions that belong to `view`: those that name it, and those that name none while it lasted.
pub(super) fn of<'a>(page: &Page<'a>, view: &IncidentView) -> Vec<&'a Action> {
    let it = &view.incident;
    let end = it.closed.as_ref().map(|(m, _, _)| m.watch);
    page.view
        .actions
        .iter()
        .filter(|a| match a.order.incident {
            Some(id) => id == it.id,
            None => a.began.watch >= it.opened.watch && end.is_none_or(|end| a.began.watch <= end),
        })
        .collect()
}

/// Writes what was done because of `view`.
pub(super) fn section(page: &Page<'_>, view: &IncidentView, doc: &mut Doc) {
    for action in of(page, view) {
        one(action, doc);
    }
}

fn one(action: &Action, doc: &mut Doc) {
    let order = &action.order;
    let mut fields = vec![
        ("Decided by", format!("{}: {}", escape::text(&order.by), escape::text(&order.reason))),
        ("Began", clock::exact(action.began.utc)),
        ("Outcome", outcome(action)),
    ];
    if let Some(risk) = &order.accepted {
        fields.push(("Accepted risk", escape::text(risk)));
    }
    if let Some(plan) = &order.plan {
        fields.push((
            "Plan",
            format!(
                "{} from {} to {}; the container before is kept as {}; digest {}",
                escape::code(&plan.container),
                escape::code(&plan.from.name),
                escape::code(&plan.to.name),
                escape::code(&plan.aside),
                escape::code(&plan.digest.to_string())
            ),
        ));
    }
    if let Some((m, by, why)) = &action.undone {
        let (by, why) = (escape::text(by), escape::text(why));
        fields.push(("Undone", format!("from {}, decided by {by}: {why}", clock::exact(m.utc))));
    }
    doc.block(&format!("**{}**", escape::text(&words::capital(&action.label()))));
    doc.fields(fields);
    let mut days = Days::default();
    let rows: Vec<Vec<String>> = action
        .stages
        .iter()
        .map(|s| {
            vec![days.stamp(s.moment.utc), words::capital(s.stage.label()), escape::brief(&s.detail, 400)]
        })
        .collect();
    doc.table(&["Time (UTC)", "Stage", "How"], &rows);
}

fn outcome(action: &Action) -> String {
    match &action.ended {
        Some((m, outcome, detail)) => {
            let mark = match (outcome, action.order.kind) {
                (ActionOutcome::Done, _) => "✅",
                (ActionOutcome::Undone, ActionKind::RollBack) => "⚠️",
                _ => "❌",
            };
            let word = outcome.label().to_uppercase();
            format!("{mark} {word}, {}: {}", clock::exact(m.utc), escape::text(detail))
        }
        None if action.state == ActionState::Interrupted => {
            let found = action.interrupted.as_ref().map_or_else(String::new, |(_, why, _)| escape::text(why));
            format!("❌ HALF DONE, to be finished or undone: {found}")
        }
        None => "⏳ UNDER WAY".into(),
    }
}
