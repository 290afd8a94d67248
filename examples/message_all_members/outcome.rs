//! What became of each message.

use std::collections::BTreeMap;
use std::fmt;

use pregon_connector::{ConnectorError, NextStep};
use pregon_model::TeamsChannelAccount;

/// What became of the message to one person.
#[derive(Debug)]
pub(crate) enum Outcome {
    Delivered,
    /// Not tried: a guest cannot be reached as members of the organisation can.
    Guest,
    /// The person blocked or removed the app.
    Blocked,
    NotInstalled,
    /// Perhaps delivered. Sent again, the person might see it twice.
    InDoubt(ConnectorError),
    Failed(ConnectorError),
}

impl Outcome {
    /// What an answer means for one person; the error is one that every other person would meet, too.
    pub(crate) fn of(result: Result<(), ConnectorError>) -> Result<Self, ConnectorError> {
        let Err(error) = result else { return Ok(Self::Delivered) };
        match error.next_step() {
            NextStep::StopConversation => Ok(Self::Blocked),
            NextStep::Install => Ok(Self::NotInstalled),
            NextStep::Decide => Ok(Self::InDoubt(error)),
            NextStep::StopBot | NextStep::StopTenant | NextStep::ChangeServiceUrl => Err(error),
            _ => Ok(Self::Failed(error)),
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Guest => "guest",
            Self::Blocked => "blocked",
            Self::NotInstalled => "not installed",
            Self::InDoubt(_) => "in doubt",
            Self::Failed(_) => "failed",
        }
    }
}

/// The table: a line for each person when they were told, and how many there were of each outcome.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<&'static str, usize>);

impl Tally {
    pub(crate) fn note(&mut self, member: &TeamsChannelAccount, outcome: &Outcome) {
        let name = member.name.as_deref().unwrap_or(member.id.as_str());
        match outcome {
            Outcome::InDoubt(error) | Outcome::Failed(error) => println!("  {name:<30} {}: {error}", outcome.name()),
            outcome => println!("  {name:<30} {}", outcome.name()),
        }
        *self.0.entry(outcome.name()).or_default() += 1;
    }

    /// Whether everybody got it who can: guests are no failure.
    pub(crate) fn everybody(&self) -> bool {
        self.0.keys().all(|outcome| matches!(*outcome, "delivered" | "guest"))
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<String> = self.0.iter().map(|(outcome, people)| format!("{people} {outcome}")).collect();
        f.write_str(&counts.join(", "))
    }
}
