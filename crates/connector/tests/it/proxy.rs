//! Proxies come from the environment, which one process cannot change safely for itself: each test
//! runs this binary once more, with a proxy, as a bot that sends one message.

use std::process::Stdio;
use std::sync::Arc;

use pregon_auth::{Endpoints, HttpClient};
use pregon_connector::{Connector, ConnectorError};
use pregon_model::{ConversationId, ServiceUrl};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use url::Url;

use crate::service::{Reply, Service, Tokens};

const SERVICE_URL: &str = "PREGON_TEST_SERVICE_URL";

/// The bot of the other tests, alone in its process.
#[tokio::test]
#[ignore = "started by the other tests with a proxy in its environment"]
async fn a_bot_behind_a_proxy() {
    let service_url = std::env::var(SERVICE_URL).expect("started by another test");
    let endpoints = match Url::parse(&service_url).unwrap() {
        base if base.scheme() == "http" => Endpoints::emulator(&base).unwrap(),
        _ => Endpoints::public(),
    };
    let connector = Connector::new(HttpClient::new(&endpoints).unwrap(), Arc::new(Tokens::default()));
    let service_url = endpoints.trust(&ServiceUrl::new(service_url)).unwrap();
    match connector.send(&service_url, &ConversationId::new("a:1")).text("hola").await {
        Ok(_) => {}
        Err(error) => assert!(matches!(error, ConnectorError::NotSent(_)), "{error:?}"),
    }
}

fn bot(service_url: &str, proxy: &TcpListener) -> Child {
    let proxy = format!("http://{}", proxy.local_addr().unwrap());
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "proxy::a_bot_behind_a_proxy", "--ignored"])
        .env_clear()
        .envs([(SERVICE_URL, service_url), ("HTTPS_PROXY", &proxy), ("HTTP_PROXY", &proxy)])
        .stdout(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn a_message_to_teams_goes_through_a_tunnel_of_the_environments_proxy() {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut bot = bot("https://smba.trafficmanager.net/emea/", &proxy);
    let (stream, _) = proxy.accept().await.unwrap();
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(stream.read_line(&mut head).await.unwrap(), 0, "{head}");
    }
    assert!(head.starts_with("CONNECT smba.trafficmanager.net:443 HTTP/1.1\r\n"), "{head}");
    assert!(!head.to_lowercase().contains("bearer"), "the proxy is shown no token: {head}");
    stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await.unwrap();
    assert!(bot.wait().await.unwrap().success(), "a tunnel that was refused proves that nothing was sent");
}

#[tokio::test]
async fn a_message_to_this_machine_takes_no_proxy() {
    let (proxy, service) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), Service::start().await);
    service.answers([Reply::new(201, "{}")]);
    let mut bot = bot(service.base.as_str(), &proxy);
    assert!(bot.wait().await.unwrap().success());
    assert_eq!(service.asked().len(), 1);
    let asked = proxy.into_std().unwrap().accept();
    assert_eq!(asked.unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "nobody asked the proxy");
}
