//! The window's commands: each hands its arguments to the [`Desktop`] and its answer back.

use std::sync::Arc;

use tauri::{AppHandle, State, Wry, ipc::Invoke};
use watchkeeper_core::session::Command;
use watchkeeper_window::{
    Desktop,
    contract::{
        AppSettings, Block, ConfigPage, EvidenceView, Examination, Home, KeptCertificates, LastLooked, Pick,
        PlanCheck, PlanDraft, PlanPage, PlanSaved, ReportFormat, RequestError, ScenarioCard, Series,
        SeriesRequest, SetUp, ShownView, SshSecret,
    },
};

use crate::shell::Shell;

/// One wrapper for each line, the handler that knows all of them, and their names with those of their arguments.
macro_rules! commands {
    ($($name:ident($($arg:ident: $type:ty),*) -> $answer:ty = |$desk:ident $(, $app:ident)?| $body:expr;)+) => {
        $(
            #[tauri::command]
            async fn $name(
                desk: State<'_, Arc<Desktop>>,
                $($app: AppHandle,)?
                $($arg: $type),*
            ) -> Result<$answer, RequestError> {
                let $desk = desk.inner();
                $(let $app = &$app;)?
                $body
            }
        )+

        /// Answers the window.
        pub(crate) fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),+]
        }

        #[cfg(test)]
        const COMMANDS: &[(&str, &[&str])] = &[$((stringify!($name), &[$(stringify!($arg)),*])),+];
    };
}

