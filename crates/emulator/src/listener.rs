use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Sleep, sleep},
};

use crate::{
    app::App,
    faults::{Aim, Effect},
    operation::Operation,
};

/// What is to happen to the answers on one connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire(Arc<State>);

#[derive(Debug, Default)]
struct State {
    end: AtomicU8,
    /// Between two bytes; 0 writes as usual.
    pause_ms: AtomicU64,
}

/// Closed, or reset, before the next byte is written.
const CUT: u8 = 1;
const RESET: u8 = 2;

impl Wire {
    /// Closes the connection before its answer is written: the client never learns what happened.
    pub(crate) fn cut(&self) {
        self.0.end.store(CUT, Ordering::Relaxed);
    }

    /// The same with a reset (TCP RST), as a load balancer does that forgot the connection.
    pub(crate) fn reset(&self) {
        self.0.end.store(RESET, Ordering::Relaxed);
    }

    /// Writes the answer one byte at a time.
    pub(crate) fn trickle(&self, pause: Duration) {
        let ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX).max(1);
        self.0.pause_ms.store(ms, Ordering::Relaxed);
    }

    /// The next answer is written as usual.
    pub(crate) fn calm(&self) {
        self.0.pause_ms.store(0, Ordering::Relaxed);
    }
}

/// Accepts connections, and lets faults happen to them.
pub(crate) struct Connections {
    listener: TcpListener,
    app: Arc<App>,
}

impl Connections {
    pub(crate) fn new(listener: TcpListener, app: Arc<App>) -> Self {
        Self { listener, app }
    }
}

impl Listener for Connections {
    type Io = Io;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Io, SocketAddr) {
        loop {
            let (stream, addr) = Listener::accept(&mut self.listener).await;
            let now = self.app.clock.micros();
            match self.app.faults.take(Operation::Connect, &Aim::default(), now).map(|hit| hit.effect) {
                Some(Effect::HangBefore) => drop(tokio::spawn(hang(stream))),
                Some(_) => drop(stream.set_zero_linger()),
                None => {
                    // Without it small answers wait for the client's delayed acknowledgement.
                    let _ = stream.set_nodelay(true);
                    return (Io { stream, wire: Wire::default(), pause: None }, addr);
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Takes what comes until the client gives up.
async fn hang(mut stream: TcpStream) {
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
}

impl Connected<IncomingStream<'_, Connections>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Connections>) -> Self {
        stream.io().wire.clone()
    }
}

/// One connection.
pub(crate) struct Io {
    stream: TcpStream,
    wire: Wire,
    /// Between two bytes of an answer that trickles.
    pause: Option<Pin<Box<Sleep>>>,
}

impl Io {
    /// Ends the connection if a fault says so.
    fn check(&self) -> io::Result<()> {
        match self.wire.0.end.load(Ordering::Relaxed) {
            0 => return Ok(()),
            RESET => self.stream.set_zero_linger()?,
            _ => {}
        }
        Err(io::ErrorKind::ConnectionAborted.into())
    }

    /// Writes one byte when the pause since the last one is over.
    fn poll_trickle(&mut self, cx: &mut Context<'_>, buf: &[u8], pause: Duration) -> Poll<io::Result<usize>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(cx));
        }
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, &buf[..buf.len().min(1)]))?;
        self.pause = Some(Box::pin(sleep(pause)));
        Poll::Ready(Ok(written))
    }
}

impl AsyncRead for Io {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Io {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[io::IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let io = self.get_mut();
        io.check()?;
        match io.wire.0.pause_ms.load(Ordering::Relaxed) {
            0 => Pin::new(&mut io.stream).poll_write_vectored(cx, bufs),
            ms => {
                let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
                io.poll_trickle(cx, first, Duration::from_millis(ms))
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
