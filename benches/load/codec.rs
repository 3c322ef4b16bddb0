//! What goes over the client's wire: requests made before, and answers read as far as they are checked.

use std::marker::PhantomData;

use bytes::{Buf as _, BufMut as _, Bytes};
use prost::Message;
use tonic::Status;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

/// The decision in an answer; what else it says is skipped.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Decision {
    #[prost(string, tag = "2")]
    pub(crate) event_id: String,
    #[prost(enumeration = "doorward::wire::Verdict", tag = "3")]
    pub(crate) verdict: i32,
}

/// The answer to `Evaluate`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Unary {
    #[prost(message, optional, tag = "1")]
    pub(crate) decision: Option<Decision>,
    #[prost(bool, tag = "2")]
    pub(crate) duplicate: bool,
}

/// An answer of `EvaluateStream`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Streamed {
    #[prost(string, tag = "1")]
    pub(crate) event_id: String,
    #[prost(message, optional, tag = "2")]
    pub(crate) decision: Option<Decision>,
    #[prost(message, optional, tag = "3")]
    pub(crate) refusal: Option<doorward::wire::Refusal>,
    #[prost(bool, tag = "4")]
    pub(crate) duplicate: bool,
}

/// A message and how many bytes it had, without the five that gRPC puts before it.
#[derive(Debug)]
pub(crate) struct Sized<M> {
    pub(crate) message: M,
    pub(crate) bytes: usize,
}

/// Sends bytes, reads an `M`.
#[derive(Debug)]
pub(crate) struct Wire<M>(PhantomData<M>);

impl<M> Wire<M> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<M: Message + Default + 'static> Codec for Wire<M> {
    type Encode = Bytes;
    type Decode = Sized<M>;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self::new()
    }

    fn decoder(&mut self) -> Self {
        Self::new()
    }
}

impl<M> Encoder for Wire<M> {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, request: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(request);
        Ok(())
    }
}

impl<M: Message + Default> Decoder for Wire<M> {
    type Item = Sized<M>;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Sized<M>>, Status> {
        let bytes = buffer.remaining();
        let message = M::decode(buffer).map_err(|error| Status::internal(error.to_string()))?;
        Ok(Some(Sized { message, bytes }))
    }
}
