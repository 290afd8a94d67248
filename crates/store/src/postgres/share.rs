//! Writing what changed of shares.

use pregon_domain::Timestamp;

use super::Tx;
use crate::share::ShareChanges;

/// Writes the changes; the lanes are locked. A share that is new takes priority and rest from its
/// message, whose row is locked where there may be new ones.
pub(super) async fn write(changes: ShareChanges, tx: &mut Tx) -> sqlx::Result<()> {
    if changes.0.is_empty() {
        return Ok(());
    }
    sqlx::query(WRITE)
        .bind(changes.0.keys().map(|(lane, _)| lane.0).collect::<Vec<_>>())
        .bind(changes.0.keys().map(|(_, message)| message.uuid()).collect::<Vec<_>>())
        .bind(changes.0.values().map(|change| change.open).collect::<Vec<_>>())
        .bind(changes.0.values().map(|change| change.put_back).collect::<Vec<_>>())
        .bind(changes.0.values().map(|change| change.due.map(Timestamp::as_millis)).collect::<Vec<_>>())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

// A canary that was put back may be claimed once more.
const WRITE: &str = "
    WITH change AS (
        SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[])
            AS c (lane, message, open, put_back, due)
    )
    INSERT INTO share (lane, message, priority, rest, open, due, allowance)
    SELECT c.lane, m.id, m.priority, CASE WHEN m.cancelled THEN 2 WHEN m.hold IN (1, 3) THEN 1 ELSE 0 END,
           c.open, c.due, CASE WHEN m.canary IS NOT NULL THEN 0 END
    FROM change AS c JOIN message AS m ON m.id = c.message
    ORDER BY c.lane, m.id
    ON CONFLICT (lane, message) DO UPDATE SET
        open = share.open + excluded.open,
        due = least(share.due, excluded.due),
        allowance = share.allowance
            + (SELECT c.put_back FROM change AS c WHERE (c.lane, c.message) = (share.lane, share.message))";
