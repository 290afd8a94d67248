//! Messages every member of a team, each in their personal chat.
//!
//! The story: page the team's roster; for each member create the conversation, continue it, and send.
//! The published one is `MessageAllMembers` of Microsoft's conversation bot (sample 57).
//!
//! ```sh
//! cargo run -p pregon-examples --bin message_all_members                      # one after the other
//! cargo run -p pregon-examples --bin message_all_members -- --concurrency 20  # at Teams' limit
//! ```
//!
//! It waits as Teams tells it to, but forgets everything when it ends: whoever was not reached is a
//! line on the screen. Retries, messages in doubt and who got what are the Pregón server's work.

mod outcome;
mod pacer;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use futures_util::{StreamExt, stream};
use pregon_auth::TrustedServiceUrl;
use pregon_connector::{Connector, ConnectorError};
use pregon_examples::{Failure, Settings, variable};
use pregon_model::{ConversationId, TeamsChannelAccount, TenantId};

use outcome::{Outcome, Tally};
use pacer::Pacer;

#[tokio::main]
async fn main() -> Result<ExitCode, Failure> {
    let concurrency = concurrency()?;
    let settings = Settings::from_env()?;
    let teams = Teams {
        connector: settings.connector()?,
        service_url: settings.service_url()?,
        tenant: settings.tenant,
        team: ConversationId::new(variable("PREGON_TEAM")?),
        pacer: Pacer::new(),
    };

    let members = teams.roster().await.context("the roster could not be read")?;
    println!("{} members. Each gets a message in their personal chat:\n", members.len());
    let tally = match concurrency {
        None => teams.one_by_one(&members).await?,
        Some(calls) => teams.at_once(&members, calls).await?,
    };
    println!("\n{tally}");
    Ok(if tally.everybody() { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

struct Teams {
    connector: Connector,
    service_url: TrustedServiceUrl,
    tenant: TenantId,
    /// A team's roster is asked for under the team's id, as if it were a conversation.
    team: ConversationId,
    pacer: Pacer,
}

impl Teams {
    /// Everybody in the team, page by page: Teams gives at most 500 people at once.
    async fn roster(&self) -> Result<Vec<TeamsChannelAccount>, ConnectorError> {
        let mut members = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let page = self.pacer.call(self.team.as_str(), || {
                let page = self.connector.paged_members(&self.service_url, &self.team).page_size(500);
                match &next {
                    Some(token) => page.continuation(token),
                    None => page,
                }
            });
            let page = page.await?;
            members.extend(page.members);
            next = page.continuation_token.filter(|token| !token.is_empty());
            if next.is_none() {
                return Ok(members);
            }
        }
    }

    /// The plain loop.
    async fn one_by_one(&self, members: &[TeamsChannelAccount]) -> Result<Tally, ConnectorError> {
        let mut tally = Tally::default();
        for member in members {
            tally.note(member, &self.tell(member).await?);
        }
        Ok(tally)
    }

    /// The same with several people at a time; the pacer keeps the calls under the limits.
    async fn at_once(&self, members: &[TeamsChannelAccount], people: usize) -> Result<Tally, ConnectorError> {
        let told = stream::iter(members).map(async |member| (member, self.tell(member).await));
        let mut told = told.buffer_unordered(people);
        let mut tally = Tally::default();
        while let Some((member, outcome)) = told.next().await {
            tally.note(member, &outcome?);
        }
        Ok(tally)
    }

    /// Messages one person. What became of it is no error, unless it would be the same for everybody.
    async fn tell(&self, member: &TeamsChannelAccount) -> Result<Outcome, ConnectorError> {
        if member.is_guest() {
            return Ok(Outcome::Guest);
        }
        Outcome::of(self.message(member).await)
    }

    async fn message(&self, member: &TeamsChannelAccount) -> Result<(), ConnectorError> {
        // Creating is idempotent: a chat that exists is found. A bot that keeps the id saves the call.
        let create = || self.connector.create_personal(&self.service_url, &member.id, &self.tenant);
        let chat = self.pacer.call(member.id.as_str(), create).await?.id;

        let name = member.name.as_deref().unwrap_or("you");
        let text = format!("Hello {name}. I am a bot, and I write to everybody in your team.");
        let send = || self.connector.send(&self.service_url, &chat).text(&text);
        self.pacer.call(chat.as_str(), send).await?;
        Ok(())
    }
}

/// `--concurrency N`, if it was given.
fn concurrency() -> Result<Option<usize>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => Ok(None),
        ["--concurrency", people] => match people.parse() {
            Ok(people @ 1..=1000) => Ok(Some(people)),
            _ => bail!("--concurrency takes a number from 1 to 1000, not {people:?}"),
        },
        _ => bail!("usage: message_all_members [--concurrency PEOPLE]"),
    }
}
