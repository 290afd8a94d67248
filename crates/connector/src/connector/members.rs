use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use pregon_auth::TrustedServiceUrl;
use pregon_model::{ActivityId, ChannelAccount, ConversationId, PagedMembers, TeamsChannelAccount};

use crate::pages::{Page, pages};
use crate::request::awaited_as_request;
use crate::transport::Call;
use crate::{Connector, ConnectorError, Person, Request};

/// Most people a page may hold; chats come whole all the same.
const LARGEST_PAGE: u16 = 500;

/// Longest whole roster taken, bytes: 10 000 people have about 4 MB.
const WHOLE_ROSTER_LIMIT: usize = 16 * 1024 * 1024;

/// Rosters. Teams lists people and guests, not bots.
///
/// A thread has no roster of its own: the part after `;messageid=` is left out here. For a team, its
/// id stands for the conversation's; a private or shared channel lists its own members.
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
        let channel = conversation.channel();
        self.get(service_url, &[&path(&channel)[..], &["members", person.as_str()]].concat(), |answer| match answer {
            Err(error) if error.status() == Some(404) && error.is("MemberNotFoundInConversation") => Ok(None),
            answer => answer?.json().map(Some),
        })
    }

    /// Everybody in a roster, page after page, fetched as the stream is read. Ends after an error.
    ///
    /// ```no_run
    /// use std::pin::pin;
    /// use futures_util::TryStreamExt as _;
    /// # use pregon_auth::TrustedServiceUrl;
    /// # use pregon_connector::{Connector, ConnectorError};
    /// # use pregon_model::ConversationId;
    ///
    /// # async fn example(connector: Connector, url: TrustedServiceUrl, team: ConversationId)
    /// # -> Result<(), ConnectorError> {
    /// let mut people = pin!(connector.each_member(&url, &team));
    /// while let Some(person) = people.try_next().await? {
    ///     println!("{:?}", person.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn each_member(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
    ) -> impl Stream<Item = Result<TeamsChannelAccount, ConnectorError>> + Send + '_ {
        let pages = self.member_pages(service_url, conversation, LARGEST_PAGE);
        pages.map_ok(|page| stream::iter(page.members).map(Ok)).try_flatten()
    }

    /// All pages of a roster, fetched one after the other as the stream is read. Ends after an error.
    ///
    /// A page that names one read before as the next is an error, not a loop.
    pub fn member_pages(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        page_size: u16,
    ) -> impl Stream<Item = Result<PagedMembers, ConnectorError>> + Send + '_ {
        let (service_url, conversation) = (service_url.clone(), conversation.clone());
        pages(move |token| {
            let request = self.paged_members(&service_url, &conversation).page_size(page_size);
            match token {
                Some(token) => request.continuation(token).into_future(),
                None => request.into_future(),
            }
        })
    }

    /// One page of the members of a chat or team.
    pub fn paged_members(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
    ) -> PagedMembersRequest<'_> {
        let channel = conversation.channel();
        let path = [&path(&channel)[..], &["pagedmembers"]].concat();
        PagedMembersRequest(self.get(service_url, &path, |answer| answer?.json()))
    }

    /// The whole roster in one answer. Legacy: Teams gives at most 10 000 people and takes five such
    /// calls a minute; [`Connector::each_member`] has neither limit.
    pub fn members(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
    ) -> Request<'_, Vec<TeamsChannelAccount>> {
        let channel = conversation.channel();
        let request = self.get(service_url, &[&path(&channel)[..], &["members"]].concat(), |answer| answer?.json());
        request.map(|call| Ok(Call { limit: WHOLE_ROSTER_LIMIT, ..call }))
    }

    /// The people who could see a message; on Teams the same as the roster.
    pub fn activity_members(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        activity: &ActivityId,
    ) -> Request<'_, Vec<ChannelAccount>> {
        let path = [&path(conversation)[..], &["activities", activity.as_str(), "members"]].concat();
        self.get(service_url, &path, |answer| answer?.json())
    }
}

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

awaited_as_request!(PagedMembersRequest => PagedMembers);

impl Page for PagedMembers {
    fn continuation(&self) -> Option<&str> {
        self.continuation_token.as_deref()
    }
}

fn path(conversation: &ConversationId) -> [&str; 3] {
    ["v3", "conversations", conversation.as_str()]
}
