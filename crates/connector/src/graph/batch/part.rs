use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;

use super::Queued;
use super::wire::{read_answers, write_request};
use crate::graph::TenantGraph;
use crate::transport::{Answer, Call};
use crate::{ConnectorError, Details};

/// Most calls of one request. Source: Microsoft Learn, "Combine multiple HTTP requests using JSON batching".
const MOST_CALLS: usize = 20;

/// Longest answer taken, bytes: 20 pages of people as they usually are.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// What became of one call.
pub(super) type Outcome = Result<Answer, ConnectorError>;

#[derive(Debug, thiserror::Error)]
#[error("an earlier part of the batch failed")]
struct EarlierPartFailed;

#[derive(Debug, thiserror::Error)]
#[error("the answer of the batch has none to this call")]
struct Missing;

/// Sends all calls, 20 at a time; the outcomes have the order of the calls.
pub(super) async fn send_parts(
    graph: &TenantGraph<'_>,
    timeout: Option<Duration>,
    queue: Vec<Queued>,
) -> Vec<Option<Outcome>> {
    let mut outcomes: Vec<Option<Outcome>> = Vec::new();
    outcomes.resize_with(queue.len(), || None);
    let mut failed = false;
    let mut waiting = 0..queue.len();
    while !waiting.is_empty() {
        let mut part = Vec::new();
        for index in waiting.by_ref() {
            match fate(&queue[index], &outcomes, failed) {
                Some(error) => outcomes[index] = Some(Err(error)),
                None => part.push(index),
            }
            if part.len() == MOST_CALLS {
                break;
            }
        }
        if !part.is_empty() {
            failed = !send_part(graph, timeout, &queue, &part, &mut outcomes).await;
        }
    }
    outcomes
}

/// Why a call is not even sent.
fn fate(queued: &Queued, outcomes: &[Option<Outcome>], failed: bool) -> Option<ConnectorError> {
    if let Err(error) = &queued.call {
        return Some(error.clone());
    }
    if failed {
        return Some(ConnectorError::NotSent(Arc::new(EarlierPartFailed)));
    }
    // Graph does the same within a part.
    let before = queued.after.and_then(|before| outcomes[before].as_ref());
    matches!(before, Some(Err(_))).then(|| ConnectorError::Refused(Box::new(Details::new(424))))
}

/// Sends these calls in one request; `false` when it failed as a whole.
async fn send_part(
    graph: &TenantGraph<'_>,
    timeout: Option<Duration>,
    queue: &[Queued],
    part: &[usize],
    outcomes: &mut [Option<Outcome>],
) -> bool {
    match exchange(graph, timeout, queue, part).await {
        Ok(mut answers) => {
            for &index in part {
                outcomes[index] = Some(answers.remove(&index).unwrap_or_else(|| Err(missing())));
            }
            true
        }
        Err(error) => {
            for &index in part {
                outcomes[index] = Some(Err(error.clone()));
            }
            false
        }
    }
}

async fn exchange(
    graph: &TenantGraph<'_>,
    timeout: Option<Duration>,
    queue: &[Queued],
    part: &[usize],
) -> Result<HashMap<usize, Outcome>, ConnectorError> {
    let base = graph.base().path().trim_end_matches('/');
    let calls: Vec<_> = part.iter().filter_map(|&index| Some((index, queue[index].call.as_ref().ok()?))).collect();
    let request = write_request(base, &calls, |index| queue[index].after.filter(|before| part.contains(before)));
    let mut call = graph.call(Method::POST, &["batch"])?;
    call.url.set_path(&format!("{base}/$batch"));
    let call = Call { timeout, limit: BODY_LIMIT, ..call }.json(&request)?;
    read_answers(graph.graph.transport.send(&call).await?, &calls)
}

/// Graph said nothing of this call: it may have been done.
fn missing() -> ConnectorError {
    ConnectorError::Unanswered { details: None, source: Some(Arc::new(Missing)) }
}
