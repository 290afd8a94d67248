//! Keeps the calls of one bot in one tenant under Teams' limits.
//!
//! As much as this program needs and no more: it lives in one process, remembers nothing afterwards,
//! and knows only what it called itself. The Pregón server paces across messages and restarts.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pregon_connector::ConnectorError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// At most so many calls in any span so long.
type Window = (usize, Duration);

/// One bot in one tenant, all its calls together.
///
/// Source of these numbers: Microsoft Learn, "Optimize your bot with rate limiting in Teams".
const BOT: [Window; 1] = [(50, Duration::from_secs(1))];

/// One conversation. Reading a roster may be done twice as often; keeping to this is simpler.
const CONVERSATION: [Window; 4] = [
    (7, Duration::from_secs(1)),
    (8, Duration::from_secs(2)),
    (60, Duration::from_secs(30)),
    (1_800, Duration::from_hours(1)),
];

/// How often one call is made when Teams throttles it all the same.
const TRIES: u32 = 5;

/// The wait after a throttle for which Teams names no time.
const UNTOLD: Duration = Duration::from_secs(2);

/// Holds every call back until Teams would take it.
#[derive(Debug)]
pub(crate) struct Pacer {
    bot: Scope,
    conversations: Mutex<HashMap<String, Scope>>,
    closed_until: Mutex<Instant>,
}

impl Pacer {
    pub(crate) fn new() -> Self {
        let (bot, conversations) = (Scope::new(&BOT), Mutex::default());
        Self { bot, conversations, closed_until: Mutex::new(Instant::now()) }
    }

    /// Makes a call about a conversation when its turn comes; a throttled one again, as Teams tells.
    pub(crate) async fn call<T, F>(&self, conversation: &str, call: impl Fn() -> F) -> Result<T, ConnectorError>
    where
        F: IntoFuture<Output = Result<T, ConnectorError>>,
    {
        let mut tries = 1;
        loop {
            let mut places = self.conversation(conversation).enter().await;
            places.extend(self.bot.enter().await);
            self.open().await;
            let result = call().await;
            leave(places);
            match result {
                Err(ConnectorError::Throttled(details)) if tries < TRIES => {
                    self.close_for(details.retry_after.unwrap_or(UNTOLD));
                    tries += 1;
                }
                result => return result,
            }
        }
    }

    fn conversation(&self, id: &str) -> Scope {
        let mut conversations = self.conversations.lock().unwrap_or_else(PoisonError::into_inner);
        conversations.entry(id.to_owned()).or_insert_with(|| Scope::new(&CONVERSATION)).clone()
    }

    /// A throttle is meant for every call of the bot in the tenant, not for the one that was told.
    fn close_for(&self, wait: Duration) {
        let mut closed_until = self.closed_until.lock().unwrap_or_else(PoisonError::into_inner);
        *closed_until = (*closed_until).max(Instant::now() + wait);
    }

    async fn open(&self) {
        loop {
            let until = *self.closed_until.lock().unwrap_or_else(PoisonError::into_inner);
            if until <= Instant::now() {
                return;
            }
            sleep_until(until).await;
        }
    }
}

/// The windows of a scope: as many places each as calls may be made in its span.
#[derive(Clone, Debug)]
struct Scope(Vec<(Arc<Semaphore>, Duration)>);

/// Places taken, and for how long each is kept after the call.
type Places = Vec<(OwnedSemaphorePermit, Duration)>;

impl Scope {
    fn new(windows: &[Window]) -> Self {
        Self(windows.iter().map(|(max, span)| (Arc::new(Semaphore::new(*max)), *span)).collect())
    }

    async fn enter(&self) -> Places {
        let mut places = Vec::new();
        for (window, span) in &self.0 {
            let place = Arc::clone(window).acquire_owned().await.expect("no window is ever closed");
            places.push((place, *span));
        }
        places
    }
}

/// Gives each place back its span after the answer.
///
/// Not after the start: Teams counts a call when it arrives, which is somewhere between our start
/// and its answer. Counted from the answer, no span holds more than its window allows, however
/// unsteady the way there is.
fn leave(mut places: Places) {
    let answered = Instant::now();
    places.sort_by_key(|(_, span)| *span);
    tokio::spawn(async move {
        for (place, span) in places {
            sleep_until(answered + span).await;
            drop(place);
        }
    });
}
