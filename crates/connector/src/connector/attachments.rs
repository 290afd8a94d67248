use pregon_auth::{TokenFor, TrustedServiceUrl, UntrustedServiceUrl};
use pregon_model::{AttachmentData, AttachmentId, AttachmentInfo, ConversationId};
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use url::Url;

use crate::request::awaited_as_request;
use crate::transport::{Answer, Call};
use crate::{Connector, ConnectorError, Request};

/// Longest file taken unless a call says otherwise, bytes. Teams' own images have at most one MiB.
const FILE_LIMIT: usize = 4 * 1024 * 1024;

/// Files that go through the Connector.
///
/// On Teams a bot mostly links to what it shows. Images people send need the bot's token to be read
/// ([`Connector::download`]); files they share from `OneDrive` carry an address of their own that
/// needs none.
impl Connector {
    /// Stores a file for a conversation.
    pub fn upload_attachment(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        file: &AttachmentData,
    ) -> Request<'_, AttachmentId> {
        #[derive(Deserialize)]
        struct Stored {
            id: AttachmentId,
        }
        let path = ["v3", "conversations", conversation.as_str(), "attachments"];
        self.post(service_url, &path, file, |answer| Ok(answer?.json::<Stored>()?.id))
    }

    /// The name of a stored file and the forms in which it can be read.
    pub fn attachment(&self, service_url: &TrustedServiceUrl, id: &AttachmentId) -> Request<'_, AttachmentInfo> {
        self.get(service_url, &["v3", "attachments", id.as_str()], |answer| answer?.json())
    }

    /// A stored file in one of its forms: `original`, `thumbnail`.
    pub fn attachment_view(
        &self,
        service_url: &TrustedServiceUrl,
        id: &AttachmentId,
        view: &str,
    ) -> DownloadRequest<'_> {
        let path = ["v3", "attachments", id.as_str(), "views", view];
        DownloadRequest::new(self, super::call(Method::GET, service_url, &path))
    }

    /// Reads what an inbound attachment's `contentUrl` names. The token goes along, so the address
    /// must be of the conversation's own service URL.
    pub fn download(&self, service_url: &TrustedServiceUrl, content_url: &str) -> DownloadRequest<'_> {
        let url = on_service(service_url, content_url);
        DownloadRequest::new(self, url.and_then(|url| Call::new(Method::GET, Some(url), TokenFor::Connector)))
    }
}

/// A file to be read; see [`Connector::download`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct DownloadRequest<'a>(Request<'a, Download>);

/// A file as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// What the service says it is: `image/png` …
    pub content_type: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl<'a> DownloadRequest<'a> {
    fn new(connector: &'a Connector, call: Result<Call, ConnectorError>) -> Self {
        let call = call.map(|call| Call { accept: "*/*", limit: FILE_LIMIT, ..call });
        Self(Request::new(&connector.transport, call, read_file))
    }

    /// Longest file taken, bytes; default 4 MiB. A longer one is [`ConnectorError::Unreadable`].
    pub fn limit(self, bytes: usize) -> Self {
        Self(self.0.map(|call| Ok(Call { limit: bytes, ..call })))
    }
}

awaited_as_request!(DownloadRequest => Download);

/// The address, if it is one of the service's.
fn on_service(service_url: &TrustedServiceUrl, content_url: &str) -> Result<Url, ConnectorError> {
    let base = service_url.endpoint(&[]);
    let same = |url: &Url| base.as_ref().is_some_and(|base| base.origin() == url.origin());
    let plain = |url: &Url| url.username().is_empty() && url.password().is_none();
    let url = Url::parse(content_url).ok().filter(|url| same(url) && plain(url));
    url.ok_or_else(|| {
        let why = "it is not on the host of the conversation's service URL".to_owned();
        UntrustedServiceUrl { service_url: content_url.to_owned(), why }.into()
    })
}

fn read_file(answer: Result<Answer, ConnectorError>) -> Result<Download, ConnectorError> {
    let answer = answer?;
    let content_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let bytes = answer.bytes()?.to_vec();
    Ok(Download { content_type, bytes })
}
