use std::fmt;
use std::str::FromStr;

/// The Microsoft clouds, by the name an operator writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cloud {
    /// `public`: worldwide.
    Public,
    /// `gcc`: US government on the public login.
    Gcc,
    /// `gcc-high`: US government, high.
    GccHigh,
    /// `dod`: US Department of Defense.
    Dod,
    /// `china`: operated by 21Vianet.
    China,
}

/// The name is not one of a cloud.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no cloud is called {0:?}: write public, gcc, gcc-high, dod or china")]
pub struct UnknownCloud(String);

impl FromStr for Cloud {
    type Err = UnknownCloud;

    fn from_str(name: &str) -> Result<Self, UnknownCloud> {
        match name {
            "public" => Ok(Self::Public),
            "gcc" => Ok(Self::Gcc),
            "gcc-high" => Ok(Self::GccHigh),
            "dod" => Ok(Self::Dod),
            "china" => Ok(Self::China),
            other => Err(UnknownCloud(other.to_owned())),
        }
    }
}

impl fmt::Display for Cloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Gcc => "gcc",
            Self::GccHigh => "gcc-high",
            Self::Dod => "dod",
            Self::China => "china",
        })
    }
}

/// What differs between clouds, as text.
pub(crate) struct Row {
    pub(crate) login: &'static str,
    pub(crate) bot_tenant: &'static str,
    pub(crate) bot_api: &'static str,
    pub(crate) graph: &'static str,
    pub(crate) bot_metadata: &'static str,
    pub(crate) default_service_url: Option<&'static str>,
    pub(crate) entra: Entra,
}

/// How Entra ID signs in a cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entra {
    /// Issuer of a version 1.0 token: this, the tenant, `/`.
    pub(crate) v1: &'static str,
    /// Issuer of a version 2.0 token: this, the tenant, `/v2.0`.
    pub(crate) v2: &'static str,
    /// The tenant whose metadata document is read; the keys are the same for all.
    pub(crate) metadata_tenant: &'static str,
    /// Audience of a managed identity's token that is exchanged for an app's.
    pub(crate) token_exchange: &'static str,
    /// Microsoft's own tenants, in which multi-tenant bots get their tokens.
    pub(crate) bot_service_tenants: &'static [&'static str],
}

pub(crate) const PUBLIC: Row = Row {
    login: "https://login.microsoftonline.com/",
    bot_tenant: "botframework.com",
    bot_api: "https://api.botframework.com",
    graph: "https://graph.microsoft.com",
    bot_metadata: "https://login.botframework.com/v1/.well-known/openidconfiguration",
    default_service_url: Some("https://smba.trafficmanager.net/teams/"),
    entra: Entra {
        v1: "https://sts.windows.net/",
        v2: "https://login.microsoftonline.com/",
        token_exchange: "api://AzureADTokenExchange",
        metadata_tenant: "common",
        bot_service_tenants: &[
            "d6d49420-f39b-4df7-a1dc-d59a935871db",
            "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
            "69e9b82d-4842-4902-8d1e-abc5b98a55e8",
        ],
    },
};

pub(crate) const GCC_HIGH: Row = Row {
    login: "https://login.microsoftonline.us/",
    bot_tenant: "MicrosoftServices.onmicrosoft.us",
    bot_api: "https://api.botframework.us",
    graph: "https://graph.microsoft.us",
    bot_metadata: "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
    default_service_url: Some("https://smba.infra.gov.teams.microsoft.us/teams"),
    entra: Entra {
        v1: "https://sts.windows.net/",
        v2: "https://login.microsoftonline.us/",
        token_exchange: "api://AzureADTokenExchangeUSGov",
        metadata_tenant: "cab8a31a-1906-4287-a0d8-4eef66b95f6e",
        bot_service_tenants: &["cab8a31a-1906-4287-a0d8-4eef66b95f6e"],
    },
};

pub(crate) const CHINA: Row = Row {
    login: "https://login.partner.microsoftonline.cn/",
    bot_tenant: "microsoftservices.partner.onmschina.cn",
    bot_api: "https://api.botframework.azure.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    bot_metadata: "https://login.botframework.azure.cn/v1/.well-known/openidconfiguration",
    // Microsoft publishes none: references come from inbound activities only.
    default_service_url: None,
    entra: Entra {
        v1: "https://sts.chinacloudapi.cn/",
        v2: "https://login.partner.microsoftonline.cn/",
        token_exchange: "api://AzureADTokenExchangeChina",
        metadata_tenant: "common",
        // None is published: pin the registration's own tenant.
        bot_service_tenants: &[],
    },
};
