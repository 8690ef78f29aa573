//! The Markdown report: the document's sections in its order, honest about what is not there yet, and harmless.

mod support;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use watchkeeper_core::{event::Pace, session::Command, time::Span, verdict::Decision};
use watchkeeper_report::{Format, Report, incident_markdown, markdown, suggested_name};

use support::{HOSTILE, Watch, opening};

fn all() -> Vec<(&'static str, Report)> {
    [
        ("just opened", Watch::open(opening())),
        ("healthy", support::healthy()),
        ("slow database", support::slow_database()),
        ("crash", support::crash()),
        ("crash, open", support::crash_open()),
        ("interrupted", support::interrupted()),
        ("hostile", support::hostile(HOSTILE)),
    ]
    .map(|(name, watch)| (name, watch.report()))
    .into()
}

/// Level and text of each heading.
fn headings(markdown: &str) -> Vec<(HeadingLevel, String)> {
    let mut found = Vec::new();
    let mut inside = None;
    for event in Parser::new_ext(markdown, Options::all()) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => inside = Some((level, String::new())),
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, heading)) = &mut inside {
                    *heading += &text;
                }
            }
            Event::End(TagEnd::Heading(_)) => found.extend(inside.take()),
            _ => {}
        }
    }
    found
}

/// The written session log's headings, in its order, with what the report has beyond them at the end.
const SECTIONS: [(HeadingLevel, &str); 27] = {
    use HeadingLevel::{H1, H2, H3, H4};
    [
        (H1, "Production Monitoring Session - v1.15.1"),
        (H2, "📊 Monitoring Overview"),
        (H2, "✅ Initial Verification Checklist"),
        (H3, "HOUR 0 (Session Start) - Jan 10 16:30 UTC"),
        (H4, "Verification 1: Version Confirmation"),
        (H4, "Verification 2: GitHub Actions Workflows"),
        (H4, "Verification 3: Production Deployment Status"),
        (H4, "Verification 4: Security Status"),
        (H2, "📈 24-Hour Monitoring Schedule"),
        (H3, "Phase 1: First 4 Hours (HOURLY CHECKS) ⏱️"),
        (H3, "Phase 2: Next 20 Hours (4-HOURLY CHECKS) ⏱️"),
        (H3, "Phase 3: Final Validation (SESSION END) ⏱️"),
        (H2, "📊 Performance Baselines"),
        (H3, "Target Metrics"),
        (H2, "🔍 Issue Detection Matrix"),
        (H3, "Critical Issues (Stop Deployment if found)"),
        (H3, "Major Issues (Document & Plan Fix)"),
        (H3, "Minor Issues (Log & Continue)"),
        (H2, "📋 Monitoring Log"),
        (H2, "🎯 Success Criteria"),
        (H2, "📞 Escalation Procedures"),
        (H3, "If Critical Issue Detected"),
        (H3, "If Major Issue Detected"),
        (H3, "If Minor Issue Detected"),
        (H2, "📝 Session Notes"),
        (H2, "📊 Summary Dashboard"),
        (H2, "Next Steps"),
    ]
};

#[test]
fn the_documents_sections_come_in_its_order() {
    for (name, report) in all().into_iter().filter(|(name, _)| *name != "hostile") {
        let found = headings(&markdown(&report));
        let mut rest = found.iter();
        for (level, title) in SECTIONS {
            assert!(
                rest.any(|(l, t)| *l == level && t == title),
                "{name}: no {title:?} in its place in {found:#?}"
            );
        }
        assert!(rest.any(|(_, t)| t == "Sign-Off") && rest.any(|(_, t)| t == "Provenance"), "{name}");
    }
}

#[test]
fn no_section_is_empty_and_the_text_is_tidy() {
    for (name, report) in all() {
        let text = markdown(&report);
        let lines: Vec<&str> = text.lines().collect();
        for (i, pair) in lines.windows(2).enumerate() {
            assert!(!(pair[0].is_empty() && pair[1].is_empty()), "{name}: two blank lines at {i}");
        }
        assert!(lines.iter().all(|l| !l.ends_with(' ')), "{name}: a trailing blank");
        assert!(!text.contains('\r') && text.ends_with("-->\n"), "{name}");
        let mut before: Option<HeadingLevel> = None;
        for event in Parser::new_ext(&text, Options::all()) {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    assert!(before.is_none_or(|b| b < level), "{name}: an empty section");
                    before = Some(level);
                }
                Event::End(TagEnd::Heading(_)) | Event::Text(_) if before.is_some() => {}
                _ => before = None,
            }
        }
    }
}

