//! Named days.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use watchkeeper_core::{
    action::{ActionRules, Policy},
    reading::Source,
    time::Span,
};

use crate::{
    fault::{Fault, FaultKind},
    layout::Layout,
};

/// What goes wrong in a world, and under which name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// How it is asked for: `slow-database`.
    pub name: Cow<'static, str>,
    /// One line for a heading.
    pub title: Cow<'static, str>,
    /// One line for `--help`.
    pub description: Cow<'static, str>,
    /// In how many containers the deployment runs.
    #[serde(default, skip_serializing_if = "Layout::is_one")]
    pub layout: Layout,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// What the watch may do by itself.
    #[serde(default)]
    pub actions: ActionRules,
}

impl Scenario {
    /// Every named scenario, `day` first.
    pub fn all() -> Vec<Self> {
        use FaultKind as Kind;
        let at = Span::mins;
        let named = |name, title, description, faults: &[Fault]| Self {
            name: Cow::Borrowed(name),
            title: Cow::Borrowed(title),
            description: Cow::Borrowed(description),
            layout: Layout::One,
            faults: faults.to_vec(),
            actions: ActionRules::default(),
        };
        let by_itself = |scenario: Self| Self {
            actions: ActionRules { restart: Policy::Auto, roll_back: Policy::Auto, ..ActionRules::default() },
            ..scenario
        };
        let in_three = |scenario: Self| Self { layout: Layout::Three, ..scenario };
        vec![
            named(
                "day",
                "An ordinary first day",
                "a slow database in the evening, this PC offline at night, one crash early in the morning",
                &[
                    Fault::new(Kind::SlowDatabase { ms: 1_400 }, at(3 * 60 + 17), at(4)),
                    Fault::new(Kind::PcOffline, at(9 * 60 + 43), at(11)),
                    // Started at 16:30, as the written session was, this is 04:37.
                    Fault::new(Kind::ContainerCrash { exit_code: 1 }, at(12 * 60 + 7), Span::secs(8)),
                ],
            ),
            named("healthy", "Nothing goes wrong", "a whole healthy day", &[]),
            named(
                "crash",
                "The container crashes",
                "the process ends with code 3 after 40 minutes and the restart policy starts it again",
                &[Fault::new(Kind::ContainerCrash { exit_code: 3 }, at(40), Span::secs(10))],
            ),
            named(
                "down",
                "The container stays down",
                "the process ends with code 1 after 20 minutes, and for half an hour nothing starts it again",
                &[Fault::new(Kind::ContainerCrash { exit_code: 1 }, at(20), at(30))],
            ),
            named(
                "oom",
                "The container runs out of memory",
                "the kernel kills the container after 50 minutes; it is started again",
                &[Fault::new(Kind::OomKill, at(50), Span::secs(5))],
            ),
            named(
                "slow-database",
                "The database is slow",
                "every query takes 1.6 s for half an hour",
                &[Fault::new(Kind::SlowDatabase { ms: 1_600 }, at(75), at(30))],
            ),
            named(
                "database-down",
                "The database is gone",
                "the database refuses connections for ten minutes",
                &[Fault::new(Kind::DatabaseDown, at(90), at(10))],
            ),
            named(
                "memory-leak",
                "Memory leaks",
                "40 MiB an hour from the first hour on, until the kernel ends it",
                &[Fault::lasting(Kind::MemoryLeak { mib_per_hour: 40.0 }, at(60))],
            ),
            named(
                "login-broken",
                "Nobody can log in",
                "the login answers HTTP 500 from 2 h 30 min on, for two hours",
                &[Fault::new(Kind::LoginBroken, at(150), at(120))],
            ),
            named(
                "flaky",
                "The API fails now and then",
                "one API request in three answers HTTP 500 for 40 minutes",
                &[Fault::new(Kind::FlakyEndpoint { source: Source::Api, share: 0.33 }, at(100), at(40))],
            ),
            named(
                "log-errors",
                "Errors pile up in the log",
                "one error a minute for two hours while all else looks well",
                &[Fault::new(Kind::LogErrors { per_hour: 60 }, at(120), at(120))],
            ),
            named(
                "breach",
                "Somebody tries passwords",
                "two refused logins a second for 20 minutes",
                &[Fault::new(Kind::FailedLoginFlood { per_minute: 120 }, at(200), at(20))],
            ),
            named(
                "data-loss",
                "Data is lost",
                "a third of all rows is gone after three hours, and a damaged page is logged",
                &[
                    Fault::lasting(Kind::DataLoss { percent: 33.0 }, at(180)),
                    Fault::new(Kind::CorruptionInLog, at(180), at(20)),
                ],
            ),
            named(
                "offline",
                "This PC is offline",
                "no network here for half an hour, and the router fails later: nothing is held against the SMS",
                &[
                    Fault::new(Kind::PcOffline, at(130), at(30)),
                    Fault::new(Kind::NetworkDown, at(400), at(10)),
                ],
            ),
            named(
                "nas-down",
                "The NAS does not answer",
                "the NAS is unreachable for 15 minutes although the network is there",
                &[Fault::new(Kind::NasDown, at(170), at(15))],
            ),
            named(
                "api-down-ask",
                "The API fails, and a person decides",
                "the API answers HTTP 500 from 45 minutes on, until somebody rolls back; a restart does not help",
                &[Fault::lasting(Kind::ApiDown, at(45))],
            ),
            by_itself(named(
                "api-down-auto",
                "The watch rolls back by itself",
                "the API answers HTTP 500 from 45 minutes on; the watch restarts, which does not help, and rolls back",
                &[Fault::lasting(Kind::ApiDown, at(45))],
            )),
            by_itself(named(
                "undone-auto",
                "A roll back is undone",
                "the NAS is too busy to answer for an hour; the watch rolls back, which does not help, and undoes it",
                &[Fault::new(Kind::PerformanceDip { factor: 200.0 }, at(45), at(60))],
            )),
            in_three(named(
                "three-containers",
                "Three containers",
                "the front end's container crashes once after an hour, and later the database's stays down for 12 minutes",
                &[
                    Fault::new(Kind::FrontEndCrash { exit_code: 1 }, at(60), Span::secs(8)),
                    Fault::new(Kind::DatabaseCrash { exit_code: 1 }, at(150), at(12)),
                ],
            )),
            in_three(by_itself(named(
                "database-container-auto",
                "The watch restarts the database's container",
                "the database's container ends after 45 minutes and stays down; the watch restarts it, and all is well again",
                &[Fault::lasting(Kind::DatabaseCrash { exit_code: 1 }, at(45))],
            ))),
        ]
    }

