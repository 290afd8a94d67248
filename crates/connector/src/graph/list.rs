use std::future::IntoFuture;
use std::marker::PhantomData;
use std::time::Duration;

use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use serde::de::DeserializeOwned;

use super::page::PAGE_LIMIT;
use super::query::Query;
use super::{Filter, InDirectory, Page, PageLink, Search, TenantGraph};
use crate::pages::pages;
use crate::request::RequestFuture;
use crate::transport::{Answer, Call};
use crate::{ConnectorError, Request};

/// A list of Graph, read page after page, item by item, or one page at a time.
///
/// - [`List::items`] is everything as a stream; pages are fetched as it is read.
/// - [`List::pages`] is the same in pages, each with the link to the next: work off a page, store its
///   link, and after a crash go on with [`List::after`].
/// - Awaited, it is one page: the first, or the one at that link.
///
/// ```no_run
/// use std::pin::pin;
/// use futures_util::TryStreamExt as _;
/// use pregon_connector::ConnectorError;
/// use pregon_connector::graph::{Filter, TenantGraph};
///
/// # async fn example(graph: TenantGraph<'_>) -> Result<(), ConnectorError> {
/// let staff = Filter::is("accountEnabled", true).and(Filter::is("userType", "Member"));
/// let mut people = pin!(graph.users().filter(staff).page_size(999).items());
/// while let Some(person) = people.try_next().await? {
///     println!("{:?}", person.display_name);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Source: Microsoft Learn, "Paging Microsoft Graph data in your app".
#[derive(Clone, Debug)]
#[must_use = "a list does nothing until it is read"]
pub struct List<'a, T> {
    graph: TenantGraph<'a>,
    /// The address without parameters.
    start: Result<Call, ConnectorError>,
    pub(super) query: Query,
    after: Option<PageLink>,
    timeout: Option<Duration>,
    kind: PhantomData<fn() -> T>,
}

impl<'a, T> List<'a, T> {
    pub(super) fn new(graph: TenantGraph<'a>, start: Result<Call, ConnectorError>) -> Self {
        Self { graph, start, query: Query::default(), after: None, timeout: None, kind: PhantomData }
    }

    /// Only these properties, by their names on the wire; the id always comes. What is not asked for
    /// is cheaper for Graph and `None` here.
    pub fn select(mut self, properties: &[&str]) -> Self {
        self.query.select = Some(properties.join(","));
        self
    }

    /// Only what fulfils this condition; a second one is added to the first.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.query.filter = Some(match self.query.filter.take() {
            Some(before) => before.and(filter),
            None => filter,
        });
        self
    }

    /// How many items a page should hold, 1 to 999. Graph gives 100 unless asked; lists of teams,
    /// apps and chats have smaller pages and may ignore it.
    pub fn page_size(mut self, items: u16) -> Self {
        self.query.top = Some(items);
        self
    }

    /// Goes on after the page that came with this link. The link holds the parameters it was made
    /// with; build the list as it was built then all the same, for advanced queries need a header.
    /// Graph does not keep links for long: `Directory_ExpiredPageToken` means to begin again.
    ///
    /// # Errors
    ///
    /// When read: [`ConnectorError::Untrusted`] if the link leads away from the configured Graph.
    pub fn after(self, link: &PageLink) -> Self {
        Self { after: Some(link.clone()), ..self }
    }

    /// Longest wait for each page; without it, the HTTP client's own.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// The request for one page, read by the caller's own function.
    pub(super) fn request<R>(self, read: crate::request::Read<R>) -> Request<'a, R> {
        let call = self.call();
        self.graph.request(call, read)
    }

    fn call(&self) -> Result<Call, ConnectorError> {
        let call = match &self.after {
            Some(link) => self.query.consistency(self.graph.follow(link.as_str())?),
            None => self.query.apply(self.start.clone()?)?,
        };
        Ok(Call { limit: PAGE_LIMIT, timeout: self.timeout, ..call })
    }
}

impl<'a, T: DeserializeOwned + Clone + 'a> List<'a, T> {
    /// All pages, fetched one after the other as the stream is read. Ends after an error.
    ///
    /// An empty page with a link goes on. A link seen before is an error: a service that goes in
    /// circles must not keep a caller for ever.
    pub fn pages(self) -> impl Stream<Item = Result<Page<T>, ConnectorError>> + Send + 'a {
        pages(move |link| {
            let list = self.clone();
            match link {
                Some(link) => list.after(&PageLink::new(link)).into_future(),
                None => list.into_future(),
            }
        })
    }

    /// All items, page after page, fetched as the stream is read. Ends after an error.
    pub fn items(self) -> impl Stream<Item = Result<T, ConnectorError>> + Send + 'a
    where
        T: Send,
    {
        self.pages().map_ok(|page| stream::iter(page.items).map(Ok)).try_flatten()
    }
}

/// What only lists of the directory take.
///
/// All of it makes the query an *advanced* one: it is answered from an index that may lag some
/// seconds behind (`ConsistencyLevel: eventual`, `$count=true`), which is added here.
///
/// Source: Microsoft Learn, "Advanced query capabilities on Microsoft Entra ID objects".
impl<'a, T: InDirectory> List<'a, T> {
    /// Only what these words are found in.
    pub fn search(mut self, search: Search) -> Self {
        self.query.search = Some(search);
        self
    }

    /// In the order of a property, `displayName` or `displayName desc`.
    pub fn order_by(mut self, order: impl Into<String>) -> Self {
        self.query.order = Some(order.into());
        self
    }

    /// The first page tells how many items there are in all ([`Page::count`]).
    pub fn count(mut self) -> Self {
        self.query.advanced = true;
        self
    }

    /// How many items there are, without reading them. Costs 1 resource unit.
    pub fn total(mut self) -> Request<'a, u64> {
        self.query.advanced = true;
        let call = self.start.clone().and_then(|mut call| {
            let path = format!("{}/$count", call.url.path());
            call.url.set_path(&path);
            let call = Call { accept: "text/plain", timeout: self.timeout, ..call };
            self.query.condition(self.query.consistency(call))
        });
        self.graph.request(call, read_number)
    }
}

impl<'a, T: DeserializeOwned> From<List<'a, T>> for Request<'a, Page<T>> {
    fn from(list: List<'a, T>) -> Self {
        list.request(Page::read)
    }
}

impl<'a, T: DeserializeOwned + 'a> IntoFuture for List<'a, T> {
    type Output = Result<Page<T>, ConnectorError>;
    type IntoFuture = RequestFuture<'a, Page<T>>;

    fn into_future(self) -> Self::IntoFuture {
        Request::from(self).into_future()
    }
}

/// A bare number as text; some services put a byte order mark before it, which is no white space.
fn read_number(answer: Result<Answer, ConnectorError>) -> Result<u64, ConnectorError> {
    let answer = answer?;
    let text = String::from_utf8_lossy(answer.bytes()?);
    let number = text.trim_start_matches('\u{feff}').trim().parse();
    number.map_err(|error: std::num::ParseIntError| answer.unreadable(std::sync::Arc::new(error)))
}
