use pregon_auth::{AllowedTenants, Cloud, Endpoints, HttpSetupError, Secret};
use pregon_model::{AppId, TenantId, is_guid};
use url::Url;

use crate::BotBuilder;

/// A variable of the environment is missing or cannot be used; see [`Bot::from_env`](crate::Bot::from_env).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {why}")]
pub struct BadVariable {
    /// Its name.
    pub name: &'static str,
    /// What is wrong, and what to write.
    pub why: String,
}

/// Why [`Bot::from_env`](crate::Bot::from_env) gives no bot.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FromEnvError {
    /// The environment is to be corrected.
    #[error(transparent)]
    Variable(#[from] BadVariable),
    /// There is no HTTP client.
    #[error(transparent)]
    Http(#[from] HttpSetupError),
}

const APP_ID: &str = "PREGON_APP_ID";
const APP_SECRET: &str = "PREGON_APP_SECRET";
const TENANT: &str = "PREGON_TENANT";
const CLOUD: &str = "PREGON_CLOUD";

/// Reads a bot from variables that `get` looks up.
pub(crate) fn read(get: impl Fn(&'static str) -> Option<String>) -> Result<BotBuilder, BadVariable> {
    let variable = |name| get(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let required = |name, remedy: &str| {
        variable(name).ok_or_else(|| BadVariable { name, why: format!("is not set: write {remedy}") })
    };
    // The text is not repeated: it may be a secret pasted in the wrong place.
    let guid = |name, text: String, remedy: &str| {
        if is_guid(&text) { Ok(text) } else { Err(BadVariable { name, why: format!("is no GUID: write {remedy}") }) }
    };

    let endpoints = endpoints(variable(CLOUD).as_deref())?;
    let remedy = "the application (client) id of the bot's app registration";
    let app_id = AppId::new(guid(APP_ID, required(APP_ID, remedy)?, remedy)?);
    let secret = Secret::new(required(APP_SECRET, "the value of a client secret of the app registration, not its id")?);
    let remedy = "the id of the organisation that owns a single-tenant bot, or \"any\" for a bot of every organisation";
    match required(TENANT, remedy)? {
        any if any == "any" => Ok(BotBuilder::multi_tenant(endpoints, app_id, secret, AllowedTenants::Any)),
        id => Ok(BotBuilder::single_tenant(endpoints, app_id, secret, TenantId::new(guid(TENANT, id, remedy)?))),
    }
}

/// A cloud by name, the public one by default, or an emulator by its address.
fn endpoints(cloud: Option<&str>) -> Result<Endpoints, BadVariable> {
    let bad = |why: String| BadVariable { name: CLOUD, why };
    let Some(text) = cloud else { return Ok(Endpoints::public()) };
    if !text.contains("://") {
        let cloud = text.parse::<Cloud>().map(Endpoints::of);
        return cloud.map_err(|error| bad(format!("is wrong: {error}, or the address of an emulator")));
    }
    let base = Url::parse(text).map_err(|error| bad(format!("is no address ({text:?}): {error}")))?;
    Endpoints::emulator(&base).map_err(|error| bad(format!("is wrong: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [(&str, &str); 3] = [
        (APP_ID, "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10"),
        (APP_SECRET, "hunter2"),
        (TENANT, "5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596"),
    ];

    /// Reads what is good, with one variable changed.
    fn with(name: &'static str, value: Option<&str>) -> Result<BotBuilder, BadVariable> {
        read(|asked| {
            let good = GOOD.iter().find(|(name, _)| *name == asked).map(|(_, value)| *value);
            (if asked == name { value } else { good }).map(str::to_owned)
        })
    }

    #[test]
    fn a_bot_is_read_from_three_variables_and_the_cloud() {
        for cloud in [None, Some(""), Some("public"), Some("gcc-high"), Some("http://127.0.0.1:3979")] {
            assert!(with(CLOUD, cloud).is_ok(), "{cloud:?}");
        }
        assert!(with(TENANT, Some("any")).is_ok());
        assert!(with(APP_SECRET, Some("hunter2\n")).is_ok());
    }

    #[test]
    fn what_is_wrong_with_a_variable_is_told_with_its_name_and_a_remedy() {
        for (name, value, expected) in [
            (APP_ID, None, "PREGON_APP_ID is not set: write the application (client) id"),
            (APP_ID, Some("  "), "PREGON_APP_ID is not set"),
            (APP_ID, Some("harbor-notify"), "PREGON_APP_ID is no GUID: write the application"),
            (APP_SECRET, None, "PREGON_APP_SECRET is not set: write the value of a client secret"),
            (TENANT, None, "PREGON_TENANT is not set: write the id of the organisation"),
            (TENANT, Some("contoso.com"), "PREGON_TENANT is no GUID: write the id"),
            (CLOUD, Some("azure"), "PREGON_CLOUD is wrong: no cloud is called \"azure\": write public, gcc"),
            (CLOUD, Some("http://"), "PREGON_CLOUD is no address (\"http://\")"),
            (CLOUD, Some("https://emulator.example"), "not on this machine"),
        ] {
            let error = with(name, value).unwrap_err();
            assert_eq!(error.name, name);
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
