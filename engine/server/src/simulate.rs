//! Simulated traffic whose truth is known: good people and attackers, and how well rules tell them apart.
//!
//! ```text
//! seed ─┬─ world, people ─ calendars, visits, errands ─┐
//!       └─ campaigns of each kind of attack ───────────┴─▶ intents ─ course ─▶ events ─┬─▶ files
//!                                                            ▲          ▼               └─▶ score
//!                                                            └─ verdict, by the way of a replay
//! ```
//!
//! Everybody's intents are drawn before anything happens, each person's and each campaign's from a stream
//! of their own; a verdict only decides how far they get. So the same seed gives the same bytes, good
//! people do the same whoever attacks, and two sets of rules are held against the same traffic. Good people
//! pass a challenge or, two in a hundred, go away; attackers never pass one. Callers check credentials
//! before they ask, and tell later what became of challenges, and of frauds that victims notice.
//!
//! Without a score nobody answers: everyone with a right credential gets in, and where good people might
//! have been challenged the file says that they passed.
//!
//! # What the numbers mean
//!
//! Only the days after the first four weeks are scored; before, profiles learn.
//!
//! *Attacks.* A campaign is caught at the first of its attempts that is stepped up or denied, be it for that
//! attempt alone. *Entries* are
//! attempts that get in unless they are stopped: right passwords, stolen sessions, farmed registrations;
//! wrong guesses are none, as stopping them gains nothing. An account whose password or session an attacker
//! has is kept from harm if the entry was stopped, or every change of contacts or credentials and every
//! payment after it.
//!
//! *Good people.* Challenged means stepped up. Lost are those who were denied, or went away from a
//! challenge. A life event is the rarest thing that is going on at the time of an attempt.
//!
//! *ROC AUC* is the share of pairs of an entry and a good attempt, of the same journey and population, in
//! which the entry has the higher score; a verdict that a rule demanded beats every score. It says what the
//! points are worth, whatever the thresholds. *At 1 %* are entries that would be stopped if each threshold
//! were such that one good attempt in a hundred is challenged; who gets how far is not played again for
//! that, and denials stay as they are.
//!
//! *Intervals* are of 95 %: Wilson's for shares, DeLong's for areas. They take attempts as independent.
//! Those of one campaign are not, so for campaigns with many entries they are too narrow: try other seeds.
//!
//! The people are invented after what is known of sign-ins in general, and no measure of one's own: shares
//! compare rules with one another, and do not foretell what a service will see.

pub mod attack;
pub mod calendar;
pub mod chance;
pub mod course;
pub mod device;
pub mod draft;
pub mod draw;
pub mod errand;
pub mod files;
pub mod intent;
pub mod label;
pub mod people;
pub mod person;
pub mod score;
pub mod span;
pub mod traffic;
pub mod visit;
pub mod world;
