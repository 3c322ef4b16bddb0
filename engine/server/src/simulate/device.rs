//! Devices and the software on them, as it shows itself to a login service.

mod browser;

use doorward_core::time::{DAY_MS, Timestamp};

pub use browser::{Browser, DESKTOPS, PHONES, TOOLS};

use super::chance::{Chance, mixed};

/// How often browsers update themselves.
const RELEASE_DAYS: i64 = 28;
/// How many releases lie between the epoch and the simulation.
const RELEASES_BEFORE: i64 = 726;

/// Something that people or attackers sign in with.
#[derive(Clone, Debug)]
pub struct Device {
    /// What its storage says it is; `None` where nothing is stored.
    pub id: Option<String>,
    /// The software.
    pub browser: &'static Browser,
    /// Coarse class of the screen.
    pub screen: &'static str,
    /// `Accept-Language`.
    pub language: &'static str,
    /// When in a release's life this device updates, in days.
    pub lag_days: i64,
    /// Runs in an emulator, where software on the device tells.
    pub emulated: Option<bool>,
}

/// What a device shows at one time.
#[derive(Clone, Debug)]
pub struct Looks {
    /// The device's identifier.
    pub id: Option<String>,
    /// `User-Agent`.
    pub agent: String,
    /// `Accept-Language`; a tool sends none.
    pub language: Option<&'static str>,
    /// Fingerprint of the TLS hello.
    pub ja4: String,
    /// `Sec-CH-UA-Platform`, from browsers that send hints.
    pub platform: Option<&'static str>,
    /// `Sec-CH-UA-Mobile`.
    pub mobile: Option<bool>,
    /// Coarse class of the screen.
    pub screen: Option<&'static str>,
    /// Runs in an emulator.
    pub emulated: Option<bool>,
}

impl Device {
    /// A device that the `chance` decides on, with one of `browsers`.
    pub fn new(chance: &mut Chance, browsers: &'static [Browser], language: &'static str) -> Self {
        let [first, ..] = &DESKTOPS;
        let browser = browser::usual(chance, browsers).unwrap_or(first);
        Self {
            id: Some(format!("d-{}", chance.hex())),
            browser,
            screen: chance.pick(browser.screens).copied().unwrap_or("1920x1080@1"),
            language,
            lag_days: chance.between(0, RELEASE_DAYS - 1),
            emulated: None,
        }
    }

    /// The same with its storage cleared.
    pub fn forgetful(&self, chance: &mut Chance) -> Self {
        Self { id: Some(format!("d-{}", chance.hex())), ..self.clone() }
    }

    /// Which release is on the device at a time.
    pub fn release(&self, at: Timestamp) -> i64 {
        (at.ms() / DAY_MS + self.lag_days) / RELEASE_DAYS
    }

    /// What it shows at a time.
    pub fn looks(&self, at: Timestamp) -> Looks {
        let browser = self.browser;
        let major = if browser.updates {
            self.release(at) - RELEASES_BEFORE + browser.major
        } else {
            browser.major
        };
        Looks {
            id: self.id.clone(),
            agent: browser.agent.replace("{v}", &major.to_string()),
            language: (!browser.tool).then_some(self.language),
            ja4: browser.ja4(major),
            platform: browser.platform,
            mobile: browser.platform.map(|_| browser.phone),
            screen: (!browser.tool).then_some(self.screen),
            emulated: self.emulated,
        }
    }
}

impl Browser {
    /// A fingerprint that all copies of a browser share for some releases.
    fn ja4(&self, major: i64) -> String {
        let hello = mixed(self.family, u64::try_from(major / 8).unwrap_or(0));
        let (ciphers, extensions) = (hello >> 48, hello & 0xffff_ffff);
        format!("t13d1516h2_{ciphers:012x}_{extensions:012x}")
    }
}

#[cfg(test)]
mod tests {
    use doorward_core::agent::{Agent, AgentClass};

    use super::*;

    #[test]
    fn browsers_read_as_browsers_and_tools_as_tools() {
        let at = Timestamp::from_ms(1_757_000_000_000);
        for browser in DESKTOPS.iter().chain(&PHONES).chain(&TOOLS) {
            let mut chance = Chance::stream(1, "device", 0);
            let device = Device { browser, ..Device::new(&mut chance, &DESKTOPS, "de") };
            let looks = device.looks(at);
            let agent = Agent::parse(&looks.agent);
            let expected = if browser.tool { AgentClass::Tool } else { AgentClass::Browser };
            assert_eq!(agent.class, expected, "{}", looks.agent);
            assert!(agent.major.is_some_and(|major| major < 200), "{}", looks.agent);
            assert_eq!(looks.language.is_none(), browser.tool);
        }
    }

    #[test]
    fn a_browser_grows_older_with_time_and_stays_itself() {
        let mut chance = Chance::stream(1, "device", 0);
        let device = Device::new(&mut chance, &DESKTOPS, "de");
        let (now, later) = (Timestamp::from_ms(1_757_000_000_000), 40 * DAY_MS);
        assert_eq!(device.looks(now).agent, device.looks(now).agent);
        assert!(device.release(now.plus(later)) > device.release(now));
        assert_ne!(device.forgetful(&mut chance).id, device.id);
    }
}
