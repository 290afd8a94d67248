use super::CardWidth;
use super::schema::object;
use crate::Entity;

object! {
    /// What only Teams reads in a card: `msteams` of its root.
    TeamsOptions as "msteams", V1_0 {
        /// How wide the card is.
        width: CardWidth = "width", V1_0;
        /// Whom the card mentions; those of a [`Text`](super::Text) are added when the card is written.
        entities / entity: [Entity] = "entities", V1_0;
    }
}
