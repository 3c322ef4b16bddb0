//! Which year a line without a year is of.

use doorward_core::time::{DAY_MS, SECOND_MS, Timestamp};

use super::header::Yearless;

/// A step back further than this is a new year; a smaller one is a line that was late.
const BACK_MS_MAX: i64 = 180 * DAY_MS;
/// A step forward further than this, nearly a year, is a line of the old year that was late, just after a new year.
const FORWARD_MS_MAX: i64 = 364 * DAY_MS;
/// A clock may run ahead of the reader's by this much.
const AHEAD_MS_MAX: i64 = DAY_MS;
/// A year in which every day of the calendar exists.
const LEAP_YEAR: i16 = 2_000;
/// Leap days are at most eight years apart.
const YEARS_TRIED: i16 = 8;

/// Follows the times of a file from line to line and counts the turns of the year.
#[derive(Clone, Debug)]
pub(super) struct Calendar {
    year: i16,
    previous: Option<Timestamp>,
}

impl Calendar {
    /// The first line is of `year`.
    pub(super) fn starting(year: i16) -> Self {
        Self { year, previous: None }
    }

    /// The year of the next line.
    pub(super) fn year_of(&mut self, stamp: Yearless) -> i16 {
        let Some(here) = stamp.in_year(LEAP_YEAR) else { return self.year };
        let forward_ms = self.previous.map_or(0, |previous| here.since(previous));
        if forward_ms > FORWARD_MS_MAX {
            return self.year.saturating_sub(1);
        }
        if forward_ms < -BACK_MS_MAX {
            self.year = self.year.saturating_add(1);
        }
        self.previous = Some(here);
        self.year
    }
}

/// What a first reading learns about the years of a file.
#[derive(Debug)]
pub(super) struct Years {
    calendar: Calendar,
    /// The last line and its year, counted from the first line's.
    last: Option<(Yearless, i16)>,
    /// Years with a leap day, counted likewise.
    leap: Vec<i16>,
}

impl Years {
    pub(super) fn new() -> Self {
        Self { calendar: Calendar::starting(0), last: None, leap: Vec::new() }
    }

    pub(super) fn see(&mut self, stamp: Yearless) {
        let year = self.calendar.year_of(stamp);
        self.last = Some((stamp, year));
        if stamp.month == 2 && stamp.day == 29 && self.leap.last() != Some(&year) {
            self.leap.push(year);
        }
    }

    /// The year of the first line: the latest with which the last line is not in the future of `now` and every
    /// leap day exists.
    pub(super) fn first(&self, now: Timestamp) -> i16 {
        let this_year = year_at(now);
        let Some((last, turns)) = self.last else { return this_year };
        let latest = now.plus(AHEAD_MS_MAX);
        let fits = |first: &i16| {
            let past = last.in_year(first + turns).is_some_and(|at| at <= latest);
            past && self.leap.iter().all(|year| leap(first + year))
        };
        let newest = this_year + 1 - turns;
        (newest - YEARS_TRIED - 2..=newest).rev().find(fits).unwrap_or(newest - 1)
    }
}

fn leap(year: i16) -> bool {
    jiff::civil::Date::new(year, 2, 29).is_ok()
}

fn year_at(now: Timestamp) -> i16 {
    jiff::Timestamp::from_second(now.ms() / SECOND_MS)
        .map_or(LEAP_YEAR, |at| at.to_zoned(jiff::tz::TimeZone::UTC).year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(month: i8, day: i8) -> Yearless {
        Yearless { month, day, hour: 12, minute: 0, second: 0 }
    }

    /// The years of days read at noon of 2026-11-22.
    fn check(days: &[(i8, i8)], expected: &[i16]) {
        let now = stamp(11, 22).in_year(2_026).unwrap();
        let mut years = Years::new();
        days.iter().for_each(|(month, day)| years.see(stamp(*month, *day)));
        let mut calendar = Calendar::starting(years.first(now));
        let read: Vec<i16> =
            days.iter().map(|(month, day)| calendar.year_of(stamp(*month, *day))).collect();
        assert_eq!(read, expected, "{days:?}");
    }

    #[test]
    fn the_last_line_is_the_latest_that_is_not_in_the_future() {
        check(&[(11, 20), (11, 22)], &[2026, 2026]);
        check(&[(11, 20), (11, 23)], &[2026, 2026]);
        check(&[(11, 20), (11, 25)], &[2025, 2025]);
        check(&[(12, 10)], &[2025]);
        check(&[], &[]);
    }

    #[test]
    fn december_turns_into_january_and_late_lines_do_not() {
        check(&[(12, 30), (1, 1), (12, 31), (1, 3)], &[2025, 2026, 2025, 2026]);
        check(&[(3, 1), (2, 27), (3, 2)], &[2026, 2026, 2026]);
        check(&[(12, 1), (2, 1), (12, 1), (2, 1)], &[2024, 2025, 2025, 2026]);
    }

    #[test]
    fn a_leap_day_needs_a_leap_year() {
        check(&[(2, 29), (3, 1)], &[2024, 2024]);
        check(&[(12, 31), (2, 29)], &[2023, 2024]);
    }
}
