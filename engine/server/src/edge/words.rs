//! The enumerations of the wire and of the core, word by word.

use doorward_core::decision::{Level, Verdict};
use doorward_core::event::{
    Change, CredentialResult, Failure, Journey, Method, OutcomeKind, PhoneKind, Population,
};
use doorward_core::value::Cause;

use crate::wire;

/// Writes both directions of one enumeration: from the wire, where zero is no word, and back.
macro_rules! words {
    ($wire:path => $core:ident { $($word:ident,)+ }) => {
        impl From<$wire> for Option<$core> {
            fn from(word: $wire) -> Self {
                use $wire as Wire;
                match word {
                    Wire::Unspecified => None,
                    $(Wire::$word => Some($core::$word),)+
                }
            }
        }

        impl From<$core> for $wire {
            fn from(word: $core) -> Self {
                match word { $($core::$word => Self::$word,)+ }
            }
        }
    };
}

words!(wire::Population => Population {
    Customer,
    Workforce,
    Partner,
    Citizen,
    NonHuman,
});

words!(wire::Journey => Journey {
    Login,
    Registration,
    Recovery,
    CredentialChange,
    ProfileChange,
    ConsentChange,
    Transaction,
    Session,
});

words!(wire::Change => Change {
    Email,
    Phone,
    Address,
    Password,
    FactorAdded,
    FactorRemoved,
    Recovery,
    Payout,
    Other,
});

words!(wire::Method => Method {
    Password,
    Passkey,
    HardwareKey,
    Totp,
    Sms,
    Voice,
    Email,
    MagicLink,
    Push,
    RecoveryCode,
    SecurityQuestion,
    IdProofing,
    Federated,
    Certificate,
    KeyPair,
    ApiKey,
    Token,
    Ticket,
    Other,
});

words!(wire::credential::Result => CredentialResult {
    NotChecked,
    Right,
    Wrong,
});

words!(wire::Failure => Failure {
    UnknownUser,
    WrongSecret,
    WrongSecondFactor,
    DeniedByUser,
    TimedOut,
    Expired,
    Locked,
    Disabled,
    NotPermitted,
    Other,
});

words!(wire::phone::Kind => PhoneKind {
    Mobile,
    Fixed,
    Voip,
    Other,
});

words!(wire::outcome::Kind => OutcomeKind {
    CredentialRight,
    CredentialWrong,
    ChallengePassed,
    ChallengeFailed,
    ChallengeAbandoned,
    ConfirmedFraud,
    ConfirmedGood,
    NotMe,
});

words!(wire::Verdict => Verdict {
    Allow,
    StepUp,
    Deny,
});

words!(wire::Level => Level {
    Low,
    Medium,
    High,
});

words!(wire::Cause => Cause {
    MissingInput,
    NoHistory,
    LookupFailed,
    Excluded,
    NotApplicable,
    Incomplete,
});
