use std::time::Duration;

use pregon_server::Config;
use pregon_server::config::{ConfigError, LogFormat, Override};

const GUID: &str = "5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596";
const OTHER: &str = "7e2b9d40-1c3a-4f58-9d6e-2a8b5c7f0e13";
const BOT: &str = "[[bots]]\napp_id = \"3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10\"\nsecret = \"hunter2\"\n\
                   tenant = \"5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596\"\n";

fn refused(text: &str) -> ConfigError {
    Config::parse("pregon.toml", text).err().unwrap_or_else(|| panic!("{text} is accepted"))
}

fn load(text: &str, variables: &[(&str, &str)], flags: &[Override]) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("pregon.toml");
    std::fs::write(&file, text).unwrap();
    Config::load(Some(&file), variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())), flags)
}

#[test]
fn the_template_shows_the_defaults() {
    let template = Config::parse("template", Config::template()).unwrap();
    assert_eq!(format!("{template:?}"), format!("{:?}", Config::default()));
}

#[test]
fn every_key_of_the_template_is_one() {
    // Uncomment every "# key = value" and "# [section]" line.
    let is_setting = |line: &str| {
        line.starts_with('[') || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ') && !key.is_empty())
    };
    let lines = Config::template().lines().map(|line| match line.strip_prefix("# ") {
        Some(rest) if is_setting(rest) => rest,
        _ => line,
    });
    let all: Vec<_> = lines.collect();
    // Each key is known and each value of its kind: only the kinds of credential exclude each other.
    assert_eq!(refused(&all.join("\n")).key, "bots.0.secret_file");
    let others = ["url_file", "secret_file", "certificate_", "federated_token_file", "managed_identity"];
    let with_secret = all.into_iter().filter(|line| !others.iter().any(|key| line.starts_with(key)));
    let config = Config::parse("template", &with_secret.collect::<Vec<_>>().join("\n")).unwrap();
    let bot = &config.bots[0];
    assert_eq!((bot.name.as_str(), bot.welcome.enabled), ("main", Some(true)));
    assert!(config.emulator.base_url.is_some());
}

#[test]
fn a_mistake_names_the_file_the_key_and_what_to_write() {
    let cases = [
        ("[delivery]\nlane_pers = 5", "delivery.lane_pers", "did you mean lane_per_s?"),
        ("[servr]", "servr", "did you mean server?"),
        ("[delivery]\nlane_per_s = \"fast\"", "delivery.lane_per_s", "a whole number"),
        ("[delivery]\nlane_per_s = -1", "delivery.lane_per_s", "a whole number"),
        ("[delivery]\nattempts = 99999999999", "delivery.attempts", "u32"),
        ("[delivery]\nattempts = 0", "delivery.attempts", "at least 1"),
        ("[server]\nlisten = \"8080\"", "server.listen", "socket address"),
        ("[log]\nformat = \"xml\"", "log.format", "json"),
        ("[bots]\nname = \"x\"", "bots", "[[name]]"),
        ("[[bots]]\ntenant = \"t\"\nsecret = \"x\"", "bots.0.app_id", "application (client) id"),
        ("[[bots]]\napp_id = \"a\"\nsecret = \"x\"", "bots.0.tenant", "multi_tenant = true"),
        ("[[bots]]\napp_id = \"a\"\ntenant = \"t\"", "bots.0.secret", "is missing"),
        ("[[bots]]\napp_id = \"a\"\nname = \"Main Bot\"", "bots.0.name", "lower-case"),
        ("[[bots]]\napp_id = \"a\"\ncloud = \"azure\"", "bots.0.cloud", "gcc-high"),
        (
            "[[bots]]\napp_id = \"a\"\ntenant = \"t\"\nsecret_file = \"/no/such\"",
            "bots.0.secret_file",
            "cannot be read",
        ),
        ("[[bots]]\napp_id = \"me\"", "bots.0.app_id", "GUID"),
        ("[[bots]]\napp_id = \"a\"\ntenant = \"contoso.com\"", "bots.0.tenant", "GUID"),
        ("[[bots]]\nwelcome = { ofer = \"x\" }", "bots.0.welcome.ofer", "did you mean offer?"),
    ];
    for (text, key, says) in cases {
        let error = refused(&text.replace("\"a\"", &format!("{GUID:?}")).replace("\"t\"", &format!("{GUID:?}")));
        assert_eq!(error.key, key, "{text}: {error}");
        let sentence = error.to_string();
        assert!(
            sentence.starts_with("pregon.toml: ") && sentence.contains(says) && sentence.contains(key),
            "{sentence}"
        );
    }
}

#[test]
fn contradictions_are_found_before_anything_starts() {
    let with = |more: &str| refused(&format!("{BOT}{more}"));
    assert_eq!(with("secret_file = \"x\"").key, "bots.0.secret_file");
    assert_eq!(with("proactive_install = true").key, "bots.0.manifest_id");
    assert_eq!(with("[delivery]\nlane_per_s = 0").key, "delivery.lane_per_s");
    assert_eq!(with(BOT).key, "bots.1.name");
    let far = with("cloud = \"emulator\"\n[emulator]\nbase_url = \"http://10.0.0.1\"");
    assert!(far.to_string().contains("this machine"), "{far}");
}