#[test]
fn a_days_log_has_each_checkpoint() {
    let text = markdown(&support::healthy().report());
    let log: Vec<String> = headings(&text)
        .into_iter()
        .skip_while(|(_, t)| t != "📋 Monitoring Log")
        .skip(1)
        .take_while(|(level, _)| *level > HeadingLevel::H2)
        .map(|(_, t)| t)
        .collect();
    assert_eq!(
        log,
        [
            "Hour 1 (Jan 10 16:30 - 17:30 UTC) ✅ COMPLETE",
            "Hour 2 (Jan 10 17:30 - 18:30 UTC) ✅ COMPLETE",
            "Hour 3 (Jan 10 18:30 - 19:30 UTC) ✅ COMPLETE",
            "Hour 4 (Jan 10 19:30 - 20:30 UTC) ✅ COMPLETE",
            "Check 1 (Jan 10 20:30 - Jan 11 00:30 UTC) ✅ COMPLETE",
            "Check 2 (Jan 11 00:30 - 04:30 UTC) ✅ COMPLETE",
            "Check 3 (Jan 11 04:30 - 08:30 UTC) ✅ COMPLETE",
            "Check 4 (Jan 11 08:30 - 12:30 UTC) ✅ COMPLETE",
            "Check 5 (Jan 11 12:30 - 16:30 UTC) ✅ COMPLETE",
            "Final (Jan 11 16:30 UTC) ✅ COMPLETE",
            "Timeline",
        ]
    );
    for field in ["Time", "Status", "Health Checks", "Observations", "Actions Taken", "Issues Found"] {
        let of_it = text.lines().filter(|l| l.starts_with(&format!("- **{field}**:"))).count();
        assert!(of_it >= 10, "{field} {of_it} times");
    }
}

/// What each session has to say, and what it must not.
#[test]
fn each_session_says_what_it_is() {
    let reports = all();
    for (name, says, says_not) in [
        (
            "just opened",
            &[
                "**Status**: 🟡 IN PROGRESS (just begun, 24 h remaining)",
                "it is not finished",
                "**Hour 2**: ⏳ PENDING, due Jan 10, 17:30 UTC",
                "**Final**: ⏳ PENDING, due Jan 11, 16:30 UTC",
                "✍️ OWED (3 of 3 lines wait for a person)",
                "## Sign-Off\n\n⏳ PENDING.",
            ][..],
            &["### Timeline of", "SIMULATED", "REHEARSAL"][..],
        ),
        (
            "healthy",
            &[
                "**Status**: ✅ SIGNED OFF: APPROVED\n",
                "**Verdict**: ✅ PASS — all ten criteria are met",
                "**Status**: ✅ VERIFIED",
                "**Status**: ✅ READY FOR SIGN-OFF",
                "🟢 NONE DETECTED\n",
                "No critical incident.",
                "owner: Deployment done, release notes are out.",
                "**Remark**: Good to stay.",
                "17,460 of 17,460",
                "100 % observed, no gap",
            ],
            &["PENDING", "so far\n", "not finished", "at a glance", "FAILED"],
        ),
        (
            "slow database",
            &[
                "**Status**: 🟡 IN PROGRESS (7 h completed, 17 h remaining)",
                "**Issues**: 🟠 0 critical, 1 major, 1 minor; none open",
                "**Next**: Check 2 at ",
                "[x] 🟠 **Slow database queries**: 1 incident\n",
                "🟠 1 DETECTED, NONE OPEN",
                "the nightly backup runs, looking at it",
                "❌ FAIL so far — not met: Database operations normal",
                "No critical incident so far.",
                "**Since Then**",
                "#### 🟠 Incident #2: Slow database queries",
            ],
            // Only a critical one has a clock.
            &["**Steps**"],
        ),
        (
            "crash",
            &[
                "#### 🔴 Incident #1: Container crashes/restarts (container)",
                "| Restart the container | 23:17:00 | ✅ DONE 23:15:00 | owner | docker start sms-app |",
                "| Roll back to v1.14.3 | 23:27:00 | ➖ NOT NEEDED, recovered before | — | — |",
                "MemoryError: cannot allocate 512 MiB for the grade export\n```",
                "The last 20 of 43 stored log lines:",
                "| health | 23:12:00 | ❌ MISSING | connection to 192.168.1.20:8080 refused |",
                "**Acknowledged**: Jan 10, 23:14:00 UTC by owner, after 2 min: restarting it",
                "**Recovered**: Jan 10, 23:17:00 UTC, after 5 min",
                "**Root cause**: The grade export asks for 512 MiB at once",
                "Acknowledged by owner after 2 min",
                "Done in time: restart the container",
            ],
            &["Incident #2"],
        ),
        (
            "crash, open",
            &[
                "**State**: 🔴 OPEN",
                "**Issues**: 🔴 1 critical, 0 major, 0 minor; 1 open",
                "**Next**: Acknowledge #1 Container crashes/restarts (container)",
                "**Acknowledged**: ❌ BY NOBODY",
                "**Recovered**: ⏳ NOT YET, it lasts for 2 min",
                "| Restart the container | 23:17:00 | ⏳ DUE | — | — |",
                "**Root cause**: ✍️ _to be filled in by a person_",
                "Nobody acknowledged it",
                "Status: 🔴 CRITICAL ISSUE OPEN",
                "Production Deployment Status: 🔴 EXITED",
            ],
            &["RECOVERED"],
        ),
        (
            "interrupted",
            &[
                "🟠 INTERRUPTED",
                "nobody watches until it is resumed",
                "**Hour 3**: ⚠️ MISSED (PC asleep or standing still)",
                "a late one was taken Jan 10, 19:46 UTC: ✅ HEALTHY",
                "2 gaps, 2 h 27 min unobserved",
                "| Jan 10 18:10:00 | 19:46:00 | 1 h 36 min | PC asleep or standing still |",
                "| 23:14:57 | Jan 11 00:05:57 | 51 min | watch not running |",
                "⚠️ the PC's clock stepped once",
                "back by 3 s",
                "watchkeeper 0.1.0, then watchkeeper 0.1.1",
                // Three seconds of a clock's step do not make planned times illegible.
                "24 hours (Jan 10 16:30 - Jan 11 16:30 UTC)",
            ],
            &["16:29 UTC"],
        ),
    ] {
        let text = markdown(&reports.iter().find(|(n, _)| *n == name).unwrap().1);
        for line in says {
            assert!(text.contains(line), "{name} does not say {line:?}:\n{text}");
        }
        for line in says_not {
            assert!(!text.contains(line), "{name} says {line:?}:\n{text}");
        }
    }
}

