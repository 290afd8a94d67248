use std::sync::Arc;
use std::time::{Duration, SystemTime};

use url::Url;

use super::answer::{self, Grant};
use crate::service_host::is_of_this_machine;
use crate::{BadEndpoint, HttpClient, HttpSetupError, Secret, TokenError, TokenService};

/// Where a virtual machine asks; the address never leaves the host it runs on.
const IMDS: &str = "http://169.254.169.254/metadata/identity/oauth2/token";

/// Longest wait for one answer.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// An identity that Azure gives to the machine or the app service the bot runs on.
///
/// As a bot's credential it fits a bot of the kind `UserAssignedMSI`, whose app id is the identity's
/// client id. Any other app may trust it: [`FederatedToken::ManagedIdentity`](crate::FederatedToken).
///
/// Its requests go to this machine or to a link-local address, in no case through a proxy, and hold
/// nothing but the names of the identity and of the service the token is for.
///
/// Source: Microsoft Learn, "How to use managed identities for Azure resources on an Azure VM to acquire
/// an access token" and "How to use managed identities for App Service and Azure Functions".
///
/// ```no_run
/// use pregon_auth::{Credential, ManagedIdentity};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client_id = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";
/// let identity = ManagedIdentity::from_env(client_id, |name| std::env::var(name).ok())?;
/// let credential = Credential::from(identity);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ManagedIdentity {
    http: HttpClient,
    client_id: String,
    url: Url,
    host: Host,
}

#[derive(Clone, Debug)]
enum Host {
    VirtualMachine,
    AppService { header: Secret },
}

/// The identity cannot be set up.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManagedIdentityError {
    /// The address is none that Azure gives.
    #[error(transparent)]
    Endpoint(#[from] BadEndpoint),
    /// `IDENTITY_ENDPOINT` is set, but `IDENTITY_HEADER` is not.
    #[error("IDENTITY_HEADER is missing: App Service sets it together with IDENTITY_ENDPOINT")]
    NoHeader,
    /// There is no HTTP client.
    #[error(transparent)]
    Http(#[from] HttpSetupError),
}

impl ManagedIdentity {
    /// A user-assigned identity, by its client id, of a virtual machine or a Kubernetes node.
    pub fn of_machine(client_id: impl Into<String>) -> Result<Self, ManagedIdentityError> {
        let (http, url) = (HttpClient::direct()?, parse(IMDS)?);
        Ok(Self { http, client_id: client_id.into(), url, host: Host::VirtualMachine })
    }

    /// A user-assigned identity of App Service, Functions or Container Apps, with what the variables
    /// `IDENTITY_ENDPOINT` and `IDENTITY_HEADER` say there.
    pub fn of_app_service(
        client_id: impl Into<String>,
        endpoint: Url,
        header: Secret,
    ) -> Result<Self, ManagedIdentityError> {
        Ok(Self { host: Host::AppService { header }, ..Self::of_machine(client_id)?.at(endpoint)? })
    }

    /// The one of these that the environment tells of.
    pub fn from_env(
        client_id: impl Into<String>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ManagedIdentityError> {
        let Some(endpoint) = variable("IDENTITY_ENDPOINT") else { return Self::of_machine(client_id) };
        let header = variable("IDENTITY_HEADER").ok_or(ManagedIdentityError::NoHeader)?;
        Self::of_app_service(client_id, parse(&endpoint)?, Secret::new(header))
    }

    /// Asks at another address: on this machine, or link-local.
    pub fn at(self, url: Url) -> Result<Self, BadEndpoint> {
        if matches!(url.scheme(), "http" | "https") && is_of_this_machine(&url) {
            return Ok(Self { url, ..self });
        }
        Err(bad(url.as_str(), "is neither on this machine nor link-local: an identity is asked for nowhere else"))
    }

    /// Asks once for a token for `resource`, a name without `/.default`.
    pub(super) async fn request(&self, resource: &str, now: SystemTime) -> Result<Grant, TokenError> {
        let version = match self.host {
            Host::VirtualMachine => "2018-02-01",
            Host::AppService { .. } => "2019-08-01",
        };
        let query = [("api-version", version), ("resource", resource), ("client_id", &self.client_id)];
        let request = self.http.get().get(self.url.clone()).timeout(ATTEMPT_TIMEOUT).query(&query);
        let request = match &self.host {
            // A page that a browser or a lured server loads cannot set it.
            Host::VirtualMachine => request.header("Metadata", "true"),
            Host::AppService { header } => request.header("X-IDENTITY-HEADER", header.expose()),
        };
        let response = request.send().await.map_err(|error| TokenError::Unreachable(Arc::new(NoIdentity(error))))?;
        answer::read(response, TokenService::ManagedIdentity, now).await
    }
}

fn parse(url: &str) -> Result<Url, BadEndpoint> {
    Url::parse(url).map_err(|_| bad(url, "is not an absolute URL"))
}

fn bad(url: &str, why: &'static str) -> BadEndpoint {
    BadEndpoint { name: "IDENTITY_ENDPOINT", url: url.to_owned(), why }
}

#[derive(Debug, thiserror::Error)]
#[error("the machine's identity endpoint does not answer: does this run in Azure?")]
struct NoIdentity(#[source] reqwest::Error);
