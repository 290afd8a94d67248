//! What is known of the schema, said once: [`object!`] declares an object's members, and the reader,
//! the writer, the choice of the version and the check go by the same lines.

mod object;
mod one_of;
mod part;
mod placed;
mod shape;
mod version;
mod word;

pub(in crate::card) use object::object;
pub(in crate::card) use one_of::{one_of, text_or};
pub use part::Requires;
pub(in crate::card) use part::{DEEPEST, Part, read_whole, take};
pub(in crate::card) use placed::{action, element, input, placed};
pub(in crate::card) use shape::{Kind, Member, Need, Shape};
pub use version::{BadVersion, CardVersion, Version};
pub(in crate::card) use word::{Word, words};
