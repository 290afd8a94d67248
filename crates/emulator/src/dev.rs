//! The world `pregon emulator` plays when nothing is configured: one bot, one tenant, one team, with
//! ids that never change.
//!
//! Examples and tests may default to these values. They are no secrets: nothing outside an emulator
//! knows them.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use pregon_emulator::{Emulator, EmulatorConfig, dev};
//!
//! let emulator = Emulator::start(EmulatorConfig::new(dev::world(1, 50))).await?;
//! emulator.set_bot_endpoint(dev::APP_ID, dev::BOT_ENDPOINT)?;
//! emulator.person(dev::ADA)?.write("help")?;
//! # Ok(()) }
//! ```

use crate::world::{GroupChatSpec, GroupSpec, PersonSpec, WorldSpec};

/// App id of the bot: its Entra client id.
pub const APP_ID: &str = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";
/// Client secret of the bot. For development only, as it says.
pub const SECRET: &str = "development-only~pregon-emulator";
/// Id in the manifest of the Teams app: Graph's `externalId`.
pub const MANIFEST_ID: &str = "7e2b9d40-51c8-4a6f-8d13-c4f5a0e6b721";
/// Id of the Teams app in the catalogue: what Graph installs.
pub const CATALOG_ID: &str = "b81d6f03-2c97-4e58-a0f4-9d3e7c15a826";
/// The tenant.
pub const TENANT_ID: &str = "5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596";
/// The team, as the Connector calls it; also the id of its General channel.
pub const TEAM_ID: &str = "19:SynthTeamGeneral01@thread.tacv2";
/// The team, as Graph calls it.
pub const GROUP_ID: &str = "9b3e1c64-0f8d-4a72-95e6-d18c7a40f2b5";
/// The team's channel *Releases*.
pub const CHANNEL_ID: &str = "19:SynthReleases02@thread.tacv2";
/// A group of the directory that holds the team, for lists that look into groups within groups.
pub const EVERYBODY_GROUP_ID: &str = "6f1d2c83-4b5a-4e97-8d20-a9c3e7f5b164";
/// A group chat of the first three people, with the bot in it.
pub const GROUP_CHAT_ID: &str = "19:SynthGroupChat03@thread.v2";
/// Object id of Ada Torres, who has the bot in her personal scope.
pub const ADA: &str = "d04f7b28-6e15-4c93-b8a7-1f2e5d6c9038";
/// Object id of Boris Lindqvist, who has not.
pub const BORIS: &str = "41c8e6a0-92d7-4f3b-8e51-a7b0c3d9f264";

/// Port `pregon emulator` listens on.
pub const PORT: u16 = 3979;
/// Where `pregon emulator` expects the bot: the port bot SDKs take by themselves.
pub const BOT_ENDPOINT: &str = "http://127.0.0.1:3978/api/messages";

/// The demo's world ([`WorldSpec::demo`]) with the fixed ids.
///
/// The bot is in the team and the group chat from the start, and nobody is told of it: a bot that comes
/// up later can write at once. Ada and Boris are the first two of the people, as far as there are two. All other
/// names and ids depend on the seed.
pub fn world(seed: u64, members: usize) -> WorldSpec {
    let mut world = WorldSpec::demo(seed, members);
    let bots = vec![APP_ID.to_owned()];
    for app in &mut world.apps {
        for (id, fixed) in [
            (&mut app.app_id, APP_ID),
            (&mut app.secret, SECRET),
            (&mut app.manifest_id, MANIFEST_ID),
            (&mut app.catalog_id, CATALOG_ID),
        ] {
            fixed.clone_into(id);
        }
    }
    for tenant in &mut world.tenants {
        TENANT_ID.clone_into(&mut tenant.id);
        let fixed = [
            person(&tenant.domain, ADA, "Ada", "Torres", ("es-ES", "Europe/Madrid"), bots.clone()),
            person(&tenant.domain, BORIS, "Boris", "Lindqvist", ("sv-SE", "Europe/Stockholm"), Vec::new()),
        ];
        for (place, fixed) in tenant.people.iter_mut().filter(|person| !person.guest).zip(fixed) {
            *place = fixed;
        }
        for team in &mut tenant.teams {
            TEAM_ID.clone_into(&mut team.id);
            GROUP_ID.clone_into(&mut team.group_id);
            if let Some(channel) = team.channels.first_mut() {
                CHANNEL_ID.clone_into(&mut channel.id);
            }
            team.bots.clone_from(&bots);
        }
        tenant.groups = vec![GroupSpec {
            id: EVERYBODY_GROUP_ID.to_owned(),
            name: "Everybody".to_owned(),
            members: Vec::new(),
            groups: vec![GROUP_ID.to_owned()],
        }];
        tenant.group_chats = vec![GroupChatSpec {
            id: GROUP_CHAT_ID.to_owned(),
            topic: Some("Shift handover".to_owned()),
            members: tenant.people.iter().take(3).map(|person| person.id.clone()).collect(),
            bots: bots.clone(),
        }];
    }
    world
}

fn person(
    domain: &str,
    id: &str,
    given_name: &str,
    surname: &str,
    (locale, time_zone): (&str, &str),
    bots: Vec<String>,
) -> PersonSpec {
    let address = format!("{given_name}.{surname}@{domain}").to_lowercase();
    PersonSpec {
        id: id.to_owned(),
        given_name: given_name.to_owned(),
        surname: surname.to_owned(),
        email: address.clone(),
        user_principal_name: address,
        locale: locale.to_owned(),
        time_zone: time_zone.to_owned(),
        guest: false,
        bots,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::World;

    #[test]
    fn the_fixed_ids_go_with_every_seed_and_size() {
        for seed in 0..50 {
            for members in [0, 1, 2, 3, 200] {
                let spec = world(seed, members);
                let people: Vec<_> = spec.tenants[0].people.iter().map(|person| person.id.clone()).collect();
                assert_eq!(people.len(), members);
                assert_eq!(people.iter().take(2).collect::<Vec<_>>(), [ADA, BORIS][..members.min(2)].to_vec());
                assert!(World::build(spec).is_ok(), "{seed} {members}");
            }
        }
    }
}
