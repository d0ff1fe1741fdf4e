//! How much a value may be.

use serde_json::Value;

use crate::breaking::way::Way;

/// Whether a greater bound allows more.
const BOUNDS: &[(&str, bool)] = &[
    ("minimum", false),
    ("maximum", true),
    ("minLength", false),
    ("maxLength", true),
    ("minItems", false),
    ("maxItems", true),
];

/// What has become narrower for who sends, or wider for who reads.
pub(super) fn faults(way: Way, was: &Value, is: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    for (bound, greater_is_wider) in BOUNDS {
        let (old, new) = (was[bound].as_f64(), is[bound].as_f64());
        let narrower = match (old, new) {
            (None, Some(_)) => true,
            (Some(old), Some(new)) => {
                if *greater_is_wider {
                    new < old
                } else {
                    new > old
                }
            }
            _ => false,
        };
        let wider = match (old, new) {
            (Some(_), None) => true,
            (Some(old), Some(new)) => {
                if *greater_is_wider {
                    new > old
                } else {
                    new < old
                }
            }
            _ => false,
        };
        if (way == Way::Sent && narrower) || (way == Way::Answered && wider) {
            faults.push(format!("its {bound} was {}, is {}", said(was, bound), said(is, bound)));
        }
    }
    // No pattern is wider than any, and of two nobody can tell.
    let (old, new) = (&was["pattern"], &is["pattern"]);
    let gone = if way == Way::Sent { new.is_null() } else { old.is_null() };
    if old != new && !gone {
        faults.push(format!("its pattern was {}, is {}", said(was, "pattern"), said(is, "pattern")));
    }
    if was["format"] != is["format"] {
        faults.push(format!("its format was {}, is {}", said(was, "format"), said(is, "format")));
    }
    if way == Way::Sent && was.get("default").is_some() && was["default"] != is["default"] {
        faults.push(format!("its default was {}, is {}", said(was, "default"), said(is, "default")));
    }
    if way == Way::Sent && was["uniqueItems"] != true && is["uniqueItems"] == true {
        faults.push("takes nothing twice any more".to_owned());
    }
    faults
}

fn said(schema: &Value, keyword: &str) -> String {
    schema.get(keyword).map_or_else(|| "none".to_owned(), Value::to_string)
}
