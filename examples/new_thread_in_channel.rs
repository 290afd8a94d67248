//! Starts a thread in a channel, and answers in it.
//!
//! The story: create the conversation with its first message, then continue that conversation. The
//! published one is Microsoft's "start new thread in channel" (sample 58).
//!
//! ```sh
//! cargo run -p pregon-examples --bin new_thread_in_channel
//! ```

use anyhow::{Context, Result};
use pregon_examples::Settings;

#[tokio::main]
async fn main() -> Result<()> {
    let settings = Settings::from_env()?;
    let connector = settings.connector()?;
    let Settings { service_url, tenant, channel, .. } = &settings;

    println!("Starting a thread in {channel}");
    let thread = connector.create_thread(service_url, channel, tenant).text("This starts a new thread.").await;
    let thread = thread.context("the thread could not be started")?;

    // The conversation of a thread is the channel and the thread's first message.
    println!("Answering in {}", thread.conversation);
    connector.send(service_url, &thread.conversation).text("This is its first answer.").await?;

    println!("Done.");
    Ok(())
}
