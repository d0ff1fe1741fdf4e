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
        [
            "balancer",
            "grafana",
            "huddle01",
            "prometheus",
            "realtimekit",
            "replica",
            "rollcall",
            "rollcall-live",
            "valkey"
        ]
        .map(ToString::to_string)
        .iter()
        .collect()
    );
    for (name, service) in services {
        assert!(service.get("privileged").is_none(), "{name}");
        if service["image"] == "rollcall" {
            let mut command = vec!["rollcall"];
            command.extend(texts(&service["command"]));
            Arguments::try_parse_from(&command).unwrap_or_else(|error| panic!("{name}: {error}"));
        } else {
            let image = service["image"].as_str().expect("an image");
            assert!(image.rsplit(':').next().is_some_and(|tag| tag.contains('.')), "{image}: says no version");
            assert_eq!(service["cap_drop"], serde_json::json!(["ALL"]), "{name}");
        }
    }
    assert_eq!(texts(&compose["services"]["rollcall-live"]["profiles"]), ["live"]);
    assert!(compose["services"]["rollcall"].get("profiles").is_none(), "`docker compose up` starts the gateway");
}

#[test]
fn what_is_mounted_is_there_and_listens_on_loopback_alone() {
    let compose = compose();
    for (name, service) in compose["services"].as_object().expect("services") {
        for volume in service.get("volumes").map(texts).unwrap_or_default() {
            let source = volume.split(':').next().expect("a source");
            if source.starts_with("./") {
                assert!(root().join(source).exists(), "{name}: {source}");
                assert!(volume.ends_with(":ro"), "{name}: {volume}");
            } else {
                assert!(compose["volumes"].get(source).is_some(), "{name}: {source}");
            }
        }
        for port in service.get("ports").map(texts).unwrap_or_default() {
            assert!(port.starts_with("127.0.0.1:"), "{name}: {port}");
        }
    }
}

#[test]
fn grafana_shows_the_dashboard_over_the_prometheus_that_scrapes_the_gateway() {
    let read = |path: &str| -> Value {
        let text = std::fs::read_to_string(root().join("deploy").join(path)).expect("readable");
        serde_saphyr::from_str(&text).expect("valid YAML")
    };
    let compose = compose();
    let source = &read("grafana/provisioning/datasources/prometheus.yml")["datasources"][0];
    assert_eq!(source["url"], "http://prometheus:9090");
    let folder = &read("grafana/provisioning/dashboards/rollcall.yml")["providers"][0]["options"]["path"];
    let mounted = format!("./deploy/grafana/dashboards:{}:ro", folder.as_str().expect("a path"));
    assert!(texts(&compose["services"]["grafana"]["volumes"]).contains(&mounted.as_str()));
    let scraped = &read("prometheus/prometheus.yml")["scrape_configs"][0];
    assert_eq!(scraped["job_name"], "rollcall", "what the alerts ask for");
    let target = scraped["static_configs"][0]["targets"][0].as_str().expect("a target").to_owned();
    let text = std::fs::read_to_string(root().join("deploy/simulated.toml")).expect("readable");
    let config = Config::parse(&text, &root().join("deploy"), []).expect("valid configuration");
    assert_eq!(target, format!("rollcall:{}", config.server.admin_listen.port()));
    let home = &compose["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"];
    let home = home.as_str().and_then(|path| path.strip_prefix("/etc/grafana/")).expect("a path");
    assert_eq!(read(&format!("grafana/{home}"))["uid"], "rollcall");
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
    let probe = run.iter().find(|line| line.starts_with("HEALTHCHECK")).expect("a health command");
    let probe: Vec<String> =
        serde_json::from_str(&probe[probe.find('[').expect("the JSON form")..]).expect("the JSON form");
    Arguments::try_parse_from(&probe).expect("a valid command line");
    for stage in instructions.iter().filter(|line| line.starts_with("FROM")) {
        assert!(stage.contains("_IMAGE}"), "{stage}: a base image is an argument, for machines without a registry");
    }
    assert!(!text.starts_with("# syntax"), "that line fetches a frontend from a registry");
    assert!(
        text.contains("rust:1.95") && text.contains("--locked"),
        "the toolchain and the lock file are the project's"
    );
}
