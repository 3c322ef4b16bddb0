//! Network addresses, ranges of them, and autonomous systems.

use std::net::IpAddr;

use super::Lexer;
use crate::policy::{
    ast::Literal,
    diagnostic::{Code, Diagnostic},
    token::TokenKind,
};

impl Lexer<'_> {
    /// An address or range, if one stands here, or something that can only be a mistyped one.
    pub(super) fn address(&mut self) -> Option<TokenKind> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_hexdigit() || ".:".contains(c)));
        let run = rest.get(..end.unwrap_or(rest.len()))?.trim_end_matches(['.', ':']);
        // `fe80::` ends in the colons that a label's single one must not be taken for.
        let run =
            if rest.get(run.len()..)?.starts_with("::") { rest.get(..run.len() + 2)? } else { run };
        if !resembles_address(run) {
            return None;
        }
        let start = self.at;
        self.take(run.len());
        self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        let written = self.text.get(start..self.at).unwrap_or("");
        Some(match written.parse::<IpAddr>() {
            Ok(address) => self.range(start, address),
            Err(_) => self.no_address(start, written),
        })
    }

    /// `AS64500`, if `word` is one.
    pub(super) fn asn(&mut self, start: usize, word: &str) -> Option<TokenKind> {
        let digits = word.strip_prefix("AS")?;
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(match digits.parse() {
            Ok(number) => TokenKind::Literal(Literal::Asn(number)),
            Err(_) => {
                let place = self.span_from(start);
                self.damaged(
                    Diagnostic::error(Code::NUMBER, format!("`{word}` is no autonomous system"))
                        .at(place, "too large")
                        .help(format!("the largest is `AS{}`", u32::MAX)),
                )
            }
        })
    }

    fn range(&mut self, start: usize, address: IpAddr) -> TokenKind {
        let slash = self.rest().strip_prefix('/');
        if !slash.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            return TokenKind::Literal(Literal::Ip(address));
        }
        self.take(1);
        let digits = self.take_while(|c| c.is_ascii_digit());
        let bits_max = if address.is_ipv4() { 32 } else { 128 };
        let place = self.span_from(start);
        match digits.parse::<u8>() {
            Ok(prefix) if prefix <= bits_max => self.checked_range(start, address, prefix),
            _ => self.damaged(
                Diagnostic::error(Code::ADDRESS, format!("a range has no prefix of {digits} bits"))
                    .at(place, "")
                    .help(format!("the number after `/` is at most {bits_max} here")),
            ),
        }
    }

    fn checked_range(&mut self, start: usize, address: IpAddr, prefix: u8) -> TokenKind {
        let first = first_of(address, prefix);
        if first == address {
            return TokenKind::Literal(Literal::Cidr { address, prefix });
        }
        let place = self.span_from(start);
        self.damaged(
            Diagnostic::error(
                Code::ADDRESS,
                format!("`{address}` is not where a range of /{prefix} starts"),
            )
            .at(place, "has bits beyond the prefix")
            .help(format!("write `{first}/{prefix}` for the range that holds it")),
        )
    }

    fn no_address(&mut self, start: usize, written: &str) -> TokenKind {
        let place = self.span_from(start);
        self.damaged(
            Diagnostic::error(Code::ADDRESS, format!("`{written}` is no network address"))
                .at(place, "")
                .help(
                    "addresses look like `203.0.113.7` or `2001:db8::1`, ranges like `10.0.0.0/8`",
                ),
        )
    }
}

/// Three numbers with dots, or hexadecimal groups with `::` or seven colons.
fn resembles_address(run: &str) -> bool {
    let colons = run.matches(':').count();
    let dots = run.matches('.').count();
    let v4 = colons == 0 && dots >= 2 && run.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    v4 || run.contains("::") || colons == 7
}

/// The first address of the range of `prefix` bits that holds `address`.
fn first_of(address: IpAddr, prefix: u8) -> IpAddr {
    let prefix = u32::from(prefix);
    match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(32 - prefix.min(32)).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(128 - prefix.min(128)).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    }
}
