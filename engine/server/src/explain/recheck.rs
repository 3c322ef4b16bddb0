//! Whether the rules on record, asked again about what they saw, say the same.

use doorward_core::decide;
use doorward_core::decision::Verdict;
use doorward_core::policy::{ListFile, Policy};

use super::Dossier;
use crate::record::{self, slot};
use crate::rules::RuleText;

/// What deciding again came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recheck {
    /// Word for word the recorded answer, with these thresholds.
    Same(decide::Limits),
    /// Another answer: the record or this program cannot be trusted.
    Different {
        /// The verdict now.
        verdict: Verdict,
        /// The score now.
        score: i32,
    },
    /// It could not be tried, for this reason.
    Untried(&'static str),
}

impl Recheck {
    /// Decides again with the rules on record. Their `lists` are only needed to understand them: what
    /// the lists said then is among the readings.
    pub fn of(dossier: &Dossier, lists: Vec<ListFile>) -> Self {
        let Some(policy) = &dossier.policy else {
            return Self::Untried("its rules are not on record");
        };
        let files = policy.files.iter().map(|file| (file.path.clone(), file.text.clone()));
        let (_, compiled) =
            RuleText { rules: files.collect(), lists, ..RuleText::default() }.compile();
        match compiled.policy {
            Some(policy) => Self::with(dossier, &policy),
            None => Self::Untried(
                "its rules need other lists or another version of doorward; name the directory of \
                 its rules with --rules",
            ),
        }
    }

    fn with(dossier: &Dossier, policy: &Policy) -> Self {
        let Dossier { record, policy: recorded, .. } = dossier;
        let answered = record.decision.as_ref();
        let version = answered.and_then(|decision| decision.policy.as_ref());
        if version.is_none_or(|version| version.version != policy.version().to_string()) {
            return Self::Untried("the rules on record before it are not those that it names");
        }
        let slots = slot::slots(&policy.slots());
        if recorded.as_ref().is_none_or(|recorded| recorded.slots != slots) {
            return Self::Untried("another version of doorward wrote it");
        }
        let again = record::decide_again(record, policy).zip(record::readings(record, policy));
        let Some((decision, readings)) = again else {
            return Self::Untried("its readings are not those of its rules");
        };
        match record::answer_again(record, &decision) {
            Some(again) if Some(&again) == answered => {
                Self::Same(decide::limits(&readings, policy))
            }
            Some(_) | None => Self::Different { verdict: decision.verdict, score: decision.score },
        }
    }
}
