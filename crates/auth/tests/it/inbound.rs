use std::time::{Duration, UNIX_EPOCH};

use pregon_model::{Activity, MemberId, ServiceUrl};
use serde_json::{Value, json};

use crate::service::EPOCH;
use crate::signer::{Signer, encode, part, sign_hmac};
use crate::world::{APP, ISSUER, World};

#[tokio::test]
async fn a_token_of_teams_vouches_for_its_service_url() {
    let world = World::start().await;
    for (case, claims) in [
        ("as Teams sends it", world.claims()),
        ("audience in another case", world.claims_with("aud", json!(APP.to_uppercase()))),
        ("audience as a URI", world.claims_with("aud", json!(format!("api://{APP}")))),
        ("audience as a bot's URI", world.claims_with("aud", json!(format!("api://botid-{APP}")))),
        ("no trailing slash", world.claims_with("serviceurl", json!(world.service_url().trim_end_matches('/')))),
        ("upper case", world.claims_with("serviceurl", json!(world.service_url().to_uppercase()))),
        ("ended within the skew", world.claims_with("exp", json!(EPOCH - 299))),
        ("begins within the skew", world.claims_with("nbf", json!(EPOCH + 300))),
        ("times with fractions", world.claims_with("exp", json!(1_790_000_000.5))),
        ("no beginning", world.claims_with("nbf", Value::Null)),
    ] {
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let authorization = format!("{scheme} {}", world.signer.token(&claims));
            let vouched = world.validator.validate(Some(&authorization), &world.activity()).await;
            let vouched = vouched.unwrap_or_else(|rejected| panic!("{case}: {rejected}"));
            assert_eq!(vouched.app_id.as_str(), APP);
            assert_eq!(vouched.service_url.service_url().as_str(), world.service_url());
        }
    }
    let mut spelled = world.claims_with("serviceurl", Value::Null);
    spelled["serviceUrl"] = json!(world.service_url());
    let authorization = format!("Bearer {}", world.signer.token(&spelled));
    let mut without_recipient = world.activity();
    without_recipient.recipient = None;
    without_recipient.channel_id = None;
    let vouched = world.validator.validate(Some(&authorization), &without_recipient).await.unwrap();
    assert_eq!(vouched.expires_at, UNIX_EPOCH + Duration::from_secs(EPOCH + 3600));
}

