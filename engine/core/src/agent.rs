//! The user agent: a small, fixed reading of the string that every client may choose freely.
//!
//! It tells families apart that matter for risk (browsers, apps, tools, bots); it is no catalogue.

use crate::words::words;

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
        let system = SYSTEMS.iter().find(|(token, ..)| text.contains(token));
        let device = system.map(|(_, _, kind)| match kind {
            DeviceKind::Tablet if text.contains("Android") && text.contains("Mobile") => {
                DeviceKind::Phone
            }
            DeviceKind::Desktop | DeviceKind::Phone | DeviceKind::Tablet => *kind,
        });
        let os = system.map(|(_, os, _)| *os);
        match FAMILIES.iter().find_map(|row| Some((row, text.split_once(row.0)?.1))) {
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

fn unnamed(text: &str) -> AgentClass {
    let lower = text.to_ascii_lowercase();
    let says_bot = ["bot", "crawler", "spider"].iter().any(|word| lower.contains(word));
    if says_bot { AgentClass::Bot } else { AgentClass::App }
}

fn major(version: &str) -> Option<u32> {
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

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
