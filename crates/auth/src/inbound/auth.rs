use http::HeaderMap;
use http::header::AUTHORIZATION;
use pregon_model::Activity;

use super::read;
use crate::{AllowedTenants, Caller, InboundError, InboundValidator, Rejected, Vouched};

/// An activity that was checked, and what its token vouches for.
///
/// With the feature `axum` it is an extractor: a handler that takes one runs for authenticated
/// activities only. `T` may be any type read from the same body.
///
/// ```
/// use axum::Router;
/// use axum::routing::post;
/// use pregon_auth::{Authenticated, InboundAuth};
///
/// async fn receive(Authenticated { activity, vouched }: Authenticated) {
///     let answer_to = vouched.service_url.service_url();
///     println!("{} from {answer_to}", activity.kind.as_str());
/// }
///
/// fn router(auth: InboundAuth) -> Router {
///     Router::new().route("/api/messages", post(receive)).with_state(auth)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Authenticated<T = Activity> {
    /// What came, as the handler wants it.
    pub activity: T,
    /// Which bot it is for, and where it is answered.
    pub vouched: Vouched,
}

/// Everything one bot asks of an inbound request: a token, a tenant that is served, a bounded body.
///
/// It is a tower layer (feature `tower`), the state of the extractor [`Authenticated`] (feature
/// `axum`), and a plain function for any other framework: [`InboundAuth::authenticate`].
///
/// ```no_run
/// use std::sync::Arc;
/// use pregon_auth::{AllowedTenants, InboundAuth, InboundValidator};
/// use pregon_auth::{Endpoints, HttpClient, SigningKeys};
/// use pregon_model::{AppId, TenantId};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let endpoints = Arc::new(Endpoints::public());
/// let keys = Arc::new(SigningKeys::new(HttpClient::new(&endpoints)?, &endpoints));
/// let app = AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10");
/// let validator = InboundValidator::new(keys, endpoints, app);
/// let home = TenantId::new("5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596");
/// let auth = InboundAuth::new(validator, AllowedTenants::one(home));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct InboundAuth {
    validator: InboundValidator,
    tenants: AllowedTenants,
    body_limit: usize,
}

impl InboundAuth {
    /// Largest body taken unless [`InboundAuth::with_body_limit`] says otherwise, bytes. Activities of
    /// Teams stay below 100 kB.
    pub const BODY_LIMIT: usize = 1024 * 1024;

    /// Checks with `validator`, and takes activities of `tenants`.
    pub fn new(validator: InboundValidator, tenants: AllowedTenants) -> Self {
        Self { validator, tenants, body_limit: Self::BODY_LIMIT }
    }

    /// Takes bodies of at most `bytes`.
    #[must_use]
    pub fn with_body_limit(self, bytes: usize) -> Self {
        Self { body_limit: bytes, ..self }
    }

    /// Checks a request from its headers and its body: what the layer and the extractor do, for
    /// frameworks they do not fit. Reading no more than the body limit is for the caller then.
    ///
    /// # Errors
    /// Answer with [`InboundError::status`].
    pub async fn authenticate(&self, headers: &HeaderMap, body: &[u8]) -> Result<Authenticated, InboundError> {
        if body.len() > self.body_limit {
            return Err(InboundError::BodyTooLarge { limit: self.body_limit });
        }
        let activity = read::activity(body)?;
        let vouched = self.validator.validate(authorization(headers)?, &activity).await?;
        let tenant = activity.tenant_id();
        // Entra's token names its caller's tenant, which is pinned; the emulator's activities name none.
        let pinned = vouched.caller != Caller::Channel && tenant.is_none();
        if !pinned && !self.tenants.allows(tenant) {
            return Err(InboundError::TenantNotAllowed);
        }
        Ok(Authenticated { activity, vouched })
    }

    #[cfg(feature = "tower")]
    pub(super) fn body_limit(&self) -> usize {
        self.body_limit
    }
}

/// The one `Authorization` header: of two, nobody can say which one another reader would take.
fn authorization(headers: &HeaderMap) -> Result<Option<&str>, Rejected> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let first = values.next();
    if values.next().is_some() {
        return Err(Rejected::Repeated);
    }
    first.map(|value| value.to_str().map_err(|_| Rejected::Malformed)).transpose()
}
