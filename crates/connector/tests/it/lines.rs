//! What breaks below HTTP: did the message leave, or not?

use std::sync::Arc;
use std::time::Duration;

use pregon_auth::TrustedServiceUrl;
use pregon_connector::{Connector, ConnectorError};
use pregon_model::{ActivityId, ConversationId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::service::{Tokens, connector, trusted};

/// A listener and a client of it.
async fn line() -> (TcpListener, Connector, TrustedServiceUrl) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    (listener, connector(&base, Arc::new(Tokens::default())), trusted(&base))
}

async fn send(connector: &Connector, url: &TrustedServiceUrl) -> Result<Option<ActivityId>, ConnectorError> {
    let conversation = ConversationId::new("a:1");
    connector.send(url, &conversation).text("hola").timeout(Duration::from_secs(5)).await
}

/// Reads until the whole message has arrived.
async fn read_request(stream: &mut TcpStream) {
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    while !seen.windows(4).any(|window| window == b"hola") {
        let length = stream.read(&mut buffer).await.unwrap();
        assert_ne!(length, 0, "the client hung up first");
        seen.extend_from_slice(&buffer[..length]);
    }
}

#[tokio::test]
async fn a_closed_port_proves_that_nothing_was_sent() {
    let (listener, connector, url) = line().await;
    drop(listener);
    let error = send(&connector, &url).await.unwrap_err();
    assert!(matches!(error, ConnectorError::NotSent(_)) && !error.may_have_been_delivered(), "{error:?}");
}

#[tokio::test]
async fn a_failed_handshake_proves_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    let (connector, url) = (connector(&base, Arc::new(Tokens::default())), trusted(&base));
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    };
    let (result, ()) = tokio::join!(send(&connector, &url), server);
    assert!(matches!(result, Err(ConnectorError::NotSent(_))), "{result:?}");
}

#[tokio::test]
async fn a_line_cut_after_the_request_leaves_the_outcome_open() {
    let (listener, connector, url) = line().await;
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
    };
    let (result, ()) = tokio::join!(send(&connector, &url), server);
    let error = result.unwrap_err();
    assert!(matches!(error, ConnectorError::Unanswered { details: None, .. }), "{error:?}");
    assert!(error.may_have_been_delivered());
}

#[tokio::test]
async fn a_wait_that_is_too_long_leaves_the_outcome_open() {
    let (listener, connector, url) = line().await;
    let conversation = ConversationId::new("a:1");
    let request = connector.send(&url, &conversation).text("hola").timeout(Duration::from_millis(200));
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stream // kept open, and never answered
    };
    let (result, _stream) = tokio::join!(request, server);
    assert!(matches!(result, Err(ConnectorError::Unanswered { .. })), "{result:?}");
}

#[tokio::test]
async fn a_body_that_never_ends_is_not_waited_for_longer_than_asked() {
    let (listener, connector, url) = line().await;
    let conversation = ConversationId::new("a:1");
    let request = connector.send(&url, &conversation).text("hola").timeout(Duration::from_millis(200));
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"id\":").await.unwrap();
        stream // kept open, and never finished
    };
    let (result, _stream) = tokio::join!(request, server);
    assert_eq!(result.unwrap(), None, "the status came in time");
}

#[tokio::test]
async fn a_success_whose_body_breaks_off_is_a_success() {
    let (listener, connector, url) = line().await;
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n{\"id\":").await.unwrap();
    };
    let (result, ()) = tokio::join!(send(&connector, &url), server);
    assert_eq!(result.unwrap(), None);
}

#[tokio::test]
async fn a_refusal_whose_body_breaks_off_is_a_refusal() {
    let (listener, connector, url) = line().await;
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        stream.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 100\r\n\r\n{\"error\":").await.unwrap();
    };
    let (result, ()) = tokio::join!(send(&connector, &url), server);
    assert!(matches!(result, Err(ConnectorError::TooLarge(_))), "{result:?}");
}
