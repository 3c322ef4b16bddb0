//! All entries of all network lists in one table: one look finds every list that holds an address.

use std::collections::HashMap;
use std::net::IpAddr;

use super::entry::Entry;
use crate::enrich::table::{Range, Table};

/// Most lists: each is a bit in a `Lists`.
pub const LISTS_MAX: usize = 64;

/// A set of lists, a bit for each by its number.
pub(super) type Lists = u64;

/// The set that holds one list.
pub(super) fn only(list: usize) -> Lists {
    u32::try_from(list).ok().and_then(|list| 1_u64.checked_shl(list)).unwrap_or_default()
}

/// Which lists hold an address, or an autonomous system. A look-up is a binary search.
#[derive(Debug)]
pub(super) struct Index {
    v4: Table<u32>,
    v6: Table<u128>,
    /// What the rows of the tables stand for; many ranges are held by the same lists.
    sets: Box<[Lists]>,
    asns: HashMap<u32, Lists>,
}

impl Default for Index {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Index {
    /// From the entries of each list, in the order of their numbers.
    pub(super) fn new(lists: &[Vec<Entry>]) -> Self {
        let (mut v4, mut v6, mut asns) = (Vec::new(), Vec::new(), HashMap::new());
        for (list, entries) in lists.iter().take(LISTS_MAX).enumerate() {
            for entry in entries {
                match *entry {
                    Entry::V4 { first, last } => {
                        v4.push((u128::from(first), u128::from(last), list))
                    }
                    Entry::V6 { first, last } => v6.push((first, last, list)),
                    Entry::Asn(asn) => *asns.entry(asn).or_default() |= only(list),
                }
            }
        }
        let mut sets = Sets::default();
        let v4 = cut(&v4).into_iter().map(|it| sets.range(it, |at| u32::try_from(at).ok()));
        let v4 = v4.flatten().collect();
        let v6 = cut(&v6).into_iter().filter_map(|it| sets.range(it, Some)).collect();
        let ((v4, _), (v6, _)) = (Table::build(v4), Table::build(v6));
        Self { v4, v6, sets: sets.all.into(), asns }
    }

    /// The lists that hold the address.
    pub(super) fn of_address(&self, address: IpAddr) -> Lists {
        let row = match address {
            IpAddr::V4(v4) => self.v4.row(v4.into()),
            IpAddr::V6(v6) => self.v6.row(v6.into()),
        };
        let set = row.and_then(|row| self.sets.get(usize::try_from(row).ok()?));
        set.copied().unwrap_or_default()
    }

    /// The lists that hold the autonomous system.
    pub(super) fn of_asn(&self, asn: u32) -> Lists {
        self.asns.get(&asn).copied().unwrap_or_default()
    }
}

/// The different sets of lists, each once.
#[derive(Default)]
struct Sets {
    all: Vec<Lists>,
    rows: HashMap<Lists, u32>,
}

impl Sets {
    fn range<N>(&mut self, held: Held, number: fn(u128) -> Option<N>) -> Option<Range<N>> {
        let all = &mut self.all;
        let row = *self.rows.entry(held.lists).or_insert_with(|| {
            all.push(held.lists);
            u32::try_from(all.len() - 1).unwrap_or(u32::MAX)
        });
        Some(Range { start: number(held.first)?, end: number(held.last)?, row, line: 0 })
    }
}

/// Addresses that the same lists hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    first: u128,
    last: u128,
    lists: Lists,
}

