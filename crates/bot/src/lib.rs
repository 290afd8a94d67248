//! A Microsoft Teams bot in Rust: one method for each thing that Teams tells, and speech unasked.
//!
//! ```no_run
//! use pregon_bot::{Bot, Handler, Turn, TurnResult};
//!
//! struct Hello;
//!
//! impl Handler for Hello {
//!     async fn message(&self, turn: &Turn) -> TurnResult {
//!         turn.reply().text(format!("You said: {}", turn.text())).await?;
//!         Ok(())
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     Bot::from_env(Hello)?.serve("127.0.0.1:3978").await?;
//!     Ok(())
//! }
//! ```
//!
//! [`Bot::from_env`] says which variables it reads. The same binary talks to Teams and to the emulator on
//! your machine: `PREGON_CLOUD` tells which. What it logs goes to [`tracing`](https://docs.rs/tracing):
//! begin `main` with `tracing_subscriber::fmt::init()` to see it.
//!
//! # When to take it
//!
//! Take this crate to write a bot: it is the top of the SDK, over the wire model ([`model`]), tokens
//! ([`auth`]) and the clients of the Connector and Graph ([`connector`]), which it gives on.
//!
//! Do not take it
//!
//! - to *send to thousands and lose nobody*: pacing, retries, audiences and memory are the Pregón server's,
//!   which needs no bot of your own;
//! - to *send only*, with nothing that listens: [`connector`] is enough;
//! - to *remember*: references are yours to store, and people's answers too.
//!
//! # A card with a button
//!
//! What a press is answered with goes back in the same breath: the person waits for it.
//!
//! ```
//! use pregon_bot::model::card::{AdaptiveCard, Execute, TextBlock};
//! use pregon_bot::model::{CardActionInvoke, InvokeAnswer};
//! use pregon_bot::{Handler, Turn, TurnResult};
//! use serde_json::json;
//!
//! struct Harbor;
//!
//! impl Handler for Harbor {
//!     async fn message(&self, turn: &Turn) -> TurnResult {
//!         let take = Execute::new("Take it", "take").data(json!({"berth": 7}));
//!         turn.reply().card(says("Berth 7 is free").action(take), "Berth 7 is free").await?;
//!         Ok(())
//!     }
//!
//!     async fn card_action(
//!         &self,
//!         turn: &Turn,
//!         action: &CardActionInvoke<'_>,
//!     ) -> TurnResult<InvokeAnswer> {
//!         let who = turn.from().and_then(|person| person.name.as_deref()).unwrap_or("somebody");
//!         let berth = &action.data["berth"];
//!         Ok(match action.verb {
//!             "take" => InvokeAnswer::card(says(&format!("Berth {berth} is {who}'s"))),
//!             other => InvokeAnswer::toast(format!("There is no {other} here")),
//!         })
//!     }
//! }
//!
//! fn says(text: &str) -> AdaptiveCard {
//!     AdaptiveCard::new().element(TextBlock::paragraph(text))
//! }
//! ```
//!
//! # Speaking unasked
//!
//! Store where the bot was installed; speak there later, from a timer, a queue, another endpoint.
//! [`Bot::conversation`] lets no token go to a stored address that is not of the bot's cloud.
//!
//! ```
//! use std::collections::HashMap;
//! use std::sync::{Arc, Mutex};
//!
//! use pregon_bot::model::{ConversationId, ConversationReference};
//! use pregon_bot::{Bot, Handler, Turn, TurnResult};
//!
//! type References = Arc<Mutex<HashMap<ConversationId, ConversationReference>>>;
//!
//! struct Crier {
//!     references: References,
//! }
//!
//! impl Handler for Crier {
//!     async fn installed(&self, turn: &Turn, _upgrade: bool) -> TurnResult {
//!         let id = turn.conversation().id().clone();
//!         self.references.lock().unwrap().insert(id, turn.reference().clone());
//!         Ok(())
//!     }
//!
//!     async fn uninstalled(&self, turn: &Turn, _upgrade: bool) -> TurnResult {
//!         self.references.lock().unwrap().remove(turn.conversation().id());
//!         Ok(())
//!     }
//! }
//!
//! async fn cry(bot: &Bot, references: &References, news: &str) -> TurnResult {
//!     let known: Vec<_> = references.lock().unwrap().values().cloned().collect();
//!     for reference in known {
//!         bot.conversation(&reference)?.send().text(news).await?;
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Everybody in a team, each in their own chat
//!
//! A [`Conversation`], in a turn or out of one, also reads its roster, opens personal chats and begins
//! threads. What it has no method for is in its [`Connector`](connector::Connector).
//!
//! ```
//! use futures_util::TryStreamExt as _;
//! use pregon_bot::{Handler, Turn, TurnResult};
//!
//! struct Shifts;
//!
//! impl Handler for Shifts {
//!     async fn message(&self, turn: &Turn) -> TurnResult {
//!         let here = turn.conversation();
//!         let people: Vec<_> = here.members().try_collect().await?;
//!         for person in &people {
//!             let chat = here.personal_chat(&person.id).await?;
//!             chat.send().text("Your shift begins at six.").await?;
//!         }
//!         turn.reply().text(format!("{} people know.", people.len())).await?;
//!         Ok(())
//!     }
//! }
//! ```
//!
//! # Tests
//!
//! `pregon-emulator` is a Teams to test against: people write, press, install, and the bot is called over
//! HTTP with signed tokens, as Teams would.
//!
//! ```
//! use pregon_bot::auth::{Endpoints, Secret};
//! use pregon_bot::model::{AppId, TenantId};
//! use pregon_bot::{BotBuilder, Handler, Turn, TurnResult};
//! use pregon_emulator::{Emulator, EmulatorConfig, dev};
//! use tokio::net::TcpListener;
//!
//! # struct Hello;
//! # impl Handler for Hello {
//! #     async fn message(&self, turn: &Turn) -> TurnResult {
//! #         turn.reply().text(format!("You said: {}", turn.text())).await?;
//! #         Ok(())
//! #     }
//! # }
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let teams = Emulator::start(EmulatorConfig::new(dev::world(1, 50))).await?;
//! let cloud = Endpoints::emulator(&teams.base_url().parse()?)?;
//! let (app_id, tenant) = (AppId::new(dev::APP_ID), TenantId::new(dev::TENANT_ID));
//! let secret = Secret::new(dev::SECRET);
//! let bot = BotBuilder::single_tenant(cloud, app_id, secret, tenant).build(Hello)?;
//!
//! let listener = TcpListener::bind("127.0.0.1:0").await?;
//! let endpoint = format!("http://{}/api/messages", listener.local_addr()?);
//! teams.set_bot_endpoint(dev::APP_ID, &endpoint)?;
//! tokio::spawn(axum::serve(listener, bot.router()).into_future());
//!
//! let ada = teams.person(dev::ADA)?;
//! ada.write("ahoy")?;
//! teams.delivered().await;
//! assert_eq!(ada.received()[0].activity["text"], "You said: ahoy");
//! # Ok(())
//! # }
//! ```
//!
//! `pregon emulator` is the same on the command line, for bots in any language; it prints what
//! [`Bot::from_env`] reads.
//!
//! # When it fails
//!
//! An error of a method ends its turn: it is logged once and answered with 500, whereupon Teams may deliver
//! the activity again. So may it after 15 seconds without an answer: [`Handler`] says what follows from that.
//! Whether a message may have arrived all the same, and what to do next, is told by
//! [`ConnectorError`](connector::ConnectorError).

mod answer;
mod bot;
mod builder;
mod conversation;
mod dispatch;
mod env;
mod error;
mod handler;
#[cfg(feature = "axum")]
mod router;
#[cfg(feature = "axum")]
mod serve;
mod turn;

pub use {pregon_auth as auth, pregon_connector as connector, pregon_model as model};

pub use bot::Bot;
pub use builder::BotBuilder;
pub use conversation::Conversation;
pub use env::{BadVariable, FromEnvError};
pub use error::{TurnError, TurnResult};
pub use handler::Handler;
#[cfg(feature = "axum")]
pub use serve::ServeError;
pub use turn::Turn;
