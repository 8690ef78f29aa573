//! Which records a batch keeps in full when there are more than it may keep.

use super::{LogBatch, LogRecord, Sign};

/// Keeps `record` in `batch`, or counts what is left out for it. Each kind of problem comes before the second record of
/// the same kind, and the graver before the lesser.
pub(super) fn keep(batch: &mut LogBatch, record: LogRecord) {
    if batch.notable.len() < LogBatch::MAX_NOTABLE {
        batch.notable.push(record);
        return;
    }
    batch.left_out = batch.left_out.saturating_add(1);
    let is_new = !batch.notable.iter().any(|kept| kept.fingerprint == record.fingerprint);
    if !is_new {
        return;
    }
    if let Some(place) = least(&batch.notable)
        && (is_repeated(&batch.notable, place)
            || batch.notable.get(place).is_some_and(|kept| weight(kept) < weight(&record)))
        && let Some(kept) = batch.notable.get_mut(place)
    {
        *kept = record;
    }
}

/// The gravest first; among equals as they came in.
pub(super) fn sort(records: &mut [LogRecord]) {
    records.sort_by_key(|r| (std::cmp::Reverse(weight(r)), r.at));
}

/// Where the record stands that is missed least: one whose like is kept too, or else the least grave; the newest of
/// those.
fn least(kept: &[LogRecord]) -> Option<usize> {
    (0..kept.len())
        .rev()
        .filter_map(|at| kept.get(at).map(|record| (at, !is_repeated(kept, at), weight(record))))
        .min_by_key(|(_, only, weight)| (*only, *weight))
        .map(|(at, ..)| at)
}

fn is_repeated(kept: &[LogRecord], at: usize) -> bool {
    let like = |r: &&LogRecord| kept.get(at).is_some_and(|one| one.fingerprint == r.fingerprint);
    kept.iter().filter(like).count() > 1
}

/// Damaged data first, then the level, then whether the record has a sign.
fn weight(record: &LogRecord) -> (bool, super::Level, bool) {
    (record.sign == Some(Sign::DataCorruption), record.level, record.sign.is_some())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{super::Level, *};

    fn record(level: Level, fingerprint: &str, sign: Option<Sign>) -> LogRecord {
        let text = fingerprint.to_owned();
        LogRecord { at: DateTime::UNIX_EPOCH, level, logger: None, fingerprint: text.clone(), text, sign }
    }

    #[test]
    fn a_flood_of_one_problem_hides_no_other() {
        let mut batch = LogBatch::default();
        for _ in 0..500 {
            keep(&mut batch, record(Level::Critical, "flood", None));
        }
        keep(&mut batch, record(Level::Warning, "other", None));
        keep(&mut batch, record(Level::Info, "slow", Some(Sign::SlowQuery)));
        assert_eq!(batch.notable.len(), LogBatch::MAX_NOTABLE);
        assert_eq!(batch.left_out, 462);
        sort(&mut batch.notable);
        assert_eq!(batch.notable.iter().filter(|r| r.text == "flood").count(), 38);
        assert_eq!(batch.notable.last().map(|r| r.text.as_str()), Some("slow"));
    }

    #[test]
    fn among_many_problems_the_gravest_stay() {
        let mut batch = LogBatch::default();
        for n in 0..100 {
            keep(&mut batch, record(Level::Warning, &format!("w{n}"), None));
        }
        for n in 0..39 {
            keep(&mut batch, record(Level::Error, &format!("e{n}"), None));
        }
        keep(&mut batch, record(Level::Info, "damage", Some(Sign::DataCorruption)));
        sort(&mut batch.notable);
        assert_eq!(batch.notable.first().map(|r| r.text.as_str()), Some("damage"));
        assert_eq!(batch.notable.iter().filter(|r| r.level == Level::Error).count(), 39);
        assert_eq!(batch.notable.len() + batch.left_out as usize, 140);
    }
}
