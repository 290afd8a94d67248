//! Starts a thread in a channel, and answers in it.
//!
//! The story: create the conversation with its first message, then continue that conversation. The
//! published one is Microsoft's "start new thread in channel" (sample 58).
//!
//! ```sh
//! cargo run -p pregon-examples --bin new_thread_in_channel
//! ```

use anyhow::Context as _;
use pregon_examples::{Failure, Settings, variable};
use pregon_model::TeamChannelId;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::from_env()?;
    let (connector, service_url) = (settings.connector()?, settings.service_url()?);
    let channel = TeamChannelId::new(variable("PREGON_CHANNEL")?);

    println!("Starting a thread in {channel}");
    let first = connector.create_thread(&service_url, &channel, &settings.tenant).text("This starts a new thread.");
    let thread = first.await.context("the thread was not started")?.conversation;

    // A thread's conversation is the channel together with the thread's first message: kept, it is all
    // that is needed to answer there later.
    println!("Answering in {thread}");
    let answer = connector.send(&service_url, &thread).text("This is the first answer in it.");
    answer.await.context("the thread was started, but not answered in")?;
    Ok(())
}
