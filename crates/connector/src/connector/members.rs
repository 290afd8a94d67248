use std::future::IntoFuture;

use futures_util::stream::{Stream, try_unfold};
use pregon_auth::{BoxError, TrustedServiceUrl};
use pregon_model::{ConversationId, PagedMembers, TeamsChannelAccount};

use crate::request::RequestFuture;
use crate::{Connector, ConnectorError, Person, Request};

/// One page of a roster; see [`Connector::paged_members`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct PagedMembersRequest<'a>(Request<'a, PagedMembers>);

impl PagedMembersRequest<'_> {
    /// How many people a page should hold; Teams takes 50 to 500. Chats come whole all the same.
    pub fn page_size(self, people: u16) -> Self {
        Self(self.0.map(|call| Ok(call.query("pageSize", &people.to_string()))))
    }

    /// The page that follows the one which gave this token.
    pub fn continuation(self, token: &str) -> Self {
        Self(self.0.map(|call| Ok(call.query("continuationToken", token))))
    }
}

impl<'a> IntoFuture for PagedMembersRequest<'a> {
    type Output = Result<PagedMembers, ConnectorError>;
    type IntoFuture = RequestFuture<'a, PagedMembers>;

    fn into_future(self) -> Self::IntoFuture {
        self.0.into_future()
    }
}

/// Rosters.
///
/// Source: Microsoft Learn, "Get Teams specific context for your bot".
impl Connector {
    /// One member of a conversation or team; `None` when they are not one.
    pub fn member<'a, 'p>(
        &'a self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        person: impl Into<Person<'p>>,
    ) -> Request<'a, Option<TeamsChannelAccount>> {
        let person = person.into();
        let path = ["v3", "conversations", conversation.as_str(), "members", person.as_str()];
        self.get(service_url, &path, |answer| match answer {
            Err(error) if error.status() == Some(404) && error.is("MemberNotFoundInConversation") => Ok(None),
            answer => answer?.json().map(Some),
        })
    }

    /// One page of the members of a chat or team; for a team, its id stands for the conversation's.
    ///
    /// A thread has no roster of its own: the part after `;messageid=` is left out here.
    pub fn paged_members(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
    ) -> PagedMembersRequest<'_> {
        let channel = conversation.channel();
        let path = ["v3", "conversations", channel.as_str(), "pagedmembers"];
        PagedMembersRequest(self.get(service_url, &path, |answer| answer?.json()))
    }

    /// All pages of a roster, fetched one after the other as the stream is read.
    ///
    /// Ends after an error. A page that names itself as the next one is an error, not a loop.
    pub fn member_pages(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        page_size: u16,
    ) -> impl Stream<Item = Result<PagedMembers, ConnectorError>> + Send + '_ {
        let place = (service_url.clone(), conversation.clone());
        try_unfold(Some(None), move |at: Option<Option<String>>| {
            let (service_url, conversation) = place.clone();
            async move {
                let Some(token) = at else { return Ok(None) };
                let mut request = self.paged_members(&service_url, &conversation).page_size(page_size);
                if let Some(token) = &token {
                    request = request.continuation(token);
                }
                let page = request.await?;
                let next = page.continuation_token.clone().filter(|next| !next.is_empty());
                if next.is_some() && next == token {
                    return Err(circular());
                }
                Ok(Some((page, next.map(Some))))
            }
        })
    }
}

fn circular() -> ConnectorError {
    let why: Box<dyn std::error::Error + Send + Sync> = "a page of the roster names itself as the next one".into();
    ConnectorError::Unreadable { details: Box::default(), source: BoxError::from(why) }
}
