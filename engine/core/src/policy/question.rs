//! What a program asks, sorted by how it is answered: the plain questions, which are nearly all, are rows of a few
//! words that say what to compare with what.

use super::program::{Atom, Slot, Test};
use crate::value::Value;

/// Every atom of a program by its number, in the order in which they are answered: first those that ask only about
/// readings that are given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Questions {
    /// Is it yes?
    pub(crate) flags: Vec<Question<()>>,
    /// Has it no value?
    pub(crate) absences: Vec<Question<()>>,
    /// Is it this word?
    pub(crate) words: Vec<Question<&'static str>>,
    /// Is it a whole number of at least this?
    pub(crate) numbers: Vec<Question<i64>>,
    /// What is none of these.
    pub(crate) others: Vec<usize>,
    /// What looks at a derived signal.
    pub(crate) derived: Vec<usize>,
}

/// A question about one reading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question<T> {
    /// The place of the reading among those that are given.
    pub(crate) slot: usize,
    pub(crate) atom: usize,
    /// What it is compared with.
    pub(crate) with: T,
}

impl Questions {
    /// Takes in the atom with this number, which is larger than those before.
    pub(crate) fn add(&mut self, number: usize, atom: &Atom) {
        let (Slot::Given(slot), None | Some(Slot::Given(_))) = (atom.slot, atom.test.other())
        else {
            return self.derived.push(number);
        };
        match &atom.test {
            Test::Flag => self.flags.push(Question { slot, atom: number, with: () }),
            Test::Unknown => self.absences.push(Question { slot, atom: number, with: () }),
            Test::Equal(Value::Word(with)) => {
                self.words.push(Question { slot, atom: number, with });
            }
            test => match least(test) {
                Some(with) => self.numbers.push(Question { slot, atom: number, with }),
                None => self.others.push(number),
            },
        }
    }
}

/// The least whole number that passes, if that is what the test says.
fn least(test: &Test) -> Option<i64> {
    match test {
        Test::AtLeast(Value::Int(least)) => Some(*least),
        Test::Above(Value::Int(most)) => most.checked_add(1),
        _ => None,
    }
}
