//! A local Microsoft Teams for bot developers: Entra ID, Bot Connector and Graph.
//!
//! One listener on one port plays the services a Teams bot talks to, with a world behind it:
//! organisations, people, teams, channels and bots. Bots in any language can be developed and tested
//! against it with no tenant and no network. It signs real tokens, enforces Teams' limits, answers
//! errors in Teams' shapes, sends the bots what Teams would send, and keeps its own account of
//! everything that was said.
//!
//! Take it to run a bot locally, to test one end to end, to see what it does when calls fail, and to
//! measure it. Do not take it as proof that Teams accepts your cards: it keeps them as they come.
//!
//! ```no_run
//! # async fn demo() -> Result<(), Box<dyn std::error::Error>> {
//! use pregon_emulator::{Emulator, EmulatorConfig, WorldSpec};
//!
//! let emulator = Emulator::start(EmulatorConfig::new(WorldSpec::demo(7, 50))).await?;
//! let bot = &emulator.apps()[0];
//! emulator.set_bot_endpoint(&bot.app_id, "http://127.0.0.1:8080/api/messages")?;
//! emulator.install_in_team(&bot.app_id, &emulator.tenants()[0].teams[0].id)?;
//! emulator.delivered().await;
//! # Ok(()) }
//! ```
//!
//! # Services
//!
//! All under one base URL, `http://127.0.0.1:PORT`:
//!
//! | path | plays |
//! |---|---|
//! | `/{tenant}/oauth2/v2.0/token`, `/{tenant}/v2.0/.well-known/openid-configuration`, `/{tenant}/discovery/v2.0/keys` | Entra ID |
//! | `/metadata/identity/oauth2/token` | the identity endpoint of a machine in Azure |
//! | `/v1/.well-known/openidconfiguration`, `/v1/.well-known/keys` | the Bot Framework issuer |
//! | `/emea/v3/…` (any prefix of up to two segments) | the Bot Connector; the service URL is `{base}/emea/` |
//! | `/v1.0/…` | Microsoft Graph: catalogue and installations, users, groups and their changes, teams, chats, activity feed, `$batch` |
//! | `/_emulator/…` | the control API |
//!
//! # Control API
//!
//! JSON over HTTP, on loopback addresses only unless [`EmulatorConfig::allow_remote_control`] is set.
//! `{person}` is an object id, sign-in name, e-mail address or `29:` id. Errors are
//! `{"error":{"code","message"}}`.
//!
//! | request | what it does |
//! |---|---|
//! | `GET /_emulator/stats` | counters: [`Stats`] |
//! | `GET /_emulator/apps` | the bots, with credentials |
//! | `PUT /_emulator/apps/{app}/endpoint` `{"url"}` | says where a bot listens |
//! | `GET /_emulator/tenants` | organisations, teams, channels, group chats |
//! | `GET /_emulator/people?q=&after=&limit=` | people; `next` continues |
//! | `GET /_emulator/people/{person}`, `…/messages` | one person; what the bots wrote to them |
//! | `GET /_emulator/conversations?after=&limit=` | conversations somebody wrote in |
//! | `GET /_emulator/conversations/{id}` | one of them, or one thread, with its messages |
//! | `GET /_emulator/messages?after=&limit=` | messages new or changed since change `after`; `next` continues |
//! | `GET /_emulator/calls?after=&limit=` | [`LoggedCall`]s after number `after`; `next` continues |
//! | `GET /_emulator/notifications?after=&limit=` | activity-feed notifications after number `after` |
//! | `GET`, `POST`, `DELETE /_emulator/faults` | [`Fault`]s: list, add one, take all back |
//! | `PUT /_emulator/limits` `{"limits":"teams"\|"lifted"}` | enforce or lift the limits |
//! | `GET /_emulator/clock`, `POST /_emulator/clock/advance` `{"seconds"}` | the time; lets time pass at once |
//! | `POST /_emulator/keys/rotate` `{"issuer":"entra"\|"bot_framework"}` | sign with a new key |
//!
//! What a person does, `POST /_emulator/people/{person}/…`; a `conversation` is by default the personal chat:
//!
//! | request | what it does |
//! |---|---|
//! | `block`, `unblock` | the bot can or cannot write to them |
//! | `install`, `uninstall` `{"upgrade"?}` | personal scope; by a new version of the app with `"upgrade": true` |
//! | `join`, `leave` `{"team"?}` | a team, by default the first |
//! | `write` `{"text", "picture"?}` | in the personal chat; a picture is `{"name", "type", "base64"}` |
//! | `write` `{"text", "channel", "thread"?}` | a mention of the bot in a channel, named by id or name |
//! | `write` `{"text", "conversation"}` | a mention of the bot in a group chat |
//! | `edit` `{"message", "text", "conversation"?}` | a message of their own |
//! | `delete`, `undelete` `{"message", "conversation"?}` | a message of their own |
//! | `press` `{"button", "conversation"?, "message"?, "inputs"?}` | a button of a card; the bot's answer |
//! | `look_at` `{"message", "conversation"?}` | a card that refreshes itself; the bot's answer |
//! | `submit_dialog` `{"data", "conversation"?}` | a dialog that a button opened; the bot's answer |
//! | `react`, `unreact` `{"message", "reaction"?, "conversation"?}` | a reaction, by default `like` |
//! | `read` `{"message"?}` | reads the personal chat, by default to its end |
//! | `type` `{"conversation"?}` | types |
//!
//! What happens to accounts in the directory:
//!
//! | request | what it does |
//! |---|---|
//! | `POST /_emulator/people` `{"given_name", "surname", "email", "tenant"?, "locale"?, "time_zone"?, "guest"?}` | a new person |
//! | `POST /_emulator/people/{person}/account/rename` `{"given_name", "surname"}` | another name |
//! | `POST /_emulator/people/{person}/account/enable`, `disable`, `restore` | the account |
//! | `POST /_emulator/people/{person}/account/delete` `{"for_good"?}` | the person leaves teams and chats, too |
//!
//! What happens to teams, channels and group chats:
//!
//! | request | what it does |
//! |---|---|
//! | `POST /_emulator/teams/{team}/install` `{"channel"?, "upgrade"?}`, `uninstall` | the bot in a team |
//! | `POST /_emulator/teams/{team}/rename` `{"name"}` | a new name |
//! | `POST /_emulator/teams/{team}/archive`, `unarchive`, `delete`, `hard_delete`, `restore` | the team as a whole |
//! | `POST /_emulator/teams/{team}/channels` `{"name", "kind"?, "members"?}` | a new channel; kinds are [`ChannelKind`]s |
//! | `POST /_emulator/channels/{channel}/rename` `{"name"}`, `delete`, `restore` | any but General |
//! | `POST /_emulator/channels/{channel}/add`, `remove` `{"person"}` | members of a private or shared channel |
//! | `POST /_emulator/channels/{channel}/share`, `unshare` `{"team"}` | a shared channel and another team |
//! | `POST /_emulator/chats` `{"people", "topic"?}` | a new group chat |
//! | `POST /_emulator/chats/{chat}/install`, `uninstall` `{"upgrade"?}` | the bot in a group chat |
//! | `POST /_emulator/chats/{chat}/add`, `remove` `{"person"}` | its members |
//!
//! Every action takes `"app"`, an app id; by default the first bot is meant.

