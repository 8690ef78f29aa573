//! Who may know whom: the rules of ARCHITECTURE.md, held against `cargo metadata`.
//!
//! What a crate is built from and what its own tests use count alike, with one exception: this package, which starts
//! whole sessions, wires everything together and speaks to a real Docker Engine, so no rule binds `watchkeeper-tests`.
#![allow(clippy::unwrap_used, reason = "a test whose set-up fails has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use serde_json::{Value, json};

const CORE: &str = "watchkeeper-core";
const ENGINE: &str = "watchkeeper-engine";
const PROBES: &str = "watchkeeper-probes";
const STORE: &str = "watchkeeper-store";
const REPORT: &str = "watchkeeper-report";
const DEMO: &str = "watchkeeper-demo";
const DESK: &str = "watchkeeper-desk";
const CLI: &str = "watchkeeper";
const WINDOW: &str = "watchkeeper-window";
const APP: &str = "sms-watchkeeper";
const TESTS: &str = "watchkeeper-tests";

enum Rule {
    /// Of the crates of this workspace, it names these at most.
    Ours(&'static str, &'static [&'static str]),
    /// It does not name these, nor does what it names, all the way down.
    Never(&'static str, &'static [&'static str]),
    /// Only these name it (or a crate whose name it begins, where it ends with `*`).
    Only(&'static str, &'static [&'static str]),
}

use Rule::{Never, Only, Ours};

const RULES: &[Rule] = &[
    Ours(CORE, &[]),
    Never(CORE, &["tokio", "sqlx", "reqwest", "bollard", "hyper", "rustls", "notify-rust", "async-trait"]),
    Ours(ENGINE, &[CORE]),
    Never(ENGINE, &["sqlx", "reqwest", "bollard", "notify-rust"]),
    Ours(PROBES, &[CORE, ENGINE]),
    Ours(STORE, &[CORE, ENGINE]),
    Ours(REPORT, &[CORE]),
    Ours(DEMO, &[CORE, ENGINE]),
    Ours(DESK, &[CORE, ENGINE, PROBES, STORE, REPORT, DEMO]),
    Ours(CLI, &[CORE, ENGINE, PROBES, STORE, REPORT, DEMO, DESK]),
    Ours(WINDOW, &[CORE, ENGINE, PROBES, STORE, REPORT, DEMO, DESK]),
    Ours(APP, &[CORE, ENGINE, DESK, WINDOW]),
    Ours("xtask", &[]),
    Only("tauri*", &[APP]),
    Only("notify-rust", &[DESK]),
    Only("reqwest", &[PROBES]),
    Only("bollard*", &[PROBES]),
    Only("russh*", &[PROBES]),
    Only("sqlx*", &[STORE]),
];

#[test]
fn the_workspace_keeps_the_rules() {
    let output = Command::new(env!("CARGO"))
        // Not offline: what only other systems build is in the lock file, and on a fresh machine in no cache.
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    for name in [CORE, ENGINE, PROBES, STORE, REPORT, DEMO, DESK, CLI, WINDOW, APP, TESTS] {
        assert!(
            package(&metadata, name).is_some(),
            "the workspace has no crate {name}: is a rule about nobody?"
        );
    }
    let breaches = breaches(&metadata);
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn each_breach_is_found() {
    let kept = [
        (CORE, vec!["serde", "chrono"]),
        (ENGINE, vec![CORE, "tokio"]),
        (PROBES, vec![CORE, ENGINE, "reqwest", "bollard"]),
        (STORE, vec![CORE, ENGINE, "sqlx"]),
        (REPORT, vec![CORE]),
        (DEMO, vec![CORE, ENGINE]),
        (DESK, vec![CORE, ENGINE, PROBES, STORE, REPORT, DEMO, "notify-rust"]),
        (CLI, vec![CORE, ENGINE, PROBES, STORE, REPORT, DEMO, DESK]),
        (WINDOW, vec![CORE, ENGINE, PROBES, STORE, REPORT, DEMO, DESK]),
        (APP, vec![CORE, ENGINE, "tauri", "tauri-plugin-x", DESK, WINDOW]),
        (TESTS, vec![CORE, STORE, PROBES, "bollard", "reqwest", "sqlx"]),
    ];
    assert_eq!(breaches(&made_up(&kept)), Vec::<String>::new());
    for (who, what) in [
        (CORE, ENGINE),
        (CORE, "tokio"),
        (CORE, "sneaky"), // which brings tokio
        (ENGINE, STORE),
        (ENGINE, "sqlx"),
        (PROBES, STORE),
        (PROBES, DEMO),
        (STORE, PROBES),
        (STORE, "reqwest"),
        (REPORT, ENGINE),
        (REPORT, STORE),
        (DEMO, PROBES),
        (DEMO, "bollard"),
        (CLI, "tauri"),
        (CLI, "tauri-plugin-x"),
        (CLI, "sqlx"),
        (CLI, "sqlx-sqlite"),
        (APP, "bollard-stubs"),
        (DESK, "russh"),
        (APP, STORE),
        (APP, CLI),
        (WINDOW, "tauri"),
        (WINDOW, APP),
        (STORE, "notify-rust"),
        (CLI, "notify-rust"),
        (DESK, CLI),
    ] {
        let mut broken = kept.clone();
        broken.iter_mut().find(|(name, _)| *name == who).unwrap().1.push(what);
        let found = breaches(&made_up(&broken));
        assert!(found.iter().any(|b| b.contains(who) && b.contains(what)), "{who} → {what} gave {found:?}");
    }
}

/// Each breach, for a person.
fn breaches(metadata: &Value) -> Vec<String> {
    let (ours, graph) = (members(metadata), graph(metadata));
    let mut found = Vec::new();
    for rule in RULES {
        match rule {
            Ours(who, allowed) => {
                let names = direct(metadata, who);
                let wrong = names.iter().filter(|n| ours.contains(**n) && !allowed.contains(n));
                found.extend(wrong.map(|n| format!("{who} names {n}; of ours it may name {allowed:?} only")));
            }
            Never(who, forbidden) => {
                for first in direct(metadata, who) {
                    let reached = reached(&graph, first);
                    let wrong = forbidden.iter().find(|f| reached.contains(**f));
                    found.extend(wrong.map(|f| format!("{who} must not know {f}, and {first} brings it")));
                }
            }
            Only(what, allowed) => {
                for who in ours.iter().filter(|who| !allowed.contains(who) && **who != TESTS) {
                    let names = direct(metadata, who);
                    let wrong = names.iter().filter(|n| matches(n, what));
                    found.extend(wrong.map(|n| format!("{who} names {n}; only {allowed:?} may")));
                }
            }
        }
    }
    found
}

fn matches(name: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(begin) => name.strip_prefix(begin).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
        None => name == pattern,
    }
}

/// The names of the workspace's own crates.
fn members(metadata: &Value) -> BTreeSet<&str> {
    let ids: BTreeSet<&str> =
        metadata["workspace_members"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    packages
        .filter(|p| p["id"].as_str().is_some_and(|id| ids.contains(id)))
        .filter_map(|p| p["name"].as_str())
        .collect()
}

fn package<'a>(metadata: &'a Value, name: &str) -> Option<&'a Value> {
    metadata["packages"].as_array()?.iter().find(|p| p["name"] == name)
}

/// What a crate names in its Cargo.toml, in every section and for every platform.
fn direct<'a>(metadata: &'a Value, name: &str) -> BTreeSet<&'a str> {
    let named = package(metadata, name).and_then(|p| p["dependencies"].as_array());
    named.into_iter().flatten().filter_map(|d| d["name"].as_str()).collect()
}

/// `first` and what is really built for it, all the way down.
fn reached<'a>(graph: &BTreeMap<&'a str, BTreeSet<&'a str>>, first: &'a str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::from([first]);
    let mut open = vec![first];
    while let Some(name) = open.pop() {
        for next in graph.get(name).into_iter().flatten() {
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    seen
}

/// What each crate is built with: as resolved, without what only tests use.
fn graph(metadata: &Value) -> BTreeMap<&str, BTreeSet<&str>> {
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let names: BTreeMap<&str, &str> =
        packages.filter_map(|p| Some((p["id"].as_str()?, p["name"].as_str()?))).collect();
    let name_of = |id: &Value| names.get(id.as_str()?).copied();
    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
        let built =
            |d: &&Value| d["dep_kinds"].as_array().is_none_or(|k| k.iter().any(|k| k["kind"] != "dev"));
        let dependencies = node["deps"].as_array().into_iter().flatten().filter(built);
        let dependencies = dependencies.filter_map(|d| name_of(&d["pkg"]));
        if let Some(name) = name_of(&node["id"]) {
            // Two versions of a crate count as one.
            graph.entry(name).or_default().extend(dependencies);
        }
    }
    graph
}

/// Metadata of a workspace with these crates. Beside them there is `sneaky`, which depends on tokio.
fn made_up(crates: &[(&str, Vec<&str>)]) -> Value {
    let mut all: Vec<(&str, Vec<&str>)> = crates.to_vec();
    let members: Vec<&str> = crates.iter().map(|(name, _)| *name).collect();
    all.push(("sneaky", vec!["tokio"]));
    let outside: BTreeSet<&str> = all.iter().flat_map(|(_, names)| names.clone()).collect();
    let known: BTreeSet<&str> = all.iter().map(|(name, _)| *name).collect();
    all.extend(outside.difference(&known).map(|name| (*name, Vec::new())));
    let packages: Vec<Value> = all
        .iter()
        .map(|(name, names)| {
            let dependencies: Vec<Value> = names.iter().map(|n| json!({ "name": n })).collect();
            json!({ "id": name, "name": name, "dependencies": dependencies })
        })
        .collect();
    let nodes: Vec<Value> = all
        .iter()
        .map(|(name, names)| {
            let deps: Vec<Value> =
                names.iter().map(|n| json!({ "pkg": n, "dep_kinds": [{ "kind": null }] })).collect();
            json!({ "id": name, "deps": deps })
        })
        .collect();
    json!({ "packages": packages, "workspace_members": members, "resolve": { "nodes": nodes } })
}
