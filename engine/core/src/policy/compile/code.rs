//! The numbers of what the checker finds; a number never changes its meaning.

use crate::policy::diagnostic::Code;

/// A name is defined twice.
pub(crate) const TWICE: Code = Code(101);
/// A signal is defined by way of itself.
pub(crate) const CYCLE: Code = Code(102);
/// A name means something that cannot stand here.
pub(crate) const MISPLACED: Code = Code(103);
/// Nothing has this name.
pub(crate) const UNKNOWN_NAME: Code = Code(104);
/// A closed set has no such word.
pub(crate) const UNKNOWN_WORD: Code = Code(105);
/// A list's file is missing or cannot be read.
pub(crate) const LIST_FILE: Code = Code(106);
/// A block lacks a field, or has one that means nothing in it.
pub(crate) const BLOCK: Code = Code(107);
/// Two blocks hold in the same place and neither is narrower.
pub(crate) const TIE: Code = Code(108);
/// A condition is needed and something else stands there, or the other way round.
pub(crate) const NOT_A_CONDITION: Code = Code(201);
/// A type that has no order, or no sum.
pub(crate) const NO_ORDER: Code = Code(202);
/// Nothing follows from these two units.
pub(crate) const UNITS: Code = Code(206);
/// Two types that do not compare.
pub(crate) const COMPARE: Code = Code(207);
/// An amount without a currency that ISO 4217 knows, or too exact for it.
pub(crate) const CURRENCY: Code = Code(208);
/// The answer is always the same.
pub(crate) const CONSTANT: Code = Code(301);
/// More than the language accepts.
pub(crate) const LIMIT: Code = Code(302);
/// A signal may be unknown and nothing says what then.
pub(crate) const OPEN: Code = Code(303);
/// Thresholds that contradict each other.
pub(crate) const THRESHOLDS: Code = Code(304);
/// A journey without thresholds.
pub(crate) const NO_JOURNEY: Code = Code(305);
/// Defined, and never used.
pub(crate) const UNUSED: Code = Code(306);
/// An answer to a question that the rule does not ask.
pub(crate) const IDLE_LINE: Code = Code(307);
/// Part of the language, but not of this version.
pub(crate) const UNAVAILABLE: Code = Code(310);
/// A rule whose points can never be enough.
pub(crate) const POWERLESS: Code = Code(311);
/// A test of the rule files does not hold.
pub(crate) const TEST_FAILED: Code = Code(401);
