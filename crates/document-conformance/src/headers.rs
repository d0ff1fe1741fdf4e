//! The headers that a response declares.

use serde_json::Value;

use crate::SeenAnswer;

/// Faults of the headers of an answer to a documented operation.
pub(crate) fn faults(answer: &SeenAnswer<'_>, response: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let values: Vec<_> = answer.headers.get_all(name.as_str()).iter().collect();
        if values.is_empty() && header["required"] == true {
            faults.push(format!("{name} is required and missing"));
        }
        let is_integer = header["schema"]["type"] == "integer";
        for value in values {
            match value.to_str() {
                Ok(text) if is_integer && text.parse::<i64>().is_err() => {
                    faults.push(format!("{name} is no integer: {text}"));
                }
                Ok(_) => {}
                Err(_) => faults.push(format!("{name} is no text")),
            }
        }
    }
    faults
}

/// What holds for every answer. A 304 and an answer to HEAD speak of the body that is not there: a length of nothing
/// would empty the caller's copy.
pub(crate) fn length_faults(answer: &SeenAnswer<'_>) -> Vec<String> {
    let length = answer.header("content-length");
    let mut faults = Vec::new();
    if answer.has_no_body() && length == "0" {
        faults.push("Content-Length: 0 on an answer that leaves its body out".to_owned());
    }
    if !answer.has_no_body() && !length.is_empty() && length != answer.body.len().to_string() {
        faults.push(format!("Content-Length: {length}, but the body has {} bytes", answer.body.len()));
    }
    faults
}
