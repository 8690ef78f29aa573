//! How far the log was read, so that no line is lost and none is doubled.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

const SECOND: i64 = 1_000_000_000;
/// stdout and stderr are written to the log by two goroutines: a line may lie behind one that is a little younger (in
/// a flood of 100 000 lines, some hundred did, by up to 13 ms). This much is read again each time, in nanoseconds, …
const OVERLAP: i64 = 2 * SECOND;
/// … but no more than about this many parts, or a flood would be read again and again and never got through.
const OVERLAP_PARTS: u32 = 10_000;
/// The NAS's clock is known to the second, and some seconds may have passed since.
const CLOCKS: i64 = 60 * SECOND;

/// The place in a container's log. What was seen is known by its time and by how many parts had that very time: the
/// log only grows at its end, so of equal ones the first were the seen ones.
#[derive(Debug, Clone)]
pub(super) struct Cursor {
    /// Parts before this are of no interest. Nanoseconds since 1970.
    from: i64,
    /// How many parts were seen of each time, from there on.
    seen: BTreeMap<i64, u32>,
    /// After its clock was set back: the time of the last part before that, and how many had that very time. Only what
    /// stands behind them in the log is new.
    behind: Option<(i64, u32)>,
}

/// One reading of the log from [`Cursor::since`] on.
#[derive(Debug)]
pub(super) struct Pass {
    seen_before: BTreeMap<i64, u32>,
    behind: Option<(i64, u32)>,
}

impl Cursor {
    /// Begins with the first line at or after `from`, by the NAS's clock.
    pub(super) fn new(from: DateTime<Utc>) -> Self {
        Self { from: nanos(from), seen: BTreeMap::new(), behind: None }
    }

    /// What to ask the Engine for: seconds since 1970 with their fraction, as `/logs` takes them.
    pub(super) fn since(&self) -> String {
        let from = self.from.max(0);
        format!("{}.{:09}", from / SECOND, from % SECOND)
    }

    /// Begins to read from [`Cursor::since`].
    pub(super) fn pass(&self) -> Pass {
        Pass { seen_before: self.seen.clone(), behind: self.behind }
    }

    /// Whether the clock was set back: the NAS's `now` lies before what was read already.
    pub(super) fn is_ahead_of(&self, now: DateTime<Utc>) -> bool {
        self.from > nanos(now).saturating_add(CLOCKS)
    }

    /// Goes on after the clock was set back: what is new has times from `from` on, and stands behind all that was seen.
    pub(super) fn set_back(&mut self, from: DateTime<Utc>) {
        self.behind = self.seen.last_key_value().map(|(at, count)| (*at, *count));
        self.seen.clear();
        self.from = nanos(from);
    }

    /// After a pass through all that there is: where the last part of before was rotated away, all the rest is new.
    pub(super) fn read_whole(&mut self, pass: &Pass) {
        let over = self.behind.is_some_and(|(last, _)| self.from > last);
        if pass.behind.is_some() || over {
            self.behind = None;
        }
    }

    /// Whether a part with this time is new; if so, it is now seen.
    pub(super) fn take(&mut self, pass: &mut Pass, at: DateTime<Utc>) -> bool {
        let at = nanos(at);
        if let Some((last, left)) = &mut pass.behind {
            *left -= u32::from(at == *last && *left > 0);
            if *left == 0 {
                pass.behind = None;
            }
            return false;
        }
        if at < self.from {
            return false;
        }
        if let Some(left) = pass.seen_before.get_mut(&at)
            && *left > 0
        {
            *left -= 1;
            return false;
        }
        *self.seen.entry(at).or_default() += 1;
        true
    }

