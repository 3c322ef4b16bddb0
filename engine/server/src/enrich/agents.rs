//! User agents that were read before: many send one, few send another.

use dashmap::DashMap;
use doorward_core::agent::Agent;

/// Most texts kept, of at most a kilobyte each; one more, and all are forgotten.
const AGENTS_MAX: usize = 4_096;

/// What user agents tell, by their text.
#[derive(Debug, Default)]
pub(super) struct Agents(DashMap<Box<str>, Agent>);

impl Agents {
    /// What `text` tells: [`Agent::parse`], done once.
    pub(super) fn read(&self, text: &str) -> Agent {
        if let Some(agent) = self.0.get(text) {
            return *agent;
        }
        let agent = Agent::parse(text);
        if self.0.len() >= AGENTS_MAX {
            self.0.clear();
        }
        self.0.insert(text.into(), agent);
        agent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_the_same_every_time() {
        let agents = Agents::default();
        for text in ["curl/8.5.0", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"] {
            assert_eq!([(); 2].map(|()| agents.read(text)), [Agent::parse(text); 2]);
        }
    }

    #[test]
    fn no_more_are_kept_than_fit() {
        let agents = Agents::default();
        for number in 0..2 * AGENTS_MAX + 10 {
            let text = format!("curl/{number}");
            assert_eq!(agents.read(&text), Agent::parse(&text));
            assert!(agents.0.len() <= AGENTS_MAX);
        }
        assert_eq!(agents.0.len(), 10);
    }
}
