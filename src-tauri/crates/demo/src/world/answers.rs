//! The world's answers as readings, without a socket: what the pure simulations and the in-memory probes ask.

use watchkeeper_core::{
    part::Part,
    reading::{Answer, FailureKind, FunctionsAnswer, HttpAnswer, Place, Source, Value},
    time::Span,
};
use watchkeeper_engine::ports::Depth;

use super::{
    World,
    http::{BAD_GATEWAY, Reply, blocked},
};
use crate::timeline::ms;

/// What is asked of each container.
pub const OF_A_CONTAINER: [Source; 3] = [Source::Inspect, Source::Stats, Source::Logs];

/// What `source` answers at `t`. Log lines and events are those of [`since`, `t`); `since` means nothing to the other
/// sources. No events or a source that is not asked at this `depth` ([`Source::is_of_checkpoints`] between checkpoints)
/// give no answers. Of a container it is the application's that is asked; events are those of all.
pub fn answers(world: &World, source: Source, depth: Depth, since: Span, t: Span) -> Vec<Answer> {
    answers_of(world, Part::Application, source, depth, since, t)
}

/// The same of the container of `part`, of which only the sources of [`OF_A_CONTAINER`] are asked.
pub fn answers_of(
    world: &World,
    part: Part,
    source: Source,
    depth: Depth,
    since: Span,
    t: Span,
) -> Vec<Answer> {
    match source {
        Source::Functions | Source::Readiness if depth == Depth::Routine => Vec::new(),
        Source::Events => events(world, since, t),
        _ => vec![one(world, part, source, since, t).of(part)],
    }
}

/// Why `source` cannot be asked at `t`, where the reason lies on the way to it: this PC, network, NAS, Engine.
pub fn unreachable(world: &World, source: Source, t: Span) -> Option<Answer> {
    let of_engine = matches!(
        source,
        Source::Engine | Source::Inspect | Source::Stats | Source::Logs | Source::Events | Source::Readiness
    );
    let place = world.blocked(t);
    if source == Source::Network && place == Some(Place::Nas) {
        return None;
    }
    if let Some(place) = place {
        return Some(failed(source, blocked(place)));
    }
    let refused = Reply::Failed { took_ms: 2.0, place: Place::DockerEngine, kind: FailureKind::Refused };
    (of_engine && !world.engine_up(t)).then(|| failed(source, refused))
}

fn one(world: &World, part: Part, source: Source, since: Span, t: Span) -> Answer {
    if let Some(failure) = unreachable(world, source, t) {
        return failure;
    }
    let timed = |value| Answer::value(source, world.latency(source, t), value);
    let name = world.layout().name_of(part).unwrap_or(part.id());
    let absent = || {
        let message = format!("There is no container named {name}.");
        Answer::failure(source, Some(5.0), Place::Container, FailureKind::NoContainer, message)
    };
    match source {
        Source::Network => Answer::untimed(source, Value::Network("simulated: an interface is up".into())),
        Source::Engine => timed(Value::Engine(world.engine())),
        Source::Inspect => match world.container_of(part, t) {
            Some(state) => timed(Value::Container(Box::new(state))),
            None => absent(),
        },
        Source::Readiness => match world.readiness(t) {
            Some(readiness) => timed(Value::Readiness(Box::new(readiness))),
            None => absent(),
        },
        Source::Stats => match world.usage_of(part, t) {
            Some(usage) => timed(Value::Usage(usage)),
            None if world.exists(part, t) => {
                let message = format!("The container {name} does not run: no statistics.");
                Answer::failure(source, Some(5.0), Place::Container, FailureKind::BadAnswer, message)
            }
            None => absent(),
        },
        Source::Logs if !world.exists(part, t) => absent(),
        Source::Logs => timed(Value::Logs(world.log_batch_of(part, since, t))),
        _ => http(world, source, t),
    }
}

fn http(world: &World, source: Source, t: Span) -> Answer {
    let (took_ms, status) = match world.reply(source, t) {
        Reply::Answered { took_ms, status } => (took_ms, status),
        reply => return failed(source, reply),
    };
    let value = match source {
        Source::Health if !matches!(status, 500 | BAD_GATEWAY) => Value::Health(Box::new(world.health(t))),
        Source::Ready if !matches!(status, 500 | BAD_GATEWAY) => Value::Health(Box::new(world.ready(t))),
        Source::Functions if status == 200 => {
            let students = world.statistics(t).students;
            Value::Functions(FunctionsAnswer { login: Some(true), students, remark: String::new() })
        }
        _ if status == 200 => Value::Http(HttpAnswer { status, bytes: World::body_bytes(source) }),
        _ => {
            let reply =
                Reply::Failed { took_ms, place: Place::Application, kind: FailureKind::Status(status) };
            return failed(source, reply);
        }
    };
    Answer::value(source, took_ms, value)
}

fn events(world: &World, since: Span, t: Span) -> Vec<Answer> {
    if let Some(failure) = unreachable(world, Source::Events, t) {
        return vec![failure];
    }
    let mut answers = Vec::new();
    for (part, event) in world.told(ms(since), ms(t)) {
        let at = world.span(event.at);
        let mut answer = Answer::untimed(Source::Events, Value::Event(event)).of(part);
        // Told while nobody listened, and read back.
        answer.reconstructed = unreachable(world, Source::Events, at).is_some();
        answers.push(answer);
    }
    answers
}

fn failed(source: Source, reply: Reply) -> Answer {
    let Reply::Failed { took_ms, place, kind } = reply else {
        return Answer::failure(source, None, Place::ThisPc, FailureKind::BadAnswer, "This is no failure.");
    };
    let what = match kind {
        FailureKind::Timeout => "no answer in time".into(),
        FailureKind::Refused => "connection refused".into(),
        FailureKind::Unreachable => "unreachable".into(),
        FailureKind::Broken => "the connection broke".into(),
        FailureKind::Status(status) => format!("HTTP {status}"),
        _ => "no answer".to_owned(),
    };
    let took = (kind != FailureKind::Unreachable).then_some(took_ms);
    Answer::failure(
        source,
        took,
        place,
        kind,
        format!("Simulated {}: {what} ({}).", source.name(), place.label()),
    )
}

impl World {
    /// Whether there is a container of `part` at `t`, running or not.
    pub fn exists(&self, part: Part, t: Span) -> bool {
        self.life_of(part).is_some_and(|life| life.at(ms(t)).exists)
    }
}
