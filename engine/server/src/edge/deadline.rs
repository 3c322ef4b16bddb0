//! How long a caller waits for its answer, and what it hears when the time is up.

use std::time::Duration;

use http::HeaderMap;
use tonic::Status;

/// The time that the caller of a stream gives it; travels with the request.
#[derive(Clone, Copy)]
pub(super) struct Left(pub(super) Option<Duration>);

/// The time left, from the header `grpc-timeout`: up to eight digits and a unit.
pub(super) fn grpc(headers: &HeaderMap) -> Result<Option<Duration>, Status> {
    let Some(header) = headers.get("grpc-timeout") else { return Ok(None) };
    let left = header.to_str().ok().and_then(with_unit);
    let wrong = || Status::invalid_argument("`grpc-timeout` is not a time such as `250m`");
    left.map(Some).ok_or_else(wrong)
}

fn with_unit(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number = digits(number, 8)?;
    match unit {
        "H" => Some(Duration::from_secs(number * 3_600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

/// The time left, from the header `connect-timeout-ms`: up to ten digits.
pub(super) fn connect(headers: &HeaderMap) -> Result<Option<Duration>, Status> {
    let Some(header) = headers.get("connect-timeout-ms") else { return Ok(None) };
    let left = header.to_str().ok().and_then(|text| digits(text, 10));
    let wrong = || Status::invalid_argument("`connect-timeout-ms` is not a number such as `250`");
    left.map(|ms| Some(Duration::from_millis(ms))).ok_or_else(wrong)
}

fn digits(text: &str, count_max: usize) -> Option<u64> {
    let fits = text.len() <= count_max && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// Waits for `call`, but not longer than there is time. With no time left it does not begin.
pub(super) async fn within<T>(left: Duration, call: impl Future<Output = T>) -> Result<T, Status> {
    if left.is_zero() {
        return Err(expired());
    }
    tokio::time::timeout(left, call).await.map_err(|_| expired())
}

/// What the caller hears: the event may be on record all the same.
pub(super) fn expired() -> Status {
    Status::deadline_exceeded("time is up, send the same event again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_units_of_grpc() {
        let check = |text: &str, expected| assert_eq!(with_unit(text), expected, "{text}");
        check("3H", Some(Duration::from_secs(10_800)));
        check("82n", Some(Duration::from_nanos(82)));
        check("99999999S", Some(Duration::from_secs(99_999_999)));
        for wrong in ["", "5", "m", "123456789m", "-5m", "+5m", "5x", "5é"] {
            check(wrong, None);
        }
    }
}
