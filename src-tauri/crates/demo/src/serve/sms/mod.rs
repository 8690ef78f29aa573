//! The SMS's HTTP side.

mod guard;

use std::{fmt, net::IpAddr, sync::Arc};

use axum::{
    Json, Router,
    body::Body,
    extract::{ConnectInfo, Query, Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use watchkeeper_core::{reading::Source, time::Span};

use super::{gate::Line, stage::Stage};
use crate::{
    shape,
    world::{BAD_GATEWAY, World},
};
use guard::Guard;

/// Told of every request that was answered: the client's address and port, `GET /health`, the status.
pub type OnAccess = Arc<dyn Fn(&str, &str, u16) + Send + Sync>;

/// How the simulated SMS answers.
#[derive(Clone)]
pub struct SmsOptions {
    /// Whether lists and errors are wrapped in `{"success": …}` as newer versions do, or bare.
    pub envelope: bool,
    /// The one account.
    pub email: String,
    /// Its password.
    pub password: String,
    /// Told of every answered request.
    pub on_access: Option<OnAccess>,
}

impl Default for SmsOptions {
    /// Bare; the account is `watch@example.com` with the password `simulated`.
    fn default() -> Self {
        Self {
            envelope: false,
            email: "watch@example.com".into(),
            password: "simulated".into(),
            on_access: None,
        }
    }
}

impl fmt::Debug for SmsOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsOptions").field("envelope", &self.envelope).field("email", &self.email).finish()
    }
}

/// The SMS's routes. Every path is answered by one function, as faults and labels touch all of them.
pub(super) fn router(stage: Arc<Stage>, options: SmsOptions) -> Router {
    let sms = Arc::new(Sms { stage, options, guard: Guard::default() });
    Router::new()
        .fallback(answer)
        .layer(middleware::from_fn_with_state(sms.clone(), through_the_world))
        .with_state(sms)
}

struct Sms {
    stage: Arc<Stage>,
    options: SmsOptions,
    guard: Guard,
}

/// When the world answered, for the handler.
#[derive(Clone)]
struct Asked {
    world: Arc<World>,
    t: Span,
    from: IpAddr,
}

