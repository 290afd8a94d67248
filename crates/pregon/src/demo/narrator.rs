//! Tells the story to whoever watches: a person at a terminal, a log, or nobody (`--json`).

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

/// How the story is told.
pub(crate) struct Narrator {
    silent: bool,
    terminal: bool,
    step: u32,
}

impl Narrator {
    /// Says nothing when `silent`; draws progress bars only on a terminal.
    pub(crate) fn new(silent: bool) -> Self {
        Self { silent, terminal: output::is_terminal(), step: 0 }
    }

    /// A chapter of the story.
    pub(crate) fn step(&mut self, title: &str) {
        self.step += 1;
        if self.silent {
            return;
        }
        if self.terminal {
            output::line(format_args!("\n\x1b[1m{}. {title}\x1b[0m", self.step));
        } else {
            output::line(format_args!("\n{}. {title}", self.step));
        }
    }

    /// Something that happened.
    pub(crate) fn tell(&self, text: impl std::fmt::Display) {
        if !self.silent {
            output::line(format_args!("   {text}"));
        }
    }

    /// The progress of one message.
    pub(crate) fn progress(&self, total: u64) -> Progress {
        if self.silent {
            return Progress { bar: None, quarters: None };
        }
        if self.terminal {
            let bar = ProgressBar::new(total);
            let style = ProgressStyle::with_template("   {bar:24.cyan/238} {pos}/{len}  {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            return Progress { bar: Some(bar), quarters: None };
        }
        Progress { bar: None, quarters: Some((total, 0)) }
    }
}

/// A progress bar, or a line at every quarter where there is no terminal.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    /// Total, and how many quarters were told.
    quarters: Option<(u64, u64)>,
}

/// Where a message stands, for people.
pub(crate) struct Standing<'a> {
    /// Deliveries that have ended.
    pub(crate) ended: u64,
    /// Deliveries in all.
    pub(crate) total: u64,
    /// How long it has been running.
    pub(crate) elapsed: Duration,
    /// What keeps it from going faster.
    pub(crate) limited_by: &'a str,
}

impl Progress {
    /// Shows where the message stands.
    #[expect(clippy::cast_precision_loss, reason = "counts of deliveries are far below 2^52")]
    pub(crate) fn show(&mut self, standing: &Standing<'_>) {
        let Standing { ended, total, elapsed, limited_by } = *standing;
        if total == 0 {
            return; // the audience is still being worked out
        }
        let rate = ended as f64 / elapsed.as_secs_f64().max(0.001);
        let left = Duration::from_secs_f64(total.saturating_sub(ended) as f64 / rate.max(0.1));
        let text = format!("{rate:.0}/s, {} s left, limited by {limited_by}", left.as_secs());
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(ended);
            bar.set_message(text);
        } else if let Some((length, told)) = &mut self.quarters {
            *length = total;
            let quarter = ended * 4 / total;
            if quarter > *told && quarter < 4 {
                *told = quarter;
                output::line(format_args!("   {ended}/{total}  {text}"));
            }
        }
    }

    /// The message has ended.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
