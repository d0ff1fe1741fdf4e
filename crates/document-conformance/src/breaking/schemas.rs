//! What may be sent, and what may come back.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::breaking::bounds;
use crate::breaking::way::Way;
use crate::references::members;

/// Two documents under comparison.
pub(super) struct Comparison<'a> {
    released: &'a Value,
    current: &'a Value,
    /// Named schemas that were compared, or are just being: they may hold themselves.
    seen: BTreeSet<(String, String, Way)>,
    faults: &'a mut Vec<String>,
}

const TYPES: [&str; 6] = ["array", "boolean", "null", "number", "object", "string"];

impl<'a> Comparison<'a> {
    pub(super) fn new(released: &'a Value, current: &'a Value, faults: &'a mut Vec<String>) -> Self {
        Self { released, current, seen: BTreeSet::new(), faults }
    }

    pub(super) fn fault(&mut self, at: &str, what: impl std::fmt::Display) {
        self.faults.push(format!("{at} {what}"));
    }

    /// Compares two schemas. Faults of a schema with a name are told of that name, once.
    pub(super) fn schema(&mut self, at: &str, way: Way, was: &Value, is: &Value) {
        let (was, is) = (Form::of(was, self.released), Form::of(is, self.current));
        let at = match (&was.name, &is.name) {
            (Some(old), Some(new)) if old != new => {
                return self.fault(at, format!("was a {old}, is a {new}"));
            }
            (Some(old), Some(new)) => {
                if !self.seen.insert((old.clone(), new.clone(), way)) {
                    return self.types(at, way, &was, &is);
                }
                old.as_str()
            }
            _ => at,
        };
        self.types(at, way, &was, &is);
        let (was, is) = (was.schema, is.schema);
        self.words(at, way, was, is);
        for what in bounds::faults(way, was, is) {
            self.fault(at, what);
        }
        self.properties(at, way, was, is);
        if !was["items"].is_null() && !is["items"].is_null() {
            self.schema(&format!("{at}[]"), way, &was["items"], &is["items"]);
        }
        if was["additionalProperties"].is_object() && is["additionalProperties"].is_object() {
            let at = format!("{at}.*");
            self.schema(&at, way, &was["additionalProperties"], &is["additionalProperties"]);
        }
        self.union(at, way, was, is);
    }

    fn types(&mut self, at: &str, way: Way, was: &Form<'_>, is: &Form<'_>) {
        let (narrow, wide) = match way {
            Way::Sent => (&was.types, &is.types),
            Way::Answered => (&is.types, &was.types),
        };
        for kind in narrow.iter().filter(|kind| !wide.contains(*kind)) {
            // A whole number is a number.
            if *kind == "integer" && wide.contains("number") {
                continue;
            }
            let what = match way {
                Way::Sent => format!("must not be of type {kind} any more"),
                Way::Answered => format!("may be of type {kind} now"),
            };
            self.fault(at, what);
        }
    }

    fn words(&mut self, at: &str, way: Way, was: &Value, is: &Value) {
        let words = |schema: &Value| schema["enum"].as_array().cloned();
        match (words(was), words(is)) {
            (None, None) => {}
            (None, Some(_)) if way == Way::Answered => {}
            (Some(_), None) if way == Way::Sent => {}
            (None, Some(_)) => self.fault(at, "takes only some values now"),
            (Some(_), None) => self.fault(at, "may have any value now"),
            (Some(was), Some(is)) => {
                for value in was.iter().filter(|value| !is.contains(value)) {
                    self.fault(at, format!("no longer has the value {value}"));
                }
                for value in is.iter().filter(|value| way == Way::Answered && !was.contains(value)) {
                    self.fault(at, format!("may have the value {value} now, and was closed"));
                }
            }
        }
    }

    fn properties(&mut self, at: &str, way: Way, was: &Value, is: &Value) {
        let required = |schema: &Value, name: &str| {
            schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name))
        };
        for (name, old) in members(&was["properties"]) {
            let at = format!("{at}.{name}");
            let Some(new) = is["properties"].get(name) else {
                self.fault(&at, "is gone");
                continue;
            };
            match way {
                Way::Sent if required(is, name) && !required(was, name) => self.fault(&at, "must be sent now"),
                Way::Answered if required(was, name) && !required(is, name) => self.fault(&at, "may be missing now"),
                _ => {}
            }
            self.schema(&at, way, old, new);
        }
        for (name, _) in members(&is["properties"]) {
            if way == Way::Sent && was["properties"].get(name).is_none() && required(is, name) {
                self.fault(at, format!("has a new member {name}, which must be sent"));
            }
        }
        if way == Way::Sent && was["additionalProperties"] != false && is["additionalProperties"] == false {
            self.fault(at, "takes no other members any more");
        }
    }

    /// The forms of a union, by their names. More of them may come.
    fn union(&mut self, at: &str, way: Way, was: &Value, is: &Value) {
        for keyword in ["oneOf", "anyOf"] {
            let forms = |schema: &Value| schema[keyword].as_array().cloned().unwrap_or_default();
            let now = forms(is);
            for old in forms(was).iter().filter(|form| form["type"] != "null") {
                match now.iter().find(|new| new["$ref"] == old["$ref"]) {
                    Some(new) => self.schema(at, way, old, new),
                    None => self.fault(at, format!("no longer has the form {}", old["$ref"])),
                }
            }
        }
    }
}

/// A schema without what stands around it: its reference, and that it may be null.
struct Form<'a> {
    name: Option<String>,
    schema: &'a Value,
    types: BTreeSet<String>,
}

impl<'a> Form<'a> {
    fn of(schema: &'a Value, document: &'a Value) -> Self {
        let forms = schema["oneOf"].as_array().filter(|forms| forms.len() == 2);
        if let Some(forms) = forms
            && let Some(null) = forms.iter().position(|form| form["type"] == "null")
            && let Some(other) = forms.get(1 - null)
        {
            let mut form = Self::of(other, document);
            form.types.insert("null".to_owned());
            return form;
        }
        let Some(reference) = schema["$ref"].as_str() else {
            return Self { name: None, schema, types: types(schema) };
        };
        let name = reference.rsplit('/').next().map(str::to_owned);
        let target = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer)).unwrap_or(&Value::Null);
        Self { name, schema: target, types: types(target) }
    }
}

/// The types that a schema allows: all, if it does not say.
fn types(schema: &Value) -> BTreeSet<String> {
    match &schema["type"] {
        Value::String(one) => BTreeSet::from([one.clone()]),
        Value::Array(several) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ if schema["oneOf"].is_array() => BTreeSet::from(["object".to_owned()]),
        _ => TYPES.map(str::to_owned).into(),
    }
}
