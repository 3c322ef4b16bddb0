//! A server of one test.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Weak};
use std::time::Duration;

use doorward::desk::{Desk, OpenError, Opened, Opening};
use doorward::edge::{self, Front, serve};
use doorward::enrich::{Enricher, GeoData};
use doorward::log::limits::Limits;
use doorward::rules::RuleText;
use doorward::wire::decision_service_client::DecisionServiceClient;
use doorward_core::store::Budget;
use doorward_core::time::Timestamp;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::transport::Channel;

/// What every test's clock shows.
pub(crate) const NOW: Timestamp = Timestamp::from_ms(1_763_807_400_250);

/// How long a test waits for what must happen before it calls it a hang.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
    desk: Weak<Desk>,
    _data: TempDir,
}

/// A desk with the shipped rules, a small log in `data` and a clock that stands still.
pub(crate) fn desk(data: &Path) -> Desk {
    desk_with(data, Enricher::new(GeoData::default()))
}

/// As [`desk`], with something to look up in.
pub(crate) fn desk_with(data: &Path, enricher: Enricher) -> Desk {
    desk_limited(data, enricher, Limits::default())
}

/// As [`desk_with`], with a queue of these limits.
pub(crate) fn desk_limited(data: &Path, enricher: Enricher, limits: Limits) -> Desk {
    let limits = Limits { segment_bytes: 4 << 20, ..limits };
    opened(data, &RuleText::read(None).unwrap(), enricher, limits).unwrap().desk
}

/// What comes of opening a desk with these rules.
pub(crate) fn opened(
    data: &Path,
    text: &RuleText,
    enricher: Enricher,
    limits: Limits,
) -> Result<Opened, OpenError> {
    Desk::open(Opening {
        data,
        policy: text.compile().1.policy.unwrap(),
        text,
        enricher,
        budget: Budget::default(),
        limits,
        clock: || NOW,
        stopwatch: || Duration::ZERO,
    })
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::limited(edge::Limits::default()).await
    }

    pub(crate) async fn limited(limits: edge::Limits) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let data = TempDir::new().unwrap();
        let desk = Arc::new(desk(data.path()));
        let front = Front::open(Arc::clone(&desk), limits).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = async { stopped.await.unwrap_or(()) };
        let ended = tokio::spawn(serve(listener, front, limits, stopped));
        Self { address, stop, ended, desk: Arc::downgrade(&desk), _data: data }
    }

    pub(crate) async fn client(&self) -> DecisionServiceClient<Channel> {
        DecisionServiceClient::new(self.channel().await)
    }

    pub(crate) async fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address)).unwrap().connect().await.unwrap()
    }

    pub(crate) async fn socket(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Tells the server to stop.
    pub(crate) fn stop(self) -> Ending {
        self.stop.send(()).unwrap();
        Ending { ended: self.ended, desk: self.desk }
    }

    /// Sends one HTTP/1.1 request and gives the whole answer.
    pub(crate) async fn exchange(&self, request: &str) -> String {
        let mut socket = self.socket().await;
        socket.write_all(request.as_bytes()).await.unwrap();
        rest(&mut socket).await
    }

    /// Posts `body` to a call of the service; gives head and body of the answer.
    pub(crate) async fn post(&self, rpc: &str, headers: &str, body: &str) -> (String, String) {
        let length = body.len();
        let request = format!(
            "POST /doorward.v1.DecisionService/{rpc} HTTP/1.1\r\nhost: door\r\nconnection: close\r\n\
             content-length: {length}\r\n{headers}\r\n{body}"
        );
        let answer = self.exchange(&request).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }
}

/// A server that was told to stop.
pub(crate) struct Ending {
    ended: JoinHandle<()>,
    desk: Weak<Desk>,
}

impl Ending {
    /// Waits until it has, and until no call holds the desk any more.
    pub(crate) async fn ended(self) {
        timeout(PATIENCE, self.ended).await.expect("the server did not stop").unwrap();
        let released = async {
            while self.desk.upgrade().is_some() {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, released).await.expect("a call outlives the server");
    }
}

/// What the server still sends before it closes the connection, in whichever way.
pub(crate) async fn rest(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let closed = timeout(PATIENCE, socket.read_to_end(&mut bytes)).await;
    // A reset closes too; what matters is that it does not stay open.
    let _ = closed.expect("the server did not close the connection");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads until `needle` was received.
pub(crate) async fn until(socket: &mut TcpStream, needle: &str) -> String {
    let mut text = String::new();
    while !text.contains(needle) {
        let mut bytes = [0; 1_024];
        let count = timeout(PATIENCE, socket.read(&mut bytes)).await.expect("silence").unwrap();
        assert!(count > 0, "closed before `{needle}`, after {text}");
        text.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    text
}
