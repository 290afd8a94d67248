use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pregon_auth::{Refusal, TokenFor};
use pregon_model::ErrorBody;

use super::claims::Claims;
use super::evidence::Evidence;
use super::hosts::{Service, cloud, host, service};
use super::{AuthCause, Diagnosis, ToldBy};
use crate::classify::Failure;

/// How far two clocks may differ before it matters; the same as for inbound tokens.
const SKEW: Duration = Duration::from_mins(5);

/// The cause of a 401. What the service names comes first, then facts about token and request, then
/// its own words, whose wording may change; a token that is right in everything is of the wrong tenancy.
pub(crate) fn diagnose(failure: &Failure<'_>, said: &ErrorBody) -> Diagnosis {
    let evidence = Evidence::gather(failure, said);
    let rules = [by_code, by_lifetime, by_audience, by_cloud, by_bot, by_request, by_challenge, by_tenant];
    let found = rules.into_iter().find_map(|rule| rule(&evidence));
    found.unwrap_or(Diagnosis::new(AuthCause::Unknown, ToldBy::Nothing))
}

/// The cause of a login service's refusal.
///
/// Source: Microsoft Learn, "Microsoft Entra authentication and authorization error codes".
pub(crate) fn at_login(refusal: &Refusal) -> Diagnosis {
    let cause = match refusal.aadsts {
        // The app is not in the tenant that was asked, or there is no such tenant.
        Some(700_016 | 7_000_229 | 90_002 | 900_023) => AuthCause::WrongTenancy,
        // The scope or resource is not one of this cloud.
        Some(70_011 | 1_002_012 | 500_011) => AuthCause::WrongCloud,
        _ => AuthCause::CredentialsRefused,
    };
    Diagnosis::new(cause, ToldBy::Login)
}

fn by_code(evidence: &Evidence<'_>) -> Option<Diagnosis> {
    if evidence.said.is("BotNotRegistered") {
        // Teams looks among the bots that have its channel: it cannot tell the two apart.
        return Some(Diagnosis::new(AuthCause::NotRegistered, ToldBy::Code).or(AuthCause::TeamsChannelOff));
    }
    evidence.said.is("InvalidBotApiHost").then_some(Diagnosis::new(AuthCause::WrongServiceUrl, ToldBy::Code))
}

fn by_lifetime(evidence: &Evidence<'_>) -> Option<Diagnosis> {
    let claims = evidence.claims.as_ref()?;
    let outside = |name| Some(Diagnosis::new(AuthCause::TokenLifetime, ToldBy::Claim(name)));
    if claims.exp.is_some_and(|exp| exp <= seconds(evidence.at)) {
        return outside("exp");
    }
    if claims.nbf.is_some_and(|nbf| nbf > seconds(evidence.at + SKEW)) {
        return outside("nbf");
    }
    None
}

fn by_audience(evidence: &Evidence<'_>) -> Option<Diagnosis> {
    let audience = evidence.claims.as_ref()?.audience()?;
    let wanted = match evidence.target {
        TokenFor::Connector => Service::Connector,
        TokenFor::Graph(_) => Service::Graph,
    };
    (service(audience) != wanted).then_some(Diagnosis::new(AuthCause::WrongAudience, ToldBy::Claim("aud")))
}

fn by_cloud(evidence: &Evidence<'_>) -> Option<Diagnosis> {
    let called = cloud(evidence.host)?;
    let claims = evidence.claims.as_ref()?;
    let named = [("aud", claims.audience()), ("iss", claims.iss.as_deref())];
    let other =
        named.into_iter().find(|(_, url)| url.and_then(|url| cloud(host(url))).is_some_and(|own| own != called));
    other.map(|(name, _)| Diagnosis::new(AuthCause::WrongCloud, ToldBy::Claim(name)))
}

fn by_bot(evidence: &Evidence<'_>) -> Option<Diagnosis> {
    let own = evidence.claims.as_ref().and_then(Claims::app)?;
    let other = evidence.bots.iter().any(|bot| !bot.eq_ignore_ascii_case(own));
    other.then_some(Diagnosis::new(AuthCause::AnotherBot, ToldBy::Request))
}

fn by_request(evidence: &Evidence<'_>) -> Option<Diagnosis> {
    evidence.tenant_missing.then_some(Diagnosis::new(AuthCause::TenantMissing, ToldBy::Request))
}

