use proptest::prelude::*;
use serde_json::json;

use super::*;

fn full() -> Value {
    json!({
        "status": "healthy", "timestamp": "2026-11-23T04:25:51.418629", "uptime_seconds": 10, "environment": "docker",
        "version": "1.15.1",
        "checks": {
            "database": {
                "status": "healthy", "message": "Database connection successful", "journal_mode": "wal",
                "details": { "connected": true, "responsive": true }
            },
            "disk_space": { "status": "healthy", "message": "x", "details": { "total_gb": 10.0, "percent_used": 42.5 } },
            "memory": { "status": "healthy", "details": { "percent_used": 30.0 } },
            "migrations": { "status": "healthy", "details": { "current_version": "3f2b1a9c0d7e", "at_head": true } },
            "frontend": { "status": "degraded", "details": { "running": false, "port": null } }
        },
        "statistics": { "students": 3, "courses": 2, "grades": 1, "enrollments": 0 },
        "system": { "hostname": "x", "ips": ["127.0.0.1"], "python_version": "3.11.9" },
        "database": "connected", "services": { "database": "connected" }, "network": {}
    })
}

fn read(http_status: u16, body: &Value) -> HealthAnswer {
    parse(http_status, body.to_string().as_bytes()).unwrap()
}

#[test]
fn the_whole_answer_is_read() {
    let expected = HealthAnswer {
        http_status: 200,
        status: HealthStatus::Healthy,
        version: Some("1.15.1".into()),
        uptime_seconds: Some(10.0),
        database_ok: Some(true),
        database_message: Some("Database connection successful".into()),
        disk_percent: Some(42.5),
        migrations_at_head: Some(true),
        migration_version: Some("3f2b1a9c0d7e".into()),
        statistics: Some(Statistics {
            students: Some(3),
            courses: Some(2),
            grades: Some(1),
            enrollments: Some(0),
        }),
    };
    assert_eq!(read(200, &full()), expected);
    let enveloped = json!({
        "success": true, "data": full(), "error": null,
        "meta": { "request_id": "r", "timestamp": "t", "version": "v1" }
    });
    assert_eq!(read(200, &enveloped), expected);
}

#[test]
fn an_unhealthy_answer_is_found_in_every_envelope() {
    let mut sick = full();
    sick["status"] = json!("unhealthy");
    sick["database"] = json!("disconnected");
    sick["checks"]["database"] = json!({
        "status": "unhealthy", "message": "Database connection failed: postgresql://sms:hunter2@db/sms",
        "details": { "connected": false, "error": "refused" }
    });
    for body in [
        sick.clone(),
        json!({ "detail": sick }),
        json!({ "success": false, "data": null, "error": { "code": "HTTP_503", "message": "x", "details": sick, "path": "/health" }, "meta": {} }),
        json!({ "success": false, "data": null, "error": { "code": "HTTP_503", "details": { "detail": sick } } }),
        json!({ "success": false, "error": sick }),
        json!({ "status": "error", "data": sick }),
    ] {
        let answer = read(503, &body);
        assert_eq!((answer.status, answer.database_ok), (HealthStatus::Unhealthy, Some(false)), "{body}");
        assert_eq!(answer.version.as_deref(), Some("1.15.1"));
        assert_eq!(
            answer.database_message.as_deref(),
            Some("Database connection failed: postgresql://sms:[redacted]@db/sms")
        );
    }
}

#[test]
fn ready_and_older_forms_are_read() {
    for (http, body, status, database) in [
        (200, json!({ "status": "ready" }), HealthStatus::Healthy, None),
        (
            200,
            json!({ "status": "ready", "checks": { "database": { "status": "healthy" } } }),
            HealthStatus::Healthy,
            Some(true),
        ),
        (
            503,
            json!({ "detail": { "status": "not_ready", "checks": { "database": { "status": "unhealthy" } } } }),
            HealthStatus::Unhealthy,
            Some(false),
        ),
        (503, json!({ "detail": { "status": "not_ready" } }), HealthStatus::Unhealthy, None),
        (200, json!({ "status": "healthy", "database": "connected" }), HealthStatus::Healthy, Some(true)),
        (200, json!({ "status": "healthy", "database": "disconnected" }), HealthStatus::Healthy, Some(false)),
        (
            200,
            json!({ "status": "healthy", "checks": { "database": "ok" } }),
            HealthStatus::Healthy,
            Some(true),
        ),
        (
            200,
            json!({ "status": "healthy", "checks": { "database": false } }),
            HealthStatus::Healthy,
            Some(false),
        ),
        (200, json!({ "status": "degraded", "checks": [] }), HealthStatus::Degraded, None),
        (200, json!({ "status": "OK" }), HealthStatus::Healthy, None),
        (200, json!({ "status": "dreaming" }), HealthStatus::Unknown, None),
    ] {
        let answer = read(http, &body);
        assert_eq!((answer.status, answer.database_ok), (status, database), "{body}");
    }
}

