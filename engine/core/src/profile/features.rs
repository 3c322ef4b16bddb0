//! What a device is like, whatever it calls itself.

use crate::enrichment::Enrichment;
use crate::event::Attempt;
use crate::keyed::Keyed;
use crate::packed::{Reader, Writer};
use crate::signal::primary_language;

/// How many [`Features`] two devices can have in common.
pub(super) const FEATURES: usize = 6;

/// Half the range of offsets away from UTC, where no clock is: that one becomes zero.
const OFFSET_NONE: u16 = 1 << 15;

/// One of the features, by its place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Feature {
    Ja4 = 2,
    Language = 3,
}

/// Agent family, operating system, JA4, language, screen, offset from UTC: sixteen bits of each, keyed where it
/// is text, and none of them set where the attempt does not tell.
///
/// Two that differ are taken for equal once in 65,535, which is rarer than two devices that are alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Features([u16; FEATURES]);

impl Features {
    pub(super) const BYTES_MAX: usize = 1 + 2 * FEATURES;

    pub(super) fn of(keyed: &Keyed, attempt: &Attempt, enrichment: &Enrichment) -> Self {
        let agent = enrichment.agent.as_ref().ok();
        let language = attempt.client.accept_language.as_ref();
        let texts = [
            agent.and_then(|agent| agent.family),
            agent.and_then(|agent| agent.os),
            attempt.client.ja4.as_ref().map(|ja4| ja4.as_str()),
            language.and_then(|header| primary_language(header.as_str())),
            attempt.device.screen.as_ref().map(|screen| screen.as_str()),
        ];
        let [family, os, ja4, language, screen] =
            texts.map(|text| text.map_or(0, |text| bits(keyed.hash(text.as_bytes()))));
        let offset = attempt.device.utc_offset_min.map(i16::cast_unsigned);
        Self([family, os, ja4, language, screen, offset.map_or(0, |minutes| minutes ^ OFFSET_NONE)])
    }

    /// The feature, if it is told.
    pub(super) fn get(&self, which: Feature) -> Option<u16> {
        self.0.get(which as usize).copied().filter(|feature| *feature != 0)
    }

    /// How many features are told by both and equal.
    pub(super) fn common(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).filter(|(own, others)| **own != 0 && own == others).count()
    }

    /// A bit for each that is told, then those.
    pub(super) fn pack(&self, to: &mut Writer) {
        let told = self.0.iter().zip(0..).filter(|(feature, _)| **feature != 0);
        to.u8(told.fold(0, |bits, (_, at)| bits | 1 << at));
        self.0.iter().filter(|feature| **feature != 0).for_each(|feature| to.u16(*feature));
    }

    pub(super) fn unpack(from: &mut Reader<'_>) -> Self {
        let told = from.u8();
        Self(std::array::from_fn(|at| if told >> at & 1 == 0 { 0 } else { from.u16() }))
    }
}

/// Sixteen bits, at least one of them set.
fn bits(hash: u64) -> u16 {
    let [low, high, ..] = hash.to_le_bytes();
    u16::from_le_bytes([low, high]).max(1)
}
