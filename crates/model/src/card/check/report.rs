use std::fmt::Write;

use super::{Finding, Rule, Severity};

/// Findings kept; who has that many needs no more.
pub(super) const MOST_FINDINGS: usize = 100;

/// The place being looked at, and what was found so far.
pub(super) struct Report {
    at: String,
    depth: usize,
    findings: Vec<Finding>,
}

impl Report {
    /// Nothing found yet, at the root of what has so many levels of a message around it.
    pub(super) fn new(depth: usize) -> Self {
        Self { at: String::new(), depth, findings: Vec::new() }
    }

    /// Levels of the message around this place.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Goes into a member; returns the way back.
    pub(super) fn enter(&mut self, name: &str) -> Outside {
        let outside = Outside(self.at.len());
        self.at.push('/');
        for c in name.chars() {
            match c {
                '~' => self.at.push_str("~0"),
                '/' => self.at.push_str("~1"),
                other => self.at.push(other),
            }
        }
        self.depth += 1;
        outside
    }

    /// Goes into an item of a list; returns the way back.
    pub(super) fn enter_item(&mut self, index: usize) -> Outside {
        let outside = Outside(self.at.len());
        // Writing to a String cannot fail.
        let _ = write!(self.at, "/{index}");
        self.depth += 1;
        outside
    }

    /// Goes back.
    pub(super) fn leave(&mut self, outside: Outside) {
        self.at.truncate(outside.0);
        self.depth -= 1;
    }

    /// Something found here.
    pub(super) fn add(&mut self, rule: Rule, severity: Severity, message: impl Into<String>) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(Finding { at: self.at.clone(), rule, severity, message: message.into() });
        }
    }

    /// Something found in a member of what is here.
    pub(super) fn add_in(&mut self, name: &str, rule: Rule, severity: Severity, message: impl Into<String>) {
        let outside = self.enter(name);
        self.add(rule, severity, message);
        self.leave(outside);
    }

    pub(super) fn finish(self) -> Vec<Finding> {
        self.findings
    }
}

/// The way back from a place: the length of the pointer before.
#[derive(Clone, Copy)]
#[must_use]
pub(super) struct Outside(usize);