#[test]
fn what_is_no_real_watch_says_so_at_both_ends() {
    let mut simulated = opening();
    simulated.simulated = Some("memory leak".into());
    simulated.pace = Pace { speed: 720.0, utc_follows: true };
    let mut rehearsal = opening();
    rehearsal.pace = Pace { speed: 720.0, utc_follows: false };
    for (opening, words, name) in [
        (simulated, &["SIMULATED", "memory leak", "REHEARSAL", "720 times"][..], "-simulated.md"),
        (rehearsal, &["REHEARSAL", "720 times"], "-rehearsal.md"),
    ] {
        let mut watch = Watch::open(opening);
        watch.minutes(30);
        let report = watch.report();
        let text = markdown(&report);
        let lines: Vec<&str> = text.lines().collect();
        let (top, bottom) = (lines[..8].join("\n"), lines[lines.len() - 8..].join("\n"));
        for word in words {
            assert!(top.contains(word) && bottom.contains(word), "{word}:\n{top}\n…\n{bottom}");
        }
        assert!(suggested_name(&report.view, Format::Markdown).ends_with(name));
    }
    // Hours that pass in seconds are told with their seconds.
    let mut rehearsal = opening();
    rehearsal.pace = Pace { speed: 720.0, utc_follows: false };
    let text = markdown(&Watch::open(rehearsal).report());
    assert!(text.contains("**Hour 2**: ⏳ PENDING, due Jan 10, 16:30:05 UTC"), "{text}");
}

/// Text from outside changes what is read, never how: a session full of hostile text has the structure of one with
/// plain words in the same places.
#[test]
fn text_from_outside_is_only_text() {
    let words = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda",
        "omicron",
    ];
    let structure = |markdown: &str| -> Vec<String> {
        Parser::new_ext(markdown, Options::all())
            .filter(|e| !matches!(e, Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak))
            // The seal is the one piece of HTML; its hashes differ.
            .map(|e| if let Event::Html(_) = e { "Html".into() } else { format!("{e:?}") })
            .collect()
    };
    let hostile = structure(&markdown(&support::hostile(HOSTILE).report()));
    let plain = structure(&markdown(&support::hostile(words).report()));
    for (place, (a, b)) in hostile.iter().zip(&plain).enumerate() {
        assert_eq!(a, b, "at {place}, after {:?}", &hostile[place.saturating_sub(6)..place]);
    }
    assert_eq!(hostile.len(), plain.len());
    assert!(hostile.iter().all(|e| !e.contains("Link") && !e.contains("Image") && !e.contains("InlineHtml")));
    assert_eq!(hostile.iter().filter(|e| *e == "Html").count(), 1);
}

