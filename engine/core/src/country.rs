//! Countries: the closed set of ISO 3166-1 alpha-2 codes.

mod offsets;

use std::fmt;

/// An officially assigned ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

/// The officially assigned codes, sorted (ISO 3166-1, 249 entries), and `XK`, which every geo data set uses for Kosovo.
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI \
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR \
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM \
    MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT \
    PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW ";

/// What people write, and what they mean.
const MISTAKES: &[(&str, &str)] = &[
    ("UK", "GB"),
    ("EL", "GR"),
    ("EN", "GB"),
    ("SU", "RU"),
    ("YU", "RS"),
    ("TP", "TL"),
    ("ZR", "CD"),
];

impl Country {
    /// The country with this code, in upper case.
    pub fn parse(code: &str) -> Result<Self, CountryError> {
        let (codes, _) = CODES.as_bytes().as_chunks::<3>();
        match <[u8; 2]>::try_from(code.as_bytes()) {
            Ok([a, b]) if codes.binary_search(&[a, b, b' ']).is_ok() => Ok(Self([a, b])),
            _ => Err(CountryError { code: code.to_owned() }),
        }
    }

    /// The two letters, in ASCII.
    pub(crate) const fn letters(self) -> [u8; 2] {
        self.0
    }

    /// The two letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A code that names no country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountryError {
    code: String,
}

impl CountryError {
    /// The code that was probably meant.
    pub fn suggestion(&self) -> Option<&'static str> {
        let upper = self.code.to_ascii_uppercase();
        let mistaken = MISTAKES.iter().find(|(wrong, _)| *wrong == upper).map(|(_, right)| *right);
        mistaken.or_else(|| CODES.split_ascii_whitespace().find(|known| **known == upper))
    }
}

impl fmt::Display for CountryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an ISO 3166-1 country code", self.code)?;
        match self.suggestion() {
            Some(code) => write!(f, ", did you mean `{code}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CountryError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_closed_set() {
        let codes: Vec<&str> = CODES.split_ascii_whitespace().collect();
        assert_eq!(codes.len(), 250);
        assert!(codes.iter().all(|code| Country::parse(code).is_ok()));
        assert_eq!(Country::parse("GB").unwrap().code(), "GB");
        let check = |code: &str, meant| {
            assert_eq!(Country::parse(code).unwrap_err().suggestion(), meant, "{code}");
        };
        check("UK", Some("GB"));
        check("de", Some("DE"));
        check("ZZ", None);
        check("", None);
    }
}
