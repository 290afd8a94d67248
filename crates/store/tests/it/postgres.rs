use pregon_store::cluster::Schema;
use pregon_store::conformance::{Subject, random};
use pregon_store::{MemoryStore, PostgresStore};

async fn fresh() -> Subject {
    let schema = Schema::fresh();
    Subject::new(PostgresStore::connect(&schema.url(), 4).await.unwrap(), schema)
}

pregon_store::conformance_tests!(fresh);

#[tokio::test]
async fn it_agrees_with_the_memory_store_whatever_happens() {
    for seed in 0..2 {
        let subject = fresh().await;
        random::agree(&MemoryStore::default(), &*subject.store, seed, 300).await;
    }
}
