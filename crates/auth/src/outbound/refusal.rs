use std::fmt;

/// Who gives out tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenService {
    /// Entra's login service.
    #[default]
    Login,
    /// The identity endpoint of the machine the bot runs on.
    ManagedIdentity,
}

impl fmt::Display for TokenService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Login => "the login service",
            Self::ManagedIdentity => "the machine's identity endpoint",
        })
    }
}

/// What a token service said when it refused; safe to log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Who refused.
    pub service: TokenService,
    /// HTTP status.
    pub status: u16,
    /// OAuth code: `invalid_client`, `unauthorized_client` …
    pub error: Option<String>,
    /// The number after `AADSTS`.
    pub aadsts: Option<u32>,
    /// For Microsoft's support.
    pub trace_id: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.aadsts, &self.error) {
            (Some(code), _) => write!(f, "AADSTS{code}")?,
            (None, Some(error)) => f.write_str(error)?,
            (None, None) => write!(f, "HTTP {}", self.status)?,
        }
        match &self.trace_id {
            Some(trace_id) => write!(f, ", trace id {trace_id}"),
            None => Ok(()),
        }
    }
}

impl Refusal {
    /// What the operator does about it.
    ///
    /// Source: Microsoft Learn, "Microsoft Entra authentication and authorization error codes", and for
    /// assertions "Troubleshoot `ClientAssertionCredential` authentication issues".
    pub fn remedy(&self) -> &'static str {
        match self.aadsts {
            Some(7_000_215) => "the client secret is wrong; configure the secret's value, not its id",
            Some(7_000_222) => "the client secret has expired; create a new one in the app registration",
            Some(7_000_216 | 7_000_218) => "no credential was sent; configure a secret, certificate or identity",
            Some(7_000_232) => "the app id is that of a managed identity, which has no secret; configure the identity",
            Some(700_025) => "the app is registered as a public client; allow it credentials of its own",
            Some(7_000_112) => "the app is disabled in this tenant; enable it, or ask its administrator",
            Some(700_027) => "the certificate is not registered for this app, or it has expired",
            Some(700_030) => {
                "the certificate's subject name is not one the app trusts; register it, or the certificate"
            }
            Some(700_024 | 500_133) => "the assertion has expired or is not yet valid; set this machine's clock",
            Some(700_021 | 700_023 | 50_048) => {
                "the assertion is for another app or login service; check app id, tenant and cloud"
            }
            Some(70_025) => "the app trusts no federated identity; add a federated credential to its registration",
            Some(70_021 | 700_211 | 700_212 | 700_213 | 7_002_138) => {
                "the federated credential's issuer, subject or audience does not match the app registration, \
                 where upper and lower case differ"
            }
            Some(700_222) => "the federated token is Entra's own; only that of a managed identity can be exchanged",
            Some(50_027) => "the assertion is not a token Entra can read; check the certificate or the token file",
            Some(700_016) => {
                "the app is not known in this tenant; check the app id, and name the home tenant of a single-tenant bot"
            }
            Some(7_000_229) => "the app has no service principal in this tenant; have an administrator consent to it",
            Some(90_002 | 900_023) => "the tenant does not exist; check its id",
            Some(70_011 | 1_002_012) => "the scope is not one of this cloud; check which cloud is configured",
            Some(500_011) => "the resource is unknown in this tenant; check which cloud is configured",
            Some(900_144) => "a field of the request was lost on the way; is there a proxy in between?",
            Some(50_196) => "the same token was asked for too often; is the bot being restarted in a loop?",
            _ => match self.service {
                TokenService::Login => "check app id, credential, tenant and cloud",
                TokenService::ManagedIdentity => {
                    "assign the user-assigned identity to what the bot runs on, and check its client id"
                }
            },
        }
    }
}
