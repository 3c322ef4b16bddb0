//! The real binary as a child process.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// `doorward serve`, killed when dropped.
pub(crate) struct Doorward {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// `127.0.0.1:PORT`
    pub(crate) address: String,
}

/// The binary with `arguments`, not started yet.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
    command
        .args(arguments)
        .env_remove("DOORWARD_RULES")
        .env_remove("DOORWARD_DATA")
        .env_remove("DOORWARD_CONFIG");
    command
}

impl Doorward {
    /// Starts the service on a free port and waits until it answers.
    pub(crate) fn serve(data: &Path, more: &[&str]) -> Self {
        let data = data.to_str().unwrap();
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--data", data];
        arguments.extend_from_slice(more);
        let mut child = command(&arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert_ne!(stdout.read_line(&mut line).unwrap(), 0, "doorward did not start");
        }
        let address = line.split("http://").nth(1).unwrap();
        let address = address.split_whitespace().next().unwrap().to_owned();
        Self { child, stdout, address }
    }

    /// As the power going out does it.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, and does not wait until it does.
    pub(crate) fn terminate(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Whether it has stopped by itself.
    pub(crate) fn ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Asks it to stop; the last words that it prints.
    pub(crate) fn stop(mut self) -> String {
        self.terminate();
        let mut words = String::new();
        self.stdout.read_to_string(&mut words).unwrap();
        assert!(self.child.wait().unwrap().success(), "{words}");
        words
    }
}

impl Drop for Doorward {
    fn drop(&mut self) {
        // A child that was waited for already refuses both, and that is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