#[test]
fn the_environment_overrides_the_file_and_flags_override_both() {
    let tenants = format!("{GUID}, {OTHER}");
    let variables = [
        ("PREGON_DELIVERY__LANE_PER_S", "20"),
        ("PREGON_SERVER__LISTEN", "127.0.0.1:1"),
        ("PREGON_BOTS__0__SECRET", "from-env"),
        ("PREGON_BOTS__1__NAME", "second"),
        ("PREGON_BOTS__1__APP_ID", OTHER),
        ("PREGON_BOTS__1__SECRET", "x"),
        ("PREGON_BOTS__1__MULTI_TENANT", "true"),
        ("PREGON_BOTS__1__ALLOWED_TENANTS", tenants.as_str()),
        ("PREGON_LOG__FORMAT", "json"),
        ("PREGON_KEY", "not ours: no section"),
        ("PATH", "/bin"),
    ];
    let flag = Override { place: "--listen".into(), key: "server.listen".into(), value: "127.0.0.1:2".into() };
    let config = load(&format!("[delivery]\nlane_per_s = 40\nattempts = 3\n{BOT}"), &variables, &[flag]).unwrap();
    assert_eq!((config.delivery.lane_per_s, config.delivery.attempts), (20, 3));
    assert_eq!(config.server.listen.port(), 2);
    assert_eq!(config.bots[0].secret.as_ref().unwrap().expose(), "from-env");
    assert_eq!(config.bots[1].allowed_tenants, [GUID, OTHER]);
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn a_mistake_in_the_environment_names_its_variable() {
    for (variable, value, says) in [
        ("PREGON_DELIVERY__LANE_PERS", "1", "did you mean lane_per_s?"),
        ("PREGON_DELIVERY__LANE_PER_S", "fast", "a whole number"),
        ("PREGON_BOTS__2__NAME", "x", "the next one not configured yet is 1"),
        ("PREGON_BOTS__0", "x", "no key bots.0"),
        ("PREGON_SERVER__LISTEN__PORT", "1", "no key server.listen.port"),
    ] {
        let error = load(BOT, &[(variable, value)], &[]).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{variable}: ")) && error.contains(says), "{error}");
    }
}

#[test]
fn a_secret_is_read_from_its_file_and_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("secret");
    std::fs::write(&file, "hunter2\n").unwrap();
    let text = BOT.replace("secret = \"hunter2\"", &format!("secret_file = {file:?}"));
    let config = Config::parse("pregon.toml", &text).unwrap();
    assert_eq!(config.bots[0].secret.as_ref().unwrap().expose(), "hunter2");
    assert!(!format!("{config:?}").contains("hunter2"));
    let broken = refused(&format!("{BOT}secret = \"hunter3\" x"));
    assert!(!broken.to_string().contains("hunter"), "{broken}");
    let flag = Override { place: "--x".into(), key: "bots.0.secret".into(), value: "hunter2".into() };
    assert!(!format!("{flag:?}").contains("hunter2"));
}

#[test]
fn the_url_of_a_database_is_read_from_its_file_and_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("database");
    let url = "postgres://ana:hunter2@db/pregon";
    std::fs::write(&file, format!("{url}\n")).unwrap();
    let config = Config::parse("pregon.toml", &format!("[store]\nurl_file = {file:?}")).unwrap();
    assert_eq!(config.store.url.as_ref().unwrap().expose(), url);
    assert!(!format!("{config:?}").contains("hunter2"));
    let both = refused(&format!("[store]\nurl = {url:?}\nurl_file = {file:?}"));
    assert_eq!((both.key.as_str(), both.to_string().contains("keep one")), ("store.url_file", true));
    let other = refused("[store]\nurl = \"mysql://ana:hunter2@db/pregon\"");
    assert_eq!(other.key, "store.url");
    assert!(other.to_string().contains("postgres://") && !other.to_string().contains("hunter2"), "{other}");
    assert_eq!(refused("[store]\nurl_file = \"/no/such\"").key, "store.url_file");
    assert_eq!(refused("[store]\nconnections = 0").key, "store.connections");
    assert!(refused("[store]\nuri = \"x\"").to_string().contains("did you mean url?"));
}

#[test]
fn a_tenant_is_served_as_the_operator_says() {
    let serves = |more: &str, tenant: &str| {
        let config = Config::parse("pregon.toml", &format!("{BOT}{more}")).unwrap();
        config.bots[0].serves(&pregon_model::TenantId::new(tenant))
    };
    let (third, listed) = ("d04f7b28-6e15-4c93-b8a7-1f2e5d6c9038", format!("allowed_tenants = [{OTHER:?}]"));
    assert!(serves("", &GUID.to_uppercase()) && !serves("", OTHER));
    assert!(serves(&listed, OTHER) && !serves(&listed, third));
    assert!(serves("multi_tenant = true", third));
    assert!(!serves(&format!("multi_tenant = true\n{listed}"), third));
}

#[test]
fn deliveries_are_kept_for_as_many_days_as_configured_and_for_ever_with_none() {
    let retention = |text: &str| Config::parse("pregon.toml", text).unwrap().delivery.retention();
    assert_eq!(retention(""), Some(Duration::from_hours(90 * 24)));
    assert_eq!(retention("[delivery]\nretention_days = 1"), Some(Duration::from_hours(24)));
    assert_eq!(retention("[delivery]\nretention_days = 0"), None);
    assert_eq!(refused("[delivery]\nretention_days = -1").key, "delivery.retention_days");
}
