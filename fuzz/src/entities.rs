use pregon_connector::graph::{
    AppDefinition, CatalogApp, Change, Channel, Chat, DirectoryObject, Group, Installation, Team, TeamMember, User,
};

use crate::answers::read;

/// What Graph tells of people, groups, teams and apps: every object, with no HTTP around it.
pub fn entities(data: &[u8]) {
    read::<User>(data);
    read::<Group>(data);
    read::<DirectoryObject>(data);
    read::<Change<User>>(data);
    read::<Change<Group>>(data);
    read::<Team>(data);
    read::<TeamMember>(data);
    read::<Channel>(data);
    read::<Chat>(data);
    read::<CatalogApp>(data);
    read::<AppDefinition>(data);
    read::<Installation>(data);
}
