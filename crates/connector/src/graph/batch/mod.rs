//! Several calls in one.

mod answers;
mod part;
mod wire;

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::TenantGraph;
use crate::request::Read;
use crate::transport::Call;
use crate::{BadArgument, ConnectorError, Request};

pub use answers::{BatchAnswer, BatchAnswers};
use part::send_parts;

impl<'a> TenantGraph<'a> {
    /// Several calls in one: a round trip for up to 20.
    ///
    /// Permission: those of the calls. Limit: each call counts by itself. Source: Microsoft Learn,
    /// "Combine multiple HTTP requests using JSON batching".
    pub fn batch(&self) -> Batch<'a> {
        Batch { graph: self.clone(), queue: Vec::new(), mark: Arc::new(()), timeout: None }
    }
}

/// Several calls, sent together when the batch is awaited.
///
/// Calls are made as ever and added instead of awaited; each has its own answer or error. More than 20
/// go out in several parts, one after the other. When a part fails as a whole, its calls have its error
/// and those after it were not sent.
///
/// ```no_run
/// # use pregon_connector::ConnectorError;
/// # use pregon_connector::graph::{Installed, TenantGraph};
/// # use pregon_model::{CatalogAppId, ObjectId};
/// # async fn example(graph: TenantGraph<'_>, people: Vec<ObjectId>, app: CatalogAppId) {
/// let mut batch = graph.batch();
/// let mut install = |person| batch.add(graph.apps_of_user(person).add(&app));
/// let installs: Vec<_> = people.iter().map(&mut install).collect();
/// let mut answers = batch.await;
/// for (person, install) in people.iter().zip(installs) {
///     match answers.take(install).result {
///         Ok(Installed::Now | Installed::Already) => println!("{person} has the app"),
///         Err(error) => println!("{person}: {error}, again after {:?}", error.retry_after()),
///     }
/// }
/// # }
/// ```
///
/// A call may wait for another ([`Batch::add_after`]). Microsoft advises to let either all calls depend
/// on the one before, or none.
#[must_use = "a batch does nothing until it is awaited"]
pub struct Batch<'a> {
    graph: TenantGraph<'a>,
    queue: Vec<Queued>,
    /// What tells this batch's entries from another's.
    mark: Arc<()>,
    timeout: Option<Duration>,
}

/// A call that waits to be sent.
struct Queued {
    call: Result<Call, ConnectorError>,
    /// The place of the call that must succeed first; always an earlier one.
    after: Option<usize>,
}

/// The place of a call in its batch, which gives its answer: [`BatchAnswers::take`].
#[must_use = "its answer is lost without it"]
pub struct BatchEntry<T> {
    index: usize,
    read: Read<T>,
    mark: Arc<()>,
}

impl<'a> Batch<'a> {
    /// Adds a call of Graph in the same tenant. Its own `timeout` does not count here.
    pub fn add<T>(&mut self, request: impl Into<Request<'a, T>>) -> BatchEntry<T> {
        self.push(request.into(), Ok(None))
    }

    /// Adds a call that is made only when another one succeeded. Else it fails with status 424.
    ///
    /// Success is Graph's: that an app was installed already (409) is none there, and what depends on
    /// it is not done.
    pub fn add_after<T, B>(&mut self, before: &BatchEntry<B>, request: impl Into<Request<'a, T>>) -> BatchEntry<T> {
        let own = Arc::ptr_eq(&before.mark, &self.mark);
        let after = own.then_some(Some(before.index)).ok_or(BadArgument::new("before", "is of another batch"));
        self.push(request.into(), after)
    }

    /// Longest wait for each part; without it, the HTTP client's own.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    fn push<T>(&mut self, request: Request<'a, T>, after: Result<Option<usize>, BadArgument>) -> BatchEntry<T> {
        let (_, call, read) = request.into_parts();
        let call = call.and_then(|call| self.check(call));
        let (call, after) = match after {
            Ok(after) => (call, after),
            Err(bad) => (Err(bad.into()), None),
        };
        self.queue.push(Queued { call, after });
        BatchEntry { index: self.queue.len() - 1, read, mark: Arc::clone(&self.mark) }
    }

    /// A batch has one token: the call must be meant for it.
    fn check(&self, call: Call) -> Result<Call, ConnectorError> {
        if call.target == self.graph.target && self.graph.is_own(&call.url) {
            return Ok(call);
        }
        Err(BadArgument::new("request", "of a batch must be one of Graph in the same tenant").into())
    }
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("calls", &self.queue.len()).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for BatchEntry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchEntry").field("index", &self.index).finish_non_exhaustive()
    }
}

impl<'a> IntoFuture for Batch<'a> {
    type Output = BatchAnswers;
    type IntoFuture = Pin<Box<dyn Future<Output = BatchAnswers> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let results = send_parts(&self.graph, self.timeout, self.queue).await;
            BatchAnswers::new(results, self.mark)
        })
    }
}
