//! The head of a syslog line: time, host, program, process.

use doorward_core::time::Timestamp;

/// The names of months in the head of a line without a year.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Length of `Dec 10 06:55:46`.
const YEARLESS_BYTES: usize = 15;

/// A line taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header<'a> {
    pub(super) stamp: Stamp,
    pub(super) host: &'a str,
    /// The program's name without the process, empty where the line names none.
    pub(super) program: &'a str,
    pub(super) pid: Option<u32>,
    pub(super) message: &'a str,
}

/// When a line was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stamp {
    /// RFC 3339, as modern rsyslog and the journal's `short-iso` write it.
    Exact(Timestamp),
    /// The older form, which leaves out the year and the zone.
    Yearless(Yearless),
}

/// Month, day and time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Yearless {
    pub(super) month: i8,
    pub(super) day: i8,
    pub(super) hour: i8,
    pub(super) minute: i8,
    pub(super) second: i8,
}

impl<'a> Header<'a> {
    /// `None` for a line that is no syslog.
    pub(super) fn parse(line: &'a str) -> Option<Self> {
        let (stamp, rest) = stamp(line)?;
        let (host, rest) = rest.split_once(' ')?;
        let (tag, message) = match rest.split_once(": ") {
            Some((tag, message)) => (tag, message),
            None => rest.strip_suffix(':').map_or(("", rest), |tag| (tag, "")),
        };
        let (program, pid) = match tag.split_once('[') {
            Some((program, pid)) => {
                (program, pid.strip_suffix(']').and_then(|pid| pid.parse().ok()))
            }
            None => (tag, None),
        };
        Some(Self { stamp, host, program, pid, message })
    }
}

fn stamp(line: &str) -> Option<(Stamp, &str)> {
    let (first, rest) = line.split_once(' ')?;
    if let Ok(at) = first.parse::<jiff::Timestamp>() {
        return Some((Stamp::Exact(Timestamp::from_ms(at.as_millisecond())), rest));
    }
    let (stamp, rest) = line.split_at_checked(YEARLESS_BYTES)?;
    Some((Stamp::Yearless(yearless(stamp)?), rest.strip_prefix(' ')?))
}

fn yearless(stamp: &str) -> Option<Yearless> {
    let mut words = stamp.split_ascii_whitespace();
    let (month, day, time) = (words.next()?, words.next()?, words.next()?);
    let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
    let mut time = time.split(':').map(str::parse);
    let [hour, minute, second] = [time.next()?.ok()?, time.next()?.ok()?, time.next()?.ok()?];
    let yearless = Yearless { month, day: day.parse().ok()?, hour, minute, second };
    // A leap year has every day that any year has.
    yearless.in_year(2_000).map(|_| yearless)
}

impl Yearless {
    /// The point in time in this year, in UTC; `None` where that year has no such day.
    pub(super) fn in_year(self, year: i16) -> Option<Timestamp> {
        let Self { month, day, hour, minute, second } = self;
        let at = jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
        let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        Some(Timestamp::from_ms(at.as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &str) {
        let read = Header::parse(line).map(|header| {
            let at = match header.stamp {
                Stamp::Exact(at) => at,
                Stamp::Yearless(stamp) => stamp.in_year(2_004).unwrap(),
            };
            let Header { host, program, pid, message, .. } = header;
            format!("{at} {host} {program} {pid:?} {message}")
        });
        assert_eq!(read.as_deref().unwrap_or("none"), expected, "{line}");
    }

    #[test]
    fn takes_lines_apart() {
        check(
            "Dec  1 06:55:46 lab sshd[24200]: a: b",
            "2004-12-01T06:55:46.000Z lab sshd Some(24200) a: b",
        );
        check("Feb 29 23:59:59 lab kernel: x", "2004-02-29T23:59:59.000Z lab kernel None x");
        check(
            "2026-11-22T10:00:00.123456+01:00 lab sshd-session[7]: x",
            "2026-11-22T09:00:00.123Z lab sshd-session Some(7) x",
        );
        check(
            "2026-11-22T10:00:00+0100 lab sshd[7]: x",
            "2026-11-22T09:00:00.000Z lab sshd Some(7) x",
        );
        check("2026-11-22T10:00:00Z lab sshd[7]:", "2026-11-22T10:00:00.000Z lab sshd Some(7) ");
        check(
            "Jul  1 00:21:28 combo sshd(pam_unix)[19630]: x",
            "2004-07-01T00:21:28.000Z combo sshd(pam_unix) Some(19630) x",
        );
        check(
            "Jul  1 00:21:28 combo last message repeated 2 times",
            "2004-07-01T00:21:28.000Z combo  None last message repeated 2 times",
        );
        for none in
            ["", "hello", "Feb 30 00:00:00 lab sshd[1]: x", "Dez 10 06:55:46 lab sshd[1]: x"]
        {
            check(none, "none");
        }
        check("Dec 10 06:55:4ö lab sshd[1]: x", "none");
    }
}
