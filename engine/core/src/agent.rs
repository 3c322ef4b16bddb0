//! The user agent: a small, fixed reading of the string that every client may choose freely.
//!
//! It tells families apart that matter for risk (browsers, apps, tools, bots); it is no catalogue.

mod age;
mod hints;

use std::sync::LazyLock;

use crate::words::words;
pub(crate) use age::age_ms;
pub(crate) use hints::contradicted;

words! {
    /// What kind of software a user agent says it is.
    AgentClass {
        /// The header was empty.
        Empty = "empty",
        /// A browser that people use.
        Browser = "browser",
        /// An app with its own user agent.
        App = "app",
        /// A library or a command-line tool.
        Tool = "tool",
        /// A crawler that says so.
        Bot = "bot",
        /// A crawler or an assistant of an AI company that says so.
        AiBot = "ai_bot",
        /// A browser driven by a program that says so.
        Headless = "headless",
    }
}

words! {
    /// The kind of device a user agent says it runs on.
    DeviceKind {
        /// A desktop or laptop computer.
        Desktop = "desktop",
        /// A phone.
        Phone = "phone",
        /// A tablet.
        Tablet = "tablet",
    }
}

/// What the user agent tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agent {
    /// What kind of software it is.
    pub class: AgentClass,
    /// Its name, one of a fixed list.
    pub family: Option<&'static str>,
    /// The first part of its version.
    pub major: Option<u32>,
    /// The operating system, one of a fixed list.
    pub os: Option<&'static str>,
    /// The kind of device.
    pub device: Option<DeviceKind>,
}

/// Tokens that name software, the most telling first: derived browsers also claim to be what they derive from.
/// Token, family, class.
const FAMILIES: &[(&str, &str, AgentClass)] = &[
    ("GPTBot/", "GPTBot", AgentClass::AiBot),
    ("ChatGPT-User/", "ChatGPT-User", AgentClass::AiBot),
    ("OAI-SearchBot/", "OAI-SearchBot", AgentClass::AiBot),
    ("ClaudeBot/", "ClaudeBot", AgentClass::AiBot),
    ("Claude-User/", "Claude-User", AgentClass::AiBot),
    ("PerplexityBot/", "PerplexityBot", AgentClass::AiBot),
    ("CCBot/", "CCBot", AgentClass::AiBot),
    ("Bytespider", "Bytespider", AgentClass::AiBot),
    ("Amazonbot/", "Amazonbot", AgentClass::AiBot),
    ("meta-externalagent/", "Meta-ExternalAgent", AgentClass::AiBot),
    ("Googlebot/", "Googlebot", AgentClass::Bot),
    ("bingbot/", "Bingbot", AgentClass::Bot),
    ("YandexBot/", "YandexBot", AgentClass::Bot),
    ("DuckDuckBot/", "DuckDuckBot", AgentClass::Bot),
    ("AhrefsBot/", "AhrefsBot", AgentClass::Bot),
    ("SemrushBot/", "SemrushBot", AgentClass::Bot),
    ("HeadlessChrome/", "Chrome", AgentClass::Headless),
    ("PhantomJS/", "PhantomJS", AgentClass::Headless),
    ("Playwright/", "Playwright", AgentClass::Headless),
    ("curl/", "curl", AgentClass::Tool),
    ("Wget/", "Wget", AgentClass::Tool),
    ("python-requests/", "python-requests", AgentClass::Tool),
    ("python-httpx/", "python-httpx", AgentClass::Tool),
    ("Python-urllib/", "Python-urllib", AgentClass::Tool),
    ("aiohttp/", "aiohttp", AgentClass::Tool),
    ("Go-http-client/", "Go-http-client", AgentClass::Tool),
    ("Apache-HttpClient/", "Apache-HttpClient", AgentClass::Tool),
    ("libwww-perl/", "libwww-perl", AgentClass::Tool),
    ("PostmanRuntime/", "Postman", AgentClass::Tool),
    ("node-fetch/", "node-fetch", AgentClass::Tool),
    ("axios/", "axios", AgentClass::Tool),
    ("Java/", "Java", AgentClass::Tool),
    ("Scrapy/", "Scrapy", AgentClass::Tool),
    ("okhttp/", "okhttp", AgentClass::App),
    ("CFNetwork/", "CFNetwork", AgentClass::App),
    ("Dalvik/", "Dalvik", AgentClass::App),
    ("SamsungBrowser/", "Samsung Internet", AgentClass::Browser),
    ("YaBrowser/", "Yandex Browser", AgentClass::Browser),
    ("Vivaldi/", "Vivaldi", AgentClass::Browser),
    ("OPR/", "Opera", AgentClass::Browser),
    ("EdgiOS/", "Edge", AgentClass::Browser),
    ("EdgA/", "Edge", AgentClass::Browser),
    ("Edg/", "Edge", AgentClass::Browser),
    ("Edge/", "Edge", AgentClass::Browser),
    ("FxiOS/", "Firefox", AgentClass::Browser),
    ("Firefox/", "Firefox", AgentClass::Browser),
    ("CriOS/", "Chrome", AgentClass::Browser),
    ("Chrome/", "Chrome", AgentClass::Browser),
    ("Version/", "Safari", AgentClass::Browser),
    ("Trident/", "Internet Explorer", AgentClass::Browser),
    ("MSIE ", "Internet Explorer", AgentClass::Browser),
];

