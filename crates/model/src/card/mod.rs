//! Adaptive Cards: built with types, measured as Teams measures them, and checked against what Teams
//! shows.
//!
//! Take this module to write the card of a message, and to check one that somebody else wrote. A card
//! that comes from a designer as JSON needs no types: send it as it is, after a [`check`]. Templates
//! (`${name}`) are not expanded here: fill in the values while building. Hero, list and other older
//! cards are plain JSON in an [`Attachment`](crate::Attachment).
//!
//! # Build
//!
//! Every element and action is a struct with a constructor for what it cannot do without and a setter
//! for each other member. Whatever holds others takes them one by one or several at once.
//!
//! ```
//! use pregon_model::card::{AdaptiveCard, Column, ColumnSet, Execute};
//! use pregon_model::card::{FactSet, Image, OpenUrl, Width};
//! use serde_json::json;
//!
//! let red = Image::new("https://ci.example/red.png").alt_text("Failed");
//! let head = ColumnSet::new()
//!     .column(Column::new().width(Width::auto()).element(red))
//!     .column(Column::new().width(Width::stretch()).text("Deploy **12** failed"));
//! let card = AdaptiveCard::new()
//!     .fallback_text("Deploy 12 failed")
//!     .element(head)
//!     .element(FactSet::new().fact("Service", "api-prod").fact("Still on", "11"))
//!     .action(OpenUrl::new("Open the log", "https://ci.example/12"))
//!     .action(Execute::new("Try again", "retry").data(json!({"deploy": 12})).or_submit());
//!
//! assert_eq!(card.check(), []);
//! assert!(card.message_size() < pregon_model::card::SAFE_BYTES);
//! let message = pregon_model::Activity::adaptive_card(card, "Deploy 12 failed");
//! # let _ = message;
//! ```
//!
//! Texts that are only shown are in the Markdown subset of Teams: bold, italic, lists, links. A person
//! is mentioned with [`Text::mention`]. Colours, sizes and the like are open sets: constants for what
//! is known today ([`Color::GOOD`]), `other` for the rest.
//!
//! # Buttons and inputs
//!
//! | a press | is |
//! |---|---|
//! | opens a page | [`OpenUrl`] |
//! | asks the bot, which may answer with another card | [`Execute`], with [`Execute::or_submit`] for older clients |
//! | sends the bot a message | [`Submit`] |
//! | writes in the chat, opens a dialog, signs in | [`Submit`] with [`message_back`](Submit::message_back), [`im_back`](Submit::im_back), [`task_fetch`](Submit::task_fetch), [`sign_in`](Submit::sign_in), [`invoke`](Submit::invoke) |
//! | opens a card below the button | [`ShowCard`] |
//! | shows and hides elements | [`ToggleVisibility`] |
//!
//! What people enter comes to the bot in the `data` of the action they press, under the inputs' ids.
//!
//! ```
//! use pregon_model::card::{AdaptiveCard, InputChoiceSet, InputText, Submit};
//! use serde_json::json;
//!
//! let mark = InputChoiceSet::new("mark").label("How was it?").is_required(true);
//! let card = AdaptiveCard::new()
//!     .fallback_text("How was the deploy?")
//!     .element(mark.choice("Good", "1").choice("Bad", "0"))
//!     .element(InputText::new("why").label("Why?").is_multiline(true))
//!     .action(Submit::new("Send").data(json!({"deploy": 12})));
//! // Labels came with version 1.3, so the card names that.
//! assert_eq!(serde_json::to_value(&card)?["version"], "1.3");
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Versions
//!
//! A client shows `fallbackText` instead of a card whose version it does not know, and leaves out what
//! is newer than the version the card names. A card built here names the lowest version that holds all
//! it uses; [`AdaptiveCard::version`] overrides that. Teams takes up to 1.5; up to 1.4 is safe.
//!
//! # All the rest, as JSON
//!
//! Teams has more than this module has types for. [`Element::raw`] and [`Action::raw`] stand wherever
//! an element or action does (so does bare JSON), and `with` sets any member of anything:
//!
//! ```
//! use pregon_model::card::{AdaptiveCard, Element, Fallback, TextBlock};
//! use serde_json::json;
//!
//! let text = TextBlock::paragraph("On our way").with("targetWidth", "atLeast:narrow");
//! let card = AdaptiveCard::new()
//!     .element(Element::raw(json!({"type": "Icon", "name": "Airplane", "fallback": "drop"})))
//!     .element(json!({"type": "ProgressBar", "value": 40}))
//!     .element(text.fallback(Fallback::Drop));
//! # assert_eq!(serde_json::to_value(&card).unwrap()["body"][2]["targetWidth"], "atLeast:narrow");
//! ```
//!
//! # Read
//!
//! A card is read into the same types. What has no type, or a value its type does not allow, is kept
//! as JSON in `extra` or [`Element::Raw`] and written back the same, so nothing is lost in between.
//!
//! ```
//! use pregon_model::card::{AdaptiveCard, Element};
//!
//! let text = concat!(
//!     r#"{"type":"AdaptiveCard","version":"1.2","#,
//!     r#""body":[{"type":"TextBlock","text":"Hi","new":1},{"type":"New"}]}"#,
//! );
//! let card: AdaptiveCard = serde_json::from_str(text)?;
//! let body = card.body.as_deref().unwrap_or_default();
//! assert!(matches!(&body[0], Element::TextBlock(block) if block.extra["new"] == 1));
//! assert!(matches!(&body[1], Element::Raw(_)));
//! assert_eq!(serde_json::to_string(&card)?, text);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Check
//!
//! Teams accepts nearly any card and then shows an error, or half of it. [`check`] tells beforehand:
//! each [`Finding`] has a place, a [`Rule`] with a stable code, a [`Severity`] and a sentence with the
//! remedy. [`check_message`] looks at a whole message. [`size`] and [`message_size`] count as Teams
//! does.
//!
//! Source: Microsoft Learn, "Types of cards", "Format cards in Teams", "Card actions"; the schema in
//! microsoft/AdaptiveCards, `schemas/1.5.0`.

