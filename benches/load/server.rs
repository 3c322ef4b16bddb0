//! The servers that are measured, each a process of its own.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};

use crate::attempts::Attempts;
use crate::messages::Messages;
use crate::{processor, stopwatch};

/// How long a server may take until it accepts connections.
const START_MAX: Duration = Duration::from_secs(30);
/// How often that is tried.
const START_RETRY: Duration = Duration::from_millis(20);

/// A running server, ended when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    /// What the report calls it.
    pub(crate) name: &'static str,
    /// Where it answers.
    pub(crate) address: SocketAddr,
    /// What it is sent.
    pub(crate) messages: Arc<Messages>,
    /// Most answers in one measurement so far, to know how many messages to make ahead.
    pub(crate) answers_max: AtomicU64,
    process: Child,
    _data: Option<TempDir>,
}

impl Server {
    /// Starts the stock echo.
    pub(crate) async fn echo(name: &'static str, begin_s: i64) -> Result<Self, Box<dyn Error>> {
        let address = free_address().await?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--echo").arg(address.to_string());
        Self::start(name, address, begin_s, command, None).await
    }

    /// Starts Doorward as it is shipped, with an empty log below `data`.
    pub(crate) async fn doorward(begin_s: i64, data: &Path) -> Result<Self, Box<dyn Error>> {
        let address = free_address().await?;
        let data = TempDir::with_prefix_in("load-", data)?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
        command.arg("serve").arg("--listen").arg(address.to_string());
        command.arg("--data").arg(data.path());
        Self::start("doorward", address, begin_s, command, Some(data)).await
    }

    async fn start(
        name: &'static str,
        address: SocketAddr,
        begin_s: i64,
        mut command: Command,
        data: Option<TempDir>,
    ) -> Result<Self, Box<dyn Error>> {
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let messages = Arc::new(Messages::of(Attempts::beginning_at(begin_s)));
        let answers_max = AtomicU64::default();
        let mut server = Self { name, address, messages, answers_max, process, _data: data };
        server.accepting().await?;
        Ok(server)
    }

    async fn accepting(&mut self) -> Result<(), Box<dyn Error>> {
        let started_at = stopwatch::now();
        while TcpStream::connect(self.address).await.is_err() {
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("{} ended at its start: {status}", self.name).into());
            }
            if stopwatch::now() - started_at > START_MAX {
                return Err(format!("{} accepts no connection", self.name).into());
            }
            tokio::time::sleep(START_RETRY).await;
        }
        Ok(())
    }

    /// Processor time used so far by all its threads, where the system tells (Linux).
    pub(crate) fn processor_time(&self) -> Option<Duration> {
        processor::time(&self.process.id().to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails only when the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An address of this machine that nobody listens on.
async fn free_address() -> Result<SocketAddr, std::io::Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr()
}
