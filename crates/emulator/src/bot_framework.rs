//! The Bot Framework issuer: metadata and keys of the tokens Teams presents to bots.

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;

use crate::{
    app::App,
    http::{Call, json_answer, not_found},
};

/// Issuer of the tokens Teams presents to bots.
pub(crate) const ISSUER: &str = "https://api.botframework.com";
/// Channels the keys vouch for.
const ENDORSEMENTS: &[&str] = &["msteams", "webchat", "directline"];

/// `/v1/.well-known/{document}`.
pub(crate) fn serve(app: &App, call: &Call, document: &str) -> Response {
    if call.method != Method::GET {
        return not_found(call);
    }
    match document.to_ascii_lowercase().as_str() {
        "openidconfiguration" => json_answer(
            StatusCode::OK,
            &json!({
                "issuer": ISSUER,
                "authorization_endpoint": "https://invalid.botframework.com",
                "jwks_uri": format!("{}/v1/.well-known/keys", app.base_url),
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }),
        ),
        "keys" => json_answer(StatusCode::OK, &app.outgoing.keys.jwks(ENDORSEMENTS)),
        _ => not_found(call),
    }
}
