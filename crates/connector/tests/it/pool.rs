//! Kept connections: one the service has closed must not make a message go twice.

use std::sync::{Arc, Mutex};

use pregon_auth::TrustedServiceUrl;
use pregon_connector::{Connector, ConnectorError};
use pregon_model::ConversationId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use crate::service::{Tokens, connector, trusted};

const TAKEN: &[u8] = b"HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}";

async fn line() -> (TcpListener, Connector, TrustedServiceUrl) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    (listener, connector(&base, Arc::new(Tokens::default())), trusted(&base))
}

/// Reads one whole request; the text when there was one.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let (mut seen, mut buffer) = (String::new(), [0; 4096]);
    while !seen.ends_with(r#""textFormat":"plain"}"#) {
        let length = stream.read(&mut buffer).await.ok().filter(|length| *length > 0)?;
        seen.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
    Some(seen)
}

#[tokio::test]
async fn a_message_that_left_on_a_kept_connection_is_not_sent_again_when_it_closes() {
    let (listener, connector, url) = line().await;
    let chat = ConversationId::new("a:1");
    let client = async {
        connector.send(&url, &chat).text("first").await.unwrap();
        connector.send(&url, &chat).text("second").await
    };
    let server = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        assert!(read_request(&mut stream).await.unwrap().contains("first"));
        stream.write_all(TAKEN).await.unwrap();
        // Read to its end, then hung up on: the service may have taken it.
        assert!(read_request(&mut stream).await.unwrap().contains("second"));
    };
    let (result, ()) = tokio::join!(client, server);
    let error = result.unwrap_err();
    assert!(matches!(error, ConnectorError::Unanswered { details: None, .. }), "{error:?}");
    let again = listener.into_std().unwrap().accept();
    assert_eq!(again.unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody called a second time");
}

#[tokio::test]
async fn connections_closed_between_messages_never_make_one_arrive_twice() {
    let (listener, connector, url) = line().await;
    let chat = ConversationId::new("a:1");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let desk = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let desk = Arc::clone(&desk);
            tokio::spawn(async move {
                if let Some(request) = read_request(&mut stream).await {
                    desk.lock().unwrap().push(request);
                    stream.write_all(TAKEN).await.unwrap();
                } // answered as if the connection were kept, and closed
            });
        }
    });
    for number in 0..200 {
        let text = format!("message {number}.");
        let result = connector.send(&url, &chat).text(&text).await;
        let copies = seen.lock().unwrap().iter().filter(|request| request.contains(&text)).count();
        match result {
            Ok(_) => assert_eq!(copies, 1, "{text}"),
            Err(ConnectorError::Unanswered { .. }) => assert!(copies <= 1, "{text}"),
            Err(ConnectorError::NotSent(_)) => assert_eq!(copies, 0, "{text}"),
            Err(error) => panic!("{text}: {error:?}"),
        }
    }
}
