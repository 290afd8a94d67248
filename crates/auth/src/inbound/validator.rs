use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jsonwebtoken::Algorithm;
use pregon_model::{Activity, AppId, ServiceUrl};
use serde_json::Value;

use super::bearer::{Bearer, Claims};
use super::entra::{Caller, Entra, EntraCallers, Issuer};
use super::key_set::SigningKey;
use super::keys::SigningKeys;
use crate::{Endpoints, Rejected, TrustedServiceUrl};

/// How far the clocks of Teams and this machine may differ.
const SKEW: Duration = Duration::from_mins(5);

/// The channel of an activity that names none.
const TEAMS: &str = "msteams";

/// What a valid inbound token vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    /// The bot the request is for.
    pub app_id: AppId,
    /// Who sent it.
    pub caller: Caller,
    /// Where this activity's conversation is answered: the only way a bot learns where to send tokens.
    pub service_url: TrustedServiceUrl,
    /// When the token ends; the request itself was checked now.
    pub expires_at: SystemTime,
}

/// Checks that an inbound request comes from Teams and is for one bot.
///
/// ```no_run
/// use std::sync::Arc;
/// use pregon_auth::{Endpoints, HttpClient, InboundValidator, SigningKeys};
/// use pregon_model::{Activity, AppId, ServiceUrl};
///
/// # async fn example(authorization: Option<&str>, activity: Activity) -> Result<(), Box<dyn std::error::Error>> {
/// let endpoints = Arc::new(Endpoints::public());
/// let keys = Arc::new(SigningKeys::new(HttpClient::new(&endpoints)?, &endpoints));
/// let app = AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10");
/// let validator = InboundValidator::new(keys, endpoints, app);
/// match validator.validate(authorization, &activity).await {
///     Ok(vouched) => println!("answers go to {}", vouched.service_url.service_url()),
///     Err(rejected) => println!("HTTP {}: {rejected}", rejected.status()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct InboundValidator {
    keys: Arc<SigningKeys>,
    entra: Option<Entra>,
    endpoints: Arc<Endpoints>,
    app_id: AppId,
}

/// Who issued a token, hence which keys and rules judge it.
enum IssuedBy<'a> {
    BotService,
    Entra(&'a Entra, &'a Issuer),
}

impl InboundValidator {
    /// A validator for one bot; `keys` is shared by all bots of the cloud.
    pub fn new(keys: Arc<SigningKeys>, endpoints: Arc<Endpoints>, app_id: AppId) -> Self {
        Self { keys, entra: None, endpoints, app_id }
    }

    /// Also takes tokens that Entra issued to `callers`; `keys` are [`SigningKeys::of_entra`].
    ///
    /// Such a token vouches for no service URL. The one the activity names must be on the cloud's
    /// allow-list ([`Endpoints::with_service_host`]) or, from the emulator, on this machine. Name a
    /// parent bot's host there only if it may see this bot's Connector token.
    #[must_use]
    pub fn with_entra(self, keys: Arc<SigningKeys>, callers: EntraCallers) -> Self {
        Self { entra: Some(Entra::new(keys, callers, &self.endpoints)), ..self }
    }

    /// Checks the `Authorization` header of a request whose body is `activity`.
    ///
    /// Whether the activity's tenant is served here is for the caller to decide.
    pub async fn validate(&self, authorization: Option<&str>, activity: &Activity) -> Result<Vouched, Rejected> {
        let bearer = Bearer::read(authorization)?;
        let claims = &bearer.claims;
        // Before the key is looked up, so that no stranger's token makes us fetch keys.
        let issued_by = self.issued_by(claims)?;
        let keys = match issued_by {
            IssuedBy::BotService => &self.keys,
            IssuedBy::Entra(entra, _) => &entra.keys,
        };
        let key = keys.get(&bearer.kid).await?;
        verify(&bearer, &key)?;
        if !self.is_audience(claims.aud.as_ref()) {
            return Err(Rejected::Audience);
        }
        let expires_at = check_time(claims, self.keys.clock().now())?;
        let (caller, service_url) = match issued_by {
            IssuedBy::BotService => (Caller::Channel, self.check_channel(claims, &key, activity)?),
            IssuedBy::Entra(entra, issuer) => {
                let caller = entra.caller(issuer, &key, claims, &self.app_id)?;
                let service_url = self.trust_caller(&caller, activity)?;
                (caller, service_url)
            }
        };
        Ok(Vouched { app_id: self.app_id.clone(), caller, service_url, expires_at })
    }

