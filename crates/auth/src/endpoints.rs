use pregon_model::{ServiceUrl, TenantId};
use url::Url;

use crate::cloud::{CHINA, Cloud, Entra, GCC_HIGH, PUBLIC, Row};
use crate::service_host::{self, HostRule, is_loopback};
use crate::{TrustedServiceUrl, UntrustedServiceUrl};

/// An address of configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {url:?} {why}")]
pub struct BadEndpoint {
    /// Which address, as in this type's setter.
    pub name: &'static str,
    /// The address.
    pub url: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// Every Microsoft host a bot talks to, as configuration.
///
/// A cloud's are built in; each can be replaced, where an operator knows better or a test brings a
/// service of its own. Plain http is accepted to this machine only.
///
/// ```
/// use pregon_auth::Endpoints;
/// use pregon_model::ServiceUrl;
///
/// let named_by_the_operator = ServiceUrl::new("https://teams.partner.example/cn/");
/// assert!(Endpoints::china().trust(&named_by_the_operator).is_err());
/// let endpoints = Endpoints::china().with_service_host("teams.partner.example");
/// assert!(endpoints.trust(&named_by_the_operator).is_ok());
/// ```
///
/// Values: Microsoft Learn, "Authenticate with the Bot Connector API", and the Teams SDKs' cloud
/// environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    login: Url,
    bot_tenant: TenantId,
    bot_scope: String,
    graph: Url,
    graph_scope: String,
    bot_metadata: Url,
    issuer: String,
    hosts: Vec<HostRule>,
    default_service_url: Option<ServiceUrl>,
    entra: Entra,
}

impl Row {
    fn endpoints(&self, hosts: Vec<HostRule>) -> Endpoints {
        let url = |text: &str| Url::parse(text).expect("the table above holds URLs; a test reads every row");
        Endpoints {
            login: url(self.login),
            bot_tenant: TenantId::new(self.bot_tenant),
            bot_scope: format!("{}/.default", self.bot_api),
            graph: url(&format!("{}/v1.0", self.graph)),
            graph_scope: format!("{}/.default", self.graph),
            bot_metadata: url(self.bot_metadata),
            issuer: self.bot_api.to_owned(),
            hosts,
            default_service_url: self.default_service_url.map(ServiceUrl::new),
            entra: self.entra,
        }
    }
}

impl Endpoints {
    /// The endpoints of a cloud.
    pub fn of(cloud: Cloud) -> Self {
        match cloud {
            Cloud::Public => Self::public(),
            Cloud::Gcc => Self::gcc(),
            Cloud::GccHigh => Self::gcc_high(),
            Cloud::Dod => Self::dod(),
            Cloud::China => Self::china(),
        }
    }

    /// The worldwide cloud.
    pub fn public() -> Self {
        PUBLIC.endpoints(vec![
            HostRule::Exact("smba.trafficmanager.net".to_owned()),
            HostRule::Below(".botapi.skype.com".to_owned()),
            HostRule::Label { before: "smba.infra.", after: ".teams.microsoft.com" },
        ])
    }

    /// US government on the public login; its tenants are refused on the public service URL.
    pub fn gcc() -> Self {
        let default = ServiceUrl::new("https://smba.infra.gcc.teams.microsoft.com/teams");
        Self { default_service_url: Some(default), ..Self::public() }
    }

    /// US government, high.
    pub fn gcc_high() -> Self {
        GCC_HIGH.endpoints(vec![HostRule::Label { before: "smba.infra.", after: ".teams.microsoft.us" }])
    }

    /// US Department of Defense: GCC High's login and bot service, its own Graph and Teams.
    pub fn dod() -> Self {
        let graph = "https://dod-graph.microsoft.us";
        let default_service_url = Some("https://smba.infra.dod.teams.microsoft.us/teams");
        let row = Row { graph, default_service_url, ..GCC_HIGH };
        row.endpoints(vec![HostRule::Label { before: "smba.infra.", after: ".teams.microsoft.us" }])
    }

    /// China, operated by 21Vianet. Microsoft publishes no service URL there, so none is allowed
    /// until the operator names its host with [`Endpoints::with_service_host`].
    pub fn china() -> Self {
        CHINA.endpoints(Vec::new())
    }

    /// Everything on one emulator at `base`, which must be on this machine.
    ///
    /// Login is `{base}`, Graph `{base}/v1.0`, the default service URL `{base}/emea/`; issuer and
    /// scopes are the worldwide cloud's.
    pub fn emulator(base: &Url) -> Result<Self, BadEndpoint> {
        let bad = |why| BadEndpoint { name: "emulator", url: base.to_string(), why };
        if !matches!(base.scheme(), "http" | "https") {
            return Err(bad("is neither http nor https"));
        }
        if !is_loopback(base) {
            return Err(bad("is not on this machine: an emulator's tokens go to loopback only"));
        }
        let below = |path| join(base, path);
        Ok(Self {
            login: base.clone(),
            graph: below("v1.0"),
            bot_metadata: below("v1/.well-known/openidconfiguration"),
            hosts: vec![HostRule::Origin(base.clone())],
            default_service_url: Some(ServiceUrl::new(below("emea/"))),
            ..Self::public()
        })
    }

    /// Base of the login service.
    pub fn login(&self) -> &Url {
        &self.login
    }