    /// After a pass: forgets what will not be read again. `quiet` says that the log was read to its end, and that its
    /// newest line is too old for another to lie behind it.
    ///
    /// A line with a time to come, by a clock that was set back since, moves nothing: or all that is written until that
    /// time has come would count as old. `now` is by the NAS's clock.
    pub(super) fn settle(&mut self, quiet: bool, now: DateTime<Utc>) {
        let until = nanos(now).saturating_add(CLOCKS);
        let Some((newest, _)) = self.seen.range(..=until).next_back() else { return };
        let mut from = self.from.max(if quiet { *newest } else { newest - OVERLAP });
        let mut parts = 0;
        for (at, count) in self.seen.range(..=until).rev() {
            parts += count;
            if parts > OVERLAP_PARTS {
                // A whole time, never a part of it.
                from = from.max(*at);
                break;
            }
        }
        self.from = from;
        self.seen = self.seen.split_off(&from);
    }
}

fn nanos(at: DateTime<Utc>) -> i64 {
    at.timestamp_nanos_opt().unwrap_or(if at.timestamp() < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Later than any time here.
    const END: DateTime<Utc> = DateTime::<Utc>::MAX_UTC;

    /// What the Engine would answer: all parts from the whole second on, in the log's order.
    fn read(cursor: &mut Cursor, log: &[i64], limit: usize) -> Vec<(usize, i64)> {
        let mut pass = cursor.pass();
        let (seconds, nanos) =
            cursor.since().split_once('.').map(|(s, n)| (s.to_owned(), n.to_owned())).unwrap();
        let since = seconds.parse::<i64>().unwrap() * SECOND + nanos.parse::<i64>().unwrap();
        let mut new = Vec::new();
        for (i, at) in log.iter().enumerate().filter(|(_, at)| **at >= since) {
            if new.len() == limit {
                break;
            }
            if cursor.take(&mut pass, DateTime::from_timestamp_nanos(*at)) {
                new.push((i, *at));
            }
        }
        cursor.settle(false, END);
        new
    }

    #[test]
    fn what_lies_before_the_beginning_is_left() {
        let mut cursor = Cursor::new(DateTime::from_timestamp_nanos(5 * SECOND + 500));
        assert_eq!(cursor.since(), "5.000000500");
        let times: Vec<i64> = read(&mut cursor, &[4 * SECOND, 5 * SECOND, 5 * SECOND + 500, 6 * SECOND], 99)
            .iter()
            .map(|n| n.1)
            .collect();
        assert_eq!(times, [5 * SECOND + 500, 6 * SECOND]);
    }

    #[test]
    fn a_late_part_of_the_other_stream_is_found() {
        let mut cursor = Cursor::new(DateTime::from_timestamp_nanos(0));
        let mut log = vec![10 * SECOND + 5];
        assert_eq!(read(&mut cursor, &log, 99).len(), 1);
        log.push(10 * SECOND + 4);
        log.push(10 * SECOND + 5);
        assert_eq!(read(&mut cursor, &log, 99), [(1, 10 * SECOND + 4), (2, 10 * SECOND + 5)]);
        assert_eq!(read(&mut cursor, &log, 99), []);
    }

    #[test]
    fn a_line_of_tomorrow_hides_nothing_of_today() {
        let now = DateTime::from_timestamp_nanos(100 * SECOND);
        let mut cursor = Cursor::new(DateTime::from_timestamp_nanos(0));
        let mut pass = cursor.pass();
        for at in [99 * SECOND, 90_000 * SECOND] {
            assert!(cursor.take(&mut pass, DateTime::from_timestamp_nanos(at)));
        }
        cursor.settle(true, now);
        assert_eq!(cursor.since(), "99.000000000");
        let mut pass = cursor.pass();
        for (at, new) in [(99, false), (90_000, false), (101, true)] {
            assert_eq!(cursor.take(&mut pass, DateTime::from_timestamp_nanos(at * SECOND)), new, "{at}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_costs_and_doubles_no_line() {
        const HOUR: i64 = 3_600;
        let time = |s: i64| DateTime::from_timestamp_nanos(s * SECOND);
        let ask = |cursor: &mut Cursor, log: &[i64], now: i64, limit: usize| -> Vec<i64> {
            let mut pass = cursor.pass();
            let since = cursor.from;
            let parts = log.iter().filter(|at| **at * SECOND >= since);
            let mut new = Vec::new();
            for at in parts {
                if new.len() == limit {
                    cursor.settle(false, time(now));
                    return new;
                }
                if cursor.take(&mut pass, time(*at)) {
                    new.push(*at);
                }
            }
            cursor.read_whole(&pass);
            cursor.settle(false, time(now));
            new
        };
        for rotated in [false, true] {
            let mut cursor = Cursor::new(time(0));
            let mut log: Vec<i64> = (HOUR..2 * HOUR).step_by(10).collect();
            log.push(2 * HOUR - 10);
            let now = 2 * HOUR;
            assert_eq!(ask(&mut cursor, &log, now, usize::MAX), log);
            assert!(!cursor.is_ahead_of(time(now)));

            let now = HOUR + 5;
            assert!(cursor.is_ahead_of(time(now)));
            cursor.set_back(time(now - 60));
            if rotated {
                log.clear();
            }
            let new: Vec<i64> = (HOUR..HOUR + 100).step_by(20).collect();
            log.extend(&new);
            let mut found = Vec::new();
            // The first pass may find out that it was rotated away; then they are cut into bounded ones.
            for _ in 0..6 {
                found.extend(ask(&mut cursor, &log, now + 100, 2));
            }
            assert_eq!(found, new, "rotated: {rotated}");
            log.push(HOUR + 100);
            assert_eq!(ask(&mut cursor, &log, now + 100, 99), [HOUR + 100], "rotated: {rotated}");
            // Once the time of before has come again, all is as it was.
            log.extend([2 * HOUR + 1, 2 * HOUR + 2]);
            assert_eq!(ask(&mut cursor, &log, 2 * HOUR + 2, 99), [2 * HOUR + 1, 2 * HOUR + 2]);
            assert!(ask(&mut cursor, &log, 2 * HOUR + 2, 99).is_empty());
            assert_eq!(cursor.behind, None);
        }
    }

    #[test]
    fn what_is_remembered_is_bounded_by_the_overlap() {
        let mut cursor = Cursor::new(DateTime::from_timestamp_nanos(0));
        let log: Vec<i64> = (0..10_000).map(|i| i * SECOND / 10).collect();
        assert_eq!(read(&mut cursor, &log, usize::MAX).len(), 10_000);
        assert_eq!(cursor.seen.len(), 21, "two seconds of tenths");
        let mut flood = Cursor::new(DateTime::from_timestamp_nanos(0));
        let mut log: Vec<i64> = (0..50_000).map(|i| i * 1_000).collect();
        assert_eq!(read(&mut flood, &log, usize::MAX).len(), 50_000);
        assert_eq!(flood.seen.len(), OVERLAP_PARTS as usize + 1);
        assert_eq!(read(&mut flood, &log, usize::MAX), []);
        flood.settle(true, END);
        assert_eq!(flood.seen.len(), 1);
        log.push(49_999_000);
        assert_eq!(read(&mut flood, &log, usize::MAX), [(50_000, 49_999_000)], "of the very same time");
    }

    proptest! {
        /// However the log grows, is shuffled within a second, cut into bounded passes or rotated away: each part is
        /// read once, as long as it is still there when its turn comes.
        #[test]
        fn each_part_is_read_once(
            steps in prop::collection::vec((0i64..3 * SECOND, 0u32..4, 0i64..SECOND), 1..60),
            limit in 1usize..7,
        ) {
            let mut cursor = Cursor::new(DateTime::from_timestamp_nanos(0));
            let (mut log, mut clock, mut found) = (Vec::new(), 0, Vec::new());
            for (step, equal, behind) in steps {
                clock += step;
                let at = (clock - behind).max(0);
                log.extend(std::iter::repeat_n(at, equal as usize));
                loop {
                    let new = read(&mut cursor, &log, limit);
                    found.extend(new.iter().map(|n| n.0));
                    if new.len() < limit { break; }
                }
            }
            prop_assert_eq!(found, (0..log.len()).collect::<Vec<_>>());
        }
    }
}
