//! The image of the previous version, as it is found on the Engine.

use std::collections::BTreeSet;

use serde_json::Value;
use watchkeeper_core::reading::{Failure, FailureKind};

use super::json::{items, list, text};
use crate::docker::Engine;

/// Labels that tell of which version an image is.
const VERSION_LABELS: &[&str] = &["com.sms.version", "org.opencontainers.image.version"];
/// Label that tells which part of the SMS an image is.
const SERVICE_LABEL: &str = "com.sms.service";

/// What to go back to. At least one of the two has to be named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Previous {
    /// The version, such as `1.14.3`.
    pub version: Option<String>,
    /// The image, such as `sms-fullstack:1.14.3` or an id, where the version does not lead to it.
    pub image: Option<String>,
}

/// An image that was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Image {
    /// By which a container is made from it; `None` where it has no name at all.
    pub(super) name: Option<String>,
    /// The inspect answer.
    pub(super) inspect: Value,
}

/// What came of the search.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Search {
    Found(Box<Image>),
    /// Why not, and what to do.
    NotFound(String),
}

/// Looks for the image to go back to from `container`, whose image is `current`.
pub(super) async fn find(
    engine: &Engine,
    container: &Value,
    current: &Value,
    previous: &Previous,
) -> Result<Search, Failure> {
    let repository = repository(container, current);
    if let Some(name) = &previous.image {
        return Ok(match inspect(engine, name).await? {
            Some(inspect) => found(inspect, Some(name), repository.as_deref()),
            None => Search::NotFound(format!(
                "there is no image {name} on the NAS: load or pull it (`docker pull {name}`), or name another one as \
                 release.previous_image"
            )),
        });
    }
    let Some(version) = previous.version.as_deref().map(plain_version) else {
        return Ok(Search::NotFound("it is not known which".to_owned()));
    };
    let tags: Vec<String> = repository
        .iter()
        .flat_map(|repository| [format!("{repository}:{version}"), format!("{repository}:v{version}")])
        .collect();
    for tag in &tags {
        if let Some(inspect) = inspect(engine, tag).await? {
            return Ok(found(inspect, Some(tag), repository.as_deref()));
        }
    }
    let (all, _) = engine.json("/images/json").await?;
    let ids: BTreeSet<&str> = items(&all)
        .filter(|image| is_of_version(image, version) && is_same_service(image, container, current))
        .map(|image| text(image, "/Id"))
        .collect();
    let looked = format!(
        "neither a tag ({}) nor a label ({}) leads to an image of version {version}",
        if tags.is_empty() { "the running image has no name".to_owned() } else { tags.join(", ") },
        VERSION_LABELS.join(", ")
    );
    let mut ids = ids.into_iter();
    match (ids.next(), ids.next()) {
        (Some(id), None) => Ok(match inspect(engine, id).await? {
            Some(inspect) => found(inspect, None, repository.as_deref()),
            None => Search::NotFound(looked),
        }),
        (Some(_), Some(_)) => Ok(Search::NotFound(format!(
            "several images say that they are version {version}: name the right one as release.previous_image"
        ))),
        (None, _) => Ok(Search::NotFound(format!(
            "{looked}: load or pull it on the NAS, or name it as release.previous_image"
        ))),
    }
}

/// The inspect answer of an image; `None` where there is none of this name or id.
pub(super) async fn inspect(engine: &Engine, name: &str) -> Result<Option<Value>, Failure> {
    if !is_image_name(name) {
        return Ok(None);
    }
    match engine.json(&format!("/images/{name}/json")).await {
        Ok((value, _)) => Ok(Some(value)),
        Err(failure) if failure.kind == FailureKind::Status(404) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// Without the `v` that some write before it.
pub(super) fn plain_version(version: &str) -> &str {
    let version = version.trim();
    version.strip_prefix(['v', 'V']).unwrap_or(version)
}

/// The version that the image's labels tell.
pub(super) fn version_of(image: &Value) -> Option<&str> {
    VERSION_LABELS.iter().find_map(|label| image.pointer("/Config/Labels")?.get(label)?.as_str())
}

fn found(inspect: Value, asked: Option<&str>, repository: Option<&str>) -> Search {
    let names: Vec<&str> = list(&inspect, "/RepoTags")
        .chain(list(&inspect, "/RepoDigests"))
        .filter_map(Value::as_str)
        .filter(|name| !name.contains("<none>"))
        .collect();
    // The name that was asked for, then one beside the running image's, then any.
    let beside = |name: &&&str| repository.is_some_and(|r| split(name).0 == r);
    let name = names
        .iter()
        .find(|name| Some(**name) == asked)
        .or_else(|| names.iter().find(beside))
        .or_else(|| names.first())
        .map(|name| (*name).to_owned());
    Search::Found(Box::new(Image { name, inspect }))
}

fn is_of_version(image: &Value, version: &str) -> bool {
    let labels = image.get("Labels");
    VERSION_LABELS
        .iter()
        .filter_map(|label| labels?.get(label)?.as_str())
        .any(|found| plain_version(found) == version)
}

/// The front end's image is not the backend's, whatever their versions.
fn is_same_service(image: &Value, container: &Value, current: &Value) -> bool {
    let of = |value: &'_ Value, pointer: &str| {
        value.pointer(pointer).and_then(|l| l.get(SERVICE_LABEL)?.as_str()).map(str::to_owned)
    };
    let ours = of(container, "/Config/Labels").or_else(|| of(current, "/Config/Labels"));
    match (of(image, "/Labels"), ours) {
        (Some(theirs), Some(ours)) => theirs == ours,
        _ => true,
    }
}

/// The name of the running image without tag and digest.
fn repository(container: &Value, current: &Value) -> Option<String> {
    let named = text(container, "/Config/Image");
    let by_id = named.is_empty() || named.starts_with("sha256:") || {
        let id = text(container, "/Image").trim_start_matches("sha256:");
        named.len() >= 12 && id.starts_with(named)
    };
    let name = if by_id { list(current, "/RepoTags").find_map(Value::as_str)? } else { named };
    Some(split(name).0.to_owned())
}

/// Repository and tag. A colon before the last slash is a registry's port.
fn split(name: &str) -> (&str, Option<&str>) {
    let name = name.split_once('@').map_or(name, |(name, _)| name);
    match name.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (name, None),
    }
}

