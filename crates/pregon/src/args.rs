//! The command line, as people read it.
#![expect(clippy::doc_markdown, reason = "these comments are printed as help, where backticks would be noise")]

mod messages;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use messages::{Decide, Deliveries, List, Messages, MessagesCommand, One, Resend, Waited};

/// Proactive messaging for Microsoft Teams.
///
/// One program: the server that sends messages on your behalf, an emulator of Teams to try it
/// without a tenant, and the commands to talk to a running server.
#[derive(Debug, Parser)]
#[command(
    name = "pregon",
    version,
    max_term_width = 100,
    arg_required_else_help = true,
    after_help = "Start here:\n  pregon demo          see the whole job done in a minute\n  pregon dev           the same world, kept running to play with\n\nExit codes: 0 done · 1 failed · 2 wrong usage or configuration · 3 sent, but not delivered to everyone · 4 a message rests until it is resumed"
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Play the whole story once: a bot reaches every member of a team, at Teams' real limits.
    ///
    /// Starts the emulator and the server on free loopback ports, installs the app in a team, messages
    /// everybody, and checks what the emulator received against what the server claims. Needs no
    /// configuration, no network and no other program.
    Demo(Demo),
    /// Start the emulator and a server that work together, and keep them running.
    ///
    /// Prints the API address, a ready API key and three curl lines to try.
    Dev(Dev),
    /// Run the emulator of Teams alone: Entra ID, Bot Connector and Graph on one loopback port.
    ///
    /// Without a pregon.toml it plays a tenant with one team and one bot, whose ids and secret never
    /// change, and prints what your bot needs to talk to it.
    Emulator(Emulator),
    /// Run the server: REST API, inbound endpoint and delivery.
    Serve(Serve),
    /// Bring the tables of the store to this version, and say what that took.
    ///
    /// The server does the same when it starts; run this before, where that should not wait for it. Only
    /// forward: to go back, restore a backup.
    Migrate(Migrate),
    /// Write a pregon.toml for the emulator, and a first API key.
    ///
    /// The key works with the store of that file, or with the PostgreSQL database that PREGON_STORE__URL
    /// names.
    Init(Init),
    /// Send a message through a running server.
    Send(Send),
    /// Look at messages and steer them: list, show, pause, resume, cancel, resend, decide, deliveries.
    Messages(Messages),
    /// Show each lane (a bot in a tenant): how fast it may go, and what holds it back.
    ///
    /// When nothing moves, look here first: Teams may have asked to wait, or the bot's credentials are refused.
    Lanes(Lanes),
    /// Measure the durable path against a minimal client without a store, in one run.
    Bench(Bench),
}

/// The people of the emulator.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Team {
    /// People in the emulator's team; one of them is a guest.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(5..=100_000))]
    pub(crate) members: u32,
    /// Names, ids and chance depend on this alone.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// `pregon demo`
#[derive(Clone, Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) team: Team,
    /// Keep the store in this directory; a temporary one is used, and removed, without it.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Print one JSON object as the last line instead of the story.
    #[arg(long)]
    pub(crate) json: bool,
    /// Go on running afterwards, to look around, until Ctrl-C.
    #[arg(long)]
    pub(crate) keep_running: bool,
}

/// `pregon dev`
#[derive(Clone, Debug, Args)]
pub(crate) struct Dev {
    #[command(flatten)]
    pub(crate) team: Team,
    /// Keep the store in this directory; a temporary one is used, and removed, without it.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Where the server listens; a free loopback port without it.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
}

