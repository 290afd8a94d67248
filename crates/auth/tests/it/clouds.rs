//! The clouds: which hosts, scopes, issuers and tenants each one has.

use pregon_auth::{Cloud, Endpoints};
use pregon_model::{ServiceUrl, TenantId};
use url::Url;

const ALL: [Cloud; 5] = [Cloud::Public, Cloud::Gcc, Cloud::GccHigh, Cloud::Dod, Cloud::China];

/// What a cloud is made of, one value a line.
fn describe(endpoints: &Endpoints) -> String {
    let tenant = TenantId::new("TENANT");
    let [issuer_v1, issuer_v2] = endpoints.entra_issuers(&tenant);
    let service_url = endpoints.default_service_url().map_or("none", ServiceUrl::as_str);
    let bot_tenants: Vec<_> = endpoints.bot_service_tenants().map(|tenant| tenant.as_str()[..8].to_owned()).collect();
    let lines = [
        format!("login {}", endpoints.login()),
        format!("bot token {}", endpoints.token_url(endpoints.bot_tenant()).unwrap()),
        format!("bot scope {}", endpoints.bot_scope()),
        format!("graph {}", endpoints.graph()),
        format!("graph scope {}", endpoints.graph_scope()),
        format!("teams issuer {}", endpoints.issuer()),
        format!("teams keys {}", endpoints.bot_metadata()),
        format!("entra issuer {issuer_v1} {issuer_v2}"),
        format!("entra keys {}", endpoints.entra_metadata()),
        format!("entra bots {}", bot_tenants.join(" ")),
        format!("token exchange {}", endpoints.token_exchange()),
        format!("service url {service_url}"),
    ];
    lines.map(|line| line.trim_end().to_owned() + "\n").concat()
}

const PUBLIC: &str = "\
login https://login.microsoftonline.com/
bot token https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token
bot scope https://api.botframework.com/.default
graph https://graph.microsoft.com/v1.0
graph scope https://graph.microsoft.com/.default
teams issuer https://api.botframework.com
teams keys https://login.botframework.com/v1/.well-known/openidconfiguration
entra issuer https://sts.windows.net/tenant/ https://login.microsoftonline.com/tenant/v2.0
entra keys https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration
entra bots d6d49420 f8cdef31 69e9b82d
token exchange api://AzureADTokenExchange
service url https://smba.trafficmanager.net/teams/
";

const GCC_HIGH: &str = "\
login https://login.microsoftonline.us/
bot token https://login.microsoftonline.us/MicrosoftServices.onmicrosoft.us/oauth2/v2.0/token
bot scope https://api.botframework.us/.default
graph https://graph.microsoft.us/v1.0
graph scope https://graph.microsoft.us/.default
teams issuer https://api.botframework.us
teams keys https://login.botframework.azure.us/v1/.well-known/openidconfiguration
entra issuer https://sts.windows.net/tenant/ https://login.microsoftonline.us/tenant/v2.0
entra keys https://login.microsoftonline.us/cab8a31a-1906-4287-a0d8-4eef66b95f6e/v2.0/.well-known/openid-configuration
entra bots cab8a31a
token exchange api://AzureADTokenExchangeUSGov
service url https://smba.infra.gov.teams.microsoft.us/teams
";

const CHINA: &str = "\
login https://login.partner.microsoftonline.cn/
bot token https://login.partner.microsoftonline.cn/microsoftservices.partner.onmschina.cn/oauth2/v2.0/token
bot scope https://api.botframework.azure.cn/.default
graph https://microsoftgraph.chinacloudapi.cn/v1.0
graph scope https://microsoftgraph.chinacloudapi.cn/.default
teams issuer https://api.botframework.azure.cn
teams keys https://login.botframework.azure.cn/v1/.well-known/openidconfiguration
entra issuer https://sts.chinacloudapi.cn/tenant/ https://login.partner.microsoftonline.cn/tenant/v2.0
entra keys https://login.partner.microsoftonline.cn/common/v2.0/.well-known/openid-configuration
entra bots
token exchange api://AzureADTokenExchangeChina
service url none
";

/// Source: Microsoft Learn, "Authenticate with the Bot Connector API", with its pages for the US
/// government and for China.
#[test]
fn each_cloud_has_the_values_that_microsoft_publishes() {
    let gcc = PUBLIC.replace("smba.trafficmanager.net/teams/", "smba.infra.gcc.teams.microsoft.com/teams");
    let dod = GCC_HIGH.replace("graph.microsoft.us", "dod-graph.microsoft.us").replace(".gov.", ".dod.");
    for (cloud, want) in [
        (Cloud::Public, PUBLIC),
        (Cloud::Gcc, &gcc),
        (Cloud::GccHigh, GCC_HIGH),
        (Cloud::Dod, &dod),
        (Cloud::China, CHINA),
    ] {
        assert_eq!(describe(&Endpoints::of(cloud)), want, "{cloud}");
    }
}

