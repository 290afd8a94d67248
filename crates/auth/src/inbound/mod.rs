//! May this request be believed?

mod auth;
mod bearer;
mod entra;
mod error;
#[cfg(feature = "axum")]
mod extract;
mod key_set;
mod keys;
#[cfg(feature = "tower")]
mod layer;
mod read;
#[cfg(feature = "tower")]
mod receive;
mod rejected;
mod tenants;
mod validator;

pub use auth::{Authenticated, InboundAuth};
pub use entra::{Caller, EntraCallers};
pub use error::InboundError;
pub use keys::{BadKeySet, SigningKeys};
#[cfg(feature = "tower")]
pub use layer::InboundAuthService;
pub use rejected::Rejected;
pub use tenants::AllowedTenants;
pub use validator::{InboundValidator, Vouched};
