//! What is wrong with a configuration although each value is of its kind.

use std::collections::HashSet;

use pregon_auth::{Clock as _, Secret, SystemClock};
use pregon_model::is_guid;

use super::{BotConfig, CloudName, Config, ConfigError, StoreConfig};

/// Checks the whole, and reads the files of credentials.
pub(super) fn check(file: &str, config: &mut Config) -> Result<(), ConfigError> {
    let wrong = |key: &str, what: &str| Err(ConfigError::new(file, key, format!("{key} {what}")));
    let delivery = &config.delivery;
    for (key, value) in [
        ("delivery.graph_per_s", delivery.graph_per_s),
        ("delivery.attempts", delivery.attempts),
        ("delivery.request_timeout_s", delivery.request_timeout_s),
        ("delivery.concurrency", delivery.concurrency),
        ("delivery.default_expiry_h", delivery.default_expiry_h),
        ("store.connections", config.store.connections),
    ] {
        if value == 0 {
            return wrong(key, "must be at least 1");
        }
    }
    if delivery.lane_per_s == 0 && config.bots.iter().any(|bot| bot.cloud != CloudName::Emulator) {
        return wrong("delivery.lane_per_s", "is 0, which lifts every limit: only for bots with cloud = \"emulator\"");
    }
    if config.log.level.trim().is_empty() {
        return wrong("log.level", "must be error, warn, info, debug, trace or a filter");
    }
    let emulator = config.emulator.url();
    let now = SystemClock.now();
    let mut names = HashSet::new();
    for (index, bot) in config.bots.iter_mut().enumerate() {
        let wrong = |key: &str, what: String| {
            let key = format!("bots.{index}.{key}");
            ConfigError::new(file, &key, format!("{key} {what}"))
        };
        if !names.insert(bot.name.clone()) {
            return Err(wrong("name", format!("{:?} is the name of an earlier bot: give each its own", bot.name)));
        }
        check_bot(bot, &wrong)?;
        bot.endpoints(&emulator).map_err(|why| ConfigError::new(file, "emulator.base_url", why))?;
        bot.check_credential(now).map_err(|bad| wrong(bad.key, bad.what))?;
    }
    check_store(&mut config.store).map_err(|(key, what)| ConfigError::new(file, key, format!("{key} {what}")))
}

/// Takes the URL from its file, and sees that it is one of PostgreSQL. No message shows it.
fn check_store(store: &mut StoreConfig) -> Result<(), (&'static str, String)> {
    let mut key = "store.url";
    if let Some(path) = store.url_file.take() {
        key = "store.url_file";
        if store.url.is_some() {
            return Err((key, "and url are both set: keep one".to_owned()));
        }
        let text = std::fs::read_to_string(&path)
            .map_err(|error| (key, format!("{} cannot be read: {error}", path.display())))?;
        store.url = Some(Secret::new(text.trim_end_matches(['\r', '\n'])));
    }
    let of_postgres =
        |url: &Secret| ["postgres://", "postgresql://"].iter().any(|scheme| url.expose().starts_with(scheme));
    if store.url.as_ref().is_some_and(|url| !of_postgres(url)) {
        return Err((key, "must begin with postgres://, as in postgres://user:password@host:5432/database".to_owned()));
    }
    Ok(())
}

fn check_bot(bot: &BotConfig, wrong: &impl Fn(&str, String) -> ConfigError) -> Result<(), ConfigError> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if bot.name.is_empty() || bot.name.len() > 64 || !bot.name.chars().all(plain) {
        return Err(wrong("name", format!("{:?} must be 1 to 64 lower-case letters, digits, - or _", bot.name)));
    }
    if bot.app_id.is_empty() {
        return Err(wrong("app_id", "is missing: write the application (client) id of the app registration".into()));
    }
    // A domain name would get tokens, but activities name tenants by id: none would be served.
    for (key, ids) in [
        ("app_id", std::slice::from_ref(&bot.app_id)),
        ("tenant", bot.tenant.as_slice()),
        ("allowed_tenants", &bot.allowed_tenants),
    ] {
        if let Some(id) = ids.iter().find(|id| !is_guid(id)) {
            return Err(wrong(key, format!("{id:?} is no id: write the GUID the Entra admin center shows")));
        }
    }
    if bot.tenant.is_none() && !bot.multi_tenant {
        let what = "is missing: write the home tenant of the app registration, or multi_tenant = true";
        return Err(wrong("tenant", what.into()));
    }
    if bot.proactive_install && bot.manifest_id.is_none() {
        return Err(wrong("manifest_id", "is missing: proactive_install needs the id in the app's manifest".into()));
    }
    if bot.service_hosts.iter().any(|host| host.trim_matches('.').is_empty() || host.contains(['/', ':', '*', ' '])) {
        return Err(wrong("service_hosts", "must be host names, without scheme, port, path or *".into()));
    }
    Ok(())
}
