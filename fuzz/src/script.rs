use std::io::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderName, HeaderValue};
use pregon_auth::{AccessToken, TokenError, TokenFor, TokenSource};
use url::Url;

/// Answers given to one input. Lists may name a next page for ever, so then there is nothing more.
const MOST_ANSWERS: usize = 8;

/// Most bytes that `x-padding` puts behind a body: more than any reader takes.
const MOST_PADDING: usize = 2 * 1024 * 1024;

/// What an input writes for an address of the service, whose port is another in every run.
const OWN: &[u8] = b"https://graph.microsoft.com/";

/// What is answered to the calls of one input, and the token they are made with.
///
/// Answers are parted by lines of `---`. Each is a line with the status, headers, an empty line, and the
/// body; the last is given again and again. A header `x-padding: N` puts N spaces behind the body, which
/// an input itself is too short for.
#[derive(Debug, Default)]
pub(crate) struct Script {
    cue: Mutex<Cue>,
}

#[derive(Debug, Default)]
struct Cue {
    token: String,
    /// The last is the next.
    answers: Vec<Vec<u8>>,
    left: usize,
}

impl Script {
    /// Takes the answers of an input; `own` is the service's address.
    pub(crate) fn set(&self, claims: &[u8], answers: &[u8], own: &Url) {
        let mut rest = answers;
        let mut written = Vec::new();
        while written.len() < MOST_ANSWERS && (written.is_empty() || !rest.is_empty()) {
            let (answer, others) = split(rest, b"\n---\n");
            written.push(write(answer, own));
            rest = others;
        }
        written.reverse();
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
        *lock(&self.cue) = Cue { token, answers: written, left: MOST_ANSWERS };
    }

    /// The bodies that are still to be given, in no order.
    pub(crate) fn bodies(&self) -> Vec<Vec<u8>> {
        lock(&self.cue).answers.iter().map(|answer| split(answer, b"\r\n\r\n").1.to_vec()).collect()
    }

    /// The next answer, as HTTP; 404 when all were given.
    pub(crate) fn next(&self) -> Vec<u8> {
        let mut cue = lock(&self.cue);
        let Some(left) = cue.left.checked_sub(1) else { return response(404, &[], b"") };
        cue.left = left;
        if cue.answers.len() > 1 { cue.answers.pop() } else { cue.answers.first().cloned() }.unwrap_or_default()
    }
}

#[async_trait]
impl TokenSource for Script {
    async fn token(&self, _: &TokenFor) -> Result<AccessToken, TokenError> {
        Ok(AccessToken::new(lock(&self.cue).token.clone()))
    }

    fn invalidate(&self, _: &TokenFor, _: &AccessToken) {}
}

/// An answer of an input as HTTP. What is no header is left out, and so is what would break the framing:
/// not HTTP is tried here, but what stands in it.
fn write(answer: &[u8], own: &Url) -> Vec<u8> {
    let (head, body) = split(answer, b"\n\n");
    let mut lines = head.split(|byte| *byte == b'\n');
    let status = lines.next().and_then(|line| std::str::from_utf8(line).ok()?.trim().parse().ok());
    let status = status.filter(|status| (200..1_000).contains(status)).unwrap_or(200);
    let headers: Vec<_> = lines.filter_map(header).take(32).collect();
    let mut body = if [204, 304].contains(&status) { Vec::new() } else { with_own_address(body, own) };
    let padding = headers.iter().find(|(name, _)| name == "x-padding");
    if let Some(padding) = padding.and_then(|(_, value)| value.to_str().ok()?.parse::<usize>().ok()) {
        body.resize(body.len() + padding.min(MOST_PADDING), b' ');
    }
    response(status, &headers, &body)
}

fn header(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = split(line, b":");
    let name = HeaderName::from_bytes(name).ok()?;
    let of_framing = ["connection", "content-length", "transfer-encoding"].contains(&name.as_str());
    let value = HeaderValue::from_bytes(value.trim_ascii()).ok()?;
    (!of_framing).then_some((name, value))
}

fn with_own_address(mut body: &[u8], own: &Url) -> Vec<u8> {
    let mut written = Vec::new();
    while let Some(place) = body.windows(OWN.len()).position(|window| window == OWN) {
        written.extend_from_slice(&body[..place]);
        written.extend_from_slice(own.as_str().as_bytes());
        body = &body[place + OWN.len()..];
    }
    written.extend_from_slice(body);
    written
}

fn response(status: u16, headers: &[(HeaderName, HeaderValue)], body: &[u8]) -> Vec<u8> {
    let mut written = Vec::new();
    write!(written, "HTTP/1.1 {status} Told\r\ncontent-length: {}\r\n", body.len()).expect("memory takes it");
    for (name, value) in headers {
        written.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    [written.as_slice(), b"\r\n", body].concat()
}

/// What is before a mark and what is after it; all is before one that is not there.
pub(crate) fn split<'d>(data: &'d [u8], mark: &[u8]) -> (&'d [u8], &'d [u8]) {
    match data.windows(mark.len()).position(|window| window == mark) {
        Some(place) => (&data[..place], &data[place + mark.len()..]),
        None => (data, &[]),
    }
}

/// A target that panicked leaves the lock poisoned, but nothing half done behind it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