async fn through_the_world(
    State(sms): State<Arc<Sms>>,
    ConnectInfo(line): ConnectInfo<Line>,
    mut request: Request,
    next: Next,
) -> Response {
    let (method, path) = (request.method().clone(), request.uri().clone());
    let source = source(path.path());
    let login = path.path() == LOGIN;
    let reply = sms.stage.answered(|world, t| match source {
        Source::Functions => world.step(login, t),
        _ => world.reply(source, t),
    });
    let Some((t, took_ms, status)) = reply.await else {
        line.cut();
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    sms.stage.linger(took_ms).await;
    let mut response = if status == BAD_GATEWAY {
        bad_gateway()
    } else if status == 500 {
        sms.error(StatusCode::INTERNAL_SERVER_ERROR, path.path(), t, json!("Internal Server Error"))
    } else {
        let asked = Asked { world: sms.stage.world(), t, from: line.peer.ip() };
        request.extensions_mut().insert(asked);
        next.run(request).await
    };
    sms.stage.label(response.headers_mut(), t, took_ms);
    if let Some(on_access) = &sms.options.on_access {
        let target = path.path_and_query().map_or(path.path(), |p| p.as_str());
        on_access(&line.peer.to_string(), &format!("{method} {target}"), response.status().as_u16());
    }
    response
}

const LOGIN: &str = "/api/v1/auth/login";

fn source(path: &str) -> Source {
    match path {
        "/health" => Source::Health,
        "/health/ready" => Source::Ready,
        "/health/live" => Source::Live,
        "/api" | "/api/" => Source::Api,
        _ if path.starts_with("/api/v1/") => Source::Functions,
        _ if path.starts_with("/assets/") => Source::Asset,
        _ => Source::Page,
    }
}

async fn answer(State(sms): State<Arc<Sms>>, mut request: Request) -> Response {
    let Some(Asked { world, t, from }) = request.extensions_mut().remove::<Asked>() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let uri = request.uri().clone();
    let get = matches!(*request.method(), Method::GET | Method::HEAD);
    match uri.path() {
        LOGIN if request.method() == Method::POST => sms.login(&world, t, from, request).await,
        LOGIN => sms.error(StatusCode::METHOD_NOT_ALLOWED, uri.path(), t, json!("Method Not Allowed")),
        _ if !get => sms.error(StatusCode::METHOD_NOT_ALLOWED, uri.path(), t, json!("Method Not Allowed")),
        "/health" => {
            let body = shape::health(&world, t);
            if world.health(t).http_status == 200 {
                Json(body).into_response()
            } else {
                sms.error(StatusCode::SERVICE_UNAVAILABLE, uri.path(), t, body)
            }
        }
        "/health/ready" => {
            let body = shape::ready(&world, t);
            if world.ready(t).http_status == 200 {
                Json(body).into_response()
            } else {
                sms.error(StatusCode::SERVICE_UNAVAILABLE, uri.path(), t, body)
            }
        }
        "/health/live" => Json(shape::live(&world, t)).into_response(),
        "/api" | "/api/" => Json(shape::api(&world, t)).into_response(),
        "/api/v1/students/" => sms.students(&world, t, from, &request, &uri),
        shape::ASSET => asset("text/javascript; charset=utf-8"),
        "/assets/index-91ab44c2.css" => asset("text/css; charset=utf-8"),
        path if path.starts_with("/api") || path.starts_with("/assets/") || path == "/metrics" => {
            sms.error(StatusCode::NOT_FOUND, path, t, json!("Not Found"))
        }
        // The page finds its own way.
        _ => page(),
    }
}

#[derive(Deserialize)]
struct Credentials {
    email: String,
    password: String,
}

#[derive(Deserialize)]
struct Paging {
    #[serde(default)]
    skip: u64,
    #[serde(default = "hundred")]
    limit: u64,
}

const fn hundred() -> u64 {
    100
}

impl Sms {
    async fn login(&self, world: &World, t: Span, from: IpAddr, request: Request) -> Response {
        let body = axum::body::to_bytes(request.into_body(), 64 * 1_024).await.unwrap_or_default();
        let Ok(told) = serde_json::from_slice::<Credentials>(&body) else {
            let detail = json!([{ "loc": ["body"], "msg": "Field required", "type": "missing" }]);
            return self.error(StatusCode::UNPROCESSABLE_ENTITY, LOGIN, t, detail);
        };
        if let Some(wait) = self.guard.locked(&told.email, from, t) {
            let mut response = self.error(
                StatusCode::TOO_MANY_REQUESTS,
                LOGIN,
                t,
                json!("Too many failed login attempts. Please try again later."),
            );
            let seconds = wait.as_secs_f64().ceil() as u64;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            return response;
        }
        if told.email != self.options.email || told.password != self.options.password {
            self.guard.failed(&told.email, from, t);
            return self.error(StatusCode::BAD_REQUEST, LOGIN, t, json!("Invalid email or password"));
        }
        self.guard.succeeded(&told.email, from);
        Json(json!({ "access_token": token(world), "token_type": "bearer", "refresh_token": null }))
            .into_response()
    }

    fn students(&self, world: &World, t: Span, from: IpAddr, request: &Request, uri: &Uri) -> Response {
        let path = uri.path();
        let bearer = request.headers().get(header::AUTHORIZATION).and_then(|h| h.to_str().ok());
        if bearer.and_then(|b| b.strip_prefix("Bearer ")) != Some(token(world).as_str()) {
            return self.error(StatusCode::UNAUTHORIZED, path, t, json!("Not authenticated"));
        }
        if !self.guard.may_read(from, t) {
            return self.error(
                StatusCode::TOO_MANY_REQUESTS,
                path,
                t,
                json!("Rate limit exceeded: 60 per 1 minute"),
            );
        }
        let Ok(Query(paging)) = Query::<Paging>::try_from_uri(uri) else {
            let detail = json!([{ "loc": ["query"], "msg": "Input should be a valid integer" }]);
            return self.error(StatusCode::UNPROCESSABLE_ENTITY, path, t, detail);
        };
        let page = shape::students(world, t, paging.skip, paging.limit);
        Json(if self.options.envelope {
            json!({ "success": true, "data": page, "error": null, "meta": meta(world, t) })
        } else {
            page
        })
        .into_response()
    }

    /// An error as the version in question words it; `detail` is a sentence or an object.
    fn error(&self, status: StatusCode, path: &str, t: Span, detail: Value) -> Response {
        let body = if self.options.envelope {
            let message = detail.as_str().unwrap_or("Request failed").to_owned();
            let details = if detail.is_string() { Value::Null } else { detail };
            json!({
                "success": false,
                "data": null,
                "error": {
                    "code": format!("HTTP_{}", status.as_u16()),
                    "message": message,
                    "details": details,
                    "path": path,
                },
                "meta": meta(&self.stage.world(), t),
            })
        } else {
            json!({ "detail": detail })
        };
        (status, Json(body)).into_response()
    }
}

fn meta(world: &World, t: Span) -> Value {
    // The API's version, not the application's.
    json!({
        "request_id": format!("sim-{:012}", t.as_millis()),
        "timestamp": shape::stamp(world.utc(t)),
        "version": "1.0.0",
    })
}

fn token(world: &World) -> String {
    format!("simulated.{}.token", world.version())
}

/// nginx's own words, where the application behind it does not answer.
fn bad_gateway() -> Response {
    let body = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.27.2</center>\r\n</body>\r\n</html>\r\n";
    (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], body).into_response()
}

fn page() -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], shape::page()).into_response()
}

fn asset(kind: &'static str) -> Response {
    let text = format!("/* simulated */\n{}", "export default 0;\n".repeat(11_934));
    ([(header::CONTENT_TYPE, kind)], Body::from(text)).into_response()
}
