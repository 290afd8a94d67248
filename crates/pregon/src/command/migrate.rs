//! `pregon migrate`

use pregon_server::{Config, Migration, migrate};
use serde_json::json;

use crate::{End, args, output};

/// Brings the configured store to this version.
pub(crate) async fn run(args: &args::Migrate) -> anyhow::Result<End> {
    let config = Config::load(Some(&args.config), std::env::vars(), &[])?;
    let migrated = migrate(&config).await?;
    let place = &migrated.place;
    if args.json {
        let row = |one: &Migration| json!({"version": one.version, "description": one.description});
        let ran: Vec<_> = migrated.ran.iter().map(row).collect();
        output::line(json!({"store": place, "ran": ran}));
    } else if migrated.ran.is_empty() {
        output::line(format_args!("{place} is of this version: nothing to do"));
    } else {
        for one in &migrated.ran {
            output::line(format_args!("{place}: ran migration {} ({})", one.version, one.description));
        }
    }
    Ok(End::Done)
}
