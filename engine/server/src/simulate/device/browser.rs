//! The software that people, and those who pretend to be people, sign in with.

use crate::simulate::chance::Chance;

/// A browser on a system, or a tool.
#[derive(Debug)]
pub struct Browser {
    /// What its TLS library is known by.
    pub family: &'static str,
    /// `User-Agent`, with `{v}` for the release.
    pub agent: &'static str,
    /// The release at the time of the simulation.
    pub major: i64,
    /// Whether it updates itself every few weeks.
    pub updates: bool,
    /// `Sec-CH-UA-Platform`, if it sends hints.
    pub platform: Option<&'static str>,
    /// Whether it is on a phone.
    pub phone: bool,
    /// Whether it is no browser at all.
    pub tool: bool,
    /// Screens that it is seen with.
    pub screens: &'static [&'static str],
    /// How common it is among its kind, of a hundred.
    share: usize,
}

const WIDE: &[&str] = &["1920x1080@1", "1536x864@1", "2560x1440@1", "1366x768@1", "1440x900@2"];
const TALL: &[&str] = &["390x844@3", "360x800@3", "412x915@2", "393x852@3", "430x932@3"];

const BROWSER: Browser = Browser {
    family: "chrome",
    agent: "",
    major: 140,
    updates: true,
    platform: None,
    phone: false,
    tool: false,
    screens: WIDE,
    share: 1,
};
const PHONE: Browser = Browser { phone: true, screens: TALL, ..BROWSER };
const TOOL: Browser = Browser { tool: true, updates: false, screens: &[], ..BROWSER };

/// On computers.
pub static DESKTOPS: [Browser; 6] = [
    Browser {
        agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Safari/537.36",
        platform: Some("Windows"),
        share: 52,
        ..BROWSER
    },
    Browser {
        agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Safari/537.36 Edg/{v}.0.0.0",
        platform: Some("Windows"),
        share: 14,
        ..BROWSER
    },
    Browser {
        agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Safari/537.36",
        platform: Some("macOS"),
        share: 12,
        ..BROWSER
    },
    Browser {
        family: "safari",
        agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{v}.6 Safari/605.1.15",
        major: 18,
        updates: false,
        share: 10,
        ..BROWSER
    },
    Browser {
        family: "firefox",
        agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0",
        major: 142,
        share: 9,
        ..BROWSER
    },
    Browser {
        family: "firefox",
        agent: "Mozilla/5.0 (X11; Linux x86_64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0",
        major: 142,
        share: 3,
        ..BROWSER
    },
];

/// On phones.
pub static PHONES: [Browser; 4] = [
    Browser {
        family: "safari-mobile",
        agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{v}.6 Mobile/15E148 Safari/604.1",
        major: 18,
        updates: false,
        share: 42,
        ..PHONE
    },
    Browser {
        family: "chrome-mobile",
        agent: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{v}.0.0.0 Mobile Safari/537.36",
        platform: Some("Android"),
        share: 44,
        ..PHONE
    },
    Browser {
        family: "chrome-mobile",
        agent: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/{v}.0.0.0 Mobile Safari/537.36",
        major: 130,
        updates: false,
        platform: Some("Android"),
        share: 9,
        ..PHONE
    },
    Browser {
        family: "safari-mobile",
        agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/{v}.0.7339.39 Mobile/15E148 Safari/604.1",
        share: 5,
        ..PHONE
    },
];

/// What attackers use who do not hide.
pub static TOOLS: [Browser; 3] = [
    Browser { family: "openssl", agent: "python-requests/{v}.32.3", major: 2, share: 50, ..TOOL },
    Browser { family: "go", agent: "Go-http-client/{v}.0", major: 2, share: 30, ..TOOL },
    Browser { family: "curl", agent: "curl/{v}.14.1", major: 8, share: 20, ..TOOL },
];

/// One of `browsers`, a common one more often.
pub(super) fn usual(chance: &mut Chance, browsers: &'static [Browser]) -> Option<&'static Browser> {
    let mut left = chance.below(browsers.iter().map(|browser| browser.share).sum());
    browsers.iter().find(|browser| match left.checked_sub(browser.share) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    })
}
