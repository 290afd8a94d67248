use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;

use super::tenant_id;
use crate::{
    app::App,
    http::{Call, json_answer, not_found},
};

/// `GET /{tenant}/v2.0/.well-known/openid-configuration`; `common` and other aliases answer too.
pub(crate) fn metadata(app: &App, call: &Call, tenant: &str) -> Response {
    if call.method != Method::GET {
        return not_found(call);
    }
    let base = format!("{}/{tenant}", app.base_url);
    let tenant_id = tenant_id(app, tenant).unwrap_or_else(|| "{tenantid}".to_owned());
    json_answer(
        StatusCode::OK,
        &json!({
            "issuer": format!("https://login.microsoftonline.com/{tenant_id}/v2.0"),
            "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{base}/oauth2/v2.0/token"),
            "jwks_uri": format!("{base}/discovery/v2.0/keys"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
        }),
    )
}

/// `GET /common/discovery/instance`: MSAL asks it before anything else.
pub(crate) fn instance(app: &App, call: &Call) -> Response {
    let host = app.base_url.trim_start_matches("http://");
    let endpoint = call.query("authorization_endpoint").unwrap_or_default();
    let tenant = endpoint.strip_suffix("/oauth2/v2.0/authorize").and_then(|base| base.rsplit('/').next());
    let tenant = tenant.filter(|tenant| !tenant.is_empty()).unwrap_or("common");
    json_answer(
        StatusCode::OK,
        &json!({
            "tenant_discovery_endpoint":
                format!("{}/{tenant}/v2.0/.well-known/openid-configuration", app.base_url),
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }),
    )
}

/// `GET /{tenant}/discovery/v2.0/keys`.
pub(crate) fn keys(app: &App, call: &Call) -> Response {
    if call.method != Method::GET {
        return not_found(call);
    }
    json_answer(StatusCode::OK, &app.tokens.keys.jwks(&[]))
}
