use std::collections::HashSet;

use futures_util::stream::{Stream, try_unfold};
use pregon_auth::BoxError;

use crate::ConnectorError;
use crate::request::RequestFuture;

/// An answer that comes in pages.
pub(crate) trait Page {
    /// Asks for the next page; `None` on the last.
    fn continuation(&self) -> Option<&str>;
}

/// All pages of an answer, fetched one after the other as the stream is read. Ends after an error.
///
/// A token seen before is an error: a service that goes in circles must not keep a caller for ever.
pub(crate) fn pages<'a, P: Page + 'a>(
    fetch: impl Fn(Option<&str>) -> RequestFuture<'a, P> + Send + 'a,
) -> impl Stream<Item = Result<P, ConnectorError>> + Send + 'a {
    let first = Some((fetch, None::<String>, HashSet::new()));
    try_unfold(first, |place| async move {
        let Some((fetch, token, mut seen)) = place else { return Ok(None) };
        let request = fetch(token.as_deref());
        let page = request.await?;
        let Some(next) = page.continuation().filter(|next| !next.is_empty()).map(str::to_owned) else {
            return Ok(Some((page, None)));
        };
        if !seen.insert(next.clone()) {
            return Err(circular());
        }
        Ok(Some((page, Some((fetch, Some(next), seen)))))
    })
}

fn circular() -> ConnectorError {
    let why: Box<dyn std::error::Error + Send + Sync> = "a page names one that was read before as the next".into();
    ConnectorError::Unreadable { details: Box::default(), source: BoxError::from(why) }
}
