//! Tokens that must not be believed, each refused for its own reason.

use std::sync::atomic::Ordering::SeqCst;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::{Value, json};

use crate::service::{EPOCH, Service};
use crate::signer::{Signer, encode, part, sign_hmac};
use crate::world::{APP, ISSUER, World};

/// What is attempted, the code it is refused with, and the token.
type Attack = (&'static str, &'static str, String);

async fn all_are_refused(world: &World, attacks: Vec<Attack>) {
    let good = format!("Bearer {}", world.signer.token(&world.claims()));
    assert_eq!(world.code(Some(&good), &world.activity()).await, "accepted");
    for (attack, code, token) in attacks {
        let authorization = format!("Bearer {token}");
        assert_eq!(world.code(Some(&authorization), &world.activity()).await, code, "{attack}");
    }
}

#[tokio::test]
async fn no_algorithm_but_rs256_is_accepted() {
    let world = World::start().await;
    let (header, claims) = (world.signer.header(), world.claims());
    let good = world.signer.token(&claims);
    let (_, signature) = good.rsplit_once('.').unwrap();
    let none = part(&json!({"alg": "none", "kid": "key-1"}));
    let hs256 = json!({"alg": "HS256", "kid": "key-1"});
    let with = |algorithm| world.signer.sign(&world.header_with("alg", algorithm), &claims);
    let public_key = world.signer.public_der();
    all_are_refused(
        &world,
        vec![
            ("none, no signature", "wrong_algorithm", format!("{none}.{}.", part(&claims))),
            ("none, an old signature", "wrong_algorithm", format!("{none}.{}.{signature}", part(&claims))),
            ("none in capitals", "wrong_algorithm", with(json!("NONE"))),
            ("lower case", "wrong_algorithm", with(json!("rs256"))),
            ("a space behind it", "wrong_algorithm", with(json!("RS256 "))),
            ("PS256", "wrong_algorithm", with(json!("PS256"))),
            ("ES256", "wrong_algorithm", with(json!("ES256"))),
            ("empty", "wrong_algorithm", with(json!(""))),
            ("HS256 with the public key", "wrong_algorithm", sign_hmac(public_key, &hs256, &claims)),
            ("HMAC under RS256", "bad_signature", sign_hmac(public_key, &header, &claims)),
            ("RS512", "wrong_algorithm", world.signer.sign_sha512(&world.header_with("alg", json!("RS512")), &claims)),
            ("SHA-512 under RS256", "bad_signature", world.signer.sign_sha512(&header, &claims)),
            ("missing", "malformed_token", with(Value::Null)),
            ("a number", "malformed_token", with(json!(256))),
            ("a list", "malformed_token", with(json!(["RS256"]))),
        ],
    )
    .await;
}