/// Cuts ranges that overlap, each with its list, into ranges that do not, each with all of its lists.
fn cut(ranges: &[(u128, u128, usize)]) -> Vec<Held> {
    let opening = ranges.iter().map(|(first, _, list)| (*first, *list, true));
    // A range that ends with the last address there is stays open.
    let closing =
        ranges.iter().filter_map(|(_, last, list)| Some((last.checked_add(1)?, *list, false)));
    let mut edges: Vec<(u128, usize, bool)> = opening.chain(closing).collect();
    edges.sort_unstable_by_key(|(at, ..)| *at);
    let mut open = [0_u32; LISTS_MAX];
    let (mut lists, mut first) = (0, 0);
    let mut all: Vec<Held> = Vec::new();
    let mut put = |held: Held| match all.last_mut() {
        _ if held.lists == 0 => {}
        Some(before)
            if before.lists == held.lists && before.last.checked_add(1) == Some(held.first) =>
        {
            before.last = held.last;
        }
        Some(_) | None => all.push(held),
    };
    for here in edges.chunk_by(|(one, ..), (other, ..)| one == other) {
        let at = here.first().map_or(0, |(at, ..)| *at);
        if let Some(last) = at.checked_sub(1) {
            put(Held { first, last, lists });
        }
        for (_, list, opens) in here {
            if let Some(count) = open.get_mut(*list) {
                *count = if *opens { count.saturating_add(1) } else { count.saturating_sub(1) };
            }
        }
        for (_, list, _) in here {
            let held = open.get(*list).is_some_and(|count| *count > 0);
            lists = if held { lists | only(*list) } else { lists & !only(*list) };
        }
        first = at;
    }
    put(Held { first, last: u128::MAX, lists });
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranges_are_cut_where_lists_begin_and_end() {
        let held = |first, last, lists| Held { first, last, lists };
        let check = |ranges: &[_], expected: &[Held]| assert_eq!(cut(ranges), expected);
        check(&[], &[]);
        check(&[(5, 9, 0)], &[held(5, 9, 1)]);
        check(&[(5, 9, 0), (7, 8, 0), (10, 12, 0)], &[held(5, 12, 1)]);
        check(&[(0, 9, 0), (5, 20, 1)], &[held(0, 4, 1), held(5, 9, 3), held(10, 20, 2)]);
        check(&[(3, u128::MAX, 1), (7, u128::MAX, 1)], &[held(3, u128::MAX, 2)]);
    }

    #[test]
    fn the_ends_of_the_address_space_belong_to_it() {
        let [all_v4, all_v6] = ["0.0.0.0/0", "::/0"].map(|text| vec![Entry::parse(text).unwrap()]);
        let index = Index::new(&[all_v4, all_v6]);
        for (address, lists) in [("0.0.0.0", 1), ("255.255.255.255", 1), ("::", 2), ("ffff::", 2)] {
            assert_eq!(index.of_address(address.parse().unwrap()), lists, "{address}");
        }
        assert_eq!(index.of_asn(64_500), 0);
    }

    fn entry() -> impl Strategy<Value = Entry> {
        let v4 = (0_u32..300, 0_u32..40);
        let v6 = (0_u128..300, 0_u128..40);
        prop_oneof![
            v4.prop_map(|(first, more)| Entry::V4 { first, last: first + more }),
            v6.prop_map(|(first, more)| Entry::V6 { first, last: first + more }),
            (1_u32..20).prop_map(Entry::Asn),
        ]
    }

    proptest! {
        /// The one table answers as looking through every entry of every list does.
        #[test]
        fn agrees_with_the_plain_lists(
            lists in prop::collection::vec(prop::collection::vec(entry(), 0..12), 0..5),
        ) {
            let index = Index::new(&lists);
            let plain = |holds: &dyn Fn(&Entry) -> bool| {
                let held = lists.iter().enumerate().filter(|(_, entries)| entries.iter().any(holds));
                held.fold(0, |all, (list, _)| all | only(list))
            };
            for at in 0..350_u32 {
                let v4 = plain(&|entry| matches!(entry, Entry::V4 { first, last } if (first..=last).contains(&&at)));
                prop_assert_eq!(index.of_address(IpAddr::V4(at.into())), v4);
                let wide = u128::from(at);
                let v6 = plain(&|entry| matches!(entry, Entry::V6 { first, last } if (first..=last).contains(&&wide)));
                prop_assert_eq!(index.of_address(IpAddr::V6(wide.into())), v6);
                prop_assert_eq!(index.of_asn(at), plain(&|entry| *entry == Entry::Asn(at)));
            }
        }
    }
}