commands! {
    home() -> Home = |desk, app| {
        let home = desk.home().await;
        // It listens before it asks for the first time.
        if let Some(shell) = Shell::of(app) {
            shell.page_listens();
        }
        home
    };
    scenarios() -> Vec<ScenarioCard> = |desk| Ok(desk.scenarios());
    start_demo(scenario: String, speed: f64) -> String = |desk| desk.start_demo(&scenario, speed).await;
    start_watch(deployment: String, fresh: bool) -> String = |desk| desk.start_watch(&deployment, fresh).await;
    open_session(session: String) -> () = |desk| desk.open_session(&session).await;
    close_session() -> () = |desk| {
        desk.close_session().await;
        Ok(())
    };
    resume_session(session: String) -> () = |desk| desk.resume_session(&session).await;
    stop_watch(session: String, reason: String) -> () = |desk| desk.stop_watch(&session, &reason).await;
    view() -> ShownView = |desk| desk.shown_view().await;
    series(request: SeriesRequest) -> Vec<Series> = |desk| desk.series(&request).await;
    last_looked() -> LastLooked = |desk| desk.last_looked();
    looked(session: String, seq: u64) -> () = |desk| desk.looked(&session, seq).await;
    carry_out(session: String, command: Command) -> () = |desk| desk.carry_out(&session, &command).await;
    evidence(session: String, incident: u32) -> Vec<EvidenceView> =
        |desk| desk.evidence(&session, incident).await;
    report_preview() -> Vec<Block> = |desk| desk.report_preview().await;
    export_report(session: String, format: ReportFormat) -> Option<String> =
        |desk| desk.export_report(&session, format).await;
    reveal(path: String) -> () = |desk| desk.reveal(&path);
    test_alarm() -> () = |desk| desk.test_alarm().await;
    pick(what: Pick) -> Option<String> = |desk| Ok(desk.pick(what).await);
    set_settings(settings: AppSettings) -> () = |desk| desk.set_settings(settings).await;
    config(deployment: String) -> ConfigPage = |desk| desk.config(&deployment);
    change_config(deployment: String, key: String, value: Option<String>) -> ConfigPage =
        |desk| desk.change_config(&deployment, &key, value.as_deref());
    plan(deployment: String) -> PlanPage = |desk| desk.plan(&deployment).await;
    check_plan(text: String) -> PlanCheck = |desk| Ok(desk.check_plan(&text));
    save_plan(deployment: String, text: String, mark: String) -> PlanSaved =
        |desk| desk.save_plan(&deployment, &text, &mark).await;
    drop_plan(deployment: String, mark: String) -> PlanSaved = |desk| desk.drop_plan(&deployment, &mark).await;
    keep_plan_draft(deployment: String, draft: Option<PlanDraft>) -> () =
        |desk| desk.keep_plan_draft(&deployment, draft.as_ref());
    remove_deployment(deployment: String) -> () = |desk| desk.remove_deployment(&deployment);
    set_up() -> SetUp = |desk| Ok(desk.set_up());
    set_up_of(deployment: String) -> SetUp = |desk| desk.set_up_of(&deployment);
    save_set_up(draft: SetUp) -> () = |desk| desk.save_set_up(&draft);
    drop_set_up() -> () = |desk| desk.drop_set_up();
    look_over(draft: SetUp) -> Examination = |desk| desk.look_over(&draft).await;
    examine(draft: SetUp) -> Examination = |desk| desk.examine(&draft).await;
    finish_set_up(draft: SetUp) -> String = |desk| desk.finish_set_up(&draft);
    trust_host_key(draft: SetUp, fingerprint: String) -> () = |desk| desk.trust_host_key(&draft, &fingerprint).await;
    keep_certificates(ca: String, cert: String, key: String) -> KeptCertificates = |desk| desk.keep_certificates(ca, cert, key);
    remember_password(draft: SetUp, password: String) -> () = |desk| desk.remember_password(&draft, password).await;
    forget_password(draft: SetUp) -> () = |desk| desk.forget_password(&draft).await;
    remember_ssh_secret(draft: SetUp, which: SshSecret, secret: String) -> () =
        |desk| desk.remember_ssh_secret(&draft, which, secret).await;
    forget_ssh_secret(draft: SetUp, which: SshSecret) -> () = |desk| desk.forget_ssh_secret(&draft, which).await;
    quit(stop: bool) -> () = |desk| {
        desk.quit(stop).await;
        Ok(())
    };
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    type Named = BTreeMap<String, BTreeSet<String>>;

    /// What `ui/src/ipc.ts` asks for: `ask<…>('name', { one, other: … })`.
    fn asked(source: &str) -> Named {
        let mut found = Named::new();
        for (at, _) in source.match_indices("ask<") {
            let Some((_, call)) = source.split_at(at).1.split_once(">('") else { continue };
            let Some((name, arguments)) = call.split_once('\'') else { continue };
            found.insert(name.to_owned(), keys(arguments));
        }
        found
    }

    /// The keys of the object that follows the name, if one does.
    fn keys(arguments: &str) -> BTreeSet<String> {
        let Some(inside) = arguments.trim_start_matches(',').trim_start().strip_prefix('{') else {
            return BTreeSet::new();
        };
        let mut depth = 1;
        let mut top = String::new();
        for c in inside.chars() {
            depth += i32::from(matches!(c, '{' | '[' | '(')) - i32::from(matches!(c, '}' | ']' | ')'));
            match depth {
                0 => break,
                1 => top.push(c),
                _ => {}
            }
        }
        let key = |entry: &str| entry.split(':').next().map(|k| k.trim().to_owned());
        top.split(',').filter_map(key).filter(|k| !k.is_empty()).collect()
    }

    #[test]
    fn the_window_asks_for_these_commands_and_no_others() {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/ipc.ts");
        let source = std::fs::read_to_string(source).unwrap();
        let asked = asked(&source);
        let ours: Named = COMMANDS
            .iter()
            .map(|(name, arguments)| {
                ((*name).to_owned(), arguments.iter().map(|a| (*a).to_owned()).collect())
            })
            .collect();
        assert_eq!(ours, asked, "left: registered here; right: asked for in ui/src/ipc.ts");
    }

    #[test]
    fn calls_are_read_from_typescript() {
        let source = "async function ask<T>(name: string): Promise<T> {\n  return invoke<T>(name);\n}\n\
                      export const a = () => ask<Home>('a');\n\
                      export const b = (x: A, y: B) =>\n  ask<string | null>('b', { x, speed: { y, z } });\n";
        let expected: Named = [("a", &[][..]), ("b", &["x", "speed"])]
            .into_iter()
            .map(|(n, a): (&str, &[&str])| (n.to_owned(), a.iter().map(|a| (*a).to_owned()).collect()))
            .collect();
        assert_eq!(asked(source), expected);
    }
}
