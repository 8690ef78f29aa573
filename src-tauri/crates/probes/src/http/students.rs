//! The list of students: how many there are.

use serde_json::Value;

use super::envelope::data;

/// The list's own total, in a bare or an enveloped answer; `None` where it tells none.
pub(super) fn total(answer: &Value) -> Option<u64> {
    let list = data(answer);
    list.get("total")
        .or_else(|| list.pointer("/pagination/total"))
        .or_else(|| list.pointer("/meta/total"))?
        .as_u64()
}

/// Whether the answer is a list at all.
pub(super) fn is_list(answer: &Value) -> bool {
    let list = data(answer);
    list.is_array() || list.get("items").is_some_and(Value::is_array)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_shapes_are_read() {
        let bare = json!({"items": [{"id": 1}], "total": 42, "skip": 0, "limit": 1});
        let wrapped = json!({"success": true, "data": bare, "error": null, "meta": {"version": "1"}});
        for (answer, list, count) in [
            (bare, true, Some(42)),
            (wrapped, true, Some(42)),
            (json!([{"id": 1}]), true, None),
            (json!({"items": [], "total": -1}), true, None),
            (json!({"detail": "x"}), false, None),
            (json!(null), false, None),
        ] {
            assert_eq!((is_list(&answer), total(&answer)), (list, count), "{answer}");
        }
    }
}