    /// The scenario called `name`.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|s| s.name == name)
    }

    /// A scenario without a name of its own, for tests.
    pub fn of(name: impl Into<Cow<'static, str>>, faults: Vec<Fault>) -> Self {
        let name = name.into();
        Self {
            title: name.clone(),
            description: name.clone(),
            name,
            layout: Layout::One,
            faults,
            actions: ActionRules::default(),
        }
    }

    /// The same in `layout`.
    #[must_use]
    pub fn in_layout(self, layout: Layout) -> Self {
        Self { layout, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_the_names_are_there_and_say_what_they_do() {
        let all = Scenario::all();
        let names: Vec<&str> = all.iter().map(|s| s.name.as_ref()).collect();
        assert_eq!(
            names,
            [
                "day",
                "healthy",
                "crash",
                "down",
                "oom",
                "slow-database",
                "database-down",
                "memory-leak",
                "login-broken",
                "flaky",
                "log-errors",
                "breach",
                "data-loss",
                "offline",
                "nas-down",
                "api-down-ask",
                "api-down-auto",
                "undone-auto",
                "three-containers",
                "database-container-auto"
            ]
        );
        for scenario in &all {
            assert!(!scenario.title.is_empty() && !scenario.description.is_empty());
            assert!(!scenario.description.contains('\n'));
            assert_eq!(Scenario::by_name(&scenario.name).as_ref(), Some(scenario));
            assert_eq!(scenario.faults.is_empty(), scenario.name == "healthy");
            assert_eq!(scenario.actions.is_default(), !scenario.name.ends_with("-auto"), "{}", scenario.name);
        }
        assert_eq!(Scenario::by_name("Healthy"), None);
    }

    #[test]
    fn the_layout_is_written_where_it_is_not_the_usual_one() {
        for (name, written) in [("day", None), ("three-containers", Some("three"))] {
            let scenario = Scenario::by_name(name).unwrap();
            let json = serde_json::to_value(&scenario).unwrap();
            assert_eq!(json.get("layout").and_then(|l| l.as_str()), written, "{name}");
            assert_eq!(serde_json::from_value::<Scenario>(json).unwrap(), scenario);
        }
    }
}