mod action;
mod adaptive_card;
mod authentication;
mod background;
mod check;
mod data_uri;
mod element;
mod fallback;
mod input;
mod refresh;
mod schema;
mod size;
mod teams;
mod text;
mod words;

pub use crate::{Mention, Text};
pub use action::{Action, Execute, MessageBack, OpenUrl, ShowCard, Submit, Target, TargetElement, ToggleVisibility};
pub use adaptive_card::AdaptiveCard;
pub use authentication::{AuthButton, Authentication, TokenExchangeResource};
pub use background::{Background, BackgroundImage};
pub use check::{Finding, Rule, Severity, check, check_message};
pub use element::{
    ActionSet, Column, ColumnSet, Container, Element, Fact, FactSet, Image, ImageSet, Inline, RichTextBlock, Table,
    TableCell, TableColumn, TableRow, TextBlock, TextRun, Width,
};
pub use fallback::{ActionFallback, ElementFallback, Fallback};
pub use input::{Choice, InputChoiceSet, InputDate, InputNumber, InputText, InputTime, InputToggle};
pub use refresh::Refresh;
pub use schema::{BadVersion, CardVersion, Requires, Version};
pub use size::{IMAGE_BYTES, LARGEST_BYTES, SAFE_BYTES, USUAL_BYTES, message_size, size};
pub use teams::TeamsOptions;
pub use words::{
    ActionMode, ActionStyle, AssociatedInputs, CardWidth, ChoiceStyle, Color, ContainerStyle, FillMode, FontType,
    HorizontalAlignment, ImageSize, ImageStyle, InputTextStyle, Length, Spacing, TextSize, TextStyle,
    VerticalAlignment, Weight,
};
