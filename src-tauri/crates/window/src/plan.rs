//! A deployment's plan: seen, checked while it is written, and kept beside the deployment's configuration.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::MutexGuard,
};

use watchkeeper_core::{
    chain::Hash,
    checklist::{Answerer, Item},
    plan::Plan,
    redact::from_outside,
};
use watchkeeper_desk::{
    files::{read_aside, read_file},
    new_file,
};

use crate::{
    contract::{
        ErrorCode, FieldFault, PlanCheck, PlanDraft, PlanFault, PlanItem, PlanPage, PlanSaved, RequestError,
        RunningPlan,
    },
    deployments::{self, Deployments, aside},
    desktop::Desktop,
    host::Message,
};

/// The key that names the plan's file.
const KEY: &str = "watch.plan";
/// The largest plan that is written here: some fifty times the built-in one.
const LIMIT: u64 = 256 << 10;
/// What the built-in plan is headed with when it is taken to begin with.
const HEAD: &str = "\
# The built-in plan, to begin with.
# A time is a number with its unit, counted from the session's start: \"30s\", \"5m\", \"1h30m\", \"24h\".
# A phase has `at` (one checkpoint), or `from`, `to` and `every` (a series that ends before `to`).

";

/// The plan's files of one deployment, as they are now.
struct Standing {
    /// The file as the configuration names it.
    file: Option<String>,
    /// Where that is.
    path: Option<PathBuf>,
    /// What it holds, or why it cannot be read.
    text: Result<String, String>,
    /// Where a plan goes that is saved here.
    own: PathBuf,
    /// Stands for all of this.
    mark: String,
    /// Where the file lies answers.
    answers: bool,
}

/// The plan's files of one deployment, as its configuration names them.
#[derive(Clone)]
struct Named {
    file: Option<String>,
    path: Option<PathBuf>,
    own: PathBuf,
}

impl Desktop {
    /// A deployment's plan, with what was written and not saved.
    ///
    /// # Errors
    /// When there is no such deployment, or its configuration is no TOML.
    pub async fn plan(&self, deployment: &str) -> Result<PlanPage, RequestError> {
        let mut page = self.standing(deployment).await?.page(deployment);
        page.draft = self.plan_draft(deployment);
        page.running = self.plan_that_runs(deployment, page.check.plan.as_ref()).await;
        Ok(page)
    }

    /// The plan's files as they are now, read aside.
    async fn standing(&self, deployment: &str) -> Result<Standing, RequestError> {
        let named = Named::of(&self.deployments, deployment)?;
        let aside = named.clone();
        match read_aside("the plan", move || aside.read()).await {
            Ok(standing) => Ok(standing),
            // It can be left for the built-in one all the same.
            Err(e) => Ok(named.unanswered(e.what)),
        }
    }

    /// What a plan's text says.
    pub fn check_plan(&self, text: &str) -> PlanCheck {
        checked(text)
    }

    /// Keeps a plan in the deployment's own file and names it in the configuration. `mark` is that of the plan which the
    /// text began from: where another program has changed it meanwhile, nothing is written.
    ///
    /// # Errors
    /// When there is no such deployment, the plan is wrong, or a file cannot be written.
    pub async fn save_plan(
        &self,
        deployment: &str,
        text: &str,
        mark: &str,
    ) -> Result<PlanSaved, RequestError> {
        // A share that does not answer is found out before anything is held.
        let standing = self.standing(deployment).await?;
        if let (false, Err(why)) = (standing.answers, standing.text) {
            return Err(RequestError::new(ErrorCode::CouldNot, why));
        }
        let saved = self.write_plan(deployment, text, mark)?;
        Ok(PlanSaved { saved, page: self.plan(deployment).await? })
    }

