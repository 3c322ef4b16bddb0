//! Connections that say nothing, too little, or too much, and the end of them all.

use std::time::Duration;

use doorward::edge::Limits;
use tokio::io::AsyncWriteExt;

use super::grpc::endless_call;
use super::server::{Server, rest, until};

const SHORT: Duration = Duration::from_millis(50);
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// An empty SETTINGS frame of HTTP/2.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

/// Sends `bytes` and nothing more, and waits for the server to close.
async fn check_closed(limits: Limits, bytes: &[u8]) {
    let server = Server::limited(limits).await;
    let mut socket = server.socket().await;
    socket.write_all(bytes).await.unwrap();
    rest(&mut socket).await;
}

#[tokio::test]
async fn silence_is_closed() {
    let limits = Limits { opening: SHORT, ..Limits::default() };
    check_closed(limits, b"").await;
    check_closed(limits, b"PRI * HTTP/2.0").await;
}

#[tokio::test]
async fn half_a_head_is_closed() {
    let limits = Limits { head: SHORT, ..Limits::default() };
    check_closed(limits, b"POST /doorward.v1.DecisionService/Evaluate HTTP/1.1\r\nhost").await;
}

#[tokio::test]
async fn a_peer_that_answers_no_ping_is_closed() {
    let limits = Limits { keepalive: SHORT, ..Limits::default() };
    check_closed(limits, &[PREFACE, SETTINGS].concat()).await;
    check_closed(limits, PREFACE).await;
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Server::start().await;
    let header = "x".repeat(64 * 1_024);
    let answer = server.exchange(&format!("POST / HTTP/1.1\r\nhost: {header}\r\n\r\n")).await;
    assert!(!answer.contains(" 200 "), "{answer}");
}

#[tokio::test]
async fn one_connection_too_many_is_closed() {
    let server = Server::limited(Limits { connections_max: 1, ..Limits::default() }).await;
    let mut first = server.socket().await;
    first.write_all(b"GET / HTTP/1.1\r\nhost: door\r\n\r\n").await.unwrap();
    until(&mut first, "no call is at this path").await;
    assert_eq!(rest(&mut server.socket().await).await, "");
    drop(first);
    // The place is free again once the server has seen the end of the first one.
    while server.exchange("GET / HTTP/1.0\r\n\r\n").await.is_empty() {}
}

#[tokio::test]
async fn a_stop_ends_whatever_peers_do() {
    let server = Server::limited(Limits { grace: SHORT, ..Limits::default() }).await;
    let mut silent = server.socket().await;
    let mut half = server.socket().await;
    half.write_all(b"POST / HTTP/1.1\r\nhost").await.unwrap();
    let mut waiting = server.socket().await;
    waiting.write_all(&[PREFACE, SETTINGS].concat()).await.unwrap();
    let mut in_flight = server.socket().await;
    in_flight.write_all(EXPECTANT.as_bytes()).await.unwrap();
    until(&mut in_flight, "100 Continue").await;

    let endless = endless_call(&server, ("grpc-timeout", "1H")).await;

    server.stop().ended().await;
    endless.await.unwrap_err();
    for socket in [&mut silent, &mut half, &mut waiting, &mut in_flight] {
        rest(socket).await;
    }
}

/// A call whose body is still to come, and whose caller hears when it may.
const EXPECTANT: &str = "POST /doorward.v1.DecisionService/Evaluate HTTP/1.1\r\nhost: door\r\n\
    content-length: 2\r\nexpect: 100-continue\r\n\r\n";

#[tokio::test]
async fn a_stop_lets_calls_in_flight_end() {
    let server = Server::start().await;
    let mut socket = server.socket().await;
    socket.write_all(EXPECTANT.as_bytes()).await.unwrap();
    until(&mut socket, "100 Continue").await;
    let address = server.address;
    let ending = server.stop();
    // New connections are refused from the stop on, while the call still runs.
    while tokio::net::TcpStream::connect(address).await.is_ok() {}
    socket.write_all(b"{}").await.unwrap();
    let answer = rest(&mut socket).await;
    assert!(answer.contains("attempt must be set"), "{answer}");
    ending.ended().await;
}
