//! Addresses of pages and images.

use serde_json::Value;
use url::Url;

use super::walk::Walk;
use super::{Rule, Severity};
use crate::Extra;
use crate::card::data_uri;
use crate::card::size::IMAGE_BYTES;

impl<'c> Walk<'c, '_> {
    /// A member that is the address of a page.
    pub(super) fn link(&mut self, members: &'c Extra, name: &str) {
        let Some(address) = members.get(name).and_then(Value::as_str) else { return };
        match Url::parse(address).as_ref().map(Url::scheme) {
            Ok("https" | "mailto" | "tel") => {}
            Ok("http") => {
                let message = "The page is not encrypted. Use https if it can be had.";
                self.report.add_in(name, Rule::InsecureLink, Severity::Advice, message);
            }
            _ => {
                let message = "Clients open https, mailto and tel only. Write the whole address.";
                self.report.add_in(name, Rule::BadLink, Severity::NotShown, message);
            }
        }
    }

    /// A member that is the address of an image.
    pub(super) fn image(&mut self, members: &'c Extra, name: &str) {
        let Some(address) = members.get(name).and_then(Value::as_str) else { return };
        let outside = self.report.enter(name);
        self.image_at(address);
        self.report.leave(outside);
    }

    /// The address of an image.
    pub(super) fn image_at(&mut self, address: &str) {
        let starts = |scheme: &str| address.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
        if let Some(image) = data_uri::image(address) {
            if image.bytes() > IMAGE_BYTES {
                let size = image.bytes();
                let message = format!("The image has {size} bytes; Teams shows {IMAGE_BYTES}. Make it smaller.");
                self.report.add(Rule::ImageTooLarge, Severity::NotShown, message);
            }
        } else if !starts("https://") && !starts("data:") {
            let message =
                "Teams fetches images over https only. Write an https address, or put the image into the card.";
            self.report.add(Rule::InsecureImage, Severity::NotShown, message);
        }
    }
}
