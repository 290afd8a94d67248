use pregon_auth::TrustedServiceUrl;
use pregon_model::{ActivityId, ConversationId, ReactionType};
use reqwest::Method;

use super::activities::{path_of, read_nothing};
use crate::{Connector, Request};

/// Reactions of the bot to messages of others. Preview.
impl Connector {
    /// Reacts to a message. Any emoji's id is a [`ReactionType::Other`].
    pub fn add_reaction(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        activity: &ActivityId,
        reaction: &ReactionType,
    ) -> Request<'_, ()> {
        self.reaction(Method::PUT, service_url, conversation, activity, reaction)
    }

    /// Takes a reaction back.
    pub fn remove_reaction(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        activity: &ActivityId,
        reaction: &ReactionType,
    ) -> Request<'_, ()> {
        self.reaction(Method::DELETE, service_url, conversation, activity, reaction)
    }

    fn reaction(
        &self,
        method: Method,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        activity: &ActivityId,
        reaction: &ReactionType,
    ) -> Request<'_, ()> {
        let path = [&path_of(conversation, activity)[..], &["reactions", reaction.as_str()]].concat();
        self.request(method, service_url, &path, read_nothing)
    }
}