    /// Where `tenant` issues tokens; `None` for what is neither an id nor a domain name.
    pub fn token_url(&self, tenant: &TenantId) -> Option<Url> {
        let tenant = tenant.as_str();
        let plain = tenant.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
        let named = tenant.bytes().any(|byte| byte.is_ascii_alphanumeric());
        (plain && named).then(|| join(&self.login, &format!("{tenant}/oauth2/v2.0/token")))
    }

    /// The tenant at which a multi-tenant bot asks for its token.
    pub fn bot_tenant(&self) -> &TenantId {
        &self.bot_tenant
    }

    /// Scope of a token for the Connector.
    pub fn bot_scope(&self) -> &str {
        &self.bot_scope
    }

    /// Base of Graph calls, with the version.
    pub fn graph(&self) -> &Url {
        &self.graph
    }

    /// The address of a Graph call: the base and the path segments percent-encoded.
    ///
    /// `None` when a segment is empty, `.` or `..`, as in [`TrustedServiceUrl::endpoint`].
    pub fn graph_endpoint(&self, segments: &[&str]) -> Option<Url> {
        service_host::endpoint(&self.graph, segments)
    }

    /// Scope of a token for Graph.
    pub fn graph_scope(&self) -> &str {
        &self.graph_scope
    }

    /// The document that names the keys of inbound tokens.
    pub fn bot_metadata(&self) -> &Url {
        &self.bot_metadata
    }

    /// Issuer of inbound tokens, compared exactly.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The document that names the keys of tokens issued by Entra, at the login host.
    pub fn entra_metadata(&self) -> Url {
        join(&self.login, &format!("{}/v2.0/.well-known/openid-configuration", self.entra.metadata_tenant))
    }

    /// Issuers of the tokens that Entra issues in `tenant`, by its id: of version 1.0 and of version 2.0.
    pub fn entra_issuers(&self, tenant: &TenantId) -> [String; 2] {
        let tenant = tenant.as_str().to_ascii_lowercase();
        [format!("{}{tenant}/", self.entra.v1), format!("{}{tenant}/v2.0", self.entra.v2)]
    }

    /// The resource a managed identity asks a token for, to have it exchanged for an app's.
    pub fn token_exchange(&self) -> &'static str {
        self.entra.token_exchange
    }

    /// Microsoft's own tenants, in which multi-tenant bots get the tokens they show to each other; empty
    /// where none is published.
    pub fn bot_service_tenants(&self) -> impl Iterator<Item = TenantId> + use<> {
        self.entra.bot_service_tenants.iter().copied().map(TenantId::new)
    }

    /// The global service URL, for a first call when no reference is stored.
    pub fn default_service_url(&self) -> Option<&ServiceUrl> {
        self.default_service_url.as_ref()
    }

    /// Whether every host is on this machine: then no proxy is wanted.
    pub fn is_loopback(&self) -> bool {
        [&self.login, &self.graph, &self.bot_metadata].into_iter().all(is_loopback)
    }

    /// Proves that a bot token may be sent to this address.
    pub fn trust(&self, service_url: &ServiceUrl) -> Result<TrustedServiceUrl, UntrustedServiceUrl> {
        TrustedServiceUrl::check(service_url, &self.hosts)
    }

    /// Replaces the login base.
    pub fn with_login(self, url: Url) -> Result<Self, BadEndpoint> {
        Ok(Self { login: secure("login", url)?, ..self })
    }

    /// Replaces the base of Graph calls.
    pub fn with_graph(self, url: Url) -> Result<Self, BadEndpoint> {
        Ok(Self { graph: secure("graph", url)?, ..self })
    }

    /// Replaces the metadata document of inbound tokens.
    pub fn with_bot_metadata(self, url: Url) -> Result<Self, BadEndpoint> {
        Ok(Self { bot_metadata: secure("bot_metadata", url)?, ..self })
    }

    /// Replaces the global service URL; its host must already be allowed.
    pub fn with_default_service_url(self, service_url: ServiceUrl) -> Result<Self, UntrustedServiceUrl> {
        self.trust(&service_url)?;
        Ok(Self { default_service_url: Some(service_url), ..self })
    }

    /// Replaces the issuer of inbound tokens.
    #[must_use]
    pub fn with_issuer(self, issuer: impl Into<String>) -> Self {
        Self { issuer: issuer.into(), ..self }
    }

    /// Replaces the scopes of Connector and Graph tokens.
    #[must_use]
    pub fn with_scopes(self, bot: impl Into<String>, graph: impl Into<String>) -> Self {
        Self { bot_scope: bot.into(), graph_scope: graph.into(), ..self }
    }

    /// Allows one more host for service URLs, over https: a name, or `.name` for every host below it.
    #[must_use]
    pub fn with_service_host(mut self, host: &str) -> Self {
        let host = host.to_ascii_lowercase();
        self.hosts.push(if host.starts_with('.') { HostRule::Below(host) } else { HostRule::Exact(host) });
        self
    }
}

/// `base`, one slash, `path`.
fn join(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

/// Refuses what would put credentials on the wire in clear.
fn secure(name: &'static str, url: Url) -> Result<Url, BadEndpoint> {
    let bad = |why| Err(BadEndpoint { name, url: url.to_string(), why });
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => bad("is plain http to another machine"),
        _ => bad("is neither http nor https"),
    }
}
