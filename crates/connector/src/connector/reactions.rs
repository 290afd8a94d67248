use pregon_auth::TrustedServiceUrl;
use pregon_model::{ActivityId, ConversationId};
use reqwest::Method;

use super::activities::{path_of, read_nothing};
use crate::{Connector, Request};

/// Reactions of the bot to messages of others. Preview.
impl Connector {
    /// Reacts to a message: `like`, `heart`, `laugh`, `surprised`, `sad`, `angry`, or an emoji's id.
    pub fn add_reaction(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        activity: &ActivityId,
        reaction: &str,
    ) -> Request<'_, ()> {
        let path = [&path_of(conversation, activity)[..], &["reactions", reaction]].concat();
        self.request(Method::PUT, service_url, &path, read_nothing)
    }

    /// Takes a reaction back.
    pub fn remove_reaction(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        activity: &ActivityId,
        reaction: &str,
    ) -> Request<'_, ()> {
        let path = [&path_of(conversation, activity)[..], &["reactions", reaction]].concat();
        self.request(Method::DELETE, service_url, &path, read_nothing)
    }
}