    /// Writes the plan where `mark` still holds; says whether it does.
    fn write_plan(&self, deployment: &str, text: &str, mark: &str) -> Result<bool, RequestError> {
        let alone = self.deployments.alone();
        let standing = Standing::of(&self.deployments, deployment)?;
        if standing.mark != mark {
            return Ok(false);
        }
        if let Some(fault) = checked(text).fault {
            let what = format!("the plan is refused at line {}: {}", fault.line, fault.message);
            return Err(RequestError::new(ErrorCode::Input, what));
        }
        let (named, name) = (standing.names_its_own(), own_name(deployment));
        if !named {
            taken(&self.deployments.faults_with(deployment, KEY, Some(&name))?)?;
        }
        let mut earlier = None;
        let written = new_file::write_if(&standing.own, text, || {
            // Another program takes no heed of the lock.
            if Standing::of(&self.deployments, deployment)?.mark != mark {
                return Ok::<_, RequestError>(false);
            }
            if !named && standing.own.exists() {
                // One of an earlier time, or somebody else's: it is not the plan, and may be wanted again.
                earlier = Some(aside(&standing.own)?);
            }
            Ok(true)
        })?;
        if !written {
            return Ok(false);
        }
        if !named && let Err(e) = self.name_plan(&alone, deployment, Some(&name)) {
            // All is as it was, so that it can be saved again.
            let back = match earlier {
                Some(earlier) => fs::rename(earlier, &standing.own),
                None => fs::remove_file(&standing.own),
            };
            if let Err(e) = back {
                tracing::warn!("{} is not as it was: {e}", standing.own.display());
            }
            return Err(e);
        }
        self.forget_plan_draft(deployment);
        self.host.tell(Message::Changed);
        Ok(true)
    }

    /// Goes back to the built-in plan; the deployment's own file is kept aside. `mark` as in [`Desktop::save_plan`].
    ///
    /// # Errors
    /// When there is no such deployment, or a file cannot be written.
    pub async fn drop_plan(&self, deployment: &str, mark: &str) -> Result<PlanSaved, RequestError> {
        let standing = self.standing(deployment).await?;
        let saved = self.take_plan_back(deployment, mark, &standing)?;
        Ok(PlanSaved { saved, page: self.plan(deployment).await? })
    }

    /// Takes the plan out of the configuration where `mark` still holds; says whether it does.
    fn take_plan_back(
        &self,
        deployment: &str,
        mark: &str,
        standing: &Standing,
    ) -> Result<bool, RequestError> {
        let alone = self.deployments.alone();
        if standing.mark != mark {
            return Ok(false);
        }
        self.name_plan(&alone, deployment, None)?;
        if standing.names_its_own()
            && standing.own.exists()
            && let Err(e) = aside(&standing.own)
        {
            // It is the plan no more, and put aside by the next that is saved.
            tracing::warn!("{}", e.message);
        }
        self.forget_plan_draft(deployment);
        self.host.tell(Message::Changed);
        Ok(true)
    }

    /// Keeps what was written and not saved, or forgets it.
    ///
    /// # Errors
    /// When there is no such deployment, the text is too large, or it cannot be written.
    pub fn keep_plan_draft(&self, deployment: &str, draft: Option<&PlanDraft>) -> Result<(), RequestError> {
        self.deployments.path(deployment)?;
        let Some(draft) = draft else { return self.remove_plan_draft(deployment) };
        if draft.text.len() as u64 > LIMIT || draft.mark.len() > 200 {
            return Err(RequestError::new(ErrorCode::Input, too_large()));
        }
        let json = serde_json::to_string(draft).map_err(|e| {
            RequestError::new(ErrorCode::CouldNot, format!("the draft cannot be written: {e}"))
        })?;
        Ok(new_file::write(&self.draft_path(deployment), &json)?)
    }

    /// Forgets what was written and not saved. Where it stays, what was asked for is done all the same.
    pub(crate) fn forget_plan_draft(&self, deployment: &str) {
        if let Err(e) = self.remove_plan_draft(deployment) {
            tracing::warn!("{}", e.message);
        }
    }

    fn remove_plan_draft(&self, deployment: &str) -> Result<(), RequestError> {
        let path = self.draft_path(deployment);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(RequestError::new(
                ErrorCode::CouldNot,
                format!("the draft {} cannot be removed: {e}", path.display()),
            )),
            _ => Ok(()),
        }
    }

    fn plan_draft(&self, deployment: &str) -> Option<PlanDraft> {
        // A draft that cannot be understood is none: it is no record, and the plan itself is safe.
        serde_json::from_slice(&fs::read(self.draft_path(deployment)).ok()?).ok()
    }

    /// The deployment is one: its id is safe as a file's name.
    fn draft_path(&self, deployment: &str) -> PathBuf {
        self.files.folder().join(format!("plan-draft-{deployment}.json"))
    }

    /// Names the plan's file in the configuration, or takes the key out.
    fn name_plan(
        &self,
        alone: &MutexGuard<'_, ()>,
        deployment: &str,
        file: Option<&str>,
    ) -> Result<(), RequestError> {
        taken(&self.deployments.change_alone(alone, deployment, KEY, file)?.faults)
    }

    async fn plan_that_runs(&self, deployment: &str, standing: Option<&Plan>) -> Option<RunningPlan> {
        let handle = {
            let state = self.state();
            let live = state.live.values().find(|l| l.deployment.as_deref() == Some(deployment));
            live.map(|l| l.handle.clone())
        };
        let opening = handle?.view().await?.opening;
        Some(RunningPlan {
            session: opening.session,
            same: standing == Some(&opening.plan),
            length: opening.plan.length,
            checkpoints: u32::try_from(opening.plan.checkpoints().count()).unwrap_or(u32::MAX),
        })
    }
}

