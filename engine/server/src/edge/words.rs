//! The enumerations of the wire and of the core, word by word.

use doorward_core::decision::Verdict;
use doorward_core::event::{CredentialResult, Failure, Journey, Method, OutcomeKind, Population};
use doorward_core::value::Cause;

use crate::wire;

/// Writes both directions of one enumeration: from the wire, where zero is no word, and back.
macro_rules! words {
    ($wire:path => $core:ident { $($from:ident = $to:ident,)+ }) => {
        impl From<$wire> for Option<$core> {
            fn from(word: $wire) -> Self {
                use $wire as Wire;
                match word {
                    Wire::Unspecified => None,
                    $(Wire::$from => Some($core::$to),)+
                }
            }
        }

        impl From<$core> for $wire {
            fn from(word: $core) -> Self {
                match word { $($core::$to => Self::$from,)+ }
            }
        }
    };
}

words!(wire::Population => Population {
    Customer = Customer,
    Workforce = Workforce,
    Partner = Partner,
    Citizen = Citizen,
    NonHuman = NonHuman,
});

words!(wire::Journey => Journey {
    Login = Login,
    Registration = Registration,
    Recovery = Recovery,
    CredentialChange = CredentialChange,
    ProfileChange = ProfileChange,
    ConsentChange = ConsentChange,
    Transaction = Transaction,
    Session = Session,
});

words!(wire::Method => Method {
    Password = Password,
    Passkey = Passkey,
    HardwareKey = HardwareKey,
    Totp = Totp,
    Sms = Sms,
    Voice = Voice,
    Email = EmailCode,
    MagicLink = MagicLink,
    Push = Push,
    RecoveryCode = RecoveryCode,
    SecurityQuestion = SecurityQuestion,
    IdProofing = IdProofing,
    Federated = Federated,
    Certificate = Certificate,
    KeyPair = KeyPair,
    ApiKey = ApiKey,
    Token = Token,
    Ticket = Ticket,
    Other = Other,
});

words!(wire::credential::Result => CredentialResult {
    NotChecked = NotChecked,
    Right = Right,
    Wrong = Wrong,
});

words!(wire::Failure => Failure {
    UnknownUser = UnknownUser,
    WrongSecret = WrongSecret,
    WrongSecondFactor = SecondFactor,
    DeniedByUser = DeniedByUser,
    TimedOut = TimedOut,
    Expired = Expired,
    Locked = Locked,
    Disabled = Disabled,
    NotPermitted = NotPermitted,
    Other = Other,
});

words!(wire::outcome::Kind => OutcomeKind {
    CredentialRight = CredentialRight,
    CredentialWrong = CredentialWrong,
    ChallengePassed = ChallengePassed,
    ChallengeFailed = ChallengeFailed,
    ChallengeAbandoned = ChallengeAbandoned,
    ConfirmedFraud = ConfirmedFraud,
    ConfirmedGood = ConfirmedGood,
    NotMe = NotMe,
});

words!(wire::Verdict => Verdict {
    Allow = Allow,
    StepUp = StepUp,
    Deny = Deny,
});

words!(wire::Cause => Cause {
    MissingInput = MissingInput,
    NoHistory = NoHistory,
    LookupFailed = LookupFailed,
    Excluded = Excluded,
    NotApplicable = NotApplicable,
    Incomplete = Incomplete,
});
