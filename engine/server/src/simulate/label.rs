//! What an attempt really was, which only the simulation knows.

use doorward_core::words;
use serde::{Serialize, Serializer};

words! {
    /// What is going on in the life of a good person at the time; of several, the rarest.
    Life {
        /// Nothing.
        Routine = "routine",
        /// On the move, through a mobile carrier.
        Mobile = "mobile",
        /// At work, behind an address with all the others there.
        Office = "office",
        /// Staff at home.
        HomeOffice = "home office",
        /// A device that the family shares.
        SharedDevice = "shared device",
        /// The browser is newer than last time.
        BrowserUpdate = "browser update",
        /// A slip of the finger, and the attempt after it.
        Typo = "typo",
        /// Through a VPN.
        Vpn = "vpn",
        /// Cookies are gone, so the device has a new identifier.
        ClearedCookies = "cleared cookies",
        /// Away from home, in the same country or another.
        Travel = "travel",
        /// A new phone or computer.
        NewDevice = "new device",
        /// The password is forgotten, guessed at, and recovered.
        ForgottenPassword = "forgotten password",
        /// The first days of an account.
        NewAccount = "new account",
        /// Back after months.
        Dormant = "dormant return",
    }
}

words! {
    /// Kinds of attack, simple ones first.
    Family {
        /// A tool on rented machines works through a list of leaked passwords.
        Stuffing = "stuffing",
        /// The same through residential proxies: a try or three per address, slow, with browsers' headers.
        SlowStuffing = "slow-stuffing",
        /// A few common passwords on all accounts, with pauses.
        Spray = "spray",
        /// Many passwords on one account, from one address or from many.
        BruteForce = "brute-force",
        /// A known password, used from elsewhere.
        Takeover = "takeover",
        /// A known password, used through a VPN in the victim's country.
        VpnTakeover = "vpn-takeover",
        /// A known password, used by somebody who knows country, network and browser.
        TargetedTakeover = "targeted-takeover",
        /// A stolen session, used elsewhere.
        SessionReplay = "session-replay",
        /// One workshop opens many accounts.
        RegistrationFarm = "registration-farm",
        /// One device enters many accounts with known passwords.
        DeviceFarm = "device-farm",
    }
}

words! {
    /// What an attempt is within an attack.
    Phase {
        /// It cannot succeed: the guess is wrong.
        Guess = "guess",
        /// It gets in unless it is stopped.
        Entry = "entry",
        /// It does the harm, once in.
        Harm = "harm",
    }
}

impl Serialize for Family {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl Serialize for Phase {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Who made an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// The person whose account it is.
    Good(Life),
    /// Somebody else.
    Attacker {
        /// What kind of attack.
        family: Family,
        /// Which of its campaigns, counted from zero.
        campaign: usize,
        /// What it is within the campaign.
        phase: Phase,
    },
}

/// The truth about an attempt, as it stands in the file of labels.
#[derive(Clone, Debug, Serialize)]
pub struct Label {
    /// The attempt.
    pub event_id: String,
    /// `good` or `attack`.
    pub label: &'static str,
    /// The word of the life event or of the kind of attack.
    pub kind: &'static str,
    /// The campaign; absent for good people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// What it is within the campaign; absent for good people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Whether it belongs to the days that are scored, not to those before them.
    pub scored: bool,
}

impl Maker {
    /// The label of an attempt that this one made.
    pub fn label(self, event_id: String, scored: bool) -> Label {
        match self {
            Self::Good(life) => Label {
                event_id,
                label: "good",
                kind: life.word(),
                campaign: None,
                phase: None,
                scored,
            },
            Self::Attacker { family, campaign, phase } => Label {
                event_id,
                label: "attack",
                kind: family.word(),
                campaign: Some(format!("{}-{campaign}", family.word())),
                phase: Some(phase),
                scored,
            },
        }
    }
}
