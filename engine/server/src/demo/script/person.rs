//! The people of the script: their accounts, homes, devices and habits.

use std::net::{IpAddr, Ipv4Addr};

use doorward_core::event::{Attempt, Id, Population};
use doorward_core::text::TextError;
use doorward_core::time::{DAY_MS, MINUTE_MS, SECOND_MS, Timestamp};

use super::attempt::{attempt, browser, speaks};
use super::dice::Dice;

/// Days that the accounts had existed when the script's day began.
const ACCOUNT_AGE_DAYS: i64 = 400;

/// Somebody with an account.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) user: String,
    pub(super) population: Population,
    /// The address at home.
    pub(super) home: IpAddr,
    /// The usual device.
    pub(super) device: String,
    /// The user agent of that device.
    pub(super) agent: &'static str,
    /// The `Accept-Language` header of that device.
    pub(super) language: &'static str,
    /// The usual time of the first sign-in, in minutes after the start of a day.
    pub(super) habit_min: i64,
}

/// User agents of the usual devices.
const AGENTS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0",
];

/// The user agent with that number, counted round and round.
pub(super) fn agent(number: usize) -> &'static str {
    AGENTS.iter().cycle().nth(number % AGENTS.len()).copied().unwrap_or("")
}

/// A host in the home networks of a city, by the third byte where the city's block starts.
pub(super) fn home(block: u8, number: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(198, 18, block.saturating_add(number % 16), 10 + number))
}

impl Person {
    /// About when this person signs in first on the day that starts at `start`.
    pub(super) fn usual_time(&self, start: Timestamp, dice: &mut Dice) -> Timestamp {
        start.plus((self.habit_min + dice.roll(50)) * MINUTE_MS + dice.roll(60) * SECOND_MS)
    }

    /// An attempt at home on the usual device; the credential was right.
    pub(super) fn signs_in(&self, at: Timestamp) -> Result<Attempt, TextError> {
        self.signs_in_from(at, self.home, &self.device, self.agent)
    }

    /// An attempt with the right credential from anywhere.
    pub(super) fn signs_in_from(
        &self,
        at: Timestamp,
        from: IpAddr,
        device: &str,
        agent: &str,
    ) -> Result<Attempt, TextError> {
        let mut attempt = attempt(&self.user, self.population, at)?;
        attempt.user.exists = Some(true);
        attempt.user.created_at = Some(at.plus(-ACCOUNT_AGE_DAYS * DAY_MS));
        attempt.client = speaks(browser(from, agent)?, self.language)?;
        attempt.device.id = Some(Id::parse(device)?);
        Ok(attempt)
    }
}
