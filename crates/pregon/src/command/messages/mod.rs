//! `pregon messages`: looking at messages and steering them.

mod deliveries;
mod list;
pub(crate) mod outcome;
mod progress;
mod show;

use clap::ValueEnum;
use serde_json::{Value, json};

use crate::api::Api;
use crate::args::{Decide, MessagesCommand, One, Resend, Waited};
use crate::{End, args, output};

/// Does what the command says; without one the newest messages are listed.
pub(crate) async fn run(args: args::Messages) -> anyhow::Result<End> {
    let api = Api::of(&args.remote)?;
    let asked = Asked { api, json: args.remote.json };
    match args.command {
        None => list::run(&asked, &args::List { limit: 20, cursor: None }).await,
        Some(MessagesCommand::List(list)) => list::run(&asked, &list).await,
        Some(MessagesCommand::Show(show)) => asked.show(&show).await,
        Some(MessagesCommand::Pause(one)) => asked.tell(&one, "pause").await,
        Some(MessagesCommand::Resume(resume)) => {
            if resume.wait {
                asked.api.post(&format!("/messages/{}/resume", resume.one.id), &json!({})).await?;
                return outcome::wait_and_show(&asked.api, &resume.one.id, asked.json).await;
            }
            asked.tell(&resume.one, "resume").await
        }
        Some(MessagesCommand::Cancel(one)) => asked.tell(&one, "cancel").await,
        Some(MessagesCommand::Resend(resend)) => asked.resend(&resend).await,
        Some(MessagesCommand::Decide(decide)) => asked.decide(&decide).await,
        Some(MessagesCommand::Deliveries(which)) => deliveries::run(&asked, &which).await,
    }
}

/// The server, and how its answers are wanted.
struct Asked {
    api: Api,
    json: bool,
}

impl Asked {
    /// Prints an answer: as it came for programs, as `text` for people.
    fn answer(&self, answer: &Value, text: impl FnOnce(&Value) -> String) -> End {
        output::line(if self.json { answer.to_string() } else { text(answer) });
        End::Done
    }

    async fn show(&self, show: &Waited) -> anyhow::Result<End> {
        if show.wait {
            return outcome::wait_and_show(&self.api, &show.one.id, self.json).await;
        }
        let view = self.api.get(&format!("/messages/{}", show.one.id)).await?;
        Ok(self.answer(&view, show::text))
    }

    /// Tells a message to do something that takes no more words.
    async fn tell(&self, one: &One, verb: &str) -> anyhow::Result<End> {
        let view = self.api.post(&format!("/messages/{}/{verb}", one.id), &json!({})).await?;
        Ok(self.answer(&view, show::brief))
    }

    async fn resend(&self, resend: &Resend) -> anyhow::Result<End> {
        let id = &resend.waited.one.id;
        let body = if resend.reasons.is_empty() { json!({}) } else { json!({"reasons": resend.reasons}) };
        let changed = self.api.post(&format!("/messages/{id}/resend"), &body).await?;
        if resend.waited.wait {
            return outcome::wait_and_show(&self.api, id, self.json).await;
        }
        Ok(self.answer(&changed, |changed| counted(changed, "sent again")))
    }

    async fn decide(&self, decide: &Decide) -> anyhow::Result<End> {
        let verdict = decide.verdict.to_possible_value().map(|verdict| verdict.get_name().to_owned());
        let body = json!({"verdict": verdict, "delivery": decide.delivery});
        let changed = self.api.post(&format!("/messages/{}/decide", decide.one.id), &body).await?;
        Ok(self.answer(&changed, |changed| counted(changed, "decided")))
    }
}

/// How many deliveries were decided anew, and how their message stands.
fn counted(changed: &Value, done: &str) -> String {
    let count = changed["count"].as_u64().unwrap_or(0);
    let deliveries = if count == 1 { "1 delivery is" } else { &format!("{count} deliveries are") };
    format!("{deliveries} {done}\n{}", show::brief(&changed["message"]))
}
