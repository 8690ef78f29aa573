//! What the Engine tells by itself: `GET /events`, and `GET /containers/NAME/stats` as a stream.

use std::{collections::VecDeque, io, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::Value;
use watchkeeper_core::{part::Part, reading::ContainerEvent, time::Span};

use super::{Asked, logs::time, message};
use crate::{
    serve::stage::Stage,
    shape,
    timeline::{Ms, ms},
};

/// How often the stream looks whether something happened, on the wall's clock.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The events since `since`, or since now, and then each as it happens; up to `until` where that is given. The
/// connection breaks when the way to the Engine is blocked or the Engine is down.
pub(super) fn stream(stage: Arc<Stage>, t: Span, asked: &Asked) -> Response {
    let Some(filter) = Filter::read(asked.get("filters").map(String::as_str)) else {
        return message(StatusCode::BAD_REQUEST, "invalid filter");
    };
    let world = stage.world();
    let at = |key: &str| time(asked.get(key)).map(|utc| (utc - world.utc(Span::ZERO)).num_milliseconds());
    let told =
        Told { heard: at("since").unwrap_or_else(|| ms(t)), until: at("until"), pending: VecDeque::new() };
    let body = stream::unfold((stage, filter, told), |(stage, filter, mut told)| async move {
        loop {
            if let Some(line) = told.pending.pop_front() {
                return Some((Ok(line), (stage, filter, told)));
            }
            if told.until.is_some_and(|until| told.heard > until) {
                return None;
            }
            let (world, now) = stage.at();
            if world.blocked(now).is_some() || !world.engine_up(now) {
                return Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), (stage, filter, told)));
            }
            let to = ms(now).min(told.until.map_or(Ms::MAX, |u| u + 1));
            for (part, event) in world.told(told.heard, to) {
                let name = world.layout().name_of(part).unwrap_or_default();
                let value = shape::event(part, name, &event);
                if filter.wants(name, &event, &value) {
                    told.pending.push_back(line(&value));
                }
            }
            told.heard = told.heard.max(to);
            if told.pending.is_empty()
                && told.until.is_none_or(|u| told.heard <= u)
                && !stage.sleep(LOOK_EVERY).await
            {
                return None;
            }
        }
    });
    json_lines(Body::from_stream(body))
}

/// A sample of the statistics of the container of `part` every simulated second, but not more than ten in a real one.
pub(super) fn stats(stage: Arc<Stage>, part: Part) -> Response {
    let pause = stage.time().real(Span::secs(1)).max(Duration::from_millis(100));
    let body = stream::unfold((stage, true), move |(stage, first)| async move {
        if !first && !stage.sleep(pause).await {
            return None;
        }
        let sample = shape::stats(&stage.world(), part, stage.now())?;
        Some((Ok::<_, io::Error>(line(&sample)), (stage, false)))
    });
    json_lines(Body::from_stream(body))
}

struct Told {
    /// All events before this have been told.
    heard: Ms,
    until: Option<Ms>,
    pending: VecDeque<Bytes>,
}

/// Which events are asked for; an empty list asks for all.
#[derive(Debug, Default, PartialEq, Eq)]
struct Filter {
    types: Vec<String>,
    containers: Vec<String>,
    events: Vec<String>,
}

impl Filter {
    /// From `{"container": ["sms-app"]}`, or the older `{"container": {"sms-app": true}}`.
    fn read(json: Option<&str>) -> Option<Self> {
        let Some(json) = json.filter(|j| !j.is_empty()) else { return Some(Self::default()) };
        let Value::Object(filters) = serde_json::from_str(json).ok()? else { return None };
        let list = |key: &str| match filters.get(key) {
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::Object(items)) => items.keys().cloned().collect(),
            _ => Vec::new(),
        };
        Some(Self { types: list("type"), containers: list("container"), events: list("event") })
    }

    /// Whether `event` of the container called `name`, which is `told`, is asked for.
    fn wants(&self, name: &str, event: &ContainerEvent, told: &Value) -> bool {
        let any =
            |list: &[String], holds: &dyn Fn(&str) -> bool| list.is_empty() || list.iter().any(|x| holds(x));
        let action = told.get("Action").and_then(Value::as_str).unwrap_or_default();
        any(&self.types, &|t| t == "container")
            && any(&self.containers, &|c| c == name || (c.len() >= 6 && event.id.starts_with(c)))
            && any(&self.events, &|e| action == e || action.split(':').next() == Some(e))
    }
}

fn line(value: &Value) -> Bytes {
    let mut text = value.to_string();
    text.push('\n');
    Bytes::from(text)
}

fn json_lines(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use watchkeeper_core::reading::{ContainerAction, ContainerHealth};

    #[test]
    fn filters_choose_as_the_engine_chooses() {
        let event = |action| ContainerEvent {
            at: DateTime::UNIX_EPOCH,
            action,
            id: "0123456789abcdef".into(),
            image: "sms".into(),
            exit_code: None,
        };
        let (die, health) =
            (event(ContainerAction::Die), event(ContainerAction::Health(ContainerHealth::Unhealthy)));
        for (filters, wants_die, wants_health) in [
            ("", true, true),
            (r#"{"container":["sms-app"]}"#, true, true),
            (r#"{"container":{"01234567":true}}"#, true, true),
            (r#"{"container":["other"]}"#, false, false),
            (r#"{"type":["container"],"event":["die","oom"]}"#, true, false),
            (r#"{"event":["health_status"]}"#, false, true),
            (r#"{"type":["image"]}"#, false, false),
        ] {
            let filter = Filter::read(Some(filters)).unwrap();
            let wants = |event| {
                let told = shape::event(Part::Application, "sms-app", event);
                filter.wants("sms-app", event, &told)
            };
            assert_eq!((wants(&die), wants(&health)), (wants_die, wants_health), "{filters}");
        }
        assert_eq!(Filter::read(Some("[")), None);
        assert_eq!(Filter::read(Some("[]")), None);
    }
}