/// Tokens that name an operating system. Token, name, device; a `Mobile` token turns an Android tablet into a phone.
const SYSTEMS: &[(&str, &str, DeviceKind)] = &[
    ("iPhone", "iOS", DeviceKind::Phone),
    ("iPad", "iOS", DeviceKind::Tablet),
    ("Android", "Android", DeviceKind::Tablet),
    ("Windows", "Windows", DeviceKind::Desktop),
    ("CrOS", "ChromeOS", DeviceKind::Desktop),
    ("Macintosh", "macOS", DeviceKind::Desktop),
    ("Linux", "Linux", DeviceKind::Desktop),
];

impl Agent {
    /// A client that sent an empty header.
    pub const EMPTY: Self =
        Self { class: AgentClass::Empty, family: None, major: None, os: None, device: None };

    /// Reads a user-agent string. Never fails: what it does not recognise is an app without a name, or a
    /// bot where the text says `bot`, `crawler` or `spider`.
    pub fn parse(text: &str) -> Self {
        let system = SYSTEM_TOKENS.find(text).and_then(|(row, _)| SYSTEMS.get(row));
        let device = system.map(|(_, _, kind)| match kind {
            DeviceKind::Tablet if text.contains("Android") && text.contains("Mobile") => {
                DeviceKind::Phone
            }
            DeviceKind::Desktop | DeviceKind::Phone | DeviceKind::Tablet => *kind,
        });
        let os = system.map(|(_, os, _)| *os);
        let family = FAMILY_TOKENS.find(text);
        match family.and_then(|(row, version)| Some((FAMILIES.get(row)?, version))) {
            Some(((_, family, class), version)) => {
                Self { class: *class, family: Some(family), major: major(version), os, device }
            }
            None => Self { class: unnamed(text), family: None, major: None, os, device },
        }
    }

    /// The family of this name, if it is one of the list.
    pub fn family_named(name: &str) -> Option<&'static str> {
        FAMILIES.iter().map(|(_, family, _)| *family).find(|family| *family == name)
    }

    /// The operating system of this name, if it is one of the list.
    pub fn os_named(name: &str) -> Option<&'static str> {
        SYSTEMS.iter().map(|(_, os, _)| *os).find(|os| *os == name)
    }
}

static FAMILY_TOKENS: LazyLock<Tokens> =
    LazyLock::new(|| Tokens::new(FAMILIES.iter().map(|(token, ..)| *token)));
static SYSTEM_TOKENS: LazyLock<Tokens> =
    LazyLock::new(|| Tokens::new(SYSTEMS.iter().map(|(token, ..)| *token)));

/// The tokens of a table, to be looked for in one walk over a text.
struct Tokens {
    tokens: Vec<&'static str>,
    /// By the first and by the second byte of a text: the rows whose token has it there, one bit each.
    rows_by_byte: [[u64; 256]; 2],
}

impl Tokens {
    /// Takes at most 64 tokens of at least two bytes.
    fn new(tokens: impl Iterator<Item = &'static str>) -> Self {
        let mut all = Self { tokens: tokens.take(64).collect(), rows_by_byte: [[0; 256]; 2] };
        for (row, token) in all.tokens.iter().enumerate() {
            for (byte, rows_by_byte) in token.bytes().zip(&mut all.rows_by_byte) {
                if let Some(rows) = rows_by_byte.get_mut(usize::from(byte)) {
                    *rows |= 1 << row;
                }
            }
        }
        all
    }