#[tokio::test]
async fn no_signature_but_that_of_the_named_key_is_accepted() {
    let world = World::start().await;
    let claims = world.claims();
    let good = world.signer.token(&claims);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let evil = part(&world.claims_with("aud", json!("evil")));
    let header = part(&world.signer.header());
    let kid = |kid: Value| world.signer.sign(&world.header_with("kid", kid), &claims);
    all_are_refused(
        &world,
        vec![
            ("a foreign key under a known name", "bad_signature", Signer::new("key-1").token(&claims)),
            ("another known key's name", "bad_signature", kid(json!("key-2"))),
            ("made up", "bad_signature", format!("{message}.{}", encode(&[7; 256]))),
            ("zeros", "bad_signature", format!("{message}.{}", encode(&[0; 256]))),
            ("empty", "bad_signature", format!("{message}.")),
            ("cut", "bad_signature", format!("{message}.{}", &signature[..336])),
            ("repeated", "bad_signature", format!("{good}{signature}")),
            ("of other claims", "bad_signature", format!("{header}.{evil}.{signature}")),
            ("a name missing", "unknown_key", kid(Value::Null)),
            ("an unknown name", "unknown_key", kid(json!("key-3"))),
            ("an empty name", "unknown_key", kid(json!(""))),
            ("a name in capitals", "unknown_key", kid(json!("KEY-1"))),
            ("a path as name", "unknown_key", kid(json!("../../v1/.well-known/key-1"))),
            ("an address as name", "unknown_key", kid(json!("https://evil.example/key"))),
            ("a query as name", "unknown_key", kid(json!("key-1' OR '1'='1"))),
            ("control characters in the name", "unknown_key", kid(json!("key-1\r\nX: y\u{0}\u{1b}[31m"))),
            ("a very long name", "unknown_key", kid(json!("k".repeat(8_000)))),
            ("a number as name", "malformed_token", kid(json!(1))),
            ("a list as name", "malformed_token", kid(json!(["key-1"]))),
            ("a key of another kind", "unknown_key", kid(json!("other-kind"))),
            ("a key for encryption", "unknown_key", kid(json!("for-encryption"))),
            ("a key of another channel", "not_endorsed", world.skype_only.token(&claims)),
            ("a key of no channel", "not_endorsed", kid(json!("not-endorsed"))),
            ("a key of the channel in capitals", "not_endorsed", kid(json!("endorsed-in-capitals"))),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_key_that_the_token_brings_along_is_neither_used_nor_fetched() {
    let world = World::start().await;
    let elsewhere = Service::start().await;
    let forger = Signer::new("key-1");
    elsewhere.publish(&[forger.jwk(&["msteams"])]);
    let address = format!("{}v1/.well-known/keys", elsewhere.base);
    for (name, value) in [
        ("jwk", forger.jwk(&["msteams"])),
        ("jku", json!(address)),
        ("x5u", json!(address)),
        ("x5c", json!([encode(forger.public_der())])),
        ("x5t", json!("AAAA")),
    ] {
        for (kid, code) in [("key-1", "bad_signature"), ("key-9", "unknown_key")] {
            let mut header = world.header_with(name, value.clone());
            header["kid"] = json!(kid);
            let authorization = format!("Bearer {}", forger.sign(&header, &world.claims()));
            assert_eq!(world.code(Some(&authorization), &world.activity()).await, code, "{name}");
        }
        // A token of Teams may carry them too: then they are just not looked at.
        let honest = world.signer.sign(&world.header_with(name, value), &world.claims());
        assert_eq!(world.code(Some(&format!("Bearer {honest}")), &world.activity()).await, "accepted", "{name}");
    }
    assert_eq!(elsewhere.desk.key_fetches.load(SeqCst), 0);
}

#[tokio::test]
async fn what_is_not_one_plain_signed_token_is_refused() {
    let world = World::start().await;
    let (header, claims) = (part(&world.signer.header()), part(&world.claims()));
    let good = world.signer.token(&world.claims());
    let (message, signature) = good.rsplit_once('.').unwrap();
    let signed = |header: &str, claims: &str| world.signer.sign_text(header, claims);
    let with_header = |name, value| world.signer.sign(&world.header_with(name, value), &world.claims());
    let many: serde_json::Map<_, _> = (0..2_000).map(|n| (format!("claim{n}"), json!(n))).collect();
    let standard = STANDARD_NO_PAD.encode(world.claims_with("x", json!("~~~???")).to_string());
    assert!(standard.contains(['+', '/']));
    let newline = format!("{}\n{}", &claims[..20], &claims[20..]);
    let header_twice = encode(br#"{"alg":"none","alg":"RS256","kid":"key-1"}"#);
    all_are_refused(
        &world,
        vec![
            ("a token within a token", "nested_token", with_header("cty", json!("JWT"))),
            ("a token as claims", "malformed_token", signed(&header, &encode(good.as_bytes()))),
            ("a token as JSON text", "malformed_token", signed(&header, &encode(format!("{good:?}").as_bytes()))),
            ("five parts, as if encrypted", "malformed_token", format!("{good}.AAAA.AAAA")),
            ("four parts", "malformed_token", format!("{good}.AAAA")),
            ("two parts", "malformed_token", message.to_owned()),
            ("one part", "malformed_token", "opaque".to_owned()),
            ("dots only", "malformed_token", "..".to_owned()),
            ("another type", "wrong_type", with_header("typ", json!("at+jwt"))),
            ("an empty type", "wrong_type", with_header("typ", json!(""))),
            ("a type that is a number", "malformed_token", with_header("typ", json!(1))),
            ("a critical extension", "malformed_token", with_header("crit", json!(["exp"]))),
            ("an algorithm twice", "malformed_token", signed(&header_twice, &claims)),
            ("header not base64", "malformed_token", signed("{}", &claims)),
            (
                "header not an object",
                "malformed_token",
                signed(&encode(br#"["RS256","key-1",null,null,null]"#), &claims),
            ),
            (
                "claims a list",
                "malformed_token",
                signed(&header, &encode(&[b"[", &b"null,".repeat(9)[..], b"null]"].concat())),
            ),
            ("claims nothing", "malformed_token", signed(&header, "")),
            ("claims not UTF-8", "malformed_token", signed(&header, &encode(b"{\"iss\":\"\xff\xfe\"}"))),
            ("claims behind a byte order mark", "malformed_token", signed(&header, &encode(b"\xef\xbb\xbf{}"))),
            ("claims cut off", "malformed_token", signed(&header, &encode(b"{"))),
            (
                "claims and more",
                "malformed_token",
                signed(&header, &encode(format!("{} {{}}", world.claims()).as_bytes())),
            ),
            (
                "claims very deep",
                "malformed_token",
                signed(&header, &encode(format!("{{\"x\":{}", "[".repeat(3_000)).as_bytes())),
            ),
            ("very many claims", "oversized_token", signed(&header, &part(&Value::Object(many)))),
            ("very long", "oversized_token", format!("{good}{}", "A".repeat(20_000))),
            ("the standard alphabet", "malformed_token", signed(&header, &standard)),
            ("a line break within", "malformed_token", signed(&header, &newline)),
            ("claims with padding", "malformed_token", signed(&header, &format!("{claims}=="))),
            ("claims with stray bits", "malformed_token", signed(&header, "e31")),
            ("signature with padding", "malformed_token", format!("{good}==")),
            ("signature not base64", "malformed_token", format!("{message}.{}!", &signature[1..])),
            ("two tokens in one header", "malformed_token", format!("{good}, Bearer {good}")),
            ("spaces around the dots", "malformed_token", good.replace('.', " . ")),
        ],
    )
    .await;
}

#[tokio::test]
async fn each_claim_that_does_not_fit_is_refused() {
    let world = World::start().await;
    let with = |name, value| world.signer.token(&world.claims_with(name, value));
    let header = part(&world.signer.header());
    let text = |claims: String| world.signer.sign_text(&header, &encode(claims.as_bytes()));
    let ends = |exp: &str| text(format!(r#"{{"iss":"{ISSUER}","aud":"{APP}","exp":{exp}}}"#));
    all_are_refused(
        &world,
        vec![
            ("a claim twice", "malformed_token", text(format!(r#"{{"iss":"evil","iss":"{ISSUER}","aud":"{APP}"}}"#))),
            (
                "a claim twice, once escaped",
                "malformed_token",
                text(format!(r#"{{"iss":"{ISSUER}","\u0069ss":"evil"}}"#)),
            ),
            ("issuer missing", "wrong_issuer", with("iss", Value::Null)),
            ("issuer a list", "malformed_token", with("iss", json!([ISSUER]))),
            ("issuer of Entra", "wrong_issuer", with("iss", json!("https://sts.windows.net/tenant/"))),
            ("issuer of another cloud", "wrong_issuer", with("iss", json!("https://api.botframework.us"))),
            ("issuer with a slash", "wrong_issuer", with("iss", json!(format!("{ISSUER}/")))),
            ("issuer in capitals", "wrong_issuer", with("iss", json!(ISSUER.to_uppercase()))),
            ("audience missing", "wrong_audience", with("aud", Value::Null)),
            ("audience another bot", "wrong_audience", with("aud", json!("00000000-0000-0000-0000-000000000000"))),
            ("audience a list", "wrong_audience", with("aud", json!([APP]))),
            ("audience a longer URI", "wrong_audience", with("aud", json!(format!("api://evil/{APP}")))),
            ("audience another scheme", "wrong_audience", with("aud", json!(format!("https://{APP}")))),
            ("audience with a space", "wrong_audience", with("aud", json!(format!("{APP} ")))),
            ("audience empty", "wrong_audience", with("aud", json!(""))),
            ("expired", "expired", with("exp", json!(EPOCH - 300))),
            ("expired before time began", "expired", with("exp", json!(-1))),
            ("no expiry", "expired", with("exp", Value::Null)),
            ("expiry a text", "malformed_token", with("exp", json!("tomorrow"))),
            ("expiry beyond time", "malformed_token", with("exp", json!(1e300))),
            ("expiry beyond numbers", "malformed_token", ends("1e999")),
            ("expiry of a thousand digits", "malformed_token", ends(&"9".repeat(1_000))),
            ("expiry not a number", "malformed_token", ends("NaN")),
            ("not yet valid", "not_yet_valid", with("nbf", json!(EPOCH + 301))),
            ("never valid", "malformed_token", with("nbf", json!(1e300))),
            ("no service URL", "service_url_missing", with("serviceurl", Value::Null)),
            ("service URL a list", "malformed_token", with("serviceurl", json!([world.service_url()]))),
            ("another service URL", "service_url_mismatch", with("serviceurl", json!("https://evil.example/"))),
            ("a longer service URL", "service_url_mismatch", with("serviceurl", json!(world.service_url() + "x"))),
            (
                "a service URL with two slashes",
                "service_url_mismatch",
                with("serviceurl", json!(world.service_url() + "/")),
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_header_that_holds_no_bearer_token_is_refused() {
    let world = World::start().await;
    let good = world.signer.token(&world.claims());
    for (attack, code, authorization) in [
        ("no header", "missing_token", None),
        ("empty header", "not_bearer", Some(String::new())),
        ("no token", "malformed_token", Some("Bearer".to_owned())),
        ("empty token", "malformed_token", Some("Bearer ".to_owned())),
        ("Basic", "not_bearer", Some("Basic Ym90OnNlY3JldA==".to_owned())),
        ("bare token", "not_bearer", Some(good.clone())),
        ("a tab for a space", "not_bearer", Some(format!("Bearer\t{good}"))),
        ("a space before the scheme", "not_bearer", Some(format!(" Bearer {good}"))),
        ("a colon behind the scheme", "not_bearer", Some(format!("Bearer: {good}"))),
        ("a parameter", "malformed_token", Some(format!("Bearer token=\"{good}\""))),
    ] {
        assert_eq!(world.code(authorization.as_deref(), &world.activity()).await, code, "{attack}");
    }
}
