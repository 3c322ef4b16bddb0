//! How old a browser's version is.

use super::Agent;
use crate::time::{DAY_MS, Timestamp};

/// When a major version of a browser came out, and how many days pass on average until the next.
struct Releases {
    family: &'static str,
    major: u32,
    /// Days since the epoch.
    day: i64,
    days_each: f64,
}

/// From the vendors' calendars: Chrome (and Edge, a few days behind) 94 on 2021-09-21 and 131 on 2024-11-12; Firefox 91 on
/// 2021-08-10 and 133 on 2024-11-26; Safari 15 on 2021-09-20 and one each September since, which is called by the year to come
/// since 26. The last row of a family that is not too new counts. A month more or less is possible: holidays are
/// skipped.
const RELEASES: &[Releases] = &[
    Releases { family: "Chrome", major: 94, day: 18_891, days_each: 31.03 },
    Releases { family: "Edge", major: 94, day: 18_891, days_each: 31.03 },
    Releases { family: "Firefox", major: 91, day: 18_849, days_each: 28.67 },
    Releases { family: "Safari", major: 15, day: 18_890, days_each: 364.6 },
    Releases { family: "Safari", major: 26, day: 20_346, days_each: 365.25 },
];

/// Milliseconds since the agent's version came out, at `now`; never negative. One that is older than the oldest whose date
/// is known is taken for that one. `None` for software whose calendar is not known.
pub(crate) fn age_ms(agent: &Agent, now: Timestamp) -> Option<i64> {
    let (family, major) = (agent.family?, agent.major?);
    let mut rows = RELEASES.iter().filter(|row| row.family == family);
    let oldest = rows.next()?;
    let row = rows.rfind(|row| row.major <= major).unwrap_or(oldest);
    let later = f64::from(major.saturating_sub(row.major)) * row.days_each;
    let released_at = Timestamp::from_ms(row.day * DAY_MS).plus(ms(later));
    Some(now.since(released_at).max(0))
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from float saturates")]
fn ms(days: f64) -> i64 {
    (days * DAY_MS as f64) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_as_old_as_its_release() {
        let agent = |family, major| Agent { family, major, ..Agent::EMPTY };
        let check = |family, major, day: i64, expected: Option<i64>| {
            let age = age_ms(&agent(Some(family), Some(major)), Timestamp::from_ms(day * DAY_MS));
            assert_eq!(age.map(|ms| ms / DAY_MS), expected, "{family} {major}");
        };
        check("Chrome", 94, 18_891, Some(0));
        // 2024-11-12, a year and two months later.
        check("Chrome", 131, 20_039, Some(0));
        check("Edge", 131, 20_464, Some(424));
        check("Firefox", 133, 20_053, Some(0));
        check("Safari", 18, 20_346, Some(362));
        check("Safari", 26, 20_346, Some(0));
        check("Chrome", 500, 20_346, Some(0));
        check("Chrome", 49, 19_256, Some(365));
        check("curl", 8, 20_346, None);
        assert_eq!(age_ms(&agent(Some("Chrome"), None), Timestamp::default()), None);
    }
}
