//! A connection's socket, with the two things that stock sockets lack.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// The bytes by which HTTP/2 is told from HTTP/1.1. Until they are there, nobody but the socket
/// keeps an eye on the clock.
const PREFACE_BYTES: usize = 24;

/// Most bytes that wait to be sent together.
const OUTGOING_BYTES_MAX: usize = 64 << 10;

/// A socket that closes when its peer says nothing, and that writes from one buffer: for small frames
/// gathering them from many buffers costs more system time than copying them.
pub(super) struct Socket {
    stream: TcpStream,
    opening: Option<Opening>,
    outgoing: BytesMut,
}

/// The wait for the first bytes.
struct Opening {
    bytes: usize,
    deadline: Pin<Box<Sleep>>,
}

impl Socket {
    /// Reading fails once `opening` has passed without the first bytes.
    pub(super) fn new(stream: TcpStream, opening: Duration) -> Self {
        Self {
            stream,
            opening: Some(Opening { bytes: 0, deadline: Box::pin(sleep(opening)) }),
            outgoing: BytesMut::new(),
        }
    }

    fn send(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.outgoing.is_empty() {
            let sent = ready!(Pin::new(&mut self.stream).poll_write(context, &self.outgoing))?;
            if sent == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.outgoing.advance(sent);
        }
        Poll::Ready(Ok(()))
    }

    fn count(&mut self, bytes: usize) {
        if let Some(opening) = &mut self.opening {
            opening.bytes += bytes;
            if opening.bytes >= PREFACE_BYTES {
                self.opening = None;
            }
        }
    }

    fn too_late(&mut self, context: &mut Context<'_>) -> bool {
        let opening = self.opening.as_mut();
        opening.is_some_and(|opening| opening.deadline.as_mut().poll(context).is_ready())
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if polled.is_ready() {
            self.count(buffer.filled().len() - before);
        } else if self.too_late(context) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        polled
    }
}

/// Not vectored: `is_write_vectored` stays false.
impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        // Whoever is answered has said something, however short.
        self.opening = None;
        if self.outgoing.len() >= OUTGOING_BYTES_MAX {
            ready!(self.send(context))?;
        }
        self.outgoing.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.send(context))?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.send(context))?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpListener;

    use super::*;

    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        (stream, listener.accept().await.unwrap().0)
    }

    #[tokio::test]
    async fn writes_from_one_buffer() {
        let (stream, _peer) = pair().await;
        assert!(stream.is_write_vectored(), "the stock socket does not");
        assert!(!Socket::new(stream, Duration::from_secs(1)).is_write_vectored());
    }

    #[tokio::test]
    async fn what_was_written_together_is_sent_together() {
        let (stream, mut peer) = pair().await;
        let mut socket = Socket::new(stream, Duration::from_secs(1));
        let mut socket = Pin::new(&mut socket);
        let context = &mut Context::from_waker(Waker::noop());
        assert!(socket.as_mut().poll_write(context, b"one ").is_ready());
        assert!(peer.try_read(&mut [0; 8]).is_err());
        assert!(socket.as_mut().poll_write(context, b"two").is_ready());
        assert!(socket.as_mut().poll_flush(context).is_ready());
        let mut read = [0; 7];
        peer.read_exact(&mut read).await.unwrap();
        assert_eq!(&read, b"one two");
        assert!(socket.as_mut().poll_flush(context).is_ready());
    }
}
