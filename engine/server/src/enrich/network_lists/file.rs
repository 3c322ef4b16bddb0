//! Reads the text of one network list.

use csv::StringRecord;
use doorward_core::time::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::entry::{Entry, EntryError, shown};

/// What a comment begins with that tells when the list was brought up to date.
const UPDATED: &str = "updated:";

/// Most lines told that cannot be read: a file that has more of them is something else.
const WRONG_MAX: usize = 1_000;

/// The columns of a CSV file that hold entries.
const NETWORK: &str = "network";
const ASN: &str = "asn";

/// Everything that stands in a file.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) entries: Vec<Entry>,
    /// As the file says itself.
    pub(super) updated_at: Option<Timestamp>,
    /// What cannot be read, by line, counted from one.
    pub(super) wrong: Vec<(u64, EntryError)>,
}

impl Contents {
    /// Reads CSV, or one entry a line. Stops behind more than `entries_max` entries, or [`WRONG_MAX`] lines
    /// that cannot be read.
    pub(super) fn read(bytes: &[u8], csv: bool, entries_max: usize) -> Self {
        // Comments may be in any encoding; entries are ASCII.
        let text = String::from_utf8_lossy(bytes);
        let text: &str = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut contents = Self::default();
        contents.date(text);
        if csv {
            contents.csv(text, entries_max)
        } else {
            contents.plain(text, entries_max)
        }
        contents
    }

    fn date(&mut self, text: &str) {
        for (line, number) in text.lines().zip(1..) {
            let comment = line.trim_start().strip_prefix('#').map(str::trim_start);
            let Some(date) = comment.and_then(|comment| comment.strip_prefix(UPDATED)) else {
                continue;
            };
            match instant(date.trim()) {
                Some(at) => self.updated_at = self.updated_at.or(Some(at)),
                None if self.wrong.len() >= WRONG_MAX => return,
                None => self.wrong.push((number, EntryError::Updated(shown(date.trim())))),
            }
        }
    }

    fn plain(&mut self, text: &str, entries_max: usize) {
        for (line, number) in text.lines().zip(1..) {
            let entry = line.split_once('#').map_or(line, |(entry, _)| entry).trim();
            if !entry.is_empty() {
                self.take(number, Entry::parse(entry));
            }
            if self.full(entries_max) {
                return;
            }
        }
    }

    fn csv(&mut self, text: &str, entries_max: usize) {
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).flexible(true).comment(Some(b'#'));
        let mut column = None;
        for record in reader.from_reader(text.as_bytes()).records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(0, csv::Position::line);
                    return self.wrong.push((line, EntryError::Syntax(error.to_string())));
                }
            };
            let number = record.position().map_or(0, csv::Position::line);
            let known = match &column {
                Some(known) => known,
                None => match Column::of(&record) {
                    Ok((first, headed)) => {
                        let first = column.insert(first);
                        if headed {
                            continue;
                        }
                        first
                    }
                    Err(error) => return self.wrong.push((number, error)),
                },
            };
            self.take(number, known.entry(&record));
            if self.full(entries_max) {
                return;
            }
        }
    }

    fn full(&self, entries_max: usize) -> bool {
        self.entries.len() > entries_max || self.wrong.len() >= WRONG_MAX
    }

    fn take(&mut self, number: u64, entry: Result<Entry, EntryError>) {
        match entry {
            Ok(entry) => self.entries.push(entry),
            Err(error) => self.wrong.push((number, error)),
        }
    }
}

/// Where the entries of a CSV file are.
struct Column {
    index: usize,
    read: fn(&str) -> Result<Entry, EntryError>,
}

impl Column {
    /// What the first line tells, and whether it is a header. Without one, entries are in the first column.
    fn of(first: &StringRecord) -> Result<(Self, bool), EntryError> {
        for (index, name) in first.iter().enumerate() {
            match name.trim().to_ascii_lowercase().as_str() {
                NETWORK => return Ok((Self { index, read: Entry::parse }, true)),
                ASN => return Ok((Self { index, read: Entry::parse_asn }, true)),
                _ => {}
            }
        }
        let column = Self { index: 0, read: Entry::parse };
        match column.entry(first) {
            Ok(_) => Ok((column, false)),
            Err(_) => Err(EntryError::Header(shown(&first.iter().collect::<Vec<_>>().join(",")))),
        }
    }

    fn entry(&self, record: &StringRecord) -> Result<Entry, EntryError> {
        let field = record.get(self.index).map(str::trim).filter(|field| !field.is_empty());
        (self.read)(field.ok_or(EntryError::Absent)?)
    }
}

