//! The phrases of `sshd` and its PAM modules that tell of no attempt by themselves.

use crate::replay::format::coverage::Class;

/// What stands before the name of an account that does not exist or may not sign in.
pub(super) const UNKNOWN_USER: &[&str] = &["invalid user ", "illegal user "];

/// Beginnings of messages that say more of an attempt that a `Failed` or `Accepted` line tells.
const ABOUT: &[&str] = &[
    "Accepted certificate ID",
    "Accepted key ",
    "Authentication refused",
    "Authentication tried for",
    "Certificate invalid",
    "Connection closed by authenticating user",
    "Connection closed by invalid user",
    "Connection reset by authenticating user",
    "Connection reset by invalid user",
    "Disconnected from authenticating user",
    "Disconnected from invalid user",
    "Disconnecting authenticating user",
    "Disconnecting invalid user",
    "Disconnecting: Change of username or service not allowed",
    "Disconnecting: Too many authentication failures",
    "Failed none for ",
    "Found matching",
    "Illegal user ",
    "Invalid user ",
    "Login restricted",
    "PAM service(sshd) ignoring max retries",
    "Partial ",
    "Postponed ",
    "ROOT LOGIN REFUSED FROM",
    "Too many authentication failures",
    "User ",
    "bad username ",
    "check pass; user unknown",
    "error: Could not get shadow information",
    "error: PAM: ",
    "error: maximum authentication attempts exceeded",
    "fatal: Access denied for user",
    "input_userauth_request: ",
    "maximum authentication attempts exceeded",
    "service(sshd) ignoring max retries",
    "userauth_",
];

/// Beginnings of messages about connections, sessions and the server itself.
const UNRELATED: &[&str] = &[
    "Address ",
    "Attempt to write login records",
    "Bad packet length",
    "Bad protocol version identification",
    "Bad remote protocol version",
    "Client disconnect",
    "Close session",
    "Connection closed by",
    "Connection from",
    "Connection reset by",
    "Corrupted MAC",
    "Could not",
    "Deprecated option",
    "Did not receive identification string",
    "Disconnected from",
    "Disconnecting",
    "Exiting on signal",
    "Nasty PTR record",
    "PAM adding faulty module",
    "PAM unable to",
    "Protocol major versions differ",
    "Read error",
    "Read from socket failed",
    "Received SIGHUP",
    "Received disconnect from",
    "Received signal",
    "Server listening",
    "Starting session",
    "Timeout before authentication",
    "Timeout, client not responding",
    "Transferred",
    "Unable to negotiate",
    "User child is on pid",
    "Write failed",
    "banner exchange",
    "beginning MaxStartups",
    "debug",
    "dispatch_protocol_error",
    "drop connection",
    "error: Bad ",
    "error: Bind to port",
    "error: Could not load host key",
    "error: Protocol major versions differ",
    "error: Received disconnect from",
    "error: beginning MaxStartups",
    "error: buffer_get",
    "error: connect_to",
    "error: kex",
    "error: key_",
    "error: no more sessions",
    "error: ssh_dispatch_run_fatal",
    "exited MaxStartups",
    "fatal: ",
    "kex_",
    "lastlog_",
    "message authentication code incorrect",
    "mm_",
    "packet_write",
    "padding error",
    "refused connect from",
    "reverse mapping checking getaddrinfo",
    "session closed for user",
    "session opened for user",
    "srclimit_penalise",
    "ssh_dispatch_run_fatal",
    "subsystem request for",
    "syslogin_perform_logout",
    "warning: ",
];

/// The class of a message that tells of no attempt by itself, `None` if it is not known.
pub(super) fn class(message: &str) -> Option<Class> {
    let begins = |phrases: &[&str]| phrases.iter().any(|phrase| message.starts_with(phrase));
    if message.starts_with("pam_") {
        return pam(message);
    }
    // Longer phrases first: `User child is on pid` also begins with `User `.
    if message.starts_with("User child is on pid") {
        return Some(Class::Unrelated);
    }
    if begins(ABOUT) {
        return Some(Class::About);
    }
    begins(UNRELATED).then_some(Class::Unrelated)
}

/// PAM modules name the service and the stage they work for: `pam_sss(sshd:auth): …`.
fn pam(message: &str) -> Option<Class> {
    let (module, _) = message.split_once(": ")?;
    let (_, stage) = module.strip_suffix(')')?.split_once("(sshd:")?;
    Some(if matches!(stage, "auth" | "account") { Class::About } else { Class::Unrelated })
}
