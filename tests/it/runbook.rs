//! What operators read is about what there is: the alerts, the keys, the links.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_path_buf()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rules() -> Vec<Value> {
    let file: Value = serde_saphyr::from_str(&read("deploy/prometheus/alerts.yml")).expect("valid YAML");
    file["groups"][0]["rules"].as_array().expect("rules").clone()
}

#[test]
fn every_alert_has_its_entry_in_the_runbook_and_every_entry_its_alert() {
    let operators = read("docs/operators.md");
    let headings: Vec<&str> = operators.lines().filter_map(|line| line.strip_prefix("### Rollcall")).collect();
    let rules = rules();
    let alerts: Vec<&str> = rules.iter().map(|rule| rule["alert"].as_str().expect("a name")).collect();
    assert_eq!(alerts, headings.iter().map(|heading| format!("Rollcall{heading}")).collect::<Vec<_>>(), "in one order");
    for rule in &rules {
        let alert = rule["alert"].as_str().expect("a name");
        assert_eq!(rule["annotations"]["runbook"], format!("docs/operators.md#{}", alert.to_lowercase()), "{alert}");
        assert!(["warning", "critical"].map(Value::from).contains(&rule["labels"]["severity"]), "{alert}");
    }
}

#[test]
fn every_alert_is_tested_to_fire_and_not_to_fire() {
    let tests: Value = serde_saphyr::from_str(&read("deploy/prometheus/alerts_test.yml")).expect("valid YAML");
    let cases = tests["tests"].as_array().expect("tests").iter();
    let asked: Vec<&Value> = cases.flat_map(|test| test["alert_rule_test"].as_array().expect("cases")).collect();
    for rule in rules() {
        let of_it = asked.iter().filter(|case| case["alertname"] == rule["alert"]);
        let fires: BTreeSet<bool> = of_it.map(|case| case["exp_alerts"] != serde_json::json!([])).collect();
        assert_eq!(fires, [false, true].into(), "{}", rule["alert"]);
    }
}

/// The keys that the sources read, by the calls that read them; what the files left out do is to read any key.
fn keys_in_the_sources() -> BTreeSet<String> {
    let folder = root().join("crates/gateway/src/config");
    let mut keys = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|extension| extension != "rs")
            || ["section.rs", "node.rs"].iter().any(|name| path.ends_with(name))
        {
            continue;
        }
        let text = read(&path);
        let text = text.split("#[cfg(test)]").next().unwrap_or_default();
        for part in text.split("(\"").skip(1) {
            keys.extend(part.split_once('"').map(|(key, _)| key.to_owned()));
        }
        for part in text.split("section, \"").skip(1) {
            keys.extend(part.split_once('"').map(|(key, _)| key.to_owned()));
        }
    }
    let is_key = |key: &String| {
        key.starts_with(|c: char| c.is_ascii_lowercase())
            && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    keys.into_iter().filter(is_key).collect()
}

#[test]
fn every_key_of_the_configuration_is_explained_to_operators() {
    let operators = read("docs/operators.md");
    let words: BTreeSet<&str> = operators.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let keys = keys_in_the_sources();
    for known in ["listen", "hs256_secret", "account_id", "max_streams", "otlp_endpoint", "public_key_url"] {
        assert!(keys.contains(known), "{known} was not found in the sources: {keys:?}");
    }
    let missing: Vec<_> = keys.iter().filter(|key| !words.contains(key.as_str())).collect();
    assert!(missing.is_empty(), "docs/operators.md does not say what these are: {missing:?}");
}
