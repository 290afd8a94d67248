use std::sync::Arc;

use pregon_model::{AppId, TenantId};

use super::bearer::Claims;
use super::key_set::SigningKey;
use super::keys::SigningKeys;
use crate::{Endpoints, Rejected};

/// Who may call a bot with a token that Entra issued, instead of one that Teams sends.
///
/// Nobody, unless a bot is given this with [`InboundValidator::with_entra`]: a production bot of Teams
/// needs none of it. The tenants are pinned, because a token's own word for its tenant proves nothing:
/// anybody can have one.
///
/// ```no_run
/// use std::sync::Arc;
/// use pregon_auth::{Endpoints, EntraCallers, HttpClient, InboundValidator, SigningKeys};
/// use pregon_model::{AppId, TenantId};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let endpoints = Arc::new(Endpoints::public());
/// let http = HttpClient::new(&endpoints)?;
/// let of_teams = Arc::new(SigningKeys::new(http.clone(), &endpoints));
/// let of_entra = Arc::new(SigningKeys::of_entra(http, &endpoints));
/// let callers = EntraCallers::of([TenantId::new("5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596")])
///     .with_emulator()
///     .with_bots([AppId::new("9f1b2c3d-4e5f-4061-8273-94a5b6c7d8e9")]);
/// let app = AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10");
/// let validator = InboundValidator::new(of_teams, endpoints, app).with_entra(of_entra, callers);
/// # Ok(())
/// # }
/// ```
///
/// [`InboundValidator::with_entra`]: crate::InboundValidator::with_entra
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntraCallers {
    tenants: Vec<TenantId>,
    emulator: bool,
    bots: Vec<AppId>,
}

impl EntraCallers {
    /// Tokens issued in these tenants, by id; no caller yet.
    ///
    /// Name the tenant that owns a single-tenant registration. A multi-tenant bot's tokens come from
    /// Microsoft's own: [`Endpoints::bot_service_tenants`].
    pub fn of(tenants: impl IntoIterator<Item = TenantId>) -> Self {
        Self { tenants: tenants.into_iter().collect(), emulator: false, bots: Vec::new() }
    }

    /// Takes tokens of the bot's own app id: whoever holds its credentials, such as the Bot Framework
    /// Emulator on a developer's machine.
    #[must_use]
    pub fn with_emulator(self) -> Self {
        Self { emulator: true, ..self }
    }

    /// Takes tokens of these other bots, whose skill this one is.
    #[must_use]
    pub fn with_bots(self, bots: impl IntoIterator<Item = AppId>) -> Self {
        Self { bots: bots.into_iter().collect(), ..self }
    }
}

/// Who sent an inbound request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Caller {
    /// The channel, through the bot service: Teams.
    Channel,
    /// Whoever holds this bot's own credentials: the Bot Framework Emulator.
    Emulator,
    /// Another bot.
    Bot(AppId),
}

/// The callers of one bot, and the keys that prove them.
#[derive(Clone, Debug)]
pub(super) struct Entra {
    pub(super) keys: Arc<SigningKeys>,
    callers: EntraCallers,
    issuers: Vec<Issuer>,
}

/// One tenant whose tokens are believed, in Entra's two spellings.
#[derive(Clone, Debug)]
pub(super) struct Issuer {
    tenant: TenantId,
    v1: String,
    v2: String,
}

impl Entra {
    pub(super) fn new(keys: Arc<SigningKeys>, callers: EntraCallers, endpoints: &Endpoints) -> Self {
        let issuers = callers.tenants.iter().map(|tenant| {
            let [v1, v2] = endpoints.entra_issuers(tenant);
            Issuer { tenant: tenant.clone(), v1, v2 }
        });
        Self { keys, issuers: issuers.collect(), callers }
    }

    /// The issuer of this name, if it is believed.
    pub(super) fn issuer(&self, text: &str) -> Option<&Issuer> {
        self.issuers.iter().find(|issuer| [&issuer.v1, &issuer.v2].into_iter().any(|name| name == text))
    }

    /// Who holds a token of `issuer` that `key` signed; `own` is the bot that is called.
    pub(super) fn caller(
        &self,
        issuer: &Issuer,
        key: &SigningKey,
        claims: &Claims,
        own: &AppId,
    ) -> Result<Caller, Rejected> {
        let app_id = issuer.holder(key, claims)?.ok_or(Rejected::CallerMissing)?;
        if app_id.eq_ignore_ascii_case(own.as_str()) {
            return if self.callers.emulator { Ok(Caller::Emulator) } else { Err(Rejected::CallerNotAllowed) };
        }
        let listed = self.callers.bots.iter().find(|bot| bot.as_str().eq_ignore_ascii_case(app_id));
        listed.map(|bot| Caller::Bot(bot.clone())).ok_or(Rejected::CallerNotAllowed)
    }
}

impl Issuer {
    /// The app id in the claim of the token's version.
    ///
    /// Source: Microsoft Learn, "Access tokens in the Microsoft identity platform" (versions; the
    /// signing key's own issuer).
    fn holder<'a>(&self, key: &SigningKey, claims: &'a Claims) -> Result<Option<&'a str>, Rejected> {
        let tenant = self.tenant.as_str();
        let signs_for = key.issuer.as_ref().map(|issuer| issuer.replace("{tenantid}", &tenant.to_ascii_lowercase()));
        let key_is_its_own = signs_for.is_none_or(|issuer| issuer == self.v1 || issuer == self.v2);
        let tenant_is_its_own = claims.tid.as_deref().is_none_or(|tid| tid.eq_ignore_ascii_case(tenant));
        if !key_is_its_own || !tenant_is_its_own {
            return Err(Rejected::Issuer);
        }
        // The first version may leave its number out.
        let (spelling, holder) = match claims.ver.as_deref() {
            None | Some("1.0") => (&self.v1, &claims.appid),
            Some("2.0") => (&self.v2, &claims.azp),
            Some(_) => return Err(Rejected::Version),
        };
        if claims.iss.as_ref() == Some(spelling) { Ok(holder.as_deref()) } else { Err(Rejected::Version) }
    }
}
