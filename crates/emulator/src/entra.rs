//! Entra ID: client credentials, metadata and keys.

use std::collections::HashMap;

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde_json::json;

use crate::{
    app::App,
    clock,
    faults::{Aim, Style},
    http::{Call, json_answer, not_found, with_header},
    lock::lock,
    operation::Operation,
    tokens::{Audience, LIFETIME_S},
};

/// The tenant multi-tenant bots take their tokens from, and its id in those tokens.
const BOT_FRAMEWORK_TENANT: (&str, &str) = ("botframework.com", "d6d49420-f39b-4df7-a1dc-d59a935871db");

const BOT_SCOPE: &str = "https://api.botframework.com/.default";
const GRAPH_SCOPE: &str = "https://graph.microsoft.com/.default";

/// One refusal of the token endpoint.
struct Aadsts {
    number: u32,
    status: StatusCode,
    error: &'static str,
    text: String,
}

impl Aadsts {
    fn new(number: u32, status: StatusCode, error: &'static str, text: impl Into<String>) -> Self {
        Self { number, status, error, text: text.into() }
    }

    fn missing(field: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{field}'.");
        Self::new(900_144, StatusCode::BAD_REQUEST, "invalid_request", text)
    }

    fn answer(&self, app: &App) -> Response {
        let at = clock::entra(app.clock.epoch_ms());
        let (trace, correlation) = (app.guid(), app.guid());
        let number = self.number;
        json_answer(
            self.status,
            &json!({
                "error": self.error,
                "error_description": format!(
                    "AADSTS{number}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {at}", self.text
                ),
                "error_codes": [number],
                "timestamp": at,
                "trace_id": trace,
                "correlation_id": correlation,
                "error_uri": format!("{}/error?code={number}", app.base_url),
            }),
        )
    }
}

/// `POST /{tenant}/oauth2/v2.0/token`.
pub(crate) async fn token(app: &App, call: &Call, tenant: &str) -> Response {
    if call.method != Method::POST {
        return not_found(call);
    }
    app.count(Operation::Token);
    let aim = Aim::default();
    app.with_faults(&call.cut, Operation::Token, &aim, Style::Entra, || {
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
    let given = form.get("client_secret").filter(|value| !value.is_empty()).ok_or_else(|| {
        let text = "Client authentication failed: neither a client secret nor a client assertion was sent.";
        Aadsts::new(7_000_216, StatusCode::UNAUTHORIZED, "invalid_client", text)
    })?;
    if *given != secret {
        let text = format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, \
             not the client secret ID, for a secret added to app '{app_id}'."
        );
        return Err(Aadsts::new(7_000_215, StatusCode::UNAUTHORIZED, "invalid_client", text));
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

fn tenant_id(app: &App, tenant: &str) -> Option<String> {
    let (domain, id) = BOT_FRAMEWORK_TENANT;
    if tenant.eq_ignore_ascii_case(domain) || tenant.eq_ignore_ascii_case(id) {
        return Some(id.to_owned());
    }
    let world = lock(&app.world);
    world.tenant(tenant).map(|ix| world.tenants[ix.0].id.clone())
}

fn registration(app: &App, client_id: &str) -> Option<(String, String)> {
    let world = lock(&app.world);
    world.app(client_id).map(|ix| (world.apps[ix.0].app_id.clone(), world.apps[ix.0].secret.clone()))
}

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
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
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