#[test]
fn an_incidents_record_can_be_had_alone() {
    let report = support::crash().report();
    let alone = incident_markdown(&report, 1).unwrap();
    assert!(alone.starts_with("# 🔴 Incident #1: Container crashes/restarts (container)\n"));
    let body = alone.split_once('\n').unwrap().1.split_once("\n---\n").unwrap().0;
    let whole = markdown(&report);
    assert!(whole.contains(body.trim()), "the report has the same record");
    let names = report.names(&report.stem, &Format::ALL);
    let own = "SMS-v1.15.1-2026-01-10-watch-incident-1.md";
    assert_eq!(names, ["SMS-v1.15.1-2026-01-10-watch.md", "SMS-v1.15.1-2026-01-10-watch.json", own]);
    assert!(whole.contains(own), "the session's report names the incident's");
    let head = format!("entry {}, `{}`", report.view.head.seq, report.view.head.hash);
    assert!(alone.contains(&head) && alone.contains("SMS-v1.15.1-2026-01-10-watch.md"), "{alone}");
    for word in
        ["To detect", "To restart", "To roll back", "To recover", "Post-Mortem", "Evidence", "Timeline"]
    {
        assert!(alone.contains(word), "no {word}");
    }
    let proven = watchkeeper_report::verify(alone.as_bytes()).unwrap();
    assert_eq!(proven.head_hash, report.view.head.hash, "it can be proven as the session's can");
    let files = report.clone().called("mine").files(&[Format::Markdown]).unwrap();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["mine.md", "mine-incident-1.md"]);
    assert!(files[0].1.contains("mine-incident-1.md"));
    assert!(report.names("mine", &[Format::Json]).iter().all(|name| name.ends_with(".json")));
    assert_eq!(incident_markdown(&report, 2), None);
    assert_eq!(incident_markdown(&report, 0), None);
}

#[test]
fn a_suspicion_says_what_a_person_made_of_it() {
    let (by, remark) = ("The admin".to_owned(), "our *backup*".to_owned());
    let confirm = Command::Confirm { incident: 1, by: by.clone(), remark: remark.clone() };
    let dismiss = Command::Dismiss { incident: 1, by, remark };
    for (commands, judged, issues) in [
        (vec![], "❔ NOT YET, to be confirmed or dismissed by a person", "🔴 1 critical"),
        (vec![&confirm], "❌ CONFIRMED", "🔴 1 critical"),
        (vec![&dismiss], "➖ DISMISSED, it counts for nothing", "🟢 NONE DETECTED; 1 dismissed by a person"),
        (vec![&confirm, &dismiss], "➖ DISMISSED, it counts for nothing", "; 1 dismissed by a person"),
    ] {
        let mut watch = Watch::open(opening());
        watch.exec().minutes(5);
        for command in &commands {
            watch.command((*command).clone());
        }
        let text = markdown(&watch.report());
        assert!(text.contains(judged) && text.contains(issues), "{commands:?}: {text}");
        let named = text.contains("by The admin: our \\*backup\\*");
        assert_eq!(named, !commands.is_empty(), "{commands:?}: {text}");
        let post_mortem = text.contains("What went well");
        assert_eq!(post_mortem, !commands.contains(&&dismiss), "{commands:?}");
    }
}

#[test]
fn a_sign_off_against_the_verdict_says_so() {
    let mut watch = support::crash();
    watch.sign_off(Decision::Approved, "Limit raised, nobody was affected.", true);
    let text = markdown(&watch.report());
    for line in [
        "**Status**: ⚠️ SIGNED OFF: APPROVED against the verdict ❌ FAIL, before the plan had run to its end",
        "**Against the verdict**: ⚠️ YES",
        "➖ NOT TAKEN, the session was closed before",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    assert!(!text.contains("PENDING"), "a closed session has nothing to come:\n{text}");
}

#[test]
fn what_happens_often_does_not_fill_the_report() {
    let mut watch = Watch::open(opening());
    watch.minutes(5);
    for n in 0..60 {
        watch.crash(1).minutes(1).starts().minutes(4);
        watch.note(&format!("and again, number {n}"));
        watch.command(Command::Announce { what: "looking".into(), by: "owner".into(), lasts: Span::mins(1) });
    }
    let text = markdown(&watch.report());
    assert!(text.contains("more; the JSON report has them all"), "{text}");
    assert!(text.lines().count() < 1_100, "{} lines", text.lines().count());
}

#[test]
fn file_names_are_safe_everywhere() {
    let mut report = support::crash_open().report();
    assert_eq!(suggested_name(&report.view, Format::Markdown), "SMS-v1.15.1-2026-01-10-watch.md");
    assert_eq!(suggested_name(&report.view, Format::Json), "SMS-v1.15.1-2026-01-10-watch.json");
    report.view.opening.release.version = "../1:15*\\ώ\n".into();
    assert_eq!(suggested_name(&report.view, Format::Json), "SMS-v..-1-15-----2026-01-10-watch.json");
}
