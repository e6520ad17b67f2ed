//! A TCP connection that knows whether it may go on: what it has read before login, what it has written.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use crate::metrics::metrics;

/// Bytes a connection may send before it is admitted: HTTP headers and a Login, several times over. A stranger cannot
/// make the server keep a frame of a megabyte.
const BEFORE_ADMISSION: usize = 32 * 1024;

/// A connection's right to be here. It counts among the connections as long as it lives, and among those that have not
/// logged in until [`Self::admit`].
#[derive(Debug)]
pub struct Admission {
    /// When it was accepted.
    pub(super) since: Instant,
    /// Who is connected: a proxy, where there is one.
    peer: IpAddr,
    admitted: AtomicBool,
    read: AtomicUsize,
    _connection: OwnedSemaphorePermit,
    stranger: Mutex<Option<OwnedSemaphorePermit>>,
}

impl Admission {
    pub(super) fn new(
        connection: OwnedSemaphorePermit,
        stranger: OwnedSemaphorePermit,
        peer: IpAddr,
    ) -> Admission {
        metrics().connections.increment(1);
        Admission {
            since: Instant::now(),
            peer,
            admitted: AtomicBool::new(false),
            read: AtomicUsize::new(0),
            _connection: connection,
            stranger: Mutex::new(Some(stranger)),
        }
    }

    /// The address of the other side: of a proxy, where there is one.
    pub fn peer(&self) -> IpAddr {
        self.peer
    }

    /// The other side has shown who it is: its place among the strangers is free and it may send what it likes. A second
    /// call does nothing.
    pub fn admit(&self) {
        self.admitted.store(true, Ordering::Relaxed);
        drop(self.stranger.lock().take());
    }

    pub(super) fn is_admitted(&self) -> bool {
        self.admitted.load(Ordering::Relaxed)
    }

    fn count(&self, bytes: usize) -> io::Result<()> {
        if self.is_admitted() || self.read.fetch_add(bytes, Ordering::Relaxed) + bytes <= BEFORE_ADMISSION {
            Ok(())
        } else {
            Err(io::Error::other("more than 32 KiB before a login"))
        }
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        metrics().connections.decrement(1);
    }
}

/// The stream of a connection.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    admission: Arc<Admission>,
    written: u64,
}

impl Wire {
    pub(super) fn new(stream: TcpStream, admission: Arc<Admission>) -> Wire {
        Wire { stream, admission, written: 0 }
    }

    /// Bytes the operating system has taken.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    fn wrote(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(bytes)) = written {
            self.written += bytes as u64;
        }
        written
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        Poll::Ready(self.admission.count(buf.filled().len() - before))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.wrote(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
