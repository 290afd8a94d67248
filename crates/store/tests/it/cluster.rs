use std::sync::Arc;

use pregon_store::cluster::{Cluster, Durability, Schema};
use sqlx::{Connection, PgConnection};

async fn ask(url: &str, sql: &'static str) -> sqlx::Result<String> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::query_scalar(sql).fetch_one(&mut connection).await
}

#[tokio::test]
async fn each_test_has_a_schema_of_its_own_in_the_shared_cluster() {
    let (one, two) = (Schema::fresh(), Schema::fresh());
    let of_one = ask(&one.url(), "SELECT current_schema()::text").await.unwrap();
    let of_two = ask(&two.url(), "SELECT current_schema()::text").await.unwrap();
    assert_ne!(of_one, of_two);
    assert_eq!(ask(&one.url(), "SHOW fsync").await.unwrap(), "off");
    drop(one);
    let left = "SELECT string_agg(nspname, ' ') FROM pg_namespace WHERE nspname LIKE 'test%'";
    let left = ask(&two.url(), left).await.unwrap();
    let left: Vec<_> = left.split(' ').collect();
    assert!(left.contains(&of_two.as_str()) && !left.contains(&of_one.as_str()), "{left:?}");
}

#[tokio::test]
async fn a_cluster_of_a_tests_own_can_be_stopped_and_started() {
    let cluster = Arc::new(Cluster::own(Durability::Full));
    let schema = Schema::of(&cluster);
    assert_eq!(ask(&schema.url(), "SHOW fsync").await.unwrap(), "on");
    cluster.stop();
    ask(&schema.url(), "SELECT 'there'").await.unwrap_err();
    cluster.start();
    assert_eq!(ask(&schema.url(), "SELECT 'there'").await.unwrap(), "there");
}
