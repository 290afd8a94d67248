//! Entra ID: client credentials, metadata, keys, and the tokens of managed identities.

mod assertion;
mod managed_identity;
mod metadata;
mod refusal;
mod token;

pub(crate) use managed_identity::token as managed_identity_token;
pub(crate) use metadata::{instance, keys, metadata};
pub(crate) use token::token;

use crate::{app::App, lock::lock};

/// The tenant multi-tenant bots take their tokens from, and its id in those tokens.
const BOT_FRAMEWORK_TENANT: (&str, &str) = ("botframework.com", "d6d49420-f39b-4df7-a1dc-d59a935871db");

fn tenant_id(app: &App, tenant: &str) -> Option<String> {
    let (domain, id) = BOT_FRAMEWORK_TENANT;
    if tenant.eq_ignore_ascii_case(domain) || tenant.eq_ignore_ascii_case(id) {
        return Some(id.to_owned());
    }
    let world = lock(&app.world);
    world.tenant(tenant).map(|ix| world.tenants[ix.0].id.clone())
}
