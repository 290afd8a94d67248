use pregon_emulator::dev;
use serde_json::json;

use crate::stage::{Ended, Stage};

const HELLO: &str = "Hello! I was just installed for you.";

async fn run(stage: &Stage) -> Ended {
    // The bot listens before it installs anything, at an address the emulator knows.
    let listen = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    stage.emulator.set_bot_endpoint(dev::APP_ID, &format!("http://{listen}/api/messages")).unwrap();
    let mut command = stage.command(env!("CARGO_BIN_EXE_install_for_user"));
    let output = command.env("PREGON_LISTEN", listen.to_string()).output().await.unwrap();
    Ended::of(&output)
}

#[tokio::test]
async fn it_is_looked_up_installed_told_of_and_written_to() {
    let stage = Stage::start(5).await;
    let ended = run(&stage).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert_eq!(stage.texts_to(dev::BORIS), [HELLO]);

    let chat = stage.person(1).bots[0].conversation_id.clone().unwrap();
    let install = format!("POST users/{}/teamwork/installedApps", dev::BORIS);
    let send = format!("POST conversations/{chat}/activities");
    assert_eq!(stage.lines(), ["GET appCatalogs/teamsApps", install.as_str(), send.as_str()]);
    let app = stage.calls()[1].body["teamsApp@odata.bind"].as_str().unwrap().to_owned();
    assert!(app.ends_with(&format!("/v1.0/appCatalogs/teamsApps/{}", dev::CATALOG_ID)), "{app}");
    assert_eq!(stage.calls()[2].body, json!({"type": "message", "text": HELLO, "textFormat": "plain"}));
}

#[tokio::test]
async fn who_has_it_already_is_found_through_graph() {
    let stage = Stage::start(5).await;
    stage.actor(dev::BORIS).install();
    let ended = run(&stage).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.shown.contains("asking Graph for the chat"), "{ended:?}");
    assert_eq!(stage.texts_to(dev::BORIS), [HELLO]);
}
