//! Events seen, as bytes and back.

use doorward_core::seen::SeenEvent;

const EVENT_BYTES: usize = 32;

pub(super) fn encode(events: &[SeenEvent]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(events.len() * EVENT_BYTES);
    for SeenEvent { tail, payload, location: (segment, rest) } in events {
        let words = [*tail, *payload, *segment, *rest];
        words.into_iter().for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
    }
    bytes
}

pub(super) fn decode(bytes: &[u8]) -> impl Iterator<Item = SeenEvent> {
    bytes.as_chunks::<EVENT_BYTES>().0.iter().filter_map(|event| {
        let mut words = event.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word));
        let (tail, payload) = (words.next()?, words.next()?);
        Some(SeenEvent { tail, payload, location: (words.next()?, words.next()?) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn come_back_from_their_bytes() {
        let event = |tail| SeenEvent { tail, payload: 2, location: (3, u64::MAX) };
        let events: Vec<_> = (0..5).map(event).collect();
        assert_eq!(decode(&encode(&events)).collect::<Vec<_>>(), events);
    }
}
