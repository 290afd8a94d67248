use std::fmt;
use std::future::IntoFuture;

use reqwest::header::HeaderMap;

use crate::request::RequestFuture;
use crate::{Details, Request};

/// How soon Graph throttles a call when it must throttle some; it changes no limit.
///
/// Source: Microsoft Learn, "Microsoft Graph service-specific throttling limits", *Identity and access*.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    /// First: nobody sees when it fails.
    Low,
    /// What Graph assumes.
    Normal,
    /// Last: a person is waiting.
    High,
}

impl Priority {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// What a call cost and how near the limit is, as far as Graph says so: only the directory does.
///
/// It is part of a [`Page`](super::Page), of [`Metered`] and of a
/// [`BatchAnswer`](super::BatchAnswer); for an error, [`Throttling::of`] reads it from its details.
///
/// Source: Microsoft Learn, "Microsoft Graph service-specific throttling limits", *Identity and access*.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Throttling {
    /// Resource units the call cost. An app has 3 500 to 8 000 in 10 seconds in one tenant.
    pub resource_units: Option<u32>,
    /// Share of the limit used, 0.8 to 1.8; Graph tells it from 0.8.
    pub limit_used: Option<f64>,
    /// What was throttled: scope, kind of limit, app and tenant, separated by slashes. Only with 429.
    pub scope: Option<String>,
    /// Why, such as `ResourceUnitLimitExceeded`. Only with 429.
    pub information: Option<String>,
}

impl Throttling {
    /// What a failed call says of it.
    pub fn of(details: &Details) -> Self {
        Self::by_name(|name| {
            let (_, value) = details.correlation.iter().find(|(own, _)| own == name)?;
            Some(value.as_str())
        })
    }

    pub(super) fn in_headers(headers: &HeaderMap) -> Self {
        Self::by_name(|name| headers.get(name)?.to_str().ok())
    }

    fn by_name<'v>(header: impl Fn(&str) -> Option<&'v str>) -> Self {
        Self {
            resource_units: header("x-ms-resource-unit").and_then(|text| text.parse().ok()),
            limit_used: header("x-ms-throttle-limit-percentage").and_then(share),
            scope: header("x-ms-throttle-scope").map(str::to_owned),
            information: header("x-ms-throttle-information").map(str::to_owned),
        }
    }
}

/// A share that can be reckoned with: `NaN` and `inf` are numbers to `parse`, too.
fn share(text: &str) -> Option<f64> {
    text.parse().ok().filter(|share: &f64| share.is_finite() && *share >= 0.0)
}

/// What a call gave, and what it cost.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Metered<T> {
    /// What the call gave.
    pub value: T,
    /// What it cost, if Graph says so.
    pub throttling: Throttling,
}

/// A request that tells what it cost; see [`Request::metered`].
#[must_use = "a request does nothing until it is awaited"]
pub struct MeteredRequest<'a, T>(Request<'a, T>);

impl<'a, T> Request<'a, T> {
    /// Tells also what the call cost, if Graph says so.
    ///
    /// ```no_run
    /// # use pregon_connector::ConnectorError;
    /// # use pregon_connector::graph::{TenantGraph, UserKey};
    /// # async fn example(graph: TenantGraph<'_>) -> Result<(), ConnectorError> {
    /// let ada = graph.user(UserKey::Upn("ada@contoso.example")).metered().await?;
    /// println!("{:?} for {:?} units", ada.value, ada.throttling.resource_units);
    /// # Ok(())
    /// # }
    /// ```
    pub fn metered(self) -> MeteredRequest<'a, T> {
        MeteredRequest(self)
    }
}

impl<T> fmt::Debug for MeteredRequest<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MeteredRequest").field(&self.0).finish()
    }
}

impl<'a, T: 'a> IntoFuture for MeteredRequest<'a, T> {
    type Output = Result<Metered<T>, crate::ConnectorError>;
    type IntoFuture = RequestFuture<'a, Metered<T>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (transport, call, read) = self.0.into_parts();
            let answer = transport.send(&call?).await;
            let headers = answer.as_ref().ok().map(|answer| Throttling::in_headers(&answer.headers));
            let of_error = || answer.as_ref().err().and_then(|error| Some(Throttling::of(error.details()?)));
            // An error that is a result, such as "already installed", has its cost in its details.
            let throttling = headers.or_else(of_error).unwrap_or_default();
            Ok(Metered { value: read(answer)?, throttling })
        })
    }
}
