use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

use super::refusal::Aadsts;

const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// What a token of another issuer must be for.
const EXCHANGE: &str = "api://AzureADTokenExchange";
/// How far clocks may differ, seconds.
const SKEW_S: u64 = 300;

/// Checks what a bot shows instead of a secret: a token signed with its certificate, or one of an issuer
/// its registration trusts.
///
/// Times, audience and subject are checked. The signature is not: the emulator knows no certificates,
/// and no issuers but its own.
///
/// Source: Microsoft Learn, "Microsoft identity platform application authentication certificate
/// credentials" and "Workload identity federation".
pub(super) fn check(assertion: &str, kind: &str, app_id: &str, now_s: u64) -> Result<(), Aadsts> {
    let unreadable = || Aadsts::invalid_client(50_027, "JWT token is invalid or malformed.");
    if kind != KIND {
        return Err(Aadsts::invalid_client(700_027, format!("'{kind}' is no type of client assertion.")));
    }
    let claims = claims(assertion).ok_or_else(unreadable)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let time = |name: &str| claims.get(name).and_then(Value::as_u64);
    let expires = time("exp").ok_or_else(unreadable)?;
    if expires + SKEW_S < now_s || time("nbf").is_some_and(|from| now_s + SKEW_S < from) {
        return Err(Aadsts::invalid_client(700_024, "Client assertion is not within its valid time range."));
    }
    if !text("iss").eq_ignore_ascii_case(app_id) {
        if text("aud") == EXCHANGE {
            return Ok(());
        }
        let text =
            format!("No matching federated identity record found for presented assertion audience '{}'.", text("aud"));
        return Err(Aadsts::invalid_client(700_212, text));
    }
    if text("sub") != text("iss") || !text("aud").contains("/oauth2/") {
        let text = "Client assertion: 'iss' and 'sub' must be the app id, 'aud' the address of the token endpoint.";
        return Err(Aadsts::invalid_client(700_023, text));
    }
    Ok(())
}

fn claims(assertion: &str) -> Option<Value> {
    let parts: Vec<&str> = assertion.split('.').collect();
    let [header, claims, _signature] = parts[..] else { return None };
    let decode = |part: &str| serde_json::from_slice::<Value>(&BASE64_URL_SAFE_NO_PAD.decode(part).ok()?).ok();
    decode(header)?.get("alg")?;
    decode(claims)
}
