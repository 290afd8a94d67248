use std::{collections::HashMap, sync::Mutex};

use serde_json::{Value, json};

use crate::{
    keys::{CryptoError, KeyRing, SigningKey},
    lock::lock,
    world::AppIx,
};

/// Seconds a token lives, as Entra reports it.
pub(crate) const LIFETIME_S: u64 = 3599;
/// Checked tokens kept; then all are forgotten and checked again.
const MOST_CHECKED: usize = 4096;

/// Whom a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Connector,
    Graph,
    /// Entra itself: shown there in place of a secret.
    TokenExchange,
}

impl Audience {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Connector => "https://api.botframework.com",
            Self::Graph => "https://graph.microsoft.com",
            Self::TokenExchange => "api://AzureADTokenExchange",
        }
    }

    pub(crate) fn named(text: &str) -> Option<Self> {
        [Self::Connector, Self::Graph, Self::TokenExchange].into_iter().find(|audience| audience.as_str() == text)
    }
}

/// A token whose signature was checked.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// Tenant it was issued in.
    pub(crate) tenant: String,
    pub(crate) audience: Option<Audience>,
    pub(crate) expires_s: u64,
    /// Filled by whoever knows the bots.
    pub(crate) app: Option<AppIx>,
}

/// Issues Entra's tokens and checks them when they come back.
pub(crate) struct Tokens {
    pub(crate) keys: KeyRing,
    // The signature of a token is checked once: later calls with it cost a look-up.
    checked: Mutex<HashMap<String, Checked>>,
}

impl Tokens {
    pub(crate) fn new(keys: KeyRing) -> Self {
        Self { keys, checked: Mutex::default() }
    }

    /// A v1-style access token.
    pub(crate) fn issue(
        &self,
        app_id: &str,
        tenant: &str,
        audience: Audience,
        now_s: u64,
        id: &str,
    ) -> Result<String, CryptoError> {
        let issuer = format!("https://sts.windows.net/{tenant}/");
        let mut claims = json!({
            "aud": audience.as_str(), "iss": issuer, "iat": now_s, "nbf": now_s, "exp": now_s + LIFETIME_S,
            "appid": app_id, "appidacr": "1", "idp": issuer, "tid": tenant, "uti": id, "ver": "1.0",
        });
        if audience == Audience::Graph {
            claims["roles"] = json!([
                "AppCatalog.Read.All",
                "Channel.ReadBasic.All",
                "Chat.ReadBasic.All",
                "Group.Read.All",
                "GroupMember.Read.All",
                "MailboxSettings.Read",
                "Team.ReadBasic.All",
                "TeamMember.Read.All",
                "TeamsActivity.Send",
                "TeamsAppInstallation.ReadWriteSelfForChat.All",
                "TeamsAppInstallation.ReadWriteSelfForTeam.All",
                "TeamsAppInstallation.ReadWriteSelfForUser.All",
                "User.Read.All",
            ]);
        }
        self.keys.sign(&claims)
    }

    /// Signs with a new key from now on; tokens of the key before stay good, older ones do not.
    pub(crate) fn rotate(&self, key: SigningKey) {
        self.keys.rotate(key);
        lock(&self.checked).clear();
    }

    /// What a token says, when one of our keys signed it.
    pub(crate) fn check(&self, token: &str, app: impl FnOnce(&str) -> Option<AppIx>) -> Option<Checked> {
        if let Some(known) = lock(&self.checked).get(token) {
            return Some(known.clone());
        }
        let claims = self.keys.verified_claims(token)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let app_id = text("appid")?;
        let checked = Checked {
            app: app(app_id),
            tenant: text("tid")?.to_owned(),
            audience: text("aud").and_then(Audience::named),
            expires_s: claims.get("exp").and_then(Value::as_u64)?,
        };
        let mut known = lock(&self.checked);
        if known.len() >= MOST_CHECKED {
            known.clear();
        }
        known.insert(token.to_owned(), checked.clone());
        Some(checked)
    }
}
