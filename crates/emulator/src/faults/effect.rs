use serde::{Deserialize, Serialize};

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Answered with this and not carried out.
    Answer {
        /// HTTP status.
        status: u16,
        /// The error code; absent means none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// What the error says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// How the body is written.
        #[serde(default)]
        shape: Shape,
        /// `Retry-After`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<RetryAfter>,
    },
    /// Carried out, and answered with its own status and a body nobody asked for.
    Garble {
        /// How the body is written; the first two shapes say that there was an error.
        shape: Shape,
    },
    /// Carried out, and the connection closed without an answer.
    LoseAnswer,
    /// Not carried out: the connection is reset. Of operation `connect`: as soon as it is made.
    ResetBefore,
    /// Carried out, and the connection reset without an answer.
    ResetAfter,
    /// Not carried out and never answered. Of operation `connect`: nothing is read.
    HangBefore,
    /// Carried out and never answered.
    HangAfter,
    /// Carried out after so many milliseconds.
    DelayBefore {
        /// Milliseconds, at most ten minutes.
        ms: u64,
        /// Up to so many milliseconds more, drawn for each call.
        #[serde(default, skip_serializing_if = "is_zero")]
        jitter_ms: u64,
    },
    /// Carried out at once, and answered after so many milliseconds.
    DelayAfter {
        /// Milliseconds, at most ten minutes.
        ms: u64,
        /// Up to so many milliseconds more, drawn for each call.
        #[serde(default, skip_serializing_if = "is_zero")]
        jitter_ms: u64,
    },
    /// Carried out, and the answer sent one byte at a time, head included.
    Trickle {
        /// Milliseconds between two bytes, at most ten minutes.
        ms_per_byte: u64,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls it with")]
fn is_zero(ms: &u64) -> bool {
    *ms == 0
}

/// How a body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// As the service writes its errors: `{"error":{"code","message"}}`.
    #[default]
    Standard,
    /// The legacy `{"errorCode":209,"message":"<JSON text>"}`.
    Legacy,
    /// An HTML page, as gateways send.
    Html,
    /// JSON that breaks off in the middle.
    BrokenJson,
    /// Nothing.
    Empty,
}

/// How `Retry-After` is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u64),
    /// As an HTTP date so many seconds from the answer; negative is in the past.
    Date(i64),
    /// As this text, for what no client expects.
    Text(String),
}
