//! Proactive messaging for Microsoft Teams: server, CLI and emulator in one binary.

mod api;
mod args;
mod command;
mod demo;
mod local;
mod output;
mod setup;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};

/// How a command ended; the numbers are documented in `pregon --help`.
pub(crate) enum End {
    /// Done.
    Done,
    /// It ran, and the answer is no: the demo does not agree, a benchmark failed.
    Failed,
    /// A message was sent and somebody did not get it.
    NotDelivered,
    /// A message rests until somebody resumes it.
    Rests,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("pregon: the runtime cannot start: {error}");
            return ExitCode::from(1);
        }
    };
    let ended = runtime.block_on(run(cli.command));
    // What is still running (a connection nobody closes) must not keep the program.
    runtime.shutdown_background();
    match ended {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::Failed) => ExitCode::from(1),
        Ok(End::NotDelivered) => ExitCode::from(3),
        Ok(End::Rests) => ExitCode::from(4),
        Err(error) => {
            eprintln!("pregon: {}", chain(&error));
            let misuse = error.downcast_ref::<pregon_server::config::ConfigError>().is_some();
            ExitCode::from(if misuse { 2 } else { 1 })
        }
    }
}

async fn run(command: Command) -> anyhow::Result<End> {
    match command {
        Command::Demo(args) => Ok(if demo::run(&args).await? { End::Done } else { End::Failed }),
        Command::Dev(args) => command::dev::run(args).await,
        Command::Emulator(args) => command::emulator::run(&args).await,
        Command::Migrate(args) => command::migrate::run(&args).await,
        Command::Serve(args) => command::serve::run(&args).await,
        Command::Init(args) => command::init::run(&args).await,
        Command::Send(args) => command::send::run(args).await,
        Command::Messages(args) => command::messages::run(args).await,
        Command::Lanes(args) => command::lanes::run(&args).await,
        Command::Bench(args) => command::bench::run(&args).await,
    }
}

/// The error and what lies below it, without saying the same thing twice.
fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}