/// A day, which begins at midnight in UTC, or a point in time.
fn instant(text: &str) -> Option<Timestamp> {
    let day = text.parse::<Date>().ok().filter(|_| text.len() == "2026-11-20".len());
    let at = match day {
        Some(day) => day.to_zoned(TimeZone::UTC).ok()?.timestamp(),
        None => text.parse::<jiff::Timestamp>().ok()?,
    };
    Some(Timestamp::from_ms(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-20T00:00:00Z.
    const DAY: Timestamp = Timestamp::from_ms(1_795_132_800_000);

    fn read(text: &str, csv: bool) -> Contents {
        Contents::read(text.as_bytes(), csv, 100)
    }

    fn check(text: &str, csv: bool, expected: &[&str]) {
        let contents = read(text, csv);
        let expected: Vec<_> = expected.iter().map(|text| Entry::parse(text).unwrap()).collect();
        assert_eq!(contents.wrong, [], "{text}");
        assert_eq!(contents.entries, expected, "{text}");
    }

    #[test]
    fn reads_plain_text() {
        check("", false, &[]);
        check("203.0.113.7\r\nAS64500\r\n", false, &["203.0.113.7", "AS64500"]);
        let text = "\u{feff}# exits\n\n  203.0.113.0/24  # a farm\n2001:db8::/32\n#AS1\n";
        check(text, false, &["203.0.113.0/24", "2001:db8::/32"]);
    }

    #[test]
    fn reads_csv() {
        let expected = ["203.0.113.0/24", "AS64500"];
        check("network,note\n203.0.113.0/24,\"a, b\"\nAS64500\n", true, &expected);
        check("# made today\nid,Network\n1, 203.0.113.0/24 \n2,AS64500\n", true, &expected);
        check("203.0.113.0/24,GB,GB-EN,London,\nAS64500,,,,\n", true, &expected);
        check("asn,name\n64500,Example\nAS64501,Other\n", true, &["AS64500", "AS64501"]);
        check("network,note\n", true, &[]);
        check("", true, &[]);
    }

    #[test]
    fn every_line_that_cannot_be_read_is_told() {
        let lines = |text: &str, csv| {
            let wrong = read(text, csv).wrong.into_iter();
            wrong.map(|(line, error)| format!("{line}: {error}")).collect::<Vec<_>>()
        };
        let [first, second] = &lines("a\n203.0.113.7\n\n# c\nAS0\n", false)[..] else { panic!() };
        assert!(first.starts_with("1: `a` is no entry, write 203.0.113.0/24"), "{first}");
        assert_eq!(second, "5: `AS0` is no autonomous system, write AS64500");
        let of_csv = lines("# c\nnetwork,note\n1.2.3,x\n,y\n203.0.113.7,z\n", true);
        assert!(of_csv[0].starts_with("3: `1.2.3` is no entry"), "{of_csv:?}");
        assert_eq!(of_csv[1..], ["4: no entry in this line, fill it in or remove the line"]);
        let headless = lines("range,note\n203.0.113.7,z\n", true);
        let expected =
            "1: no column `network` or `asn` in `range,note`, name the column of the entries so";
        assert_eq!(headless, [expected]);
        let dated = lines("# updated: soon\n", false);
        assert!(dated[0].starts_with("1: `soon` is no date, write `# updated: 2026-11-20`"));
    }

    #[test]
    fn a_file_may_tell_its_date() {
        let check = |text: &str, expected| {
            for csv in [false, true] {
                assert_eq!(read(text, csv).updated_at, expected, "{text}");
            }
        };
        check("203.0.113.7\n", None);
        check("# updated: 2026-11-20\n203.0.113.7\n", Some(DAY));
        check("203.0.113.7\n#updated: 2026-11-20T06:00:00+02:00\n", Some(DAY.plus(4 * 3_600_000)));
        check("# updated: 2026-11-20\n# updated: 2026-11-21\n", Some(DAY));
        check("# was updated: yesterday\n203.0.113.7\n", None);
    }

    #[test]
    fn no_more_are_read_than_may_be() {
        let text = "203.0.113.7\n".repeat(200);
        for csv in [false, true] {
            assert_eq!(read(&text, csv).entries.len(), 101);
        }
        assert_eq!(read(&"PK\u{3}\u{4}\n".repeat(2 * WRONG_MAX), false).wrong.len(), WRONG_MAX);
    }
}
