use std::time::{Duration, UNIX_EPOCH};

use pregon_auth::{Endpoints, LONGEST_RETRY_AFTER, retry_after};
use pregon_model::{ActivityId, ConversationId, ServiceUrl};

/// The small texts that come from outside: a `Retry-After`, a service URL, a conversation's id.
pub fn text(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    if let Some(wait) = retry_after(&text, now) {
        assert!(wait <= LONGEST_RETRY_AFTER, "{text:?} asks for {wait:?}");
    }
    trust(&text);
    let conversation = ConversationId::new(text);
    let thread = conversation.channel().thread(&ActivityId::new("1790000001000"));
    assert_eq!(thread.channel(), conversation.channel());
    assert_eq!(thread.thread_root().as_ref().map(ActivityId::as_str), Some("1790000001000"));
}

/// Whatever is trusted is one of Teams' hosts over https, and no path leaves it.
fn trust(text: &str) {
    let Ok(trusted) = Endpoints::public().trust(&ServiceUrl::new(text)) else { return };
    let endpoint = trusted.endpoint(&["v3", "conversations", text, "activities"]).expect("a trusted text is no dot");
    assert_eq!(endpoint.scheme(), "https");
    let host = endpoint.host_str().expect("it has a host");
    let teams = ["smba.trafficmanager.net", ".botapi.skype.com", ".teams.microsoft.com"];
    assert!(teams.iter().any(|own| host.ends_with(own)), "{text:?} is trusted as {host}");
}
