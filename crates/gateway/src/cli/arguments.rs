//! What may be written on the command line, and the help that teaches it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

use caller_auth::KeyAlgorithm;

use crate::cli::live::LiveOrder;

/// Who is live, right now, on which video provider? One API over Huddle01 and Cloudflare RealtimeKit.
#[derive(Debug, Parser)]
#[command(
    name = "rollcall",
    version,
    arg_required_else_help = true,
    after_help = "Start here:\n  rollcall demo\n      everything simulated, nothing needed; prints a token and curl lines to paste\n\n\
                  Exit codes: 0 done, 1 failed while running, 2 bad usage or configuration."
)]
pub struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run the gateway as configured
    ///
    /// Serves until SIGTERM or Ctrl-C, then finishes requests under way (server.drain_timeout) and exits 0.
    /// A second signal ends it at once.
    #[command(after_help = "Examples:\n  rollcall serve --config rollcall.toml\n  \
                            ROLLCALL__PROVIDERS__RTK_EU__API_TOKEN=… rollcall serve --config rollcall.toml\n\n\
                            Every key can be set as ROLLCALL__SECTION__KEY; a '-' in a provider id is written '_'.")]
    Serve {
        /// The TOML file to run with
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Try it out: both providers simulated in this process
    ///
    /// Prints a signed token and curl lines that work. Needs no configuration, no credentials, no network.
    #[command(after_help = "Examples:\n  rollcall demo\n  rollcall demo --listen 127.0.0.1:8181")]
    Demo {
        /// Where the API listens
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
    /// Show what is live at a running gateway
    ///
    /// Prints a table of every provider that the token may see, and says which of them do not answer. With --watch it
    /// follows what happens until Ctrl-C, and connects again by itself when the gateway is away.
    #[command(after_help = "Examples:\n  export ROLLCALL_URL=https://rollcall.example.internal ROLLCALL_TOKEN=…\n  \
                            rollcall live\n  rollcall live --watch --provider rtk-eu\n  \
                            rollcall live --json | jq '.data[].title'\n  \
                            rollcall live --watch --json --token-file token.txt | jq -c 'select(.event == \"session_started\")'\n\n\
                            The token needs the scope sessions:read. `rollcall demo` prints a line to try.\n\
                            Exit codes: 0 done, 1 it did not work, 2 bad usage.")]
    Live(LiveOrder),
    /// Print the OpenAPI document
    #[command(after_help = "Examples:\n  rollcall openapi > rollcall.v1.json\n  \
                            rollcall openapi --format 3.0 > rollcall.v1.openapi30.json")]
    Openapi {
        /// Which version of OpenAPI to write it in
        #[arg(long, value_name = "VERSION", default_value = "3.1")]
        format: OpenApiFormat,
    },
    /// Check a configuration and say what is wrong with it
    ///
    /// Tells every problem at once, each under the path of its key, and exits 2; or shows what is configured, without
    /// secrets, and exits 0. Calls nobody.
    #[command(after_help = "Example:\n  rollcall check --config rollcall.toml")]
    Check {
        /// The TOML file to check
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Ask a running gateway whether it is ready
    ///
    /// Exits 0 when /readyz of its admin listener says so, and 1 otherwise: the health command of a container.
    #[command(after_help = "Example:\n  rollcall health --admin 127.0.0.1:9090")]
    Health {
        /// Where server.admin_listen is
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9090")]
        admin: SocketAddr,
    },
    /// Sign a token that a gateway with this configuration accepts
    ///
    /// Signs with auth.hs256_secret, or with the private key given by --key. Prints the token and nothing else.
    #[command(after_help = "Examples:\n  \
        rollcall token --config rollcall.toml --sub dashboard --scope \"sessions:read\"\n  \
        rollcall token --config rollcall.toml --sub ops --scope \"sessions:read sessions:moderate\" --providers rtk-eu --ttl 5m\n  \
        rollcall token --config rollcall.toml --sub ops --scope sessions:read --key private.pem --kid 2026-11")]
    Token(TokenOrder),
    /// Run one simulated provider alone
    ///
    /// Speaks the provider's own API with rooms that live; any non-empty credential is good. With --webhooks-to it sends a
    /// signed webhook for everything that happens in them.
    #[command(after_help = "Examples:\n  rollcall simulate realtimekit --listen 127.0.0.1:9100\n  \
                            rollcall simulate huddle01 --listen 127.0.0.1:9101 --webhooks-to http://127.0.0.1:8080/v1/webhooks/huddle01\n\n\
                            Then, in a configuration: base_url = the URL it prints, and webhooks = {} for huddle01,\n\
                            webhooks = { public_key_url = \"…/.well-known/webhooks.json\" } at its host for realtimekit.")]
    Simulate {
        /// Which provider
        service: SimulatedService,
        /// Where it listens
        #[arg(long, value_name = "ADDR")]
        listen: SocketAddr,
        /// Where it sends webhooks: http, no TLS
        #[arg(long, value_name = "URL")]
        webhooks_to: Option<String>,
    },
}