impl Named {
    fn of(deployments: &Deployments, deployment: &str) -> Result<Self, RequestError> {
        let config = deployments.path(deployment)?;
        let file = deployments::typed(&deployments::document(&config)?, KEY);
        let folder = config.parent().unwrap_or(Path::new(".")).to_owned();
        let path = file.as_ref().map(|file| folder.join(file));
        Ok(Self { file, path, own: folder.join(own_name(deployment)) })
    }

    /// Reads them; waits for where they lie.
    fn read(self) -> Standing {
        let text = self.path.as_deref().map_or_else(|| Ok(built_in()), read);
        self.standing(text, true)
    }

    /// Where the file lies does not answer.
    fn unanswered(self, why: String) -> Standing {
        self.standing(Err(why), false)
    }

    fn standing(self, text: Result<String, String>, answers: bool) -> Standing {
        let Self { file, path, own } = self;
        let mark = Hash::of(format!("{file:?}\0{text:?}\0{:?}", read(&own)).as_bytes()).to_string();
        Standing { file, path, text, own, mark, answers }
    }
}

impl Standing {
    fn of(deployments: &Deployments, deployment: &str) -> Result<Self, RequestError> {
        Ok(Named::of(deployments, deployment)?.read())
    }

    fn names_its_own(&self) -> bool {
        self.path.as_ref() == Some(&self.own)
    }

    fn page(self, deployment: &str) -> PlanPage {
        let (text, unreadable) = match self.text {
            Ok(text) => (Some(text), None),
            Err(why) => (None, Some(why)),
        };
        PlanPage {
            deployment: deployment.into(),
            file: self.file,
            path: self.path.map(|p| p.display().to_string()),
            own: self.own.display().to_string(),
            check: text.as_deref().map_or(PlanCheck { plan: None, fault: None }, checked),
            text,
            unreadable,
            mark: self.mark,
            built_in: built_in(),
            items: Item::ALL
                .iter()
                .map(|item| PlanItem { item: *item, by_person: item.answerer() == Answerer::Person })
                .collect(),
            draft: None,
            running: None,
        }
    }
}

/// Whether the configuration takes the plan's key.
fn taken(faults: &[FieldFault]) -> Result<(), RequestError> {
    faults.first().map_or(Ok(()), |fault| {
        let what = format!("the configuration names the plan as before: {}: {}", fault.field, fault.message);
        Err(RequestError::new(ErrorCode::Input, what).help("correct that first, then save the plan again"))
    })
}

/// Beside `qnap.toml`, and none that a deployment's file could be called.
fn own_name(deployment: &str) -> String {
    format!("{deployment}.plan.toml")
}

fn built_in() -> String {
    format!("{HEAD}{}", Plan::standard().to_toml())
}

/// The text of a plan's file, or why it cannot be shown. A configuration may name any file, and the page must not be a
/// way to read all of them; one that is no file at all would keep whoever opens it waiting.
fn read(path: &Path) -> Result<String, String> {
    let shown = path.display();
    if path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("toml")) {
        return Err(format!("{shown} is not shown here: a plan is a file whose name ends in .toml"));
    }
    if path.exists() && !path.is_file() {
        return Err(format!("{shown} is no file: name another one, or go back to the built-in plan"));
    }
    let help = "name another file, or go back to the built-in plan";
    let bytes = read_file(path, "the plan", LIMIT, help).map_err(|e| format!("{}: {help}", e.what))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("the plan {shown} is not UTF-8 text: save it as UTF-8, or {help}"))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

fn checked(text: &str) -> PlanCheck {
    let fault = |line, message| PlanCheck { plan: None, fault: Some(PlanFault { line, message }) };
    if text.len() as u64 > LIMIT {
        return fault(1, too_large());
    }
    match Plan::from_toml(text) {
        Ok(plan) => PlanCheck { plan: Some(plan), fault: None },
        Err(e) => fault(u32::try_from(e.line).unwrap_or(u32::MAX), from_outside(&e.what, 1_000)),
    }
}