    /// The first row whose token is in the text, and what follows its first appearance.
    fn find<'t>(&self, text: &'t str) -> Option<(usize, &'t [u8])> {
        let [firsts, seconds] = &self.rows_by_byte;
        let rows = |table: &[u64; 256], byte: u8| table.get(usize::from(byte)).map_or(0, |it| *it);
        let mut found = None;
        let mut wanted = u64::MAX;
        let mut rest = text.as_bytes();
        while let [first, after @ ..] = rest
            && let [second, ..] = after
        {
            let rows = wanted & rows(firsts, *first) & rows(seconds, *second);
            if rows != 0
                && let Some((row, version)) = self.begins(rest, rows)
            {
                found = Some((row, version));
                wanted = (1 << row) - 1;
            }
            rest = after;
        }
        found
    }

    /// The first of these rows whose token the text begins with, and what follows it.
    fn begins<'t>(&self, text: &'t [u8], mut rows: u64) -> Option<(usize, &'t [u8])> {
        while rows != 0 {
            let row = usize::try_from(rows.trailing_zeros()).ok()?;
            if let Some(rest) = text.strip_prefix(self.tokens.get(row)?.as_bytes()) {
                return Some((row, rest));
            }
            rows &= rows - 1;
        }
        None
    }
}

fn unnamed(text: &str) -> AgentClass {
    let lower = text.to_ascii_lowercase();
    let says_bot = ["bot", "crawler", "spider"].iter().any(|word| lower.contains(word));
    if says_bot { AgentClass::Bot } else { AgentClass::App }
}

/// The number that the text begins with.
fn major(text: &[u8]) -> Option<u32> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    let mut number = None;
    for digit in digits {
        let so_far = number.unwrap_or(0_u32).checked_mul(10)?;
        number = Some(so_far.checked_add(u32::from(digit - b'0'))?);
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_looking_for_each_token_finds() {
        assert!(FAMILIES.len() <= 64 && SYSTEMS.len() <= 64);
        let check = |text: &str| {
            let family = FAMILIES.iter().find_map(|row| Some((row.1, text.split_once(row.0)?.1)));
            let (family, version) = family.unzip();
            let version = version.and_then(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
            let os = SYSTEMS.iter().find(|(token, ..)| text.contains(token)).map(|row| row.1);
            let agent = Agent::parse(text);
            let expected = (family, version.and_then(|digits| digits.parse().ok()), os);
            assert_eq!((agent.family, agent.major, agent.os), expected, "{text}");
        };
        for (first, ..) in FAMILIES {
            for (second, ..) in FAMILIES {
                check(&format!(
                    "é{first}12;{second}4294967296 iPa{first}7 Linux {second}x Android"
                ));
            }
        }
        for text in ["", "/", "Edg", "MSIE", "Chrome/", "Chrome/99999999999", "CrOS Windows iPhone"]
        {
            check(text);
        }
    }

    #[test]
    fn tells_families_apart() {
        let check = |text: &str, expected: &str| {
            let Agent { class, family, major, os, device } = Agent::parse(text);
            let kind = device.map_or("-", DeviceKind::word);
            let major = major.map_or("-".to_owned(), |major| major.to_string());
            let read =
                format!("{class} {} {major} {} {kind}", family.unwrap_or("-"), os.unwrap_or("-"));
            assert_eq!(read, expected, "{text}");
        };
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "browser Chrome 131 Windows desktop",
        );
        check(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
            "browser Edge 131 Windows desktop",
        );
        check(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "browser Safari 17 iOS phone",
        );
        check(
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36",
            "browser Chrome 130 Android phone",
        );
        check(
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "browser Firefox 133 Linux desktop",
        );
        check(
            "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/131.0.0.0 Safari/537.36",
            "headless Chrome 131 Linux desktop",
        );
        check("python-requests/2.32.3", "tool python-requests 2 - -");
        check(
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "bot Googlebot 2 - -",
        );
        check("Mozilla/5.0 (compatible; GPTBot/1.2)", "ai_bot GPTBot 1 - -");
        check("MyCrawler", "bot - - - -");
        check("AcmeBank/7 (build 12)", "app - - - -");
    }
}
