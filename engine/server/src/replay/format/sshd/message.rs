//! What a message of the SSH server says.

use std::net::IpAddr;

use doorward_core::address;
use doorward_core::event::Method;

use super::phrases;
use crate::replay::format::coverage::Class;

/// Most attempts that one line may stand for. `sshd` hangs up after a handful, so more is damage.
pub(super) const TIMES_MAX: u32 = 10_000;

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// How an attempt ended.
    Result(Ended<'a>),
    /// The server says that a keyboard-interactive attempt failed.
    Prompted(Ended<'a>),
    /// The server's PAM conversation says so: `error: PAM: Authentication failure for …`.
    Conversed(Ended<'a>),
    /// PAM refused: an attempt only in logs in which the server itself reports no results.
    Refused(Ended<'a>),
    /// PAM refused more often than it reported one by one.
    RefusedMore(u32, Ended<'a>),
    /// Something else.
    Other(Class),
}

/// An attempt that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ended<'a> {
    pub(super) right: bool,
    pub(super) method: Method,
    /// The name that was tried, whatever it holds; `None` where the log keeps it back.
    pub(super) user: Option<&'a str>,
    pub(super) exists: bool,
    pub(super) from: Origin<'a>,
}

/// Where an attempt came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin<'a> {
    /// An address.
    Address(IpAddr),
    /// The name that the address had, or nothing useful.
    Host(&'a str),
}

/// Reads a message, and how many times it was said. `None` if it is not understood.
pub(super) fn parse(message: &str) -> Option<(u32, Said<'_>)> {
    let repeated =
        message.strip_prefix("message repeated ").and_then(|rest| rest.strip_suffix(']'));
    match repeated {
        Some(rest) => {
            let (times, said) = rest.split_once(" times: [ ")?;
            Some((self::times(times)?, once(said)?))
        }
        None => Some((1, once(message)?)),
    }
}

fn once(message: &str) -> Option<Said<'_>> {
    // `none` only asks which methods there are; nothing was presented yet.
    if message.starts_with("Failed none for ") {
        return Some(Said::Other(Class::About));
    }
    if let Some(rest) = message.strip_prefix("Accepted ").filter(|rest| rest.contains(" for ")) {
        return ended(rest, true).map(Said::Result);
    }
    if let Some(rest) = message.strip_prefix("Failed ").filter(|rest| rest.contains(" for ")) {
        let prompted = rest.starts_with("keyboard-interactive");
        return ended(rest, false).map(if prompted { Said::Prompted } else { Said::Result });
    }
    conversed(message)
        .or_else(|| refused(message))
        .or_else(|| phrases::class(message).map(Said::Other))
}

/// A count of repetitions, at least one.
pub(super) fn times(text: &str) -> Option<u32> {
    text.parse().ok().filter(|times| (1..=TIMES_MAX).contains(times))
}

/// `{method} for [invalid user ]{user} from {address} port {port} ssh2[: {key}]`.
///
/// The user may be any text, so that only the right end is certain: ` ssh2` at the very end, with port and address
/// before it. Behind the key of a public-key attempt stands text that a stranger may also choose; a line that reads
/// in two ways is not understood rather than guessed.
fn ended(text: &str, right: bool) -> Option<Ended<'_>> {
    let (method, rest) = text.split_once(" for ")?;
    let (who, key) = match rest.strip_suffix(" ssh2") {
        Some(who) => (who, ""),
        None => {
            let mut readings = rest
                .match_indices(" ssh2: ")
                .filter_map(|(at, _)| rest.split_at_checked(at))
                .filter(|(who, _)| origin(who).is_some());
            match (readings.next(), readings.next()) {
                (Some(reading), None) => reading,
                (Some(_) | None, _) => return None,
            }
        }
    };
    let (user, from) = origin(who)?;
    let (user, exists) = account(user);
    Some(Ended { right, method: method_of(method, key), user: Some(user), exists, from })
}

/// The name, and whether the account exists.
fn account(user: &str) -> (&str, bool) {
    match phrases::UNKNOWN_USER.iter().find_map(|mark| user.strip_prefix(mark)) {
        Some(user) => (user, false),
        None => (user, true),
    }
}

/// `{user} from {address} port {port}`.
fn origin(text: &str) -> Option<(&str, Origin<'_>)> {
    let (text, port) = text.rsplit_once(" port ")?;
    port.parse::<u16>().ok()?;
    // With an empty name, two spaces stand before `from`, and `text` keeps the first.
    let (user, from) = text.rsplit_once(" from ")?;
    match host(from) {
        from @ Origin::Address(_) => Some((user, from)),
        from @ Origin::Host("UNKNOWN") => Some((user, from)),
        Origin::Host(_) => None,
    }
}

fn host(text: &str) -> Origin<'_> {
    let address = text.split_once('%').map_or(text, |(address, _zone)| address);
    match address.parse() {
        Ok(address) => Origin::Address(address::normalise(address)),
        Err(_) => Origin::Host(text),
    }
}

