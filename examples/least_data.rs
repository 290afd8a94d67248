//! The four calls of a notifier, with the least data: a service URL, three ids and the credentials.
//!
//! The story: create a personal chat, send to it, post to a channel, reply in the thread of that post.
//! The published one is clearab's `teamsProactiveMessaging` (its class `MessageSender`).
//!
//! ```sh
//! cargo run -p pregon-examples --bin least_data
//! ```
//!
//! No bot need listen anywhere, and nothing is stored.

use anyhow::Context as _;
use pregon_examples::{Failure, Settings, variable};
use pregon_model::{MemberId, TeamChannelId};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::from_env()?;
    let (connector, service_url, tenant) = (settings.connector()?, settings.service_url()?, &settings.tenant);
    let person = MemberId::new(variable("PREGON_PERSON")?);
    let channel = TeamChannelId::new(variable("PREGON_CHANNEL")?);

    println!("1. Creating the personal chat with {person}");
    let chat = connector.create_personal(&service_url, &person, tenant).await.context("no chat was created")?.id;

    println!("2. Sending to the chat {chat}");
    connector.send(&service_url, &chat).text("Hello! Four ids are all I know.").await.context("nothing was sent")?;

    println!("3. Posting to the channel {channel}");
    let post = connector.create_thread(&service_url, &channel, tenant).text("Hello, channel.").await;
    let thread = post.context("nothing was posted")?.conversation;

    println!("4. Replying in the thread {thread}");
    connector
        .send(&service_url, &thread)
        .text("And hello in its thread.")
        .await
        .context("there is a post, but no reply")?;
    Ok(())
}
