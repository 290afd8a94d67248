//! The store of a world, looked at from outside with plain SQL. Another kind of store gets a file of its
//! own beside this one, with the same two questions.

use std::collections::BTreeSet;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row};

use super::World;

impl World {
    async fn connect(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.data().join("pregon.db"));
        options.busy_timeout(Duration::from_secs(30)).connect().await.expect("the store can be opened")
    }

    /// Object ids of those whose delivery of this message has ended, as the store says: for moments when
    /// the server is not there to be asked.
    pub(crate) async fn settled(&self, message: &str) -> BTreeSet<String> {
        // The id's text is the 16 bytes in Crockford's base 32, as `TypeID`s are written.
        let id = uuid_bytes(message.strip_prefix("msg_").expect("a message's id"));
        let mut store = self.connect().await;
        let rows = sqlx::query(
            "SELECT r.object_id FROM delivery AS d JOIN reference AS r ON r.id = d.reference
             WHERE d.message = ?1 AND d.state <> 0",
        )
        .bind(&id[..])
        .fetch_all(&mut store)
        .await
        .expect("the store can be read");
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// Keeps everybody else from writing to the store for this long.
    pub(crate) async fn lock_store(&self, time: Duration) {
        let mut store = self.connect().await;
        let lock = store.begin_with("BEGIN IMMEDIATE").await.expect("the store can be locked");
        tokio::time::sleep(time).await;
        lock.rollback().await.expect("nothing was written");
    }
}

/// The bytes of a `TypeID`'s suffix: 26 digits of Crockford's base 32.
fn uuid_bytes(suffix: &str) -> [u8; 16] {
    const DIGITS: &str = "0123456789abcdefghjkmnpqrstvwxyz";
    let digit = |digit| DIGITS.find(digit).unwrap_or_else(|| panic!("{suffix:?} is no id")) as u128;
    suffix.chars().fold(0_u128, |number, letter| (number << 5) | digit(letter)).to_be_bytes()
}
