use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::Response;
use pregon_auth::{Authenticated, Endpoints, InboundAuth};
use pregon_connector::{BadArgument, Connector, ConnectorError, Graph};
use pregon_model::{ConversationReference, TenantId};
use tokio_util::task::TaskTracker;

use crate::dispatch::Dispatch;
use crate::env::FromEnvError;
use crate::error::Chain;
use crate::{BotBuilder, Conversation, Handler, Turn, answer};

/// A bot: takes turns, and speaks unasked. Clones are the same bot.
///
/// [`Bot::from_env`] or a [`BotBuilder`] makes one. [`Bot::serve`] gives it a port of its own,
/// [`Bot::router`] a place in an axum server of yours, [`Bot::handle`] one behind any other framework.
///
/// ```no_run
/// use axum::Router;
/// use axum::routing::get;
/// use pregon_bot::model::ConversationReference;
/// use pregon_bot::{Bot, TurnResult};
///
/// // Beside other pages, and able to speak whenever the program wants to.
/// fn app(bot: &Bot) -> Router {
///     Router::new().route("/health", get(|| async { "well" })).merge(bot.router())
/// }
///
/// async fn nightly(bot: &Bot, stored: &ConversationReference) -> TurnResult {
///     bot.conversation(stored)?.send().text("The nightly build is green").await?;
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct Bot {
    core: Arc<Core>,
}

pub(crate) struct Core {
    pub(crate) handler: Box<dyn Dispatch>,
    pub(crate) connector: Connector,
    pub(crate) graph: Graph,
    pub(crate) auth: InboundAuth,
    pub(crate) endpoints: Arc<Endpoints>,
    /// The organisation that owns a single-tenant registration.
    pub(crate) home: Option<TenantId>,
    /// Turns under way, also those whose caller hung up.
    pub(crate) turns: TaskTracker,
}

impl Bot {
    pub(crate) fn new(core: Core) -> Self {
        Self { core: Arc::new(core) }
    }

    /// The bot the environment describes, so that one binary runs against Teams and against an emulator:
    ///
    /// | variable | what it is |
    /// |---|---|
    /// | `PREGON_APP_ID` | application (client) id of the app registration |
    /// | `PREGON_APP_SECRET` | the value of a client secret of it |
    /// | `PREGON_TENANT` | id of the organisation that owns a single-tenant registration and is served; `any` for a multi-tenant registration that serves every organisation |
    /// | `PREGON_CLOUD` | `public` (the default), `gcc`, `gcc-high`, `dod`, `china`, or the address of an emulator on this machine, `http://127.0.0.1:3979` |
    ///
    /// For other credentials, or a list of organisations, take [`BotBuilder`].
    ///
    /// # Errors
    /// Names the variable and what to write.
    pub fn from_env(handler: impl Handler) -> Result<Self, FromEnvError> {
        Ok(BotBuilder::from_env()?.build(handler)?)
    }

    /// A stored conversation, to speak there unasked: what other SDKs call continuing a conversation.
    ///
    /// # Errors
    /// [`ConnectorError::Untrusted`] when its service URL is not of the bot's cloud, for no token may go
    /// there; [`ConnectorError::BadArgument`] when it names no tenant, which those of [`Turn::reference`]
    /// always do.
    pub fn conversation(&self, reference: &ConversationReference) -> Result<Conversation, ConnectorError> {
        let no_tenant = || BadArgument::new("conversation.tenantId", "is missing in the reference: write it there");
        let tenant = reference.conversation.tenant_id.as_ref().or(self.home()).ok_or_else(no_tenant)?;
        Ok(Conversation {
            connector: self.connector().clone(),
            service_url: self.core.endpoints.trust(&reference.service_url)?,
            id: reference.conversation.id.clone(),
            tenant: tenant.clone(),
        })
    }

    /// The client of the Connector, with this bot's tokens.
    pub fn connector(&self) -> &Connector {
        &self.core.connector
    }

    /// The client of Graph, with this bot's tokens: to install the app for people, and to find them.
    pub fn graph(&self) -> &Graph {
        &self.core.graph
    }

    /// The Microsoft hosts of the bot's cloud.
    pub fn endpoints(&self) -> &Endpoints {
        &self.core.endpoints
    }

    /// What checks requests before they become turns.
    pub fn auth(&self) -> &InboundAuth {
        &self.core.auth
    }

    /// Takes the turn of an activity that was checked, and answers. [`Bot::router`] calls it; so does
    /// whoever serves the bot with another web framework, after [`InboundAuth::authenticate`]:
    ///
    /// ```
    /// use http::{HeaderMap, Response};
    /// # use pregon_bot::Bot;
    ///
    /// async fn receive(bot: &Bot, headers: &HeaderMap, body: &[u8]) -> Response<bytes::Bytes> {
    ///     match bot.auth().authenticate(headers, body).await {
    ///         Ok(activity) => bot.handle(activity).await,
    ///         Err(refused) => {
    ///             let mut answer = Response::default();
    ///             *answer.status_mut() = refused.status();
    ///             answer
    ///         }
    ///     }
    /// }
    /// ```
    ///
    /// | answer | when |
    /// |---|---|
    /// | 200 without a body | the turn is done |
    /// | what its method gave | an invoke |
    /// | 501 | an invoke no method serves |
    /// | 500 | the method failed or panicked; Teams may deliver the activity again |
    /// | 400 | the activity names no conversation or no tenant: there is nowhere to answer it |
    ///
    /// The turn runs in a task of its own: dropping this future does not cut it short. How many turns run
    /// at once is for the web server to bound. The wish to have replies in the answer (`deliveryMode`
    /// `expectReplies`), which Teams does not express, is not heeded: they are sent as always.
    pub async fn handle(&self, authenticated: Authenticated) -> Response<Bytes> {
        match Turn::new(self, authenticated) {
            // Only a runtime that ends cuts a turn off; then there is nobody to answer either.
            Ok(turn) => self.core.turns.spawn(take(turn)).await.unwrap_or_else(|_| answer::failed()),
            Err(bad) => answer::refused(&bad),
        }
    }

    pub(crate) fn home(&self) -> Option<&TenantId> {
        self.core.home.as_ref()
    }

    /// Returns when no turn is under way.
    #[cfg(feature = "axum")]
    pub(crate) async fn turns_done(&self) {
        self.core.turns.close();
        self.core.turns.wait().await;
    }
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot").field("auth", &self.core.auth).finish_non_exhaustive()
    }
}

/// Takes a turn to its end. Failures are logged here, once, whether or not somebody still waits.
async fn take(turn: Turn) -> Response<Bytes> {
    let handler = &turn.bot().core.handler;
    let why = match AssertUnwindSafe(handler.dispatch(&turn)).catch_unwind().await {
        Ok(Ok(answer)) => return answer::of(&answer),
        Ok(Err(error)) => Chain(&*error).to_string(),
        // What it said was printed by the panic hook.
        Err(_) => "the handler panicked".to_owned(),
    };
    let activity = turn.activity();
    tracing::error!(
        activity.kind = activity.kind.as_str(),
        activity.id = activity.id.as_ref().map(pregon_model::ActivityId::as_str),
        conversation.id = turn.conversation().id().as_str(),
        tenant.id = turn.tenant().as_str(),
        "a turn failed: {why}"
    );
    answer::failed()
}
