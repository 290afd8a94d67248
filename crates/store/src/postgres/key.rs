//! The port of API keys.

use async_trait::async_trait;
use pregon_domain::KeyId;
use pregon_domain::ports::{ApiKey, KeyStore, StoreError};
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::row::text;
use super::{PostgresStore, failed};
use crate::row::Columns;

fn api_key(row: &PgRow) -> sqlx::Result<ApiKey> {
    Ok(ApiKey {
        id: row.key("id")?,
        name: row.try_get("name")?,
        hash: row.try_get("hash")?,
        created_at: row.time("created_at")?,
    })
}

impl PostgresStore {
    async fn insert_key(&self, key: &ApiKey) -> sqlx::Result<()> {
        sqlx::query("INSERT INTO api_key (id, name, hash, created_at) VALUES ($1, $2, $3, $4)")
            .bind(key.id.uuid())
            .bind(text(&key.name))
            .bind(&key.hash)
            .bind(key.created_at.as_millis())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn key_of_hash(&self, hash: &[u8]) -> sqlx::Result<Option<ApiKey>> {
        let row = sqlx::query("SELECT id, name, hash, created_at FROM api_key WHERE hash = $1")
            .bind(hash)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(api_key).transpose()
    }

    async fn all_keys(&self) -> sqlx::Result<Vec<ApiKey>> {
        let rows =
            sqlx::query("SELECT id, name, hash, created_at FROM api_key ORDER BY id").fetch_all(&self.pool).await?;
        rows.iter().map(api_key).collect()
    }

    async fn delete_key(&self, id: KeyId) -> sqlx::Result<bool> {
        let deleted = sqlx::query("DELETE FROM api_key WHERE id = $1").bind(id.uuid()).execute(&self.pool).await?;
        Ok(deleted.rows_affected() > 0)
    }
}

#[async_trait]
impl KeyStore for PostgresStore {
    async fn add_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        self.insert_key(key).await.map_err(failed("storing an API key"))
    }

    async fn key_by_hash(&self, hash: &[u8]) -> Result<Option<ApiKey>, StoreError> {
        self.key_of_hash(hash).await.map_err(failed("looking up an API key"))
    }

    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        self.all_keys().await.map_err(failed("listing API keys"))
    }

    async fn remove_key(&self, id: KeyId) -> Result<bool, StoreError> {
        self.delete_key(id).await.map_err(failed("removing an API key"))
    }
}
