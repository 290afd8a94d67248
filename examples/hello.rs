//! The smallest bot: it answers whatever it is told.
//!
//! ```sh
//! cargo run -p pregon-examples --bin hello
//! ```
//!
//! In a program of your own, `Bot::from_env(Hello)?.serve("127.0.0.1:3978").await?` is all of `main`.

use pregon_bot::{Handler, Turn, TurnResult};
use pregon_examples::{Failure, Settings};

struct Hello;

impl Handler for Hello {
    async fn message(&self, turn: &Turn) -> TurnResult {
        turn.reply().text(format!("Hello! You said: {}", turn.text())).await?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::from_env()?;
    settings.print_what_to_try(&[r#"write -d '{"text": "good morning"}'"#, "messages"]);
    Ok(settings.bot(Hello)?.serve(settings.listen).await?)
}
