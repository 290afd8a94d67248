use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, State};
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use pregon_auth::{Authenticated, InboundAuth};

use crate::Bot;

/// Where Teams posts activities.
pub(crate) const PATH: &str = "/api/messages";

impl Bot {
    /// The bot's endpoint, `POST /api/messages`, to be served alone or merged into a router of your own.
    ///
    /// It answers as [`Bot::handle`] says, and what is refused before with the status and the reason of
    /// [`InboundError`](pregon_auth::InboundError).
    pub fn router(&self) -> Router {
        Router::new().route(PATH, self.endpoint())
    }

    /// The endpoint alone, for a path of your own.
    ///
    /// ```
    /// # fn example(harbor: pregon_bot::Bot, airport: pregon_bot::Bot) -> axum::Router {
    /// axum::Router::new().route("/harbor", harbor.endpoint()).route("/airport", airport.endpoint())
    /// # }
    /// ```
    pub fn endpoint(&self) -> MethodRouter {
        post(receive).with_state(self.clone())
    }
}

async fn receive(State(bot): State<Bot>, authenticated: Authenticated) -> Response {
    bot.handle(authenticated).await.map(Body::from)
}

impl FromRef<Bot> for InboundAuth {
    fn from_ref(bot: &Bot) -> Self {
        bot.auth().clone()
    }
}