#[test]
fn of_contradicting_words_the_worse_one_wins() {
    let no = json!({ "status": "healthy", "database": "connected", "checks": { "database": {
        "status": "healthy", "details": { "connected": true, "responsive": true } } } });
    assert_eq!(read(200, &no).database_ok, Some(true));
    for path in [
        "/database",
        "/checks/database/status",
        "/checks/database/details/connected",
        "/checks/database/details/responsive",
    ] {
        let mut body = no.clone();
        let place = body.pointer_mut(path).unwrap();
        *place = if place.is_string() { json!("disconnected") } else { json!(false) };
        assert_eq!(read(200, &body).database_ok, Some(false), "{path}");
    }
    assert_eq!(read(503, &no).status, HealthStatus::Unhealthy);
    assert_eq!(read(200, &json!({ "success": false, "data": no })).status, HealthStatus::Unhealthy);
    assert_eq!(read(200, &json!({ "status": "unhealthy" })).status, HealthStatus::Unhealthy);
    assert_eq!(read(200, &json!({ "status": "degraded", "data": no })).status, HealthStatus::Degraded);
    assert_eq!(read(200, &json!({ "status": "error", "data": no })).status, HealthStatus::Unhealthy);
    assert_eq!(read(200, &json!({ "status": "success", "data": no })).status, HealthStatus::Healthy);
}

#[test]
fn what_makes_no_sense_is_left_out() {
    let answer = read(
        200,
        &json!({
            "status": "healthy", "version": "unknown", "uptime_seconds": -5, "statistics": { "students": -1 },
            "checks": {
                "disk_space": { "details": { "percent_used": 450 } },
                "migrations": { "details": { "error": "x" } },
                "database": { "message": "δ".repeat(1_000) }
            }
        }),
    );
    assert_eq!((answer.version, answer.uptime_seconds, answer.statistics), (None, None, None));
    assert_eq!(
        (answer.disk_percent, answer.migrations_at_head, answer.migration_version),
        (None, None, None)
    );
    assert_eq!(answer.database_message.map(|m| m.chars().count()), Some(301), "300 and an ellipsis");
}

#[test]
fn what_is_no_health_answer_says_what_it_is() {
    for (http, body, said) in [
        (200, "", "an empty body with HTTP 200"),
        (502, "  \n", "an empty body with HTTP 502"),
        (
            200,
            "<!DOCTYPE html>\n<html lang=\"el\">",
            "an HTML page with HTTP 200, which begins `<!DOCTYPE html> <html lang=\"el\">`",
        ),
        (
            502,
            "<html><head><title>502 Bad Gateway",
            "an HTML page with HTTP 502, which begins `<html><head><title>502 Bad Gateway`",
        ),
        (200, "{\"status\": \"hea", "broken JSON with HTTP 200, which begins `{\"status\": \"hea`"),
        (
            500,
            "Internal Server Error",
            "a text that is no JSON with HTTP 500, which begins `Internal Server Error`",
        ),
        (
            404,
            "{\"detail\":\"Not Found\"}",
            "JSON without a `status` with HTTP 404, which begins `{\"detail\":\"Not Found\"}`",
        ),
        (200, "{\"status\":503}", "JSON without a `status` with HTTP 200, which begins `{\"status\":503}`"),
        (200, "[]", "JSON without a `status` with HTTP 200, which begins `[]`"),
        (
            200,
            "{\"password\":\"hunter2\"}",
            "JSON without a `status` with HTTP 200, which begins `{\"password\":\"[redacted]\"}`",
        ),
    ] {
        assert_eq!(parse(http, body.as_bytes()), Err(HealthError(said.into())), "{body}");
    }
    let long = parse(200, "λ".repeat(5_000).as_bytes()).unwrap_err();
    assert_eq!(long.0.chars().filter(|c| *c == 'λ').count(), 80);
    assert!(parse(200, b"\xff\xfe\x00{").is_err());
    assert!(parse(200, b"\xef\xbb\xbf{\"status\":\"ready\"}").is_ok());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        proptest::sample::select(vec![
            "healthy",
            "unhealthy",
            "connected",
            "disconnected",
            "45%",
            "not_ready",
            "1e999%",
            "NaN"
        ])
        .prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    let keys = vec![
        "status",
        "checks",
        "database",
        "details",
        "connected",
        "responsive",
        "detail",
        "data",
        "error",
        "statistics",
        "students",
        "disk_space",
        "percent_used",
        "uptime_seconds",
        "version",
        "message",
        "services",
        "success",
        "migrations",
        "at_head",
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(
                proptest::sample::select(keys.clone()).prop_map(String::from),
                inner,
                0..6
            )
            .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(http in any::<u16>(), body in any_json()) {
        if let Ok(answer) = parse(http, body.to_string().as_bytes()) {
            prop_assert!(http < 500 || answer.status == HealthStatus::Unhealthy);
            prop_assert!(answer.disk_percent.is_none_or(|p| (0.0..=100.0).contains(&p)));
            prop_assert!(answer.uptime_seconds.is_none_or(f64::is_finite));
            prop_assert!(answer.database_message.is_none_or(|m| m.len() <= MOST_OF_A_MESSAGE));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(http in any::<u16>(), body in proptest::collection::vec(any::<u8>(), 0..200), cut in 0usize..900) {
        let _ = parse(http, &body);
        let whole = full().to_string();
        let _ = parse(http, whole.as_bytes().get(..cut).unwrap_or_default());
    }
}
