use std::error::Error as _;

use pregon_connector::ConnectorError;

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
