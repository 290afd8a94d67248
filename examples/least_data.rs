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

use anyhow::{Context, Result};
use pregon_examples::Settings;

#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::from_env()?;
    let connector = settings.connector()?;
    let Settings { service_url, tenant, person, channel, .. } = &settings;

    println!("1. Creating the personal chat with {person}");
    let chat = connector.create_personal(service_url, person, tenant).await.context("no personal chat")?;

    println!("2. Sending to it: {}", chat.id);
    connector.send(service_url, &chat.id).text("Hello from a program that knows very little.").await?;

    println!("3. Posting to the channel {channel}");
    let thread = connector.create_thread(service_url, channel, tenant).text("Hello, channel.").await?;

    println!("4. Replying in the thread {}", thread.conversation);
    connector.send(service_url, &thread.conversation).text("And hello in its thread.").await?;

    println!("Done: two messages to the person's chat and the channel, one of them with a reply.");
    Ok(())
}
