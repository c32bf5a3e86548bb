//! The JSON lines: one object a line, `type` first.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::capture::Capture;

/// An object with its `type`.
pub fn typed(kind: &str, value: &impl Serialize) -> Value {
    let mut object = Map::new();
    object.insert("type".to_owned(), kind.into());
    match serde_json::to_value(value).expect("what we print can be written as JSON") {
        Value::Object(fields) => object.extend(fields.into_iter().filter(|(key, _)| key != "type")),
        other => drop(object.insert("value".to_owned(), other)),
    }
    Value::Object(object)
}

/// A capture with its id and host.
pub fn capture(capture: &Capture) -> Value {
    let mut value = json!({ "id": capture.id, "host": capture.url.host_str() });
    let fields = serde_json::to_value(capture).expect("a capture can be written as JSON");
    if let (Value::Object(into), Value::Object(fields)) = (&mut value, fields) {
        into.extend(fields);
    }
    value
}