#[tokio::test]
async fn each_hostile_token_is_refused_for_its_own_reason() {
    let world = World::start().await;
    let foreign = Signer::new("key-1");
    let unknown = Signer::new("key-3");
    let (header, claims) = (world.signer.header(), world.claims());
    let good = world.signer.token(&claims);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let with = |name, value| world.signer.token(&world.claims_with(name, value));
    let with_header = |name, value| world.signer.sign(&world.header_with(name, value), &claims);
    let evil = part(&world.claims_with("aud", json!("evil")));
    let none = part(&json!({"alg": "none", "kid": "key-1"}));
    let hs256 = json!({"alg": "HS256", "kid": "key-1"});
    let not_utf8 = encode(b"{\"iss\":\"\xff\xfe\"}");
    let twice = encode(format!(r#"{{"iss":"evil","iss":"{ISSUER}","aud":"{APP}"}}"#).as_bytes());
    let padded = format!("{good}{}", "A".repeat(20_000));

    let tokens = [
        ("no algorithm, no signature", "wrong_algorithm", format!("{none}.{}.", part(&claims))),
        ("no algorithm, old signature", "wrong_algorithm", format!("{none}.{}.{signature}", part(&claims))),
        ("None in capitals", "wrong_algorithm", with_header("alg", json!("NONE"))),
        ("algorithm in lower case", "wrong_algorithm", with_header("alg", json!("rs256"))),
        ("HS256 with the public key", "wrong_algorithm", sign_hmac(world.signer.public_der(), &hs256, &claims)),
        ("HMAC under RS256", "bad_signature", sign_hmac(world.signer.public_der(), &header, &claims)),
        ("RS512", "wrong_algorithm", world.signer.sign_sha512(&world.header_with("alg", json!("RS512")), &claims)),
        ("SHA-512 under RS256", "bad_signature", world.signer.sign_sha512(&header, &claims)),
        ("algorithm missing", "malformed_token", with_header("alg", Value::Null)),
        ("algorithm a number", "malformed_token", with_header("alg", json!(256))),
        ("critical extension", "malformed_token", with_header("crit", json!(["exp"]))),
        ("key name missing", "unknown_key", with_header("kid", Value::Null)),
        ("key of another kind", "unknown_key", with_header("kid", json!("other-kind"))),
        ("unknown key", "unknown_key", unknown.token(&claims)),
        ("foreign key under a known name", "bad_signature", foreign.token(&claims)),
        ("another known key's name", "bad_signature", with_header("kid", json!("key-2"))),
        ("signature made up", "bad_signature", format!("{message}.{}", encode(&[7; 256]))),
        ("signature empty", "bad_signature", format!("{message}.")),
        ("signature of other claims", "bad_signature", format!("{}.{evil}.{signature}", part(&header))),
        ("signature cut", "bad_signature", format!("{message}.{}", &signature[..336])),
        ("signature not base64", "malformed_token", format!("{message}.{}!", &signature[1..])),
        ("signature with padding", "malformed_token", format!("{good}==")),
        ("a part too many", "malformed_token", format!("{good}.AAAA")),
        ("a part too few", "malformed_token", message.rsplit_once('.').unwrap().0.to_owned()),
        ("no dots", "malformed_token", "opaque".to_owned()),
        ("header not base64", "malformed_token", world.signer.sign_text("{}", &part(&claims))),
        ("header not an object", "malformed_token", world.signer.sign_text(&encode(b"[]"), &part(&claims))),
        ("claims not UTF-8", "malformed_token", world.signer.sign_text(&part(&header), &not_utf8)),
        ("claims not JSON", "malformed_token", world.signer.sign_text(&part(&header), &encode(b"{"))),
        ("a claim twice", "malformed_token", world.signer.sign_text(&part(&header), &twice)),
        ("expiry a text", "malformed_token", with("exp", json!("tomorrow"))),
        ("expiry beyond time", "malformed_token", with("exp", json!(1e300))),
        ("oversized", "oversized_token", padded),
        ("issuer missing", "wrong_issuer", with("iss", Value::Null)),
        ("issuer of Entra", "wrong_issuer", with("iss", json!("https://sts.windows.net/tenant/"))),
        ("issuer with a slash", "wrong_issuer", with("iss", json!(format!("{ISSUER}/")))),
        ("audience missing", "wrong_audience", with("aud", Value::Null)),
        ("audience another bot", "wrong_audience", with("aud", json!("00000000-0000-0000-0000-000000000000"))),
        ("audience a list", "wrong_audience", with("aud", json!([APP]))),
        ("audience a longer URI", "wrong_audience", with("aud", json!(format!("api://evil/{APP}")))),
        ("audience empty", "wrong_audience", with("aud", json!(""))),
        ("expired", "expired", with("exp", json!(EPOCH - 300))),
        ("expired before time began", "expired", with("exp", json!(-1))),
        ("no expiry", "expired", with("exp", Value::Null)),
        ("not yet valid", "not_yet_valid", with("nbf", json!(EPOCH + 301))),
        ("no service URL", "service_url_missing", with("serviceurl", Value::Null)),
        ("another service URL", "service_url_mismatch", with("serviceurl", json!("https://evil.example/"))),
        ("a longer service URL", "service_url_mismatch", with("serviceurl", json!(world.service_url() + "x"))),
        ("key of another channel", "not_endorsed", world.skype_only.token(&claims)),
    ];
    for (attack, code, token) in tokens {
        let authorization = format!("Bearer {token}");
        assert_eq!(world.code(Some(&authorization), &world.activity()).await, code, "{attack}");
    }
    for (attack, code, authorization) in [
        ("no header", "missing_token", None),
        ("empty header", "not_bearer", Some("")),
        ("no token", "malformed_token", Some("Bearer")),
        ("empty token", "malformed_token", Some("Bearer ")),
        ("Basic", "not_bearer", Some("Basic Ym90OnNlY3JldA==")),
        ("bare token", "not_bearer", Some(good.as_str())),
    ] {
        assert_eq!(world.code(authorization, &world.activity()).await, code, "{attack}");
    }
}

#[tokio::test]
async fn a_good_token_does_not_cover_another_activity() {
    let world = World::start().await;
    let authorization = format!("Bearer {}", world.signer.token(&world.claims()));
    let code = async |change: fn(&mut Activity)| {
        let mut activity = world.activity();
        change(&mut activity);
        world.code(Some(&authorization), &activity).await
    };
    assert_eq!(code(|_| ()).await, "accepted");
    let other_bot = |activity: &mut Activity| activity.recipient.as_mut().unwrap().id = MemberId::new("28:other");
    assert_eq!(code(other_bot).await, "wrong_recipient");
    let bare_id = |activity: &mut Activity| activity.recipient.as_mut().unwrap().id = MemberId::new(APP);
    assert_eq!(code(bare_id).await, "wrong_recipient");
    assert_eq!(code(|activity| activity.service_url = None).await, "service_url_mismatch");
    let elsewhere = |activity: &mut Activity| activity.service_url = Some(ServiceUrl::new("https://evil.example/"));
    assert_eq!(code(elsewhere).await, "service_url_mismatch");
    assert_eq!(code(|activity| activity.channel_id = Some("skype".to_owned())).await, "not_endorsed");
    assert_eq!(code(|activity| activity.channel_id = Some("MSTEAMS".to_owned())).await, "not_endorsed");
}

#[tokio::test]
async fn even_a_signed_service_url_must_be_on_the_allow_list() {
    let world = World::start().await;
    let elsewhere = "https://smba.trafficmanager.net.evil.example/emea/";
    let claims = world.claims_with("serviceurl", json!(elsewhere));
    let mut activity = world.activity();
    activity.service_url = Some(ServiceUrl::new(elsewhere));
    let authorization = format!("Bearer {}", world.signer.token(&claims));
    assert_eq!(world.code(Some(&authorization), &activity).await, "untrusted_host");
}

#[tokio::test]
async fn no_refusal_quotes_the_token() {
    let world = World::start().await;
    let token = world.signer.token(&world.claims_with("aud", json!("somebody-else")));
    let rejected = world.validator.validate(Some(&format!("Bearer {token}")), &world.activity()).await.unwrap_err();
    let shown = format!("{rejected} {rejected:?}");
    assert!(!shown.contains("somebody-else") && !shown.contains(&token[..20]), "{shown}");
}
