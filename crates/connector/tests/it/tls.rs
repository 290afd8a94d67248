//! Over TLS: which HTTP is spoken, and whom the client believes.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use axum::http::Version;
use axum::serve::Listener;
use futures_util::future::join_all;
use pregon_auth::{Endpoints, HttpClient};
use pregon_connector::{Connector, ConnectorError};
use pregon_model::ConversationId;
use reqwest::Certificate;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;
use url::Url;

use crate::service::{Reply, Service};

struct TlsListener {
    tcp: TcpListener,
    tls: TlsAcceptor,
    connections: Arc<AtomicUsize>,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = self.tcp.accept().await.unwrap();
            if let Ok(stream) = self.tls.accept(stream).await {
                self.connections.fetch_add(1, SeqCst);
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}

/// A service that offers these protocols, the number of its connections, and a client that believes it.
async fn service(protocols: &[&[u8]]) -> (Service, Arc<AtomicUsize>, Connector) {
    let identity = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let certificate = identity.cert.der().clone();
    let key = PrivateKeyDer::Pkcs8(identity.signing_key.serialize_der().into());
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.clone()], key);
    let mut config = config.unwrap();
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();

    let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("https://{}/", tcp.local_addr().unwrap())).unwrap();
    let connections = Arc::new(AtomicUsize::new(0));
    let tls = TlsAcceptor::from(Arc::new(config));
    let service = Service::serve(TlsListener { tcp, tls, connections: Arc::clone(&connections) }, base);

    let root = Certificate::from_der(&certificate).unwrap();
    let endpoints = Endpoints::emulator(&service.base).unwrap();
    let http = HttpClient::build(&endpoints, |builder| builder.tls_certs_only([root])).unwrap();
    let connector = Connector::new(http, Arc::clone(&service.tokens) as _);
    (service, connections, connector)
}

#[tokio::test]
async fn many_messages_share_one_http_2_connection_where_the_service_offers_it() {
    let (service, connections, connector) = service(&[b"h2", b"http/1.1"]).await;
    service.answers((0..9).map(|_| Reply::new(201, r#"{"id":"1"}"#)));
    let (url, chat) = (service.url(), ConversationId::new("a:1"));
    connector.send(&url, &chat).text("hola").await.unwrap();
    let sent = join_all((0..8).map(|_| connector.send(&url, &chat).text("hola").into_future())).await;
    assert!(sent.iter().all(Result::is_ok), "{sent:?}");
    let versions: Vec<_> = service.asked().iter().map(|asked| asked.version).collect();
    assert_eq!(versions, [Version::HTTP_2; 9]);
    assert_eq!(connections.load(SeqCst), 1);
}

#[tokio::test]
async fn http_1_1_is_spoken_where_the_service_knows_no_other() {
    let (service, _, connector) = service(&[b"http/1.1"]).await;
    service.answers([Reply::new(201, r#"{"id":"1"}"#)]);
    connector.send(&service.url(), &ConversationId::new("a:1")).text("hola").await.unwrap();
    assert_eq!(service.asked()[0].version, Version::HTTP_11);
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_gets_no_token() {
    let (service, ..) = service(&[b"h2"]).await;
    let stranger = service.connector();
    let error = stranger.send(&service.url(), &ConversationId::new("a:1")).text("hola").await.unwrap_err();
    assert!(matches!(error, ConnectorError::NotSent(_)), "{error:?}");
    assert_eq!(service.asked().len(), 0);
}
