//! `docker-compose.yml`, its configurations and the `Dockerfile`, read as the tools that run them would.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Parser;
use gateway::cli::Arguments;
use gateway::config::Config;
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_path_buf()
}

fn compose() -> Value {
    let text = std::fs::read_to_string(root().join("docker-compose.yml")).expect("readable");
    serde_saphyr::from_str(&text).expect("valid YAML")
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|item| item.as_str().expect("a text")).collect()
}

#[test]
fn every_service_runs_a_command_that_exists_as_a_user_that_owns_nothing() {
    let compose = compose();
    let services = compose["services"].as_object().expect("services");
    assert_eq!(
        services.keys().collect::<std::collections::BTreeSet<_>>(),
        ["huddle01", "realtimekit", "rollcall", "rollcall-live"].map(ToString::to_string).iter().collect()
    );
    for (name, service) in services {
        let mut command = vec!["rollcall"];
        command.extend(texts(&service["command"]));
        Arguments::try_parse_from(&command).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(service.get("privileged").is_none(), "{name}");
    }
    assert_eq!(texts(&compose["services"]["rollcall-live"]["profiles"]), ["live"]);
    assert!(compose["services"]["rollcall"].get("profiles").is_none(), "`docker compose up` starts the gateway");
}

#[test]
fn the_simulated_gateway_points_at_the_simulators_of_the_same_file() {
    let text = std::fs::read_to_string(root().join("deploy/simulated.toml")).expect("readable");
    let config = Config::parse(&text, &root().join("deploy"), []).expect("valid configuration");
    assert_eq!(config.providers.len(), 2);
    let compose = compose();
    for (service, base) in [("huddle01", "/api/v2/sdk"), ("realtimekit", "/client/v4")] {
        let port = texts(&compose["services"][service]["expose"])[0].to_owned();
        assert!(text.contains(&format!("http://{service}:{port}{base}")), "{service}");
        assert!(texts(&compose["services"][service]["command"]).iter().any(|part| part.ends_with(&format!(":{port}"))));
    }
    let volume = texts(&compose["services"]["rollcall"]["volumes"])[0];
    assert!(volume.starts_with("./deploy/simulated.toml:/etc/rollcall/rollcall.toml"), "{volume}");
}

#[test]
fn the_live_gateway_gets_every_secret_from_the_environment_and_names_what_is_missing() {
    let compose = compose();
    let names: Vec<String> =
        compose["services"]["rollcall-live"]["environment"].as_object().expect("variables").keys().cloned().collect();
    let text = std::fs::read_to_string(root().join("deploy/live.toml")).expect("readable");
    let environment =
        |value: &str| -> Vec<(OsString, OsString)> { names.iter().map(|name| (name.into(), value.into())).collect() };
    let filled = environment("0123456789abcdef0123456789abcdef");
    let config = Config::parse(&text, &root().join("deploy"), filled).expect("valid with every variable set");
    assert_eq!(config.providers.len(), 2);
    let error = Config::parse(&text, &root().join("deploy"), environment("")).expect_err("nothing is set").to_string();
    for key in ["auth.hs256_secret", "providers.huddle01.api_key", "providers.realtimekit.api_token"] {
        assert!(error.contains(key), "{key}: {error}");
    }
}

#[test]
fn the_image_is_built_in_stages_and_runs_unprivileged() {
    let text = std::fs::read_to_string(root().join("Dockerfile")).expect("readable");
    let instructions: Vec<&str> = text.lines().filter(|line| line.starts_with(char::is_uppercase)).collect();
    let last_from = instructions.iter().rposition(|line| line.starts_with("FROM")).expect("a stage");
    assert!(instructions[..last_from].iter().any(|line| line.starts_with("FROM")), "the build has a stage of its own");
    let run = &instructions[last_from..];
    assert!(run.iter().any(|line| line.starts_with("USER") && !line.contains("root") && !line.ends_with(" 0")));
    assert!(run.contains(&"ENTRYPOINT [\"rollcall\"]"));
    let command = run.iter().find_map(|line| line.strip_prefix("CMD ")).expect("a command");
    let mut words = vec!["rollcall".to_owned()];
    words.extend(serde_json::from_str::<Vec<String>>(command).expect("the JSON form"));
    Arguments::try_parse_from(&words).expect("a valid command line");
    assert!(
        text.contains("rust:1.95") && text.contains("--locked"),
        "the toolchain and the lock file are the project's"
    );
}
