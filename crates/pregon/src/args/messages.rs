#![expect(clippy::doc_markdown, reason = "these comments are printed as help, where backticks would be noise")]

use clap::{Args, Subcommand, ValueEnum};

use super::Remote;

/// `pregon messages`
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Exit codes: 0 done · 1 failed · 2 wrong usage · with --wait also 3 not delivered to everyone · 4 it rests"
)]
pub(crate) struct Messages {
    #[command(flatten)]
    pub(crate) remote: Remote,
    /// What to do; without it the newest messages are listed.
    #[command(subcommand)]
    pub(crate) command: Option<MessagesCommand>,
}

/// What is done with messages.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum MessagesCommand {
    /// List the newest messages: where each stands, and how many have it.
    List(List),
    /// Show one message: state, progress, why somebody did not get it, and what to do about it.
    Show(Waited),
    /// Stop sending a message until it is resumed.
    ///
    /// Within about a second nothing more of it goes out. Others of the same bot go on. Its not_after goes on too:
    /// what is left after it stops as expired.
    Pause(One),
    /// Go on with a message that rests: paused by a person, after its canary, or because too much failed.
    Resume(Waited),
    /// Stop a message for good: what was not sent stays unsent, what was delivered stays delivered.
    Cancel(One),
    /// Send again to those whose delivery failed; the others get no second copy.
    ///
    /// What somebody chose is not overruled: opted_out, blocked, guest, left_team.
    Resend(Resend),
    /// Say what became of uncertain deliveries: those that may have arrived when the message wants no second copy.
    ///
    /// Look into the conversations first: nobody but the people there can know.
    Decide(Decide),
    /// List a message's deliveries: who has it, who has not, and why.
    Deliveries(Deliveries),
}

/// One message.
#[derive(Clone, Debug, Args)]
pub(crate) struct One {
    /// The message.
    #[arg(value_name = "MESSAGE", value_parser = id::<'m'>)]
    pub(crate) id: String,
}

/// One message, which may be waited for.
#[derive(Clone, Debug, Args)]
pub(crate) struct Waited {
    #[command(flatten)]
    pub(crate) one: One,
    /// Wait until every delivery has ended, or the message rests, and show the outcome.
    #[arg(long)]
    pub(crate) wait: bool,
}

/// Which messages.
#[derive(Clone, Debug, Args)]
pub(crate) struct List {
    /// At most so many.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub(crate) limit: u32,
    /// Go on after this message: the next_cursor of an earlier list.
    #[arg(long, value_name = "MESSAGE")]
    pub(crate) cursor: Option<String>,
}

/// Which failures are sent again.
#[derive(Clone, Debug, Args)]
pub(crate) struct Resend {
    #[command(flatten)]
    pub(crate) waited: Waited,
    /// Only those that stopped for this reason; may be given several times. docs/outcomes.md lists them.
    #[arg(long = "reason", value_name = "REASON")]
    pub(crate) reasons: Vec<String>,
}

/// What became of uncertain deliveries.
#[derive(Clone, Debug, Args)]
pub(crate) struct Decide {
    #[command(flatten)]
    pub(crate) one: One,
    /// What became of them.
    #[arg(value_enum)]
    pub(crate) verdict: Verdict,
    /// Only this one; without it all that are uncertain.
    #[arg(long, value_name = "DELIVERY", value_parser = id::<'d'>)]
    pub(crate) delivery: Option<String>,
}

/// What becomes of an uncertain delivery.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Verdict {
    /// Send it again; a copy may have arrived before.
    Send,
    /// It arrived.
    Delivered,
    /// It did not arrive, and is not sent.
    Stopped,
}

/// Which deliveries.
#[derive(Clone, Debug, Args)]
pub(crate) struct Deliveries {
    #[command(flatten)]
    pub(crate) one: One,
    /// Only this person, chat or channel: an e-mail address, an Entra object id, a reference or a conversation id.
    #[arg(long, value_name = "WHO")]
    pub(crate) to: Option<String>,
    /// Only in this state: pending, delivered, stopped or uncertain.
    #[arg(long)]
    pub(crate) state: Option<String>,
    /// Only for this reason.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub(crate) limit: u32,
    /// Go on after this delivery: the next_cursor of an earlier list.
    #[arg(long, value_name = "DELIVERY")]
    pub(crate) cursor: Option<String>,
}

/// An id of ours becomes a part of a path: a message's (`m`) or a delivery's (`d`).
fn id<const OF: char>(text: &str) -> Result<String, String> {
    let prefix = if OF == 'm' { "msg_" } else { "dlv_" };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    match text.trim().strip_prefix(prefix) {
        Some(rest) if !rest.is_empty() && rest.chars().all(plain) => Ok(text.trim().to_owned()),
        _ => Err(format!("an id looks like {prefix}01m859nh5ke008010m5ak49z1h")),
    }
}
