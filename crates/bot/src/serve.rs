use std::fmt::Display;
use std::io;
use std::time::Duration;

use tokio::net::{TcpListener, ToSocketAddrs};

use crate::Bot;
use crate::router::PATH;

/// How long turns under way may take after the signal to stop: Teams waits no longer for its answer.
const GRACE: Duration = Duration::from_secs(15);

/// Why a bot does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Nobody else must listen there, and the address must be one of this machine's.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: String,
        /// What the system said.
        source: io::Error,
    },
    /// The signals that stop the bot cannot be listened to.
    #[error("cannot wait for the signals that stop it")]
    Signals(#[source] io::Error),
    /// The listener broke.
    #[error("the listener broke")]
    Serve(#[source] io::Error),
}

impl Bot {
    /// Serves [`Bot::router`] at `address` until Ctrl-C or SIGTERM; what is under way is finished first,
    /// for at most 15 seconds.
    ///
    /// It speaks plain HTTP: Teams wants HTTPS, which a proxy or the hosting platform puts in front.
    ///
    /// # Errors
    /// It cannot listen there.
    pub async fn serve(self, address: impl ToSocketAddrs + Display) -> Result<(), ServeError> {
        let name = address.to_string();
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|source| ServeError::Listen { address: name, source })?;
        let stop = stop_signal().map_err(ServeError::Signals)?;
        if let Ok(address) = listener.local_addr() {
            tracing::info!("the bot listens on http://{address}{PATH}");
        }
        self.serve_until(listener, stop).await.map_err(ServeError::Serve)
    }

    async fn serve_until(self, listener: TcpListener, stop: impl Future<Output = ()> + Send) -> io::Result<()> {
        let stopped = tokio_util::sync::CancellationToken::new();
        let server = axum::serve(listener, self.router()).with_graceful_shutdown(stopped.clone().cancelled_owned());
        let mut server = std::pin::pin!(server.into_future());
        tokio::select! {
            ended = &mut server => return ended,
            () = stop => stopped.cancel(),
        }
        let finish = async {
            let ended = server.await;
            self.turns_done().await;
            ended
        };
        tokio::time::timeout(GRACE, finish).await.unwrap_or_else(|_| {
            tracing::warn!("some turns did not end within {} s of the signal to stop", GRACE.as_secs());
            Ok(())
        })
    }
}

/// Listens from now on; the future ends with the first signal.
#[cfg(unix)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Listens from now on; the future ends with the first signal.
#[cfg(windows)]
fn stop_signal() -> io::Result<impl Future<Output = ()> + Send> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move { _ = interrupt.recv().await })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::UNIX_EPOCH;

    use pregon_auth::{AllowedTenants, Authenticated, Caller, Endpoints, Secret, Vouched};
    use pregon_model::{Activity, AppId, ServiceUrl};
    use serde_json::json;
    use tokio::sync::{Notify, oneshot};

    use super::*;
    use crate::{BotBuilder, Handler, Turn, TurnResult};

    #[derive(Clone, Default)]
    struct Slow {
        begun: Arc<Notify>,
        go_on: Arc<Notify>,
    }

    impl Handler for Slow {
        async fn message(&self, _: &Turn) -> TurnResult {
            self.begun.notify_one();
            self.go_on.notified().await;
            Ok(())
        }
    }

    fn message(bot: &Bot, app_id: AppId) -> Authenticated {
        let url = "https://smba.trafficmanager.net/emea/";
        let activity: Activity = serde_json::from_value(json!({
            "type": "message", "serviceUrl": url, "conversation": {"id": "a:1", "tenantId": "t"},
        }))
        .unwrap();
        let service_url = bot.endpoints().trust(&ServiceUrl::new(url)).unwrap();
        Authenticated {
            activity,
            vouched: Vouched { app_id, caller: Caller::Channel, service_url, expires_at: UNIX_EPOCH },
        }
    }

    #[tokio::test]
    async fn a_bot_told_to_stop_finishes_its_turns_also_those_nobody_waits_for() {
        let (slow, app_id) = (Slow::default(), AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10"));
        let builder =
            BotBuilder::multi_tenant(Endpoints::public(), app_id.clone(), Secret::new("x"), AllowedTenants::Any);
        let bot = builder.build(slow.clone()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let mut served = tokio::spawn(bot.clone().serve_until(listener, async { stopped.await.unwrap() }));
        tokio::select! {
            _ = bot.handle(message(&bot, app_id)) => panic!("the turn waits"),
            () = slow.begun.notified() => {}
        }
        stop.send(()).unwrap();
        // Time enough for everything that does not wait for the turn.
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(futures_util::FutureExt::now_or_never(&mut served).is_none(), "the turn is under way");
        slow.go_on.notify_one();
        served.await.unwrap().unwrap();
    }
}
