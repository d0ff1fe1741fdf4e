//! The command line.

mod arguments;
mod check;
mod demo;
mod demo_guest;
mod failure;
mod health;
mod live;
mod reachable;
mod runtime;
mod serve;
mod simulate;
mod token;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

pub use arguments::Arguments;
use arguments::{Command, OpenApiFormat};
pub use failure::Failure;

use crate::api;

/// The variables of the environment.
type Environment = Vec<(OsString, OsString)>;

/// Does what the arguments say. Answers 0 when done, 1 when it failed while running, 2 for bad usage or configuration.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output and are no failure; nowhere to complain if printing fails.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    // Fails only if a provider is installed already, which is then the one that is used.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match execute(arguments.command, environment.into_iter().collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "{failure}");
            failure.exit_code()
        }
    }
}

fn execute(command: Command, environment: Environment) -> Result<(), Failure> {
    match command {
        Command::Serve { config } => serve::run(&config, environment),
        Command::Demo { listen } => demo::run(listen),
        Command::Openapi { format: OpenApiFormat::V3_1 } => print(&api::openapi_json()),
        Command::Openapi { format: OpenApiFormat::V3_0 } => print(&api::openapi_30_json()),
        Command::Check { config } => print(&check::run(&config, environment)?),
        Command::Health { admin } => print(&health::run(admin)?),
        Command::Token(order) => print(&token::run(&order, environment)?),
        Command::Live(order) => live::run(&order, &environment),
        Command::Simulate { service, listen, webhooks_to } => simulate::run(service, listen, webhooks_to.as_deref()),
    }
}

/// Writes to standard output, for commands that end by themselves: it waits for the reader. A reader that has seen enough (`| head`) is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::running(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Loads the configuration, or says all that is wrong with it.
fn load(file: &std::path::Path, environment: Environment) -> Result<crate::config::Config, Failure> {
    crate::config::Config::load(file, environment).map_err(|error| Failure::config(&error))
}