/// The words of ASP.NET's token check, which the Connector and Graph use.
fn by_challenge(evidence: &Evidence<'_>) -> Option<Diagnosis> {
    let words = [
        ("expired", AuthCause::TokenLifetime),
        ("lifetime", AuthCause::TokenLifetime),
        ("not valid before", AuthCause::TokenLifetime),
        ("audience", AuthCause::WrongAudience),
        ("issuer", AuthCause::WrongTenancy),
    ];
    let (_, cause) = words.into_iter().find(|(word, _)| evidence.challenge.contains(word))?;
    Some(Diagnosis::new(cause, ToldBy::Challenge))
}

fn by_tenant(evidence: &Evidence<'_>) -> Option<Diagnosis> {
    let issued_by = evidence.claims.as_ref()?.tid.as_deref()?;
    let right = match evidence.target {
        TokenFor::Graph(tenant) => tenant.as_str().eq_ignore_ascii_case(issued_by),
        TokenFor::Connector => false,
    };
    (!right).then_some(Diagnosis::new(AuthCause::WrongTenancy, ToldBy::Claim("tid")))
}

fn seconds(time: SystemTime) -> f64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use pregon_model::TenantId;
    use reqwest::Method;
    use reqwest::header::HeaderMap;
    use serde_json::{Value, json};
    use url::Url;

    use super::super::hosts::GRAPH_APP;
    use super::*;
    use crate::transport::Call;

    const NOW_S: u64 = 1_790_000_000;
    const SEND: &str = "https://smba.trafficmanager.net/emea/v3/conversations/a%3A1/activities";

    /// A 401 that nothing explains, but for what a test changes.
    struct Case {
        url: &'static str,
        body: Value,
        target: TokenFor,
        claims: Value,
        code: &'static str,
        headers: HeaderMap,
    }

    impl Case {
        fn new() -> Self {
            let claims = json!({
                "aud": "https://api.botframework.com", "iss": "https://sts.windows.net/home/",
                "appid": "app-1", "nbf": NOW_S - 60, "exp": NOW_S + 3600,
            });
            let (target, code) = (TokenFor::Connector, "AuthorizationError");
            Self { url: SEND, body: json!({"type": "message"}), target, claims, code, headers: HeaderMap::new() }
        }

        fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
            self.claims[name] = value.into();
            self
        }

        fn header(mut self, name: &'static str, value: &'static str) -> Self {
            self.headers.append(name, value.parse().unwrap());
            self
        }

        fn diagnosis(&self) -> Diagnosis {
            let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(self.claims.to_string()));
            let call = Call::new(Method::POST, Url::parse(self.url).ok(), self.target.clone()).unwrap();
            let call = call.json(&self.body).unwrap();
            let said = ErrorBody { code: Some(self.code.into()), ..ErrorBody::default() };
            let now = UNIX_EPOCH + Duration::from_secs(NOW_S);
            let headers = &self.headers;
            diagnose(&Failure { call: &call, token: &token, status: 401, headers, body: b"", now }, &said)
        }

        fn told(&self) -> (AuthCause, ToldBy) {
            let diagnosis = self.diagnosis();
            (diagnosis.cause, diagnosis.told_by)
        }
    }

    fn challenged(challenge: &'static str) -> Case {
        Case::new().header("www-authenticate", challenge)
    }

    fn at(url: &'static str) -> Case {
        Case { url, ..Case::new() }
    }

    fn at_graph(tenant: &str) -> Case {
        let target = TokenFor::Graph(TenantId::new(tenant));
        Case { url: "https://graph.microsoft.com/v1.0/users", target, ..Case::new() }
    }

    #[test]
    fn every_cause_of_a_401_is_told_by_its_evidence() {
        use AuthCause::{
            AnotherBot, NotRegistered, TenantMissing, TokenLifetime, Unknown, WrongAudience, WrongCloud,
            WrongServiceUrl, WrongTenancy,
        };
        use ToldBy::{Challenge, Claim, Code, Nothing, Request};
        let create = "https://smba.trafficmanager.net/emea/v3/conversations";
        let gov = "https://smba.infra.gov.teams.microsoft.us/teams/v3/conversations";
        let installed =
            "https://smba.trafficmanager.net/emea/v3/conversations/19%3Aada_app-2%40unq.gbl.spaces/activities";
        let rows = [
            (Case { code: "botnotregistered", ..Case::new() }, NotRegistered, Code),
            (Case { code: "InvalidBotApiHost", ..Case::new() }, WrongServiceUrl, Code),
            (Case::new().claim("exp", NOW_S), TokenLifetime, Claim("exp")),
            (Case::new().claim("nbf", NOW_S + 301), TokenLifetime, Claim("nbf")),
            // Two hours ahead of us: there, the token has expired.
            (Case::new().header("date", "Mon, 21 Sep 2026 16:13:20 GMT"), TokenLifetime, Claim("exp")),
            (Case::new().claim("aud", "https://graph.microsoft.com"), WrongAudience, Claim("aud")),
            (Case::new().claim("aud", GRAPH_APP), WrongAudience, Claim("aud")),
            (Case::new().claim("aud", "api://botid-app-1"), WrongAudience, Claim("aud")),
            (at_graph("home"), WrongAudience, Claim("aud")),
            (at(gov), WrongCloud, Claim("aud")),
            (Case::new().claim("aud", "https://api.botframework.us"), WrongCloud, Claim("aud")),
            (Case::new().claim("iss", "https://login.microsoftonline.us/home/v2.0"), WrongCloud, Claim("iss")),
            (Case { body: json!({"from": {"id": "28:app-2"}}), ..Case::new() }, AnotherBot, Request),
            (Case { body: json!({"bot": {"id": "28:app-2"}}), ..Case::new() }, AnotherBot, Request),
            (at(installed), AnotherBot, Request),
            (at(installed).claim("appid", Value::Null).claim("azp", "app-3"), AnotherBot, Request),
            (at(create), TenantMissing, Request),
            (
                challenged(r#"Bearer error="invalid_token", error_description="The token expired at 1.1.""#),
                TokenLifetime,
                Challenge,
            ),
            (challenged(r#"Bearer error_description="The audience is invalid""#), WrongAudience, Challenge),
            (challenged(r#"Bearer error_description="The issuer is invalid""#), WrongTenancy, Challenge),
            (Case::new().claim("tid", "d6d49420-f39b-4df7-a1dc-d59a935871db"), WrongTenancy, Claim("tid")),
            (at_graph("other").claim("aud", GRAPH_APP).claim("tid", "home"), WrongTenancy, Claim("tid")),
            (at_graph("HOME").claim("aud", GRAPH_APP).claim("tid", "home"), Unknown, Nothing),
            (Case::new(), Unknown, Nothing),
        ];
        for (number, (case, cause, told_by)) in rows.into_iter().enumerate() {
            assert_eq!(case.told(), (cause, told_by), "row {number}");
        }
    }

    #[test]
    fn what_fits_is_no_evidence() {
        let with_tenant = json!({"tenantId": "t", "bot": {"id": "28:APP-1"}});
        let in_channel_data = json!({"channelData": {"tenant": {"id": "t"}}});
        let emulator = at("http://127.0.0.1:3978/emea/v3/conversations/a%3A1/activities");
        for case in [
            Case { body: with_tenant, ..at("https://smba.trafficmanager.net/emea/v3/conversations") },
            Case { body: in_channel_data, ..at("https://smba.trafficmanager.net/emea/v3/conversations") },
            emulator.claim("iss", "https://login.microsoftonline.us/home/v2.0"),
            Case::new().claim("nbf", NOW_S + 299),
            Case { claims: json!("no object"), ..Case::new() },
            Case::new().header("date", "yesterday").header("www-authenticate", "Bearer"),
        ] {
            assert_eq!(case.told(), (AuthCause::Unknown, ToldBy::Nothing), "{}", case.claims);
        }
    }

    #[test]
    fn what_one_code_cannot_tell_apart_is_said_as_two_causes_with_both_remedies() {
        let diagnosis = Case { code: "BotNotRegistered", ..Case::new() }.diagnosis();
        assert_eq!(diagnosis.or, Some(AuthCause::TeamsChannelOff));
        let shown = diagnosis.to_string();
        assert!(shown.contains("create an Azure Bot resource") && shown.contains("add the Microsoft Teams channel"));
    }

    #[test]
    fn a_login_services_refusal_is_one_of_the_causes_too() {
        for (aadsts, cause) in [
            (Some(7_000_215), AuthCause::CredentialsRefused),
            (Some(700_016), AuthCause::WrongTenancy),
            (Some(90_002), AuthCause::WrongTenancy),
            (Some(500_011), AuthCause::WrongCloud),
            (None, AuthCause::CredentialsRefused),
        ] {
            let refusal = Refusal { aadsts, ..Refusal::default() };
            assert_eq!(at_login(&refusal), Diagnosis::new(cause, ToldBy::Login), "{aadsts:?}");
        }
    }
}
