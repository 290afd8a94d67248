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
}

pub(crate) const PUBLIC: Row = Row {
    login: "https://login.microsoftonline.com/",
    bot_tenant: "botframework.com",
    bot_api: "https://api.botframework.com",
    graph: "https://graph.microsoft.com",
    bot_metadata: "https://login.botframework.com/v1/.well-known/openidconfiguration",
    default_service_url: Some("https://smba.trafficmanager.net/teams/"),
};

pub(crate) const GCC_HIGH: Row = Row {
    login: "https://login.microsoftonline.us/",
    bot_tenant: "MicrosoftServices.onmicrosoft.us",
    bot_api: "https://api.botframework.us",
    graph: "https://graph.microsoft.us",
    bot_metadata: "https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
    default_service_url: Some("https://smba.infra.gov.teams.microsoft.us/teams"),
};

pub(crate) const CHINA: Row = Row {
    login: "https://login.partner.microsoftonline.cn/",
    bot_tenant: "microsoftservices.partner.onmschina.cn",
    bot_api: "https://api.botframework.azure.cn",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    bot_metadata: "https://login.botframework.azure.cn/v1/.well-known/openidconfiguration",
    // Microsoft publishes none: references come from inbound activities only.
    default_service_url: None,
};
