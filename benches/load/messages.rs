//! Attempts as bytes, made before the clock starts.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use doorward::wire::EvaluateRequest;
use prost::Message as _;

use crate::attempts::{Attempts, EVENT_ID};

/// An attempt as `Evaluate` and `EvaluateStream` take it: their requests are encoded alike.
#[derive(Debug)]
pub(crate) struct Message {
    /// Its place in the sequence, told by its event id too.
    pub(crate) number: u64,
    /// The request.
    pub(crate) bytes: Bytes,
}

/// The messages of one server, in order, each once, for any number of workers.
#[derive(Debug)]
pub(crate) struct Messages {
    attempts: Attempts,
    ahead: Mutex<VecDeque<Message>>,
}

impl Messages {
    /// Those of this sequence.
    pub(crate) fn of(attempts: Attempts) -> Self {
        Self { attempts, ahead: Mutex::default() }
    }

    /// Makes messages until `count` are ready, so that making them takes no time of the server.
    pub(crate) fn prepare(&self, count: u64) {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = BytesMut::new();
        while (ahead.len() as u64) < count {
            ahead.push_back(next(&self.attempts, &mut buffer));
        }
    }

    /// The next one, made now if none is ready.
    pub(crate) fn take(&self) -> Message {
        let ready = self.ahead.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        ready.unwrap_or_else(|| next(&self.attempts, &mut BytesMut::new()))
    }
}

/// The place in its sequence of the attempt with this event id, if it is of one.
pub(crate) fn number(event_id: &str) -> Option<u64> {
    event_id.strip_prefix(EVENT_ID)?.parse().ok()
}

fn next(attempts: &Attempts, buffer: &mut BytesMut) -> Message {
    /// Many messages share one piece of memory.
    const PIECE_BYTES: usize = 1 << 20;
    let attempt = attempts.take();
    let number = number(&attempt.event_id).unwrap_or_default();
    let request = EvaluateRequest { attempt: Some(attempt) };
    let bytes = request.encoded_len();
    if buffer.capacity() < bytes {
        *buffer = BytesMut::with_capacity(PIECE_BYTES.max(bytes));
    }
    buffer.extend_from_slice(&request.encode_to_vec());
    Message { number, bytes: buffer.split().freeze() }
}