/// What the Engine takes for a name or an id, and nothing that would be another request.
fn is_image_name(name: &str) -> bool {
    !name.is_empty()
        && !name.contains("..")
        && !name.starts_with('/')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-/:@".contains(c))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, expected) in [
            ("sms", ("sms", None)),
            ("sms:1.15.1", ("sms", Some("1.15.1"))),
            ("nas:5000/a/sms", ("nas:5000/a/sms", None)),
            ("nas:5000/a/sms:1@sha256:00", ("nas:5000/a/sms", Some("1"))),
        ] {
            assert_eq!(split(name), expected, "{name}");
        }
        for (good, name) in [
            (true, "nas:5000/a/sms:1@sha256:0a"),
            (true, "sha256:0a"),
            (false, "a?b"),
            (false, "../x"),
            (false, "a b"),
            (false, ""),
        ] {
            assert_eq!(is_image_name(name), good, "{name}");
        }
    }

    #[test]
    fn the_repository_is_that_of_the_running_image() {
        let current = json!({"RepoTags": ["sms:latest"]});
        for (named, expected) in [
            ("sms-fullstack:1.15.1", Some("sms-fullstack")),
            ("sha256:0123456789abcdef", Some("sms")),
            ("0123456789ab", Some("sms")),
        ] {
            let container = json!({"Config": {"Image": named}, "Image": "sha256:0123456789abcdef"});
            assert_eq!(repository(&container, &current).as_deref(), expected, "{named}");
        }
        let nameless = json!({"Config": {"Image": "sha256:01"}, "Image": "sha256:01"});
        assert_eq!(repository(&nameless, &json!({"RepoTags": []})), None);
    }

    #[test]
    fn an_image_of_the_version_is_one_of_the_same_service() {
        let container = json!({"Config": {"Labels": {"com.sms.service": "backend"}}});
        for (labels, version, same) in [
            (json!({"com.sms.version": "v1.14.3", "com.sms.service": "backend"}), true, true),
            (
                json!({"org.opencontainers.image.version": "1.14.3", "com.sms.service": "frontend"}),
                true,
                false,
            ),
            (json!({"com.sms.version": "1.14.30"}), false, true),
            (json!(null), false, true),
        ] {
            let image = json!({"Labels": labels});
            assert_eq!(is_of_version(&image, "1.14.3"), version, "{image}");
            assert_eq!(is_same_service(&image, &container, &json!({})), same, "{image}");
        }
    }

    #[test]
    fn the_name_is_the_one_that_was_asked_for_or_one_beside_the_running_image() {
        let image =
            json!({"RepoTags": ["other:1", "sms:1.14.3", "sms:old"], "RepoDigests": ["sms@sha256:00"]});
        for (tags, asked, repository, expected) in [
            (&image, Some("sms:old"), Some("sms"), Some("sms:old")),
            (&image, None, Some("sms"), Some("sms:1.14.3")),
            (&image, Some("sha256:01"), None, Some("other:1")),
            (&json!({"RepoTags": [], "RepoDigests": ["sms@sha256:00"]}), None, None, Some("sms@sha256:00")),
            (&json!({"RepoTags": ["<none>:<none>"]}), None, None, None),
        ] {
            match found(tags.clone(), asked, repository) {
                Search::Found(image) => assert_eq!(image.name.as_deref(), expected, "{asked:?}"),
                Search::NotFound(why) => panic!("{why}"),
            }
        }
    }
}
