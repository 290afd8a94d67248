//! Installs the bot for somebody who does not have it, and writes to them.
//!
//! The story: look the app up in the catalogue, install it through Graph, wait until Teams tells the bot
//! of the new conversation, and send there. The published one is Microsoft's "proactive installation of
//! apps using Graph".
//!
//! ```sh
//! cargo run -p pregon-examples --bin install_for_user
//! ```
//!
//! Permissions, as an application and with an administrator's consent: `AppCatalog.Read.All`,
//! `TeamsAppInstallation.ReadWriteSelfForUser.All`.

use std::time::Duration;

use anyhow::Context as _;
use pregon_bot::connector::graph::Installed;
use pregon_bot::model::{ConversationReference, ObjectId};
use pregon_bot::{Handler, Turn, TurnResult};
use pregon_examples::{Failure, Settings, variable};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How long Teams may take to tell the bot of an installation.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::from_env()?;
    let person = ObjectId::new(variable("PREGON_NEWCOMER")?);
    let manifest_id = variable("PREGON_MANIFEST_ID")?;

    // The bot has to listen before anything is installed, or it misses what it waits for.
    let (told, mut installs) = mpsc::unbounded_channel();
    let bot = settings.bot(Installs { told })?;
    tokio::spawn(axum::serve(settings.listener().await?, bot.router()).into_future());

    println!("1. Looking the app {manifest_id} up in the catalogue");
    let graph = settings.graph()?;
    let graph = graph.tenant(&settings.tenant);
    let app = graph.catalog_app(&manifest_id).await?;
    let app = app.context("the app is not in the organisation's catalogue: have an administrator upload it")?;

    println!("2. Installing it for {person}");
    let apps = graph.apps_of_user(&person);
    let told = match apps.add(&app.id).await? {
        Installed::Now => {
            println!("3. Waiting until Teams tells the bot of the chat");
            timeout(PATIENCE, chat_with(&person, &mut installs)).await.ok().flatten()
        }
        Installed::Already => None,
    };
    let (service_url, chat) = if let Some(reference) = told {
        (settings.endpoints.trust(&reference.service_url)?, reference.conversation.id)
    } else {
        println!("3. It was there already, or Teams is slow: asking Graph for the chat");
        let installation = apps.find(&app.id).await?.context("the app was taken away again: start over")?;
        let chat =
            apps.chat(&installation.id).await?.context("the installation has no chat yet: try again in a minute")?;
        (settings.service_url()?, chat)
    };

    println!("4. Sending to the chat {chat}");
    bot.connector().send(&service_url, &chat).text("Hello! I was just installed for you.").await?;
    Ok(())
}

/// Passes on where the bot was installed.
struct Installs {
    told: mpsc::UnboundedSender<ConversationReference>,
}

impl Handler for Installs {
    async fn installed(&self, turn: &Turn, _upgrade: bool) -> TurnResult {
        // Nobody listens any more when the program has what it waited for.
        self.told.send(turn.reference().clone()).ok();
        Ok(())
    }
}

/// The reference of the chat with this person, once there is one.
async fn chat_with(
    person: &ObjectId,
    installs: &mut mpsc::UnboundedReceiver<ConversationReference>,
) -> Option<ConversationReference> {
    while let Some(reference) = installs.recv().await {
        if reference.user.as_ref().is_some_and(|user| user.aad_object_id.as_ref() == Some(person)) {
            return Some(reference);
        }
    }
    None
}
