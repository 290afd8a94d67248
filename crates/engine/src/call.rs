//! One call of the channel, paced: what every call of the engine goes through, and what a failed one
//! says of those after it.

use std::sync::Arc;
use std::time::Duration;

use pregon_domain::Reason;
use pregon_domain::ports::{ChannelError, ChannelFailure, ChannelResult};
use pregon_domain::scopes::{Call, CallKind};
use pregon_model::ServiceUrl;

use crate::breakers::{About, Pass, Rest};
use crate::engine::Shared;
use crate::gate::{Gate, Turn};
use crate::status::LaneShared;

/// Rest of a budget of Graph when it refuses the bot: the tenant's consent may be on its way.
const NO_CONSENT_REST: Duration = Duration::from_secs(30);

/// A call that failed, or was not made because it would have.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) failure: ChannelFailure,
    /// How long calls like it rest.
    pub(crate) rest: Option<Rest>,
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.failure.fmt(f)
    }
}

impl From<ChannelFailure> for Failed {
    fn from(failure: ChannelFailure) -> Self {
        Self { failure, rest: None }
    }
}

impl From<Rest> for Failed {
    fn from(rest: Rest) -> Self {
        let error = if rest.reason == Reason::Credentials { ChannelError::Credentials } else { ChannelError::NotSent };
        let detail = format!("not called: {}", rest.reason.explanation());
        Self { failure: ChannelFailure { error, detail }, rest: Some(rest) }
    }
}

impl Shared {
    /// Makes a call when its turn comes.
    pub(crate) async fn call<T>(
        &self,
        lane: &Arc<LaneShared>,
        call: Call,
        url: Option<&ServiceUrl>,
        what: impl Future<Output = ChannelResult<T>>,
    ) -> Result<T, Failed> {
        let about = About { lane, kind: call.kind, url };
        let pass = self.breakers.enter(about)?;
        let turn = Gate::turn(lane, call).await;
        self.heed(about, pass, turn, what.await)
    }

    /// A call that had its turn was answered: does what the answer asks of those after it.
    pub(crate) fn heed<T>(
        &self,
        about: About<'_>,
        pass: Pass,
        turn: Turn,
        result: ChannelResult<T>,
    ) -> Result<T, Failed> {
        let begun = turn.begun();
        drop(turn);
        let (gate, jitter) = (&about.lane.gate, self.chance.unit());
        let error = result.as_ref().err().map(|failure| &failure.error);
        let shut = self.breakers.heard(about, pass, error, jitter);
        let rest = match (error, about.kind) {
            (None, kind) => {
                gate.succeeded(kind);
                None
            }
            (Some(&ChannelError::Throttled { retry_after }), kind) => {
                let time = gate.throttled(kind, begun, retry_after, jitter);
                Some(Rest { time, reason: Reason::Throttled })
            }
            (Some(ChannelError::Credentials), CallKind::Graph(graph)) => {
                gate.close_graph_for(graph, NO_CONSENT_REST);
                Some(Rest { time: NO_CONSENT_REST, reason: Reason::Credentials })
            }
            (Some(_), _) => shut,
        };
        result.map_err(|failure| Failed { failure, rest })
    }
}
