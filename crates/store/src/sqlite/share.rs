//! Writing what changed of shares.

use pregon_domain::Timestamp;
use serde_json::json;

use super::Tx;
use super::row::hex;
use crate::share::ShareChanges;

/// Writes the changes. A share that is new takes priority and rest from its message.
pub(super) async fn write(changes: ShareChanges, tx: &mut Tx) -> sqlx::Result<()> {
    let rows: Vec<_> = (changes.0.into_iter())
        .map(|((lane, message), change)| {
            let due = change.due.map(Timestamp::as_millis);
            json!([lane.0, hex(message.uuid()), change.open, change.put_back, due])
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(WRITE).bind(json!(rows).to_string()).execute(&mut **tx).await?;
    Ok(())
}

// A canary that was put back may be claimed once more.
const WRITE: &str = "
    INSERT INTO share (lane, message, priority, rest, open, due, allowance)
    SELECT c.value ->> 0, m.id, m.priority, iif(m.cancelled, 2, iif(m.hold IN (1, 3), 1, 0)), c.value ->> 2,
           c.value ->> 4, iif(m.canary IS NULL, NULL, 0)
    FROM json_each(?1) AS c CROSS JOIN message AS m ON m.id = unhex(c.value ->> 1)
    WHERE true
    ON CONFLICT (lane, message) DO UPDATE SET
        open = open + excluded.open,
        due = min(coalesce(due, excluded.due), coalesce(excluded.due, due)),
        allowance = allowance + (SELECT c.value ->> 3 FROM json_each(?1) AS c
                                 WHERE c.value ->> 0 = share.lane AND unhex(c.value ->> 1) = share.message)";
