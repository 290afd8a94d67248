//! Says hello, unasked, in every conversation the bot knows.
//!
//! The story: keep the reference of each conversation that tells the bot something; when the notify
//! address is opened, continue each of them and send. The published one is Microsoft's "proactive
//! messages" (sample 16).
//!
//! ```sh
//! cargo run -p pregon-examples --bin proactive_hello
//! ```
//!
//! The references live in memory here, so they are lost when it ends: a bot of yours writes them down.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::routing::get;
use pregon_bot::connector::ConnectorError;
use pregon_bot::model::{ConversationId, ConversationReference};
use pregon_bot::{Bot, Handler, Turn, TurnResult};
use pregon_examples::{Failure, Settings, patiently};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::from_env()?;
    settings.print_what_to_try(&[r#"write -d '{"text": "good morning"}'"#, "messages"]);
    println!("Let it speak unasked before you look:\n\n  curl http://{}/api/notify\n", settings.listen);

    let references = References::default();
    let bot = settings.bot(Hello { references: references.clone() })?;
    // Whoever reaches this address speaks through the bot: ask for a key before it leaves your machine.
    let notify = get(notify).with_state((bot.clone(), references));
    let listener = settings.listener().await?;
    tracing::info!("the bot listens on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, bot.router().route("/api/notify", notify)).await?)
}

struct Hello {
    references: References,
}

impl Handler for Hello {
    async fn message(&self, turn: &Turn) -> TurnResult {
        self.references.keep(turn.reference());
        turn.reply().text(format!("You said: {}", turn.text())).await?;
        Ok(())
    }

    async fn installed(&self, turn: &Turn, _upgrade: bool) -> TurnResult {
        self.references.keep(turn.reference());
        turn.send().text("Welcome! Whoever opens /api/notify lets me say hello to everybody I know.").await?;
        Ok(())
    }

    async fn uninstalled(&self, turn: &Turn, _upgrade: bool) -> TurnResult {
        self.references.forget(turn.conversation().id());
        Ok(())
    }
}

/// `GET /api/notify`: says hello everywhere, and what came of it.
async fn notify(State((bot, references)): State<(Bot, References)>) -> String {
    let mut lines = Vec::new();
    for reference in references.all() {
        let outcome = hello(&bot, &references, &reference).await;
        lines.push(format!("{}: {outcome}\n", reference.conversation.id));
    }
    lines.concat()
}

/// Continues one conversation.
async fn hello(bot: &Bot, references: &References, reference: &ConversationReference) -> String {
    let conversation = match bot.conversation(reference) {
        Ok(conversation) => conversation,
        Err(error) => return error.to_string(),
    };
    match patiently(|| conversation.send().text("proactive hello")).await {
        Ok(_) => "delivered".to_owned(),
        Err(ConnectorError::Blocked(_)) => {
            references.forget(conversation.id());
            "blocked by the person, and forgotten".to_owned()
        }
        Err(error) => format!("not delivered: {error}"),
    }
}

/// The latest reference of each conversation.
#[derive(Clone, Default)]
struct References(Arc<Mutex<HashMap<ConversationId, ConversationReference>>>);

impl References {
    fn keep(&self, reference: &ConversationReference) {
        self.map().insert(reference.conversation.id.clone(), reference.clone());
    }

    fn forget(&self, conversation: &ConversationId) {
        self.map().remove(conversation);
    }

    fn all(&self) -> Vec<ConversationReference> {
        self.map().values().cloned().collect()
    }

    fn map(&self) -> MutexGuard<'_, HashMap<ConversationId, ConversationReference>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