fn too_large() -> String {
    format!("the plan is larger than {} KiB: shorten it", LIMIT >> 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SetUp;

    fn kept() -> (tempfile::TempDir, Deployments, String) {
        let folder = tempfile::tempdir().unwrap();
        let deployments = Deployments::new(folder.path().to_owned());
        let set_up = SetUp {
            name: "NAS".into(),
            environment: "production".into(),
            url: "http://nas:8080".into(),
            docker: "unix:///var/run/docker.sock".into(),
            container: "sms-app".into(),
            version: "1.15.1".into(),
            owner: "Operator".into(),
            ..SetUp::default()
        };
        let id = deployments.keep(&set_up).unwrap();
        (folder, deployments, id)
    }

    #[test]
    fn the_built_in_plan_is_the_one_that_is_begun_with() {
        let (_folder, deployments, id) = kept();
        let page = Standing::of(&deployments, &id).unwrap().page(&id);
        assert_eq!((page.file, page.path), (None, None));
        assert_eq!(page.check.plan, Some(Plan::standard()));
        assert_eq!(page.text.as_deref(), Some(page.built_in.as_str()));
        assert!(page.items.iter().any(|i| i.by_person) && page.items.iter().any(|i| !i.by_person));
    }

    #[test]
    fn a_share_that_does_not_answer_is_no_plan_that_has_changed() {
        let (folder, deployments, id) = kept();
        fs::write(folder.path().join("mine.toml"), built_in()).unwrap();
        deployments.change(&id, KEY, Some("mine.toml")).unwrap();
        let named = Named::of(&deployments, &id).unwrap();
        let (read, unanswered) = (named.clone().read(), named.unanswered("it does not answer".into()));
        assert!(read.answers && !unanswered.answers);
        assert_ne!(read.mark, unanswered.mark);
        let page = unanswered.page(&id);
        assert_eq!((page.text, page.unreadable.as_deref()), (None, Some("it does not answer")));
        assert_eq!(page.file.as_deref(), Some("mine.toml"));
    }

    #[test]
    fn a_file_that_cannot_be_shown_says_why_and_what_to_do() {
        let (folder, deployments, id) = kept();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("folder.toml")).unwrap();
        fs::write(at("latin.toml"), b"title = \"caf\xe9\"").unwrap();
        fs::write(at("long.toml"), vec![b'#'; LIMIT as usize + 1]).unwrap();
        fs::write(at("secret.key"), "PRIVATE").unwrap();
        for (file, words) in [
            ("folder.toml", "no file"),
            ("latin.toml", "UTF-8"),
            ("long.toml", "larger than"),
            ("secret.key", "ends in .toml"),
            ("nowhere.toml", "no such file"),
            ("../../nowhere/plan.toml", "no such file"),
        ] {
            deployments.change(&id, KEY, Some(file)).unwrap();
            let page = Standing::of(&deployments, &id).unwrap().page(&id);
            let why = page.unreadable.unwrap();
            assert!(why.contains(words) && page.text.is_none(), "{file}: {why}");
        }
    }

    #[test]
    fn a_text_says_its_plan_or_its_line() {
        let long = format!("{}\n{}", Plan::standard().to_toml(), "#".repeat(LIMIT as usize));
        for (text, line, words) in [
            ("", 1, "no length"),
            ("length = \"24h\"\n[[phase]]\ntitel = \"x\"\n", 3, "titel"),
            ("length = 24", 1, "no unit"),
            (long.as_str(), 1, "256 KiB"),
            ("length = \"24h\"\nx = \"\u{202e}\"", 2, "not known"),
        ] {
            let found = checked(text);
            let fault = found.fault.unwrap();
            assert!(
                fault.line == line && fault.message.contains(words) && found.plan.is_none(),
                "{words}: {fault:?}"
            );
        }
        assert_eq!(checked(&built_in()), PlanCheck { plan: Some(Plan::standard()), fault: None });
    }

    #[test]
    fn the_mark_tells_of_each_change() {
        let (folder, deployments, id) = kept();
        let mark = || Standing::of(&deployments, &id).unwrap().mark;
        let mut seen = vec![mark()];
        assert_eq!(seen[0], mark());
        let mut changed = |what: &str| {
            let now = mark();
            assert!(!seen.contains(&now), "{what}");
            seen.push(now);
        };
        fs::write(folder.path().join(own_name(&id)), "length = \"1h\"").unwrap();
        changed("a file where a plan would be saved");
        deployments.change(&id, KEY, Some("mine.toml")).unwrap();
        changed("a file is named");
        fs::write(folder.path().join("mine.toml"), "length = \"1h\"").unwrap();
        changed("it is there");
        fs::write(folder.path().join("mine.toml"), "length = \"2h\"").unwrap();
        changed("it says something else");
    }
}
