use std::error::Error as _;

use pregon_connector::ConnectorError;
use pregon_model::{AttachmentData, AttachmentId, ConversationId};
use serde_json::json;

use crate::service::{Reply, Service};

#[tokio::test]
async fn an_image_somebody_sent_is_read_with_the_token_from_its_own_address() {
    let service = Service::start().await;
    service.answers([Reply::new(200, [0x89, b'P', b'N', b'G', 0xff]).header("content-type", "image/png")]);
    let image = format!("{}emea/v3/attachments/0-weu-d1/views/original?v=1", service.base);
    let file = service.connector().download(&service.url(), &image).await.unwrap();
    assert_eq!((file.content_type.as_deref(), &file.bytes[..]), (Some("image/png"), &b"\x89PNG\xff"[..]));
    let asked = &service.asked()[0];
    assert_eq!(asked.target, "/emea/v3/attachments/0-weu-d1/views/original?v=1");
    assert_eq!((asked.header("authorization"), asked.header("accept")), ("Bearer token-1", "*/*"));
}

#[tokio::test]
async fn a_file_is_stored_described_and_read_in_one_of_its_forms() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    let info = json!({"name": "a.png", "type": "image/png", "views": [{"viewId": "original", "size": 4}]});
    service.answers([
        Reply::new(201, r#"{"id":"file/1"}"#),
        Reply::new(200, info.to_string()),
        Reply::new(200, "\u{89}PNG"),
    ]);
    let file = AttachmentData {
        content_type: "image/png".into(),
        name: Some("a.png".into()),
        original_base64: "iVBORw==".into(),
        thumbnail_base64: None,
        extra: serde_json::Map::new(),
    };
    let id = connector.upload_attachment(&url, &ConversationId::new("a:1"), &file).await.unwrap();
    assert_eq!(id, AttachmentId::new("file/1"));
    let described = connector.attachment(&url, &id).await.unwrap();
    let view = &described.views[0];
    assert_eq!((described.name.as_deref(), view.size), (Some("a.png"), Some(4)));
    assert_eq!(connector.attachment_view(&url, &id, &view.view_id).await.unwrap().bytes, "\u{89}PNG".as_bytes());

    let asked: Vec<_> = service.asked().iter().map(|asked| format!("{} {}", asked.method, asked.target)).collect();
    let want = [
        "POST /emea/v3/conversations/a%3A1/attachments",
        "GET /emea/v3/attachments/file%2F1",
        "GET /emea/v3/attachments/file%2F1/views/original",
    ];
    assert_eq!(asked, want);
    let want = json!({"type": "image/png", "name": "a.png", "originalBase64": "iVBORw=="});
    assert_eq!(service.asked()[0].json(), want);
}

#[tokio::test]
async fn no_token_goes_to_an_address_off_the_service() {
    let (service, elsewhere) = (Service::start().await, Service::start().await);
    let host = service.base.host_str().unwrap();
    let port = service.base.port().unwrap();
    for address in [
        elsewhere.base.to_string(),
        format!("https://{host}:{port}/x"),
        format!("http://name:word@{host}:{port}/x"),
        format!("http://{host}:{port}@evil.example/x"),
        format!("http://localhost:{port}/x"),
        "v3/attachments/1".to_owned(),
        String::new(),
    ] {
        let error = service.connector().download(&service.url(), &address).await.unwrap_err();
        assert!(matches!(error, ConnectorError::Untrusted(_)), "{address}: {error:?}");
    }
    assert_eq!((service.asked().len(), elsewhere.asked().len()), (0, 0));
}

#[tokio::test]
async fn a_file_longer_than_its_bound_is_not_taken() {
    let service = Service::start().await;
    service.answers((0..2).map(|_| Reply::new(200, [7; 100])));
    let (connector, url) = (service.connector(), service.url());
    let address = format!("{}x", service.base);
    assert_eq!(connector.download(&url, &address).limit(100).await.unwrap().bytes.len(), 100);
    let error = connector.download(&url, &address).limit(99).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Unreadable { .. }), "{error:?}");
    assert!(error.source().unwrap().to_string().contains("longer than 99 bytes"));
}
