//! The server on PostgreSQL: what the other tests see on SQLite, once through.

use pregon_server::{Config, Migrated, migrate};
use pregon_store::cluster::Schema;
use serde_json::json;

use crate::world::{World, notification};

#[tokio::test]
async fn a_team_is_reached_and_people_answer_edit_and_opt_out() {
    let world = World::on_postgresql().await;
    world.install_in_team().await;
    let mut body = notification("deploys");
    body["to"] = json!(format!("team:{}", world.team().group_id));
    let done = world.deliver(&body).await;
    assert_eq!(done["counts"], json!({"pending": 0, "delivered": 5, "stopped": 1, "uncertain": 0}), "{done:#}");
    assert_eq!(world.deliveries(done["id"].as_str().unwrap()).await.len(), 6);

    let ada = world.person(0);
    let actor = world.emulator.person(&ada.id).unwrap();
    assert_eq!(actor.press("pregon.opt_out").await.unwrap().status, 200);
    body["to"] = json!(ada.email);
    let second = world.deliver(&body).await;
    assert_eq!(second["reasons"][0]["reason"], "opted_out", "{second:#}");

    let first = world.deliver(&json!({"to": ada.email, "text": "one"})).await;
    let edit = format!("/api/v1/messages/{}/edit", first["id"].as_str().unwrap());
    let edit = world.post(&edit, &json!({"text": "two"})).await;
    world.done(edit.body["id"].as_str().unwrap()).await;
    let received = world.emulator.received_by(&ada.id).unwrap();
    assert_eq!(received.last().unwrap().activity["text"], "two");
    world.stop().await;
}

#[tokio::test]
async fn migrating_says_what_was_run_and_the_second_time_that_there_is_nothing_to_do() {
    let schema = Schema::fresh();
    let config = Config::parse("test.toml", &format!("[store]\nurl = {:?}\n", schema.url())).unwrap();
    let first = migrate(&config).await.unwrap();
    assert_eq!((first.ran[0].version, first.ran[0].description.as_str()), (1, "initial"));
    assert!(first.place.starts_with("pregon@/"), "{}", first.place);
    assert_eq!(migrate(&config).await.unwrap(), Migrated { ran: Vec::new(), ..first });
}
