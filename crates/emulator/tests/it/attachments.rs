use pregon_emulator::Picture;
use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{Setup, id, refusal};

#[tokio::test]
async fn a_file_is_stored_described_and_read_in_its_forms() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let path = format!("conversations/{chat}/attachments");
    let file = json!({"type": "image/png", "name": "a.png", "originalBase64": "AQIDBA==", "thumbnailBase64": "AQ=="});
    let answer = setup.post(&path, &file).await;
    assert_eq!(answer.status(), 201);
    let file = id(answer).await;
    let info: Value = setup.get(&format!("attachments/{file}")).await.json().await.unwrap();
    let views = json!([{"viewId": "original", "size": 4}, {"viewId": "thumbnail", "size": 1}]);
    assert_eq!(info, json!({"name": "a.png", "type": "image/png", "views": views}));
    let original = setup.get(&format!("attachments/{file}/views/original")).await;
    assert_eq!(original.headers()["content-type"], "image/png");
    assert_eq!(original.bytes().await.unwrap().as_ref(), [1, 2, 3, 4]);
    for unknown in [format!("attachments/{file}/views/huge"), "attachments/none".to_owned()] {
        assert_eq!(refusal(setup.get(&unknown).await).await, (404, "NotFound".to_owned()));
    }
    for (wrong, code) in [
        (json!({"type": "image/png", "originalBase64": "?"}), "BadArgument"),
        (json!({"type": "image/png"}), "MissingProperty"),
        (json!({"originalBase64": ""}), "MissingProperty"),
        (json!([]), "BadSyntax"),
    ] {
        assert_eq!(refusal(setup.post(&path, &wrong).await).await, (400, code.to_owned()), "{wrong}");
    }
}

#[tokio::test]
async fn the_bot_reads_a_picture_somebody_sent() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let picture = Picture { name: "quay.png".to_owned(), content_type: "image/png".to_owned(), bytes: vec![7, 7, 7] };
    setup.emulator.person(&person.id).unwrap().write_with_picture("look", picture).unwrap();
    let sent = json!({"text": "again", "picture": {"name": "b.png", "type": "image/png", "base64": "BwcH"}});
    let path = format!("people/{}/write", person.id);
    assert_eq!(setup.control(Method::POST, &path).json(&sent).send().await.unwrap().status(), 201);
    setup.emulator.delivered().await;
    for received in setup.bot.take() {
        let attachments = received.activity["attachments"].as_array().unwrap().clone();
        assert_eq!(
            (&attachments[0]["contentType"], &attachments[1]["contentType"]),
            (&json!("image/*"), &json!("text/html"))
        );
        let url = attachments[0]["contentUrl"].as_str().unwrap();
        let read = setup.client.get(url).bearer_auth(&setup.token).send().await.unwrap();
        assert_eq!(read.bytes().await.unwrap().as_ref(), [7, 7, 7]);
        assert_eq!(setup.client.get(url).send().await.unwrap().status(), 401);
    }
}