fn method_of(method: &str, key: &str) -> Method {
    let main = method.split_once('/').map_or(method, |(main, _)| main);
    match main {
        "password" | "keyboard-interactive" | "challenge-response" => Method::Password,
        "publickey" if key.contains("-CERT ") => Method::Certificate,
        "publickey" | "rsa" | "dsa" => Method::KeyPair,
        "gssapi-with-mic" | "gssapi-keyex" | "kerberos" => Method::Ticket,
        _ => Method::Other,
    }
}

/// `error: PAM: Authentication failure for [illegal user ]{user} from {address}`.
fn conversed(message: &str) -> Option<Said<'_>> {
    let (_, rest) = message.strip_prefix("error: PAM: ")?.split_once(" for ")?;
    let (user, from) = rest.rsplit_once(" from ")?;
    let (user, exists) = account(user);
    let (user, from) = (Some(user), host(from));
    Some(Said::Conversed(Ended { right: false, method: Method::Password, user, exists, from }))
}

/// `authentication failure; … rhost=H  user=U`, of `pam_unix` in its older and its newer tag, and
/// `PAM 2 more authentication failures; …`, which libpam says at the end of a connection.
fn refused(message: &str) -> Option<Said<'_>> {
    let (said, facts) = message.split_once("; ")?;
    let said = said.strip_prefix("pam_unix(sshd:auth): ").unwrap_or(said);
    let more = said.strip_prefix("PAM ").unwrap_or(said).split_once(" more authentication failure");
    let (_, facts) = facts.split_once(" rhost=")?;
    let (rhost, user) = facts.split_once(' ').unwrap_or((facts, ""));
    let user = user.trim_start().strip_prefix("user=");
    let ended = Ended {
        right: false,
        method: Method::Password,
        user,
        exists: user.is_some(),
        from: host(rhost),
    };
    match (said, more) {
        ("authentication failure", _) => Some(Said::Refused(ended)),
        (_, Some((times, "" | "s"))) => {
            let times = self::times(times)?;
            Some(Said::RefusedMore(times, ended))
        }
        (_, Some(_) | None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expected: &str) {
        let read = match parse(message) {
            None => "not understood".to_owned(),
            Some((_, Said::Other(class))) => format!("{class:?}"),
            Some((times, Said::Result(ended))) => format!("{times} x {}", text(&ended)),
            Some((times, Said::Prompted(ended))) => format!("{times} x prompted {}", text(&ended)),
            Some((times, Said::Conversed(ended))) => format!("{times} x conv {}", text(&ended)),
            Some((times, Said::Refused(ended))) => format!("{times} x pam {}", text(&ended)),
            Some((_, Said::RefusedMore(times, ended))) => format!("{times} x pam {}", text(&ended)),
        };
        assert_eq!(read, expected, "{message}");
    }

    fn text(ended: &Ended<'_>) -> String {
        let Ended { right, method, user, exists, from } = ended;
        let result = if *right { "right" } else { "wrong" };
        let known = if *exists { "known" } else { "unknown" };
        let from = match from {
            Origin::Address(address) => address.to_string(),
            Origin::Host(host) => format!("host {host}"),
        };
        format!("{result} {method} {known} {user:?} {from}")
    }

    #[test]
    fn reads_results() {
        check(
            "Failed password for root from 5.36.59.76 port 42393 ssh2",
            "1 x wrong password known Some(\"root\") 5.36.59.76",
        );
        check(
            "Failed password for invalid user  0101 from 5.188.10.180 port 36279 ssh2",
            "1 x wrong password unknown Some(\" 0101\") 5.188.10.180",
        );
        check(
            "Failed password for illegal user  from ::ffff:5.188.10.180 port 1 ssh2",
            "1 x wrong password unknown Some(\"\") 5.188.10.180",
        );
        check(
            "Accepted keyboard-interactive/pam for ana from fe80::1%eth0 port 22 ssh2",
            "1 x right password known Some(\"ana\") fe80::1",
        );
        check(
            "Accepted publickey for ana from 2001:db8::1 port 22 ssh2: ED25519 SHA256:abc",
            "1 x right key_pair known Some(\"ana\") 2001:db8::1",
        );
        check(
            "Accepted publickey for ana from 1.2.3.4 port 22 ssh2: RSA-CERT SHA256:a ID ana (serial 7) CA RSA SHA256:b",
            "1 x right certificate known Some(\"ana\") 1.2.3.4",
        );
        check(
            "message repeated 5 times: [ Failed password for root from 5.36.59.76 port 42393 ssh2]",
            "5 x wrong password known Some(\"root\") 5.36.59.76",
        );
        check(
            "Failed password for root from UNKNOWN port 65535 ssh2",
            "1 x wrong password known Some(\"root\") host UNKNOWN",
        );
    }

    #[test]
    fn a_name_cannot_pass_for_an_address() {
        check(
            "Failed password for invalid user root from 1.2.3.4 from 5.6.7.8 port 22 ssh2",
            "1 x wrong password unknown Some(\"root from 1.2.3.4\") 5.6.7.8",
        );
        check(
            "Failed password for invalid user a from 1.2.3.4 port 22 ssh2 from 5.6.7.8 port 22 ssh2",
            "1 x wrong password unknown Some(\"a from 1.2.3.4 port 22 ssh2\") 5.6.7.8",
        );
        check(
            "Failed publickey for invalid user a from 1.2.3.4 port 22 ssh2: RSA SHA256:a from 5.6.7.8 port 22 ssh2: RSA SHA256:b",
            "not understood",
        );
        check(
            "Failed password for invalid user a for b from 5.6.7.8 port 22 ssh2",
            "1 x wrong password unknown Some(\"a for b\") 5.6.7.8",
        );
    }

    #[test]
    fn reads_what_pam_refused() {
        check(
            "authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=218.188.2.4  user=root",
            "1 x pam wrong password known Some(\"root\") 218.188.2.4",
        );
        check(
            "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=a.example ",
            "1 x pam wrong password unknown None host a.example",
        );
        check(
            "PAM 4 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=1.2.3.4  user=root",
            "4 x pam wrong password known Some(\"root\") 1.2.3.4",
        );
        check(
            "PAM 1 more authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=1.2.3.4 ",
            "1 x pam wrong password unknown None 1.2.3.4",
        );
    }

    #[test]
    fn reads_what_the_pam_conversation_says() {
        check(
            "error: PAM: Authentication failure for illegal user a from b from 1.2.3.4",
            "1 x conv wrong password unknown Some(\"a from b\") 1.2.3.4",
        );
        check(
            "error: PAM: Authentication error for root from a.example",
            "1 x conv wrong password known Some(\"root\") host a.example",
        );
        check(
            "Failed keyboard-interactive/pam for root from 1.2.3.4 port 22 ssh2",
            "1 x prompted wrong password known Some(\"root\") 1.2.3.4",
        );
    }

    #[test]
    fn tells_the_rest_apart() {
        for about in [
            "Failed none for invalid user 0 from 1.2.3.4 port 22 ssh2",
            "Invalid user ana from 1.2.3.4 port 22",
            "input_userauth_request: invalid user webmaster [preauth]",
            "pam_unix(sshd:auth): check pass; user unknown",
            "pam_sss(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=1.2.3.4 user=a",
            "PAM service(sshd) ignoring max retries; 5 > 3",
            "Connection closed by invalid user ana 1.2.3.4 port 22 [preauth]",
            "Disconnecting: Too many authentication failures for root [preauth]",
            "User ana from 1.2.3.4 not allowed because not listed in AllowUsers",
        ] {
            check(about, "About");
        }
        for unrelated in [
            "Connection closed by 1.2.3.4 [preauth]",
            "error: Received disconnect from 1.2.3.4: 14: No more user authentication methods available. [preauth]",
            "Server listening on :: port 22.",
            "User child is on pid 7",
            "pam_unix(sshd:session): session opened for user ana by (uid=0)",
        ] {
            check(unrelated, "Unrelated");
        }
        for unknown in [
            "",
            "something new",
            "Failed password for root",
            "message repeated 99999999 times: [ Failed x]",
        ] {
            check(unknown, "not understood");
        }
    }
}
