//! Changes of the directory since the last time.

mod change;
mod error;
mod page;

use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use futures_util::stream::{Stream, TryStreamExt as _};
use reqwest::Method;

use super::entity::AsText as _;
use super::page::{PAGE_LIMIT, page_size};
use super::{DeltaLink, Filter, Group, InDirectory, TenantGraph, User};
use crate::pages::pages;
use crate::transport::Call;
use crate::{BadArgument, ConnectorError, Request};

pub use change::{Change, Removal};
pub use error::DeltaError;
pub use page::DeltaPage;

/// Most objects a delta may be narrowed to.
const MOST_ONLY: usize = 50;

/// What has changed in the directory: everything at first, then what changed since a link.
///
/// Permission: those of reading the objects. 1 resource unit a page.
///
/// Source: Microsoft Learn, "user: delta", "group: delta" and "Use delta query to track changes".
impl<'a> TenantGraph<'a> {
    /// Changes of people. Permission: `User.Read.All`.
    pub fn user_changes(&self) -> Delta<'a, User> {
        self.delta("users", User::SELECT)
    }

    /// Changes of groups. Permission: `GroupMember.Read.All`, with more than names `Group.Read.All`.
    pub fn group_changes(&self) -> Delta<'a, Group> {
        self.delta("groups", Group::SELECT)
    }

    fn delta<T: InDirectory>(&self, kind: &str, select: &str) -> Delta<'a, T> {
        Delta {
            graph: self.clone(),
            start: self.call(Method::GET, &[kind, "delta"]),
            select: select.to_owned(),
            only: Ok(None),
            latest: false,
            since: None,
            page_size: None,
            timeout: None,
            kind: PhantomData,
        }
    }
}

/// Changes of people or groups, read page after page, or one page at a time when awaited.
///
/// Work off each page, then store its link: whoever crashes goes on from there. After the last page
/// ([`DeltaPage::complete`]) the link is for the next time. The same change may come twice and in any
/// order, so write what comes over what was there.
///
/// ```no_run
/// use std::pin::pin;
/// use futures_util::TryStreamExt as _;
/// use pregon_connector::graph::{Change, DeltaError, DeltaLink, TenantGraph};
///
/// # async fn example(graph: TenantGraph<'_>, stored: Option<DeltaLink>) -> Result<(), DeltaError> {
/// let changes = graph.user_changes();
/// let changes = if let Some(link) = &stored { changes.since(link) } else { changes };
/// let mut pages = pin!(changes.pages());
/// while let Some(page) = pages.try_next().await? {
///     for change in page.changes {
///         match change {
///             Change::Present(user) => println!("{} is {:?}", user.id, user.display_name),
///             Change::Removed { id, .. } => println!("{id} is gone"),
///         }
///     }
///     println!("store {}", page.link);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a delta does nothing until it is read"]
pub struct Delta<'a, T: InDirectory> {
    graph: TenantGraph<'a>,
    start: Result<Call, ConnectorError>,
    select: String,
    only: Result<Option<Filter>, BadArgument>,
    latest: bool,
    since: Option<DeltaLink>,
    page_size: Option<u16>,
    timeout: Option<Duration>,
    kind: PhantomData<fn() -> T>,
}

impl<'a, T: InDirectory + 'a> Delta<'a, T> {
    /// Follows only these properties, by their names on the wire: other changes are not told.
    pub fn select(self, properties: &[&str]) -> Self {
        Self { select: properties.join(","), ..self }
    }

    /// Follows only these objects, 1 to 50.
    pub fn only(self, ids: &[T::Id]) -> Self {
        let within = (1..=MOST_ONLY).contains(&ids.len());
        let each = ids.iter().map(|id| Filter::is("id", id.as_text())).reduce(Filter::or);
        let only = if within { Ok(each) } else { Err(BadArgument::new("only", "takes 1 to 50 ids")) };
        Self { only, ..self }
    }

    /// Skips what is there now: the first page is empty and its link is for the next time.
    pub fn latest(self) -> Self {
        Self { latest: true, ..self }
    }

    /// Goes on from this link: within a round, or with a new one. The link holds what was asked for
    /// when it was made; [`Delta::select`], [`Delta::only`] and [`Delta::latest`] count no more.
    ///
    /// # Errors
    ///
    /// When read: [`ConnectorError::Untrusted`] if the link leads away from the configured Graph.
    pub fn since(self, link: &DeltaLink) -> Self {
        Self { since: Some(link.clone()), ..self }
    }

    /// How many objects a page should hold at most, 1 to 999; Graph may send fewer.
    pub fn page_size(self, objects: u16) -> Self {
        Self { page_size: Some(objects), ..self }
    }

    /// Longest wait for each page; without it, the HTTP client's own.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// All pages of this round, fetched one after the other as the stream is read. Ends after an error.
    ///
    /// An empty page goes on while it is not complete. A link seen before is an error, not a loop.
    pub fn pages(self) -> impl Stream<Item = Result<DeltaPage<T>, DeltaError>> + Send + 'a {
        let pages = pages(move |link| {
            let delta = self.clone();
            let delta = if let Some(link) = link { delta.since(&DeltaLink::new(link)) } else { delta };
            delta.request().into_future()
        });
        pages.map_err(DeltaError::from)
    }

    fn request(self) -> Request<'a, DeltaPage<T>> {
        let call = self.call();
        self.graph.request(call, DeltaPage::read)
    }

    fn call(&self) -> Result<Call, ConnectorError> {
        let mut call = match &self.since {
            Some(link) => self.graph.follow(link.as_str())?,
            None => self.first_call()?,
        };
        if let Some(size) = self.page_size {
            call = call.header("Prefer", format!("odata.maxpagesize={}", page_size(size)?));
        }
        Ok(Call { limit: PAGE_LIMIT, timeout: self.timeout, ..call })
    }

    fn first_call(&self) -> Result<Call, ConnectorError> {
        let mut call = self.start.clone()?.query("$select", &self.select);
        if let Some(filter) = self.only.clone()? {
            call = call.query("$filter", filter.as_str());
        }
        Ok(if self.latest { call.query("$deltatoken", "latest") } else { call })
    }
}

impl Delta<'_, Group> {
    /// Follows who comes into the groups and leaves them, too: [`Group::member_changes`].
    ///
    /// A large group comes in several pieces, each with some of its members. Permission:
    /// `GroupMember.Read.All`.
    pub fn with_members(self) -> Self {
        Self { select: format!("{},members", self.select), ..self }
    }
}

impl<'a, T: InDirectory + 'a> IntoFuture for Delta<'a, T> {
    type Output = Result<DeltaPage<T>, DeltaError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        let request = self.request().into_future();
        Box::pin(async move { request.await.map_err(DeltaError::from) })
    }
}
