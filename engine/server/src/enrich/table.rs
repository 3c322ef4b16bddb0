//! Ranges of addresses, sorted, each with the row that describes it.

/// Ranges of one address family: `u32` for IPv4, `u128` for IPv6. 12 or 36 bytes a range.
#[derive(Debug)]
pub(crate) struct Table<N> {
    starts: Box<[N]>,
    ends: Box<[N]>,
    rows: Box<[u32]>,
}

/// A range as it was read: both ends inclusive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range<N> {
    pub(crate) start: N,
    pub(crate) end: N,
    /// Position of the description.
    pub(crate) row: u32,
    /// Where it was read.
    pub(crate) line: u64,
}

/// Two lines that claim the same addresses.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Overlap {
    pub(crate) line: u64,
    pub(crate) earlier: u64,
}

impl<N: Copy + Ord> Table<N> {
    /// Sorts the ranges, and tells which overlap one that starts before.
    pub(crate) fn build(mut ranges: Vec<Range<N>>) -> (Self, Vec<Overlap>) {
        ranges.sort_unstable_by_key(|range| (range.start, range.line));
        let overlaps = overlaps(&ranges);
        let table = Self {
            starts: ranges.iter().map(|range| range.start).collect(),
            ends: ranges.iter().map(|range| range.end).collect(),
            rows: ranges.iter().map(|range| range.row).collect(),
        };
        (table, overlaps)
    }

    /// The row of the range that holds `address`. Of ranges that overlap, the one that starts last speaks alone:
    /// behind its end nothing is known, since the file contradicts itself there.
    pub(crate) fn row(&self, address: N) -> Option<u32> {
        let at = self.starts.partition_point(|start| *start <= address).checked_sub(1)?;
        let end = self.ends.get(at)?;
        if address <= *end { self.rows.get(at).copied() } else { None }
    }
}

fn overlaps<N: Copy + Ord>(ranges: &[Range<N>]) -> Vec<Overlap> {
    let mut overlaps = Vec::new();
    let mut reach: Option<&Range<N>> = None;
    for range in ranges {
        match reach {
            Some(before) if range.start <= before.end => {
                let (earlier, line) = (before.line.min(range.line), before.line.max(range.line));
                overlaps.push(Overlap { line, earlier });
                reach = Some(if range.end > before.end { range } else { before });
            }
            Some(_) | None => reach = Some(range),
        }
    }
    overlaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(start: u32, end: u32, line: u64) -> Range<u32> {
        Range { start, end, row: u32::try_from(line).unwrap(), line }
    }

    #[test]
    fn finds_what_a_plain_search_finds() {
        let ranges =
            vec![range(30, 39, 1), range(0, 0, 2), range(40, u32::MAX, 3), range(10, 12, 4)];
        let (table, overlaps) = Table::build(ranges.clone());
        assert_eq!(overlaps, []);
        for address in (0..60).chain([u32::MAX]) {
            let plain = ranges.iter().find(|range| (range.start..=range.end).contains(&address));
            assert_eq!(table.row(address), plain.map(|range| range.row), "{address}");
        }
        assert_eq!(Table::<u32>::build(Vec::new()).0.row(0), None);
    }

    #[test]
    fn tells_which_ranges_overlap() {
        let (table, overlaps) = Table::build(vec![
            range(10, 20, 7),
            range(0, 50, 9),
            range(30, 40, 8),
            range(51, 52, 6),
        ]);
        let expected = [Overlap { line: 9, earlier: 7 }, Overlap { line: 9, earlier: 8 }];
        assert_eq!(overlaps, expected);
        for (address, row) in [(5, Some(9)), (15, Some(7)), (25, None), (35, Some(8)), (45, None)] {
            assert_eq!(table.row(address), row, "{address}");
        }
    }
}
