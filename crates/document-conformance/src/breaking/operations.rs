//! What may be asked, and which answers there are.

use serde_json::Value;

use crate::breaking::schemas::Comparison;
use crate::breaking::way::Way;
use crate::references::members;

/// Compares every operation of the released document.
pub(super) fn compare(released: &Value, current: &Value, faults: &mut Vec<String>) {
    let mut comparison = Comparison::new(released, current, faults);
    for (path, item) in members(&released["paths"]) {
        for (method, was) in members(item) {
            let at = format!("{} {path}", method.to_uppercase());
            match current["paths"][path].get(method) {
                Some(is) => operation(&at, was, is, &mut comparison),
                None => comparison.fault(&at, "is gone"),
            }
        }
    }
}

fn operation(at: &str, was: &Value, is: &Value, comparison: &mut Comparison<'_>) {
    if was["operationId"] != is["operationId"] {
        let what = format!("its operation id was {}, is {}", was["operationId"], is["operationId"]);
        comparison.fault(at, what);
    }
    let is_open = |operation: &Value| {
        operation["security"].as_array().is_some_and(|all| all.contains(&Value::Object(serde_json::Map::new())))
    };
    if is_open(was) && !is_open(is) {
        comparison.fault(at, "needs a token now");
    }
    parameters(at, &was["parameters"], &is["parameters"], comparison);
    request(at, &was["requestBody"], &is["requestBody"], comparison);
    for (status, was) in members(&was["responses"]) {
        let at = format!("{at} {status}");
        match is["responses"].get(status) {
            Some(is) => response(&at, was, is, comparison),
            None => comparison.fault(&at, "is gone"),
        }
    }
    for (status, _) in members(&is["responses"]) {
        if status.starts_with('2') && was["responses"].get(status).is_none() {
            comparison.fault(at, format!("may succeed with {status} now"));
        }
    }
}

fn parameters(at: &str, was: &Value, is: &Value, comparison: &mut Comparison<'_>) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (was, is) = (list(was), list(is));
    let same = |one: &Value, other: &Value| one["name"] == other["name"] && one["in"] == other["in"];
    for old in &was {
        let at = format!("{at} parameter {}", old["name"].as_str().unwrap_or_default());
        match is.iter().find(|new| same(old, new)) {
            Some(new) => {
                if old["required"] != true && new["required"] == true {
                    comparison.fault(&at, "must be sent now");
                }
                comparison.schema(&at, Way::Sent, &old["schema"], &new["schema"]);
            }
            None => comparison.fault(&at, "is gone"),
        }
    }
    for new in is.iter().filter(|new| new["required"] == true && !was.iter().any(|old| same(old, new))) {
        comparison.fault(at, format!("parameter {} is new and must be sent", new["name"].as_str().unwrap_or_default()));
    }
}

fn request(at: &str, was: &Value, is: &Value, comparison: &mut Comparison<'_>) {
    let at = format!("{at} body");
    if was.is_null() {
        if is["required"] == true {
            comparison.fault(&at, "must be sent now");
        }
        return;
    }
    if is.is_null() {
        return comparison.fault(&at, "is gone");
    }
    if was["required"] != true && is["required"] == true {
        comparison.fault(&at, "must be sent now");
    }
    content(&at, Way::Sent, was, is, comparison);
}

fn response(at: &str, was: &Value, is: &Value, comparison: &mut Comparison<'_>) {
    for code in codes(was) {
        if !codes(is).contains(&code) {
            comparison.fault(at, format!("no longer has the code {code}"));
        }
    }
    for (name, header) in members(&was["headers"]) {
        match is["headers"].get(name) {
            None => comparison.fault(at, format!("header {name} is gone")),
            Some(new) => {
                if header["required"] == true && new["required"] != true {
                    comparison.fault(at, format!("header {name} may be missing now"));
                }
                comparison.schema(&format!("{at} header {name}"), Way::Answered, &header["schema"], &new["schema"]);
            }
        }
    }
    content(at, Way::Answered, was, is, comparison);
}

fn content(at: &str, way: Way, was: &Value, is: &Value, comparison: &mut Comparison<'_>) {
    for (media_type, media) in members(&was["content"]) {
        match is["content"].get(media_type) {
            Some(new) => comparison.schema(at, way, &media["schema"], &new["schema"]),
            None => comparison.fault(at, format!("{media_type} is gone")),
        }
    }
}

/// The codes that the description of a problem names.
fn codes(response: &Value) -> Vec<&str> {
    match response["content"].get("application/problem+json") {
        Some(_) => response["description"].as_str().unwrap_or_default().split('`').skip(1).step_by(2).collect(),
        None => Vec::new(),
    }
}
