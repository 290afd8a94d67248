use std::sync::Arc;

use pregon_auth::{InboundValidator, SigningKeys};
use pregon_model::{Activity, ActivityKind, AppId, ChannelAccount, ServiceUrl};
use serde_json::{Value, json};

use crate::service::{EPOCH, Service};
use crate::signer::Signer;

pub(crate) const APP: &str = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";
pub(crate) const ISSUER: &str = "https://api.botframework.com";

/// A bot, the bot service with two keys, and an activity as Teams sends it.
pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) signer: Signer,
    pub(crate) skype_only: Signer,
    pub(crate) validator: InboundValidator,
}

impl World {
    pub(crate) async fn start() -> Self {
        let service = Service::start().await;
        let (signer, skype_only) = (Signer::new("key-1"), Signer::new("key-2"));
        let key_1_as = |kid: &str, name: &str, value: Value| {
            let mut key = signer.jwk(&["msteams"]);
            key["kid"] = json!(kid);
            key[name] = value;
            key
        };
        service.publish(&[
            json!({"kty": "EC", "kid": "other-kind", "crv": "P-256", "x": "AA", "y": "AA"}),
            key_1_as("for-encryption", "use", json!("enc")),
            key_1_as("not-endorsed", "endorsements", json!([])),
            key_1_as("endorsed-in-capitals", "endorsements", json!(["MSTEAMS"])),
            signer.jwk(&["webchat", "msteams"]),
            skype_only.jwk(&["skype"]),
        ]);
        let keys = SigningKeys::new(service.http(), &service.endpoints()).with_clock(service.clock.clone());
        let validator = InboundValidator::new(Arc::new(keys), service.endpoints(), AppId::new(APP));
        Self { service, signer, skype_only, validator }
    }

    pub(crate) fn service_url(&self) -> String {
        format!("{}emea/", self.service.base)
    }

    pub(crate) fn activity(&self) -> Activity {
        let mut activity = Activity::new(ActivityKind::Message);
        activity.service_url = Some(ServiceUrl::new(self.service_url()));
        activity.channel_id = Some("msteams".to_owned());
        activity.recipient = Some(ChannelAccount::new(AppId::new(APP).bot_account_id()));
        activity
    }

    pub(crate) fn claims(&self) -> Value {
        json!({"iss": ISSUER, "aud": APP, "serviceurl": self.service_url(), "nbf": EPOCH - 60, "exp": EPOCH + 3600})
    }

    /// The claims with one changed, or removed when it is null.
    pub(crate) fn claims_with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.to_owned(), value),
        };
        claims
    }

    pub(crate) fn header_with(&self, name: &str, value: Value) -> Value {
        let mut header = self.signer.header();
        match value {
            Value::Null => header.as_object_mut().unwrap().remove(name),
            value => header.as_object_mut().unwrap().insert(name.to_owned(), value),
        };
        header
    }

    pub(crate) async fn code(&self, authorization: Option<&str>, activity: &Activity) -> &'static str {
        match self.validator.validate(authorization, activity).await {
            Ok(_) => "accepted",
            Err(rejected) => {
                assert_eq!(rejected.status(), 401);
                assert!(!rejected.to_string().is_empty());
                rejected.code()
            }
        }
    }
}
