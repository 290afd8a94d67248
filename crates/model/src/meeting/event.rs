use serde_json::Value;

/// What the start or end of a meeting tells.
///
/// Source: Microsoft Learn, "Meeting apps API references", which writes the members with a capital letter.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct MeetingEvent<'a> {
    /// The meeting, as the meeting calls of the Connector know it.
    pub id: Option<&'a str>,
    /// What it is called.
    pub title: Option<&'a str>,
    /// `Scheduled`, `Recurring`, `AdHoc` …
    pub meeting_type: Option<&'a str>,
    /// Where one joins.
    pub join_url: Option<&'a str>,
    /// When it really began or ended: ISO 8601.
    pub time: Option<&'a str>,
    /// All that was sent.
    pub value: &'a Value,
}

impl<'a> MeetingEvent<'a> {
    pub(crate) fn read(value: &'a Value) -> Self {
        let text = |name: &str| {
            let members = value.as_object()?;
            members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?.1.as_str()
        };
        Self {
            id: text("id"),
            title: text("title"),
            meeting_type: text("meetingType"),
            join_url: text("joinUrl"),
            time: text("startTime").or_else(|| text("endTime")),
            value,
        }
    }
}