/// `pregon emulator`
#[derive(Clone, Debug, Args)]
pub(crate) struct Emulator {
    /// The configuration that `pregon init` wrote. Without it pregon.toml is read if there is one.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Listen on this port of the loopback address (3979 by itself); 0 takes a free one.
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// People in the team (50 by itself); one of them is a guest.
    #[arg(long, value_parser = clap::value_parser!(u32).range(5..=100_000))]
    pub(crate) members: Option<u32>,
    /// Names, ids and chance depend on this alone (1 by itself).
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Where the bot listens (http://127.0.0.1:3978/api/messages by itself; with a configuration, its server).
    #[arg(long, value_name = "URL")]
    pub(crate) bot_endpoint: Option<String>,
}

/// `pregon serve`
#[derive(Clone, Debug, Args)]
pub(crate) struct Serve {
    /// The configuration. Every key can be overridden by PREGON_SECTION__KEY.
    #[arg(long, value_name = "FILE", default_value = "pregon.toml")]
    pub(crate) config: PathBuf,
    /// Listen here instead of where the configuration says.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<SocketAddr>,
    /// Keep the store (SQLite) in this directory instead of where the configuration says.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// `pregon migrate`
#[derive(Clone, Debug, Args)]
pub(crate) struct Migrate {
    /// The configuration, which names the store. Every key can be overridden by PREGON_SECTION__KEY.
    #[arg(long, value_name = "FILE", default_value = "pregon.toml")]
    pub(crate) config: PathBuf,
    /// Print one JSON object instead of text.
    #[arg(long)]
    pub(crate) json: bool,
}

/// `pregon init`
#[derive(Clone, Debug, Args)]
pub(crate) struct Init {
    /// Where to write pregon.toml and pregon.key.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) dir: PathBuf,
    #[command(flatten)]
    pub(crate) team: Team,
}

/// `pregon send`
#[derive(Clone, Debug, Args)]
#[command(group(clap::ArgGroup::new("content").required(true).args(["text", "card", "notification"])))]
pub(crate) struct Send {
    /// Whom it is for; may be given several times.
    ///
    /// An e-mail address, an Entra object id, team:ID (its members), channel:ID (a new thread),
    /// conversation:ID, thread:MESSAGE-ID, or everyone.
    #[arg(long, required = true, value_name = "WHO")]
    pub(crate) to: Vec<String>,
    /// The text; {{ recipient.name }} is replaced by each recipient's name.
    #[arg(long)]
    pub(crate) text: Option<String>,
    /// An Adaptive Card, as a JSON file; - reads standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) card: Option<PathBuf>,
    /// A notification as a JSON file (what_happened, result, triggered_by, actions); - reads
    /// standard input. Needs --topic.
    #[arg(long, value_name = "FILE")]
    pub(crate) notification: Option<PathBuf>,
    /// The subject people can opt out of.
    #[arg(long)]
    pub(crate) topic: Option<String>,
    /// Not before this time, for example 2026-12-01T09:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Whether it goes before or after other messages of the bot.
    #[arg(long, value_enum)]
    pub(crate) priority: Option<Priority>,
    /// Send to so many in a hundred first, then rest until it is resumed.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=99))]
    pub(crate) canary: Option<u8>,
    /// Rest when more than so many in a hundred fail.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(1..=99))]
    pub(crate) auto_pause: Option<u8>,
    /// Never rest for failures before so many were tried (20 by itself).
    #[arg(long, value_name = "COUNT", requires = "auto_pause", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) auto_pause_after: Option<u64>,
    /// Wait until every delivery has ended, or the message rests, and show the outcome.
    #[arg(long)]
    pub(crate) wait: bool,
    #[command(flatten)]
    pub(crate) remote: Remote,
}

/// How a message stands to others of the same bot.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Priority {
    /// A person is waiting: before all others.
    Urgent,
    /// In turn with its like.
    Normal,
    /// One turn where a normal one gets eight.
    Bulk,
}

/// A running server, and how its answers are shown.
#[derive(Clone, Debug, Args)]
pub(crate) struct Remote {
    /// The server.
    #[arg(long, global = true, env = "PREGON_SERVER_URL", value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub(crate) server: String,
    /// The API key; without it the file pregon.key is read.
    #[arg(long, global = true, env = "PREGON_KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
    /// Print the server's JSON instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// `pregon lanes`
#[derive(Clone, Debug, Args)]
pub(crate) struct Lanes {
    #[command(flatten)]
    pub(crate) remote: Remote,
}

/// `pregon bench`
#[derive(Clone, Debug, Args)]
pub(crate) struct Bench {
    /// Conversations to send to.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000))]
    pub(crate) recipients: u32,
    /// Print one JSON object as the last line.
    #[arg(long)]
    pub(crate) json: bool,
}
