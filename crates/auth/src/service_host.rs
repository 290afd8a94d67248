use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use pregon_model::ServiceUrl;
use url::{Host, Url};

/// Everything but RFC 3986's unreserved characters: ids hold `:`, `@`, `;` and `=`.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where bot tokens may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HostRule {
    /// This host over https.
    Exact(String),
    /// Any host below this domain over https; the text begins with a dot.
    Below(String),
    /// `{before}{one label}{after}` over https: `smba.infra.*.teams.microsoft.com`.
    Label { before: &'static str, after: &'static str },
    /// Scheme, host and port of this address: an emulator on this machine.
    Origin(Url),
}

impl HostRule {
    fn allows(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        // A port of its own is never Teams: the allowed hosts are named, their ports are not.
        let https = url.scheme() == "https" && url.port().is_none();
        match self {
            Self::Exact(name) => https && host == name,
            Self::Below(suffix) => https && host.strip_suffix(suffix.as_str()).is_some_and(|rest| !rest.is_empty()),
            Self::Label { before, after } => {
                let label = host.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
                https && label.is_some_and(|label| !label.is_empty() && !label.contains('.'))
            }
            Self::Origin(base) => base.origin() == url.origin(),
        }
    }
}

/// Whether the address is on this machine: the only place plain http may go.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether the address is answered by this machine or by what hosts it: loopback or link-local.
pub(crate) fn is_of_this_machine(url: &Url) -> bool {
    is_loopback(url)
        || match url.host() {
            Some(Host::Ipv4(ip)) => ip.is_link_local(),
            Some(Host::Ipv6(ip)) => ip.is_unicast_link_local(),
            _ => false,
        }
}

/// The address is not one a bot token may be sent to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no token may go to {service_url:?}: {why}")]
pub struct UntrustedServiceUrl {
    /// The address, as it came.
    pub service_url: String,
    /// Which rule it breaks.
    pub why: String,
}

/// A service URL whose host is on the cloud's allow-list: the proof a token may go there.
///
/// Only [`Endpoints::trust`](crate::Endpoints::trust) and
/// [`InboundValidator::validate`](crate::InboundValidator::validate) make one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TrustedServiceUrl {
    original: ServiceUrl,
    base: Url,
}

impl TrustedServiceUrl {
    pub(crate) fn check(service_url: &ServiceUrl, rules: &[HostRule]) -> Result<Self, UntrustedServiceUrl> {
        let untrusted = |why: String| UntrustedServiceUrl { service_url: service_url.as_str().to_owned(), why };
        let base = service_url.parsed().map_err(|bad| untrusted(bad.to_string()))?;
        if rules.iter().any(|rule| rule.allows(&base)) {
            return Ok(Self { original: service_url.clone(), base });
        }
        let why = "its scheme, host and port are not on the cloud's allow-list";
        Err(untrusted(why.to_owned()))
    }

    /// An address on this machine, which only what already holds the bot's credentials may name.
    pub(crate) fn on_this_machine(service_url: &ServiceUrl) -> Option<Self> {
        let base = service_url.parsed().ok().filter(is_loopback)?;
        Some(Self { original: service_url.clone(), base })
    }

    /// The address as the channel wrote it.
    pub fn service_url(&self) -> &ServiceUrl {
        &self.original
    }

    /// The address of a call: the base, one slash, and the path segments percent-encoded.
    ///
    /// `None` when a segment is empty, `.` or `..`: such an id would name another path, and URL
    /// parsers resolve the dots even when they are percent-encoded.
    pub fn endpoint(&self, segments: &[&str]) -> Option<Url> {
        endpoint(&self.base, segments)
    }
}

/// `base` and the segments percent-encoded; `None` when one would name another path.
pub(crate) fn endpoint(base: &Url, segments: &[&str]) -> Option<Url> {
    let mut path = base.path().trim_end_matches('/').to_owned();
    for segment in segments {
        if matches!(*segment, "" | "." | "..") {
            return None;
        }
        path.push('/');
        path.extend(utf8_percent_encode(segment, SEGMENT));
    }
    let mut url = base.clone();
    url.set_path(&path);
    Some(url)
}
