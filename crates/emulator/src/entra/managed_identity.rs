use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;

use crate::{
    app::App,
    faults::{Aim, Style},
    http::{Call, json_answer, not_found},
    lock::lock,
    operation::Operation,
    tokens::{Audience, LIFETIME_S},
};

/// `GET /metadata/identity/oauth2/token`: what a machine in Azure asks for a token of its identity.
///
/// The identity is the bot named by `client_id`, in the first tenant. For the token exchange it may have
/// any client id: which identities an app trusts is not known here.
///
/// Source: Microsoft Learn, "How to use managed identities for Azure resources on an Azure VM to acquire
/// an access token" and "How to use managed identities for App Service and Azure Functions".
pub(crate) async fn token(app: &App, call: &Call) -> Response {
    if call.method != Method::GET {
        return not_found(call);
    }
    app.count(Operation::ManagedIdentityToken);
    app.with_faults(Some(call), Operation::ManagedIdentityToken, &Aim::default(), Style::Entra, || {
        answer(app, call).unwrap_or_else(|(code, problem)| {
            let body = json!({"error": code, "error_description": problem});
            json_answer(StatusCode::BAD_REQUEST, &body)
        })
    })
    .await
}

fn answer(app: &App, call: &Call) -> Result<Response, (&'static str, String)> {
    // A page that a browser or a lured server loads cannot set either.
    if !call.headers.contains_key("metadata") && !call.headers.contains_key("x-identity-header") {
        return Err(("bad_request_102", "Required metadata header not specified".to_owned()));
    }
    let missing = |name: &str| ("invalid_request", format!("The parameter '{name}' is missing."));
    let resource = call.query("resource").ok_or_else(|| missing("resource"))?;
    let client_id = call.query("client_id").ok_or_else(|| missing("client_id"))?;
    let audience = Audience::named(resource.trim_end_matches('/'));
    let audience = audience.ok_or_else(|| ("invalid_resource", format!("The resource '{resource}' was not found.")))?;
    let (known, tenant) = {
        let world = lock(&app.world);
        (world.app(&client_id).is_some(), world.tenants.first().map(|tenant| tenant.id.clone()).unwrap_or_default())
    };
    if !known && audience != Audience::TokenExchange {
        return Err(("invalid_request", "Identity not found".to_owned()));
    }
    let now = app.clock.epoch_s();
    let token = app.tokens.issue(&client_id, &tenant, audience, now, &app.guid());
    let token = token.map_err(|_| ("server_error", "The token could not be signed.".to_owned()))?;
    // Here numbers are texts.
    let body = json!({
        "access_token": token, "client_id": client_id, "expires_in": LIFETIME_S.to_string(),
        "expires_on": (now + LIFETIME_S).to_string(), "not_before": now.to_string(), "resource": resource,
        "token_type": "Bearer",
    });
    Ok(json_answer(StatusCode::OK, &body))
}
