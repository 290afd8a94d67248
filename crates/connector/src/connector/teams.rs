use pregon_auth::TrustedServiceUrl;
use pregon_model::{ChannelInfo, ChannelList, TeamDetails, TeamId};

use crate::{Connector, Request};

/// Teams and their channels.
///
/// Source: Microsoft Learn, "Get Teams specific context for your bot".
impl Connector {
    /// A team's name and group.
    pub fn team(&self, service_url: &TrustedServiceUrl, team: &TeamId) -> Request<'_, TeamDetails> {
        self.get(service_url, &["v3", "teams", team.as_str()], |answer| answer?.json())
    }

    /// A team's channels; General has no name and the team's own id.
    pub fn channels(&self, service_url: &TrustedServiceUrl, team: &TeamId) -> Request<'_, Vec<ChannelInfo>> {
        self.get(service_url, &["v3", "teams", team.as_str(), "conversations"], |answer| {
            Ok(answer?.json::<ChannelList>()?.conversations)
        })
    }
}
