use serde_json::Value;

use super::schema::{Part, Shape};
use crate::{Mention, Text};

impl Part for Text {
    const SHAPE: Shape = Shape::Text;

    fn read(value: Value, depth: usize) -> Option<Self> {
        String::read(value, depth).map(Self::new)
    }

    fn mentions<'a>(&'a self, found: &mut Vec<&'a Mention>) {
        found.extend(&self.mentions);
    }
}
