use std::collections::HashMap;

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;

use super::{BOT_FRAMEWORK_TENANT, assertion, refusal::Aadsts, tenant_id};
use crate::{
    app::App,
    faults::{Aim, Style},
    http::{Call, json_answer, not_found, with_header},
    lock::lock,
    operation::Operation,
    tokens::{Audience, LIFETIME_S},
};

const BOT_SCOPE: &str = "https://api.botframework.com/.default";
const GRAPH_SCOPE: &str = "https://graph.microsoft.com/.default";

/// `POST /{tenant}/oauth2/v2.0/token`.
pub(crate) async fn token(app: &App, call: &Call, tenant: &str) -> Response {
    if call.method != Method::POST {
        return not_found(call);
    }
    app.count(Operation::Token);
    let aim = Aim::default();
    app.with_faults(Some(call), Operation::Token, &aim, Style::Entra, || {
        grant(app, call, tenant).unwrap_or_else(|refusal| refusal.answer(app))
    })
    .await
}

fn grant(app: &App, call: &Call, tenant: &str) -> Result<Response, Aadsts> {
    let form: HashMap<_, _> = url::form_urlencoded::parse(&call.body).into_owned().collect();
    let field = |name: &str| form.get(name).filter(|value| !value.is_empty()).ok_or_else(|| Aadsts::missing(name));
    let bad = StatusCode::BAD_REQUEST;

    let tenant_id = tenant_id(app, tenant).ok_or_else(|| {
        let text = format!("Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID.");
        Aadsts::new(90_002, bad, "invalid_request", text)
    })?;
    let grant_type = field("grant_type")?;
    if grant_type != "client_credentials" {
        let text = format!("The app requested an unsupported grant type '{grant_type}'.");
        return Err(Aadsts::new(70_003, bad, "unsupported_grant_type", text));
    }
    let (client_id, scope) = (field("client_id")?, field("scope")?);
    let (app_id, secret) = registration(app, client_id).ok_or_else(|| {
        let text = format!("Application with identifier '{client_id}' was not found in the directory '{tenant}'.");
        Aadsts::new(700_016, bad, "unauthorized_client", text)
    })?;
    match (field("client_secret"), field("client_assertion")) {
        (Ok(given), _) if *given == secret => {}
        (Ok(_), _) => {
            let text = format!(
                "Invalid client secret provided. Ensure the secret being sent in the request is the client secret \
                 value, not the client secret ID, for a secret added to app '{app_id}'."
            );
            return Err(Aadsts::invalid_client(7_000_215, text));
        }
        (Err(_), Ok(assertion)) => {
            let kind = field("client_assertion_type")?;
            assertion::check(assertion, kind, &app_id, app.clock.epoch_s())?;
        }
        (Err(_), Err(_)) => {
            let text = "Client authentication failed: neither a client secret nor a client assertion was sent.";
            return Err(Aadsts::invalid_client(7_000_216, text));
        }
    }
    let audience = audience(scope)?;
    if audience == Audience::Graph && tenant_id == BOT_FRAMEWORK_TENANT.1 {
        let text = "The resource principal named https://graph.microsoft.com was not found in the tenant named Bot \
                    Framework. Ask for Graph tokens in the tenant they are for.";
        return Err(Aadsts::new(500_011, bad, "invalid_resource", text));
    }
    let signed = app.tokens.issue(&app_id, &tenant_id, audience, app.clock.epoch_s(), &app.guid());
    let token = signed.map_err(|_| {
        let text = "The emulator could not sign the token.";
        Aadsts::new(90_033, StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", text)
    })?;
    let body = json!({
        "token_type": "Bearer", "expires_in": LIFETIME_S, "ext_expires_in": LIFETIME_S, "access_token": token,
    });
    let answer = json_answer(StatusCode::OK, &body);
    Ok(with_header(with_header(answer, "cache-control", "no-store, no-cache"), "pragma", "no-cache"))
}

fn audience(scope: &str) -> Result<Audience, Aadsts> {
    match scope {
        BOT_SCOPE => Ok(Audience::Connector),
        GRAPH_SCOPE => Ok(Audience::Graph),
        other if other.ends_with("/.default") => {
            let text = format!("The resource principal named '{other}' was not found in the tenant.");
            Err(Aadsts::new(500_011, StatusCode::BAD_REQUEST, "invalid_resource", text))
        }
        other => {
            let text = format!(
                "The provided value for scope '{other}' is not valid. Client credential flows must have a scope value \
                 with /.default suffixed to the resource identifier."
            );
            Err(Aadsts::new(1_002_012, StatusCode::BAD_REQUEST, "invalid_scope", text))
        }
    }
}

fn registration(app: &App, client_id: &str) -> Option<(String, String)> {
    let world = lock(&app.world);
    world.app(client_id).map(|ix| (world.apps[ix.0].app_id.clone(), world.apps[ix.0].secret.clone()))
}