fn trusted(endpoints: &Endpoints, text: &str) -> bool {
    endpoints.trust(&ServiceUrl::new(text)).is_ok()
}

#[test]
fn every_cloud_is_named_and_trusts_its_own_service_url() {
    for cloud in ALL {
        assert_eq!(cloud.to_string().parse(), Ok(cloud));
        let endpoints = Endpoints::of(cloud);
        assert!(endpoints.default_service_url().is_none_or(|url| endpoints.trust(url).is_ok()), "{cloud}");
    }
    assert!("azure".parse::<Cloud>().unwrap_err().to_string().contains("gcc-high"));
}

#[test]
fn only_the_hosts_of_teams_get_a_token() {
    let public = Endpoints::public();
    for text in [
        "https://smba.trafficmanager.net/emea/",
        "https://SMBA.trafficmanager.net/amer/5a9e4c17",
        "https://smba.trafficmanager.net:443/teams",
        "https://canary.botapi.skype.com/amer/",
        "https://smba.infra.gcc.teams.microsoft.com/teams",
    ] {
        assert!(trusted(&public, text), "{text}");
    }
    for text in [
        "http://smba.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net.evil.example/emea/",
        "https://evil-smba.trafficmanager.net/emea/",
        "https://other.trafficmanager.net/emea/",
        "https://smba.trafficmanager.net:8443/emea/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://evilbotapi.skype.com/",
        "https://.botapi.skype.com/",
        "https://smba.infra.a.b.teams.microsoft.com/",
        "https://smba.infra.teams.microsoft.com/",
        "https://smba.infra.gov.teams.microsoft.us/teams",
        "http://127.0.0.1:3979/emea/",
        "ftp://smba.trafficmanager.net/",
        "smba.trafficmanager.net",
        "",
    ] {
        assert!(!trusted(&public, text), "{text}");
    }
    assert!(trusted(&Endpoints::gcc_high(), "https://smba.infra.gov.teams.microsoft.us/gcch"));
    assert!(!trusted(&Endpoints::china(), "https://smba.trafficmanager.net/teams/"));
    assert!(trusted(&Endpoints::china().with_service_host(".example.cn"), "https://a.example.cn/"));
}

#[test]
fn an_emulator_is_trusted_by_scheme_host_and_port_and_only_on_this_machine() {
    let emulator = Endpoints::emulator(&Url::parse("http://127.0.0.1:3979").unwrap()).unwrap();
    assert!(trusted(&emulator, "http://127.0.0.1:3979/emea/"));
    assert!(emulator.trust(emulator.default_service_url().unwrap()).is_ok());
    assert!(emulator.is_loopback());
    assert_eq!(emulator.bot_metadata().as_str(), "http://127.0.0.1:3979/v1/.well-known/openidconfiguration");
    for text in ["http://127.0.0.1:3980/emea/", "https://127.0.0.1:3979/", "http://localhost:3979/"] {
        assert!(!trusted(&emulator, text), "{text}");
    }
    for text in ["http://10.0.0.1:3979", "https://emulator.example", "http://localhost.example"] {
        assert!(Endpoints::emulator(&Url::parse(text).unwrap()).is_err(), "{text}");
    }
}

#[test]
fn plain_http_leaves_for_this_machine_only() {
    let with = |text: &str| Endpoints::public().with_login(Url::parse(text).unwrap());
    assert!(with("http://[::1]:8080/").is_ok());
    assert!(with("http://login.example/").unwrap_err().to_string().contains("plain http"));
}

#[test]
fn ids_are_encoded_and_cannot_leave_the_base_path() {
    let public = Endpoints::public();
    let base = public.trust(&ServiceUrl::new("https://smba.trafficmanager.net/emea/")).unwrap();
    let url = base.endpoint(&["v3", "conversations", "19:a@thread.tacv2;messageid=1/../x?y#z%2e"]).unwrap();
    let want = "https://smba.trafficmanager.net/emea/v3/conversations/\
                19%3Aa%40thread.tacv2%3Bmessageid%3D1%2F..%2Fx%3Fy%23z%252e";
    assert_eq!(url.as_str(), want);
    for id in ["..", ".", ""] {
        assert_eq!(base.endpoint(&["v3", id]), None, "{id:?}");
    }
}

#[test]
fn a_tenant_that_is_no_name_gives_no_token_address() {
    let public = Endpoints::public();
    let url = |tenant: &str| public.token_url(&TenantId::new(tenant)).map(String::from);
    let want = "https://login.microsoftonline.com/botframework.com/oauth2/v2.0/token";
    assert_eq!(url("botframework.com").as_deref(), Some(want));
    for tenant in ["", "..", "a/b", "a?b", "a#b", "a b"] {
        assert_eq!(url(tenant), None, "{tenant}");
    }
}
