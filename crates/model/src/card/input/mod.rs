mod choice_set;
mod date_time;
mod number;
mod text;
mod toggle;

pub use choice_set::{Choice, InputChoiceSet};
pub use date_time::{InputDate, InputTime};
pub use number::InputNumber;
pub use text::InputText;
pub use toggle::InputToggle;
