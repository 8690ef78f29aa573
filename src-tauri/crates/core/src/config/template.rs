//! The configuration to begin with.

use std::fmt::Write as _;

use super::{
    Config,
    documentation::Meanings,
    settings::{Absent, Setting, Value, settings},
};

/// What is known when a configuration is begun. What is not is left for a person to fill in, and a configuration is
/// refused until that is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// `deployment.name`
    pub name: Option<String>,
    /// `deployment.environment`
    pub environment: Option<String>,
    /// `deployment.url`
    pub url: Option<String>,
    /// `deployment.container`
    pub container: Option<String>,
    /// `deployment.front_end_container`
    pub front_end_container: Option<String>,
    /// `deployment.database_container`
    pub database_container: Option<String>,
    /// `deployment.docker`
    pub docker: Option<String>,
    /// `deployment.docker_certificates`
    pub docker_certificates: Option<String>,
    /// `release.version`
    pub version: Option<String>,
    /// `release.previous`
    pub previous: Option<String>,
    /// `release.repository`
    pub repository: Option<String>,
    /// `watch.owner`
    pub owner: Option<String>,
}

impl Config {
    /// A configuration file with every key and a line on each: what `draft` knows, `<…>` where something must be filled
    /// in, and the defaults commented out.
    pub fn template(draft: &Draft) -> String {
        let meanings = Meanings::new();
        let mut out = String::from(HEAD);
        let mut section = "";
        for setting in settings() {
            // A String takes everything that is written to it.
            if setting.section() != section {
                section = setting.section();
                let _ = write!(out, "\n# {}\n[{section}]\n", meanings.of(section));
            }
            let _ = writeln!(out, "# {}{}", meanings.of(setting.key), remark(&setting));
            let _ = writeln!(out, "{}", line(&setting, draft.get(setting.key)));
        }
        out
    }
}

const HEAD: &str = "\
# SMS Watchkeeper: which deployment is watched, and how.
#
# Fill in what stands in <…>. A line such as `#every = \"30s\"` shows a default: take the # away to change it.
";

fn remark(setting: &Setting) -> &'static str {
    match setting.absent {
        Absent::None(_) => " Optional; an example:",
        Absent::Refused(_) | Absent::Default(_) => "",
    }
}

fn line(setting: &Setting, known: Option<&str>) -> String {
    let name = setting.name();
    match (known, &setting.absent) {
        (Some(known), _) => format!("{name} = {}", Value::Text(known.into()).to_toml()),
        (None, Absent::Refused(Value::Text(example))) => format!("{name} = \"<such as {example}>\""),
        (None, Absent::Refused(value) | Absent::None(value) | Absent::Default(value)) => {
            format!("#{name} = {}", value.to_toml())
        }
    }
}

impl Draft {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "deployment.name" => &self.name,
            "deployment.environment" => &self.environment,
            "deployment.url" => &self.url,
            "deployment.container" => &self.container,
            "deployment.front_end_container" => &self.front_end_container,
            "deployment.database_container" => &self.database_container,
            "deployment.docker" => &self.docker,
            "deployment.docker_certificates" => &self.docker_certificates,
            "release.version" => &self.version,
            "release.previous" => &self.previous,
            "release.repository" => &self.repository,
            "watch.owner" => &self.owner,
            _ => &None,
        }
        .as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        let some = |text: &str| Some(text.to_string());
        Draft {
            name: some("QNAP \"Κύπρος\" \\ 1"),
            url: some("https://nas.local:8443"),
            docker: some("tcp://nas.local:2376"),
            docker_certificates: some("certs"),
            version: some("v1.15.1"),
            owner: some("your name"),
            ..Draft::default()
        }
    }

    /// `text` with the commented keys that `take` picks by the comment above them.
    fn uncommented(text: &str, take: impl Fn(&str) -> bool) -> String {
        let mut above = "";
        let lines = text.lines().map(|line| {
            let key = line.strip_prefix('#').filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()));
            let line = key.filter(|_| take(above)).unwrap_or(line);
            above = line;
            line
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn it_reads_once_filled_in() {
        let config = Config::parse(&Config::template(&draft())).unwrap();
        assert_eq!(config.deployment.name, "QNAP \"Κύπρος\" \\ 1");
        assert_eq!(config.release.version, "1.15.1");
        assert_eq!(config.rules, crate::rules::Rules::default());
    }

    #[test]
    fn its_commented_defaults_are_the_defaults() {
        let text = Config::template(&draft());
        let defaults = uncommented(&text, |above| !above.ends_with("Optional; an example:"));
        assert!(defaults.matches("\n#").count() < text.matches("\n#").count());
        assert_eq!(Config::parse(&defaults), Config::parse(&text));
    }

    #[test]
    fn it_reads_with_everything_uncommented() {
        let text = uncommented(&Config::template(&draft()), |_| true);
        let config = Config::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert!(config.login.is_some() && config.watch.plan.is_some() && config.release.previous.is_some());
        for setting in settings() {
            assert_eq!(
                text.matches(&format!("\n{} = ", setting.name())).count(),
                settings().iter().filter(|s| s.name() == setting.name()).count()
            );
        }
    }

    #[test]
    fn it_is_refused_until_it_is_filled_in() {
        let error = Config::parse(&Config::template(&Draft::default())).unwrap_err();
        let keys: Vec<&str> = error.faults.iter().map(|f| f.key.as_str()).collect();
        assert_eq!(
            keys,
            ["deployment.name", "deployment.url", "deployment.docker", "release.version", "watch.owner"]
        );
        assert!(error.faults.iter().all(|f| f.what.contains("to be filled in")), "{error}");
    }
}