#![expect(clippy::result_large_err, reason = "a refusal is the answer itself, moved once")]

mod actions;
mod actor;
mod app;
mod bot_framework;
mod calls;
mod chance;
mod clock;
mod config;
mod connector;
mod control;
pub mod dev;
mod emulator;
mod entra;
mod events;
mod faults;
mod files;
mod graph;
mod handle;
mod http;
mod keys;
mod limits;
mod listener;
mod lock;
mod log;
mod notifications;
mod operation;
mod outgoing;
mod stats;
mod tokens;
mod view;
mod world;

pub use actions::{ActionError, Picture};
pub use actor::Actor;
pub use calls::LoggedCall;
pub use config::{EmulatorConfig, StartError};
pub use emulator::{Emulator, Issuer};
pub use faults::{Effect, Fault, RetryAfter, Shape};
pub use handle::{AccountHandle, ChannelHandle, GroupChatHandle, TeamHandle};
pub use limits::{LaneStats, Limits};
pub use log::LoggedMessage;
pub use notifications::FeedNotification;
pub use operation::Operation;
pub use outgoing::{BotAnswer, OutgoingStats};
pub use stats::Stats;
pub use view::{BotView, ConversationView, GroupChatView, PersonView, TeamView, TenantView};
pub use world::{
    AppSpec, BadWorld, ChannelKind, ChannelSpec, GroupChatSpec, GroupSpec, PersonSpec, TeamSpec, TenantSpec, WorldSpec,
};
