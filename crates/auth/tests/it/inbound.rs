use std::time::{Duration, UNIX_EPOCH};

use pregon_model::{Activity, MemberId, ServiceUrl};
use serde_json::{Value, json};

use crate::service::EPOCH;
use crate::world::{APP, World};

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
    for elsewhere in [
        "https://smba.trafficmanager.net.evil.example/emea/",
        "https://smba.trafficmanager.net@evil.example/emea/",
        "https://smba.trafficmanager.net:8443/emea/",
        "http://169.254.169.254/metadata/",
        "file:///etc/passwd",
        "//evil.example/",
        "",
    ] {
        let claims = world.claims_with("serviceurl", json!(elsewhere));
        let mut activity = world.activity();
        activity.service_url = Some(ServiceUrl::new(elsewhere));
        let authorization = format!("Bearer {}", world.signer.token(&claims));
        assert_eq!(world.code(Some(&authorization), &activity).await, "untrusted_host", "{elsewhere}");
    }
}

#[tokio::test]
async fn no_refusal_quotes_the_token() {
    let world = World::start().await;
    let token = world.signer.token(&world.claims_with("aud", json!("somebody-else")));
    let rejected = world.validator.validate(Some(&format!("Bearer {token}")), &world.activity()).await.unwrap_err();
    let shown = format!("{rejected} {rejected:?}");
    assert!(!shown.contains("somebody-else") && !shown.contains(&token[..20]), "{shown}");
}
