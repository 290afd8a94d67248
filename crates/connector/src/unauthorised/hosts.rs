//! Which service and which cloud an address is of.

#[derive(PartialEq)]
pub(super) enum Service {
    Connector,
    Graph,
    Other,
}

/// App id of Microsoft Graph, which may stand for its address.
pub(super) const GRAPH_APP: &str = "00000003-0000-0000-c000-000000000000";

pub(super) fn service(audience: &str) -> Service {
    match host(audience) {
        name if name.starts_with("api.botframework.") => Service::Connector,
        name if name.contains("graph") => Service::Graph,
        _ if audience == GRAPH_APP => Service::Graph,
        _ => Service::Other,
    }
}

#[derive(PartialEq)]
pub(super) enum Cloud {
    World,
    UsGovernment,
    China,
}

/// The cloud of one of Microsoft's hosts, which its top-level domain tells. `None` for an emulator
/// and for `sts.windows.net`, which issues for more than one.
pub(super) fn cloud(host: &str) -> Option<Cloud> {
    match host.rsplit('.').next()? {
        "us" => Some(Cloud::UsGovernment),
        "cn" => Some(Cloud::China),
        "com" => Some(Cloud::World),
        "net" if host.ends_with("trafficmanager.net") => Some(Cloud::World),
        _ => None,
    }
}

/// The host in an address; empty when it is none.
pub(super) fn host(url: &str) -> &str {
    let Some((_, rest)) = url.split_once("://") else { return "" };
    rest.split(['/', ':']).next().unwrap_or_default()
}
