//! The SMS's answers come bare (older versions) or in an envelope (newer ones); so do its errors.

use serde_json::Value;
use watchkeeper_core::redact::from_outside;

/// The most characters that are kept of an error's message.
const LONGEST: usize = 300;

/// What is inside `{"success":true,"data":…}`, or the value itself.
pub(crate) fn data(value: &Value) -> &Value {
    match (value.get("success"), value.get("data")) {
        (Some(_), Some(data)) => data,
        _ => value,
    }
}

/// What an error answer says, in any of its shapes; redacted, cut, on one line.
pub(crate) fn error_message(body: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let text = match value
        .pointer("/error/message")
        .or_else(|| value.get("detail"))
        .or_else(|| value.get("message"))?
    {
        Value::String(text) => text.clone(),
        // FastAPI's validation errors: a list of objects with `msg`; others put the message one level deeper.
        Value::Array(faults) => {
            faults.iter().filter_map(|f| f.get("msg")?.as_str()).collect::<Vec<_>>().join("; ")
        }
        Value::Object(inner) => inner.get("message").or_else(|| inner.get("msg"))?.as_str()?.to_owned(),
        _ => return None,
    };
    let line = from_outside(&text, LONGEST).replace(['\n', '\t'], " ");
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn envelopes_are_opened_and_bare_values_left() {
        for (value, inside) in [
            (json!({"success": true, "data": {"total": 3}, "error": null}), json!({"total": 3})),
            (json!({"total": 3}), json!({"total": 3})),
            (json!({"data": 1}), json!({"data": 1})),
            (json!([1]), json!([1])),
        ] {
            assert_eq!(*data(&value), inside);
        }
    }

    #[test]
    fn errors_are_read_in_all_shapes() {
        for (body, message) in [
            (r#"{"detail":"Incorrect email or password"}"#, Some("Incorrect email or password")),
            (
                r#"{"success":false,"data":null,"error":{"code":"HTTP_401","message":"No","details":{},"path":"/"}}"#,
                Some("No"),
            ),
            (
                r#"{"detail":[{"loc":["body"],"msg":"field required"},{"msg":"too short"}]}"#,
                Some("field required; too short"),
            ),
            (r#"{"detail":{"message":"locked\nout"}}"#, Some("locked out")),
            (r#"{"message":"page not found"}"#, Some("page not found")),
            (r#"{"detail":null}"#, None),
            (r#"{"detail":""}"#, None),
            ("<html>", None),
            ("", None),
        ] {
            assert_eq!(error_message(body.as_bytes()).as_deref(), message, "{body}");
        }
        let long = format!(r#"{{"detail":"{}"}}"#, "ώ".repeat(5_000));
        assert_eq!(error_message(long.as_bytes()).unwrap().chars().count(), LONGEST + 1, "with an ellipsis");
    }
}