    fn issued_by(&self, claims: &Claims) -> Result<IssuedBy<'_>, Rejected> {
        let text = claims.iss.as_deref().ok_or(Rejected::Issuer)?;
        if text == self.endpoints.issuer() {
            return Ok(IssuedBy::BotService);
        }
        let entra = self.entra.as_ref().ok_or(Rejected::Issuer)?;
        entra.issuer(text).map(|issuer| IssuedBy::Entra(entra, issuer)).ok_or(Rejected::Issuer)
    }

    /// What ties a token of the bot service to the activity it came with.
    fn check_channel(
        &self,
        claims: &Claims,
        key: &SigningKey,
        activity: &Activity,
    ) -> Result<TrustedServiceUrl, Rejected> {
        let service_url = check_service_url(claims, activity)?;
        let channel = activity.channel_id.as_deref().unwrap_or(TEAMS);
        if !key.endorsements.iter().any(|endorsed| endorsed == channel) {
            return Err(Rejected::Endorsement);
        }
        if !self.is_recipient(activity) {
            return Err(Rejected::WrongRecipient);
        }
        Ok(self.endpoints.trust(service_url)?)
    }

    fn trust_caller(&self, caller: &Caller, activity: &Activity) -> Result<TrustedServiceUrl, Rejected> {
        let service_url = activity.service_url.as_ref().ok_or(Rejected::ServiceUrlMissing)?;
        match (self.endpoints.trust(service_url), caller) {
            // The emulator holds the bot's credentials: it learns nothing from the bot's token.
            (Err(untrusted), Caller::Emulator) => Ok(TrustedServiceUrl::on_this_machine(service_url).ok_or(untrusted)?),
            (result, _) => Ok(result?),
        }
    }

    /// The app id, bare or as one of the application id URIs newer registrations use.
    fn is_audience(&self, claim: Option<&Value>) -> bool {
        let Some(audience) = claim.and_then(Value::as_str) else { return false };
        let uri = audience.strip_prefix("api://").map(|rest| rest.strip_prefix("botid-").unwrap_or(rest));
        uri.unwrap_or(audience).eq_ignore_ascii_case(self.app_id.as_str())
    }

    fn is_recipient(&self, activity: &Activity) -> bool {
        let own = self.app_id.bot_account_id();
        activity.recipient.as_ref().is_none_or(|account| account.id.as_str().eq_ignore_ascii_case(own.as_str()))
    }
}

fn verify(bearer: &Bearer<'_>, key: &SigningKey) -> Result<(), Rejected> {
    let signed = bearer.signed.as_bytes();
    match jsonwebtoken::crypto::verify(bearer.signature, signed, &key.decoding, Algorithm::RS256) {
        Ok(true) => Ok(()),
        // An error is a signature of the wrong shape.
        Ok(false) | Err(_) => Err(Rejected::Signature),
    }
}

fn check_service_url<'a>(claims: &Claims, activity: &'a Activity) -> Result<&'a ServiceUrl, Rejected> {
    let claim = claims.serviceurl.as_deref().or(claims.service_url.as_deref());
    let claim = claim.ok_or(Rejected::ServiceUrlMissing)?;
    let named = activity.service_url.as_ref().ok_or(Rejected::ServiceUrlMismatch)?;
    if named.same_as(claim) { Ok(named) } else { Err(Rejected::ServiceUrlMismatch) }
}

/// Checks `nbf` and `exp` and tells when the token ends. A token without an end has ended.
fn check_time(claims: &Claims, now: SystemTime) -> Result<SystemTime, Rejected> {
    let time = |seconds: f64| {
        let since_epoch = Duration::try_from_secs_f64(seconds.max(0.0)).ok();
        since_epoch.and_then(|since_epoch| UNIX_EPOCH.checked_add(since_epoch)).ok_or(Rejected::Malformed)
    };
    if let Some(nbf) = claims.nbf
        && time(nbf)? > now + SKEW
    {
        return Err(Rejected::NotYetValid);
    }
    let expires_at = time(claims.exp.ok_or(Rejected::Expired)?)?;
    let ended = now.checked_sub(SKEW).is_some_and(|now| expires_at <= now);
    if ended { Err(Rejected::Expired) } else { Ok(expires_at) }
}
