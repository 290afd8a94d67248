use pregon_store::MemoryStore;
use pregon_store::conformance::Subject;

#[expect(clippy::unused_async, reason = "the suite awaits its factory")]
async fn fresh() -> Subject {
    Subject::new(MemoryStore::default(), ())
}

pregon_store::conformance_tests!(fresh);
