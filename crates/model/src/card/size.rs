//! The size of a message as Teams measures it.
//!
//! The limit is on the whole payload in UTF-16, so a Latin letter counts two bytes and an emoji four;
//! images that are written into it as base64 do not count (each has its own limit,
//! [`IMAGE_BYTES`]). Over the limit Teams answers 413 `MessageSizeTooBig` and delivers nothing.
//!
//! Source: Microsoft Learn, "Format your bot messages" (page of March 2025).

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter};

use super::{AdaptiveCard, data_uri};
use crate::{ActivityKind, Attachment};

/// What arrives everywhere: the oldest documented limit, still that of webhooks and of Power
/// Automate. Source: Microsoft Learn, "Format cards in Teams", note on mentions.
pub const SAFE_BYTES: usize = 28 * 1024;
/// The limit of bot messages until 2025, and of clouds that lag behind. Source: the same note, and
/// "Format your bot messages" of 2022.
pub const USUAL_BYTES: usize = 40 * 1024;
/// The limit of bot messages since 2025. Source: Microsoft Learn, "Format your bot messages".
pub const LARGEST_BYTES: usize = 100 * 1024;
/// The largest image Teams shows, written into the card or not. Source: Microsoft Learn, "Format
/// cards in Teams".
pub const IMAGE_BYTES: usize = 1024 * 1024;

/// Bytes of a payload as Teams counts: an [`Activity`](crate::Activity), or anything that is written as JSON.
///
/// A card alone is not a payload: see [`message_size`].
///
/// ```
/// use pregon_model::card;
/// use pregon_model::{Activity, TextFormat};
///
/// let letters = card::size(&Activity::text("é", TextFormat::Plain));
/// assert_eq!(card::size(&Activity::text("éé", TextFormat::Plain)), letters + 2);
/// ```
pub fn size<T: Serialize + ?Sized>(payload: &T) -> usize {
    let mut units = Units(0);
    let mut serializer = Serializer::with_formatter(&mut units, WithoutImages { fresh: false });
    match payload.serialize(&mut serializer) {
        Ok(()) => units.0 * 2,
        // What cannot be written is not sent either.
        Err(_) => 0,
    }
}

/// Bytes of the smallest message that carries this card: what a card takes when it is sent alone.
///
/// Takes the card's JSON or an [`AdaptiveCard`].
pub fn message_size<T: Serialize + ?Sized>(card: &T) -> usize {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Attached<'a, T: ?Sized> {
        content_type: &'static str,
        content: &'a T,
    }
    #[derive(Serialize)]
    struct Message<'a, T: ?Sized> {
        r#type: ActivityKind,
        attachments: [Attached<'a, T>; 1],
    }
    let attached = Attached { content_type: Attachment::ADAPTIVE_CARD, content: card };
    size(&Message { r#type: ActivityKind::Message, attachments: [attached] })
}

impl AdaptiveCard {
    /// Bytes of the smallest message that carries this card; see [`message_size`](super::message_size).
    pub fn message_size(&self) -> usize {
        message_size(self)
    }
}

/// Counts UTF-16 units of UTF-8 text, wherever it is cut.
struct Units(usize);

impl io::Write for Units {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let units = bytes.iter().map(|byte| match byte {
            // The rest of a character; its first byte has been counted.
            0x80..=0xBF => 0,
            // A character outside the basic plane: a surrogate pair.
            0xF0.. => 2,
            _ => 1,
        });
        self.0 += units.sum::<usize>();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Leaves out the data of images that are texts of their own.
struct WithoutImages {
    /// Whether a text has just begun.
    fresh: bool,
}

impl Formatter for WithoutImages {
    fn begin_string<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.fresh = true;
        writer.write_all(b"\"")
    }

    fn write_char_escape<W: io::Write + ?Sized>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.fresh = false;
        CompactFormatter.write_char_escape(writer, escape)
    }

    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let image = if self.fresh { data_uri::image(fragment) } else { None };
        self.fresh = false;
        let counted = image.map_or(fragment, |image| image.head);
        writer.write_all(counted.as_bytes())
    }
}