/// What a token is to say.
#[derive(Debug, Args)]
pub(super) struct TokenOrder {
    /// The configuration of the gateway that is to accept the token
    #[arg(long, value_name = "FILE")]
    pub(super) config: PathBuf,
    /// Who the token is for: the `sub` claim
    #[arg(long, value_name = "NAME")]
    pub(super) sub: String,
    /// What its holder may do, between spaces: sessions:read, sessions:moderate
    #[arg(long, value_name = "SCOPES")]
    pub(super) scope: String,
    /// Which of the configured issuers the token is of, if there are several: the name of its table
    #[arg(long, value_name = "NAME")]
    pub(super) issuer: Option<String>,
    /// Only these provider ids, between commas; "" for none. Without it: every provider
    #[arg(long, value_name = "IDS")]
    pub(super) providers: Option<String>,
    /// How long it is valid; at most auth.max_token_age
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = parse_ttl)]
    pub(super) ttl: Duration,
    /// A private key (PEM) to sign with, where the configuration has public keys
    #[arg(long, value_name = "FILE")]
    pub(super) key: Option<PathBuf>,
    /// Which of the configured keys --key belongs to, if there are several; needed with auth.jwks_url
    #[arg(long, value_name = "KID", requires = "key")]
    pub(super) kid: Option<String>,
    /// The algorithm of --key; only with auth.jwks_url, otherwise the configuration says it
    #[arg(long, value_name = "ALG", requires = "key")]
    pub(super) algorithm: Option<KeyAlgorithm>,
}

fn parse_ttl(text: &str) -> Result<Duration, String> {
    match humantime::parse_duration(text) {
        Ok(ttl) if ttl >= Duration::from_secs(1) => Ok(ttl),
        _ => Err("write a duration of at least a second, for example 10m or 1h".to_owned()),
    }
}

/// A version of OpenAPI that the document can be had in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OpenApiFormat {
    /// As it is served
    #[value(name = "3.1")]
    V3_1,
    /// For generators that know no 3.1; problems are described as application/json
    #[value(name = "3.0")]
    V3_0,
}

/// A provider that can be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum SimulatedService {
    /// Huddle01
    Huddle01,
    /// Cloudflare RealtimeKit
    Realtimekit,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_documented_lines_are_understood() {
        for line in [
            "rollcall serve --config a.toml",
            "rollcall demo",
            "rollcall demo --listen 127.0.0.1:1",
            "rollcall live",
            "rollcall live --url http://127.0.0.1:1 --provider a --provider b --watch --json --token-file t",
            "rollcall openapi",
            "rollcall openapi --format 3.0",
            "rollcall check --config a.toml",
            "rollcall health",
            "rollcall health --admin 127.0.0.1:1",
            "rollcall simulate huddle01 --listen 127.0.0.1:0",
            "rollcall simulate realtimekit --listen 127.0.0.1:0",
            "rollcall simulate realtimekit --listen 127.0.0.1:0 --webhooks-to http://127.0.0.1:1/v1/webhooks/rtk-eu",
            "rollcall token --config a.toml --sub n --scope sessions:read --providers a,b --ttl 10m --key k.pem",
        ] {
            Arguments::try_parse_from(line.split(' ')).unwrap();
        }
    }

    #[test]
    fn bad_usage_is_refused() {
        for line in [
            "rollcall",
            "rollcall serve",
            "rollcall demo --listen 8080",
            "rollcall openapi --format 2.0",
            "rollcall simulate zoom --listen 127.0.0.1:0",
            "rollcall token --config a.toml --sub n --scope s --ttl 0s",
            "rollcall token --config a.toml --sub n --scope s --ttl soon",
            "rollcall token --config a.toml --sub n --scope s --kid k",
        ] {
            assert!(Arguments::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
