//! What to try after the demo.

use crate::terminal::{Ink, Terminal};

/// Asks about a customer of the script, on a new device in the new country of a scene.
const ASK: &str = r#"/doorward.v1.DecisionService/Evaluate \
      -H 'content-type: application/json' -d '{"attempt": {
        "eventId": "try-1", "tenant": "demo",
        "population": "POPULATION_CUSTOMER", "journey": "JOURNEY_LOGIN",
        "user": {"id": "alice.b@example.com"},
        "credential": {"result": "RESULT_RIGHT"},
        "client": {"address": "203.0.113.141"},
        "device": {"id": "try"}}}'"#;

/// What there is to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// What the command is called here.
    pub program: String,
    /// Where the service answers; `None` if it does not go on.
    pub endpoint: Option<String>,
    /// What `explain` takes, if the decisions are kept.
    pub explain: Option<String>,
}

impl Next {
    /// The commands, each with what it is for, ready to print.
    pub fn draw(&self, terminal: Terminal) -> String {
        let mut text = match &self.endpoint {
            Some(endpoint) => {
                let endpoint = terminal.paint(Ink::Bold, endpoint);
                format!("\nDoorward keeps serving at {endpoint} until Ctrl-C. Try next:\n")
            }
            None => "\nTry next:\n".to_owned(),
        };
        for (what, command) in self.steps() {
            let command = terminal.paint(Ink::Cyan, &command);
            text += &format!("\n  {what}\n    {command}\n");
        }
        text
    }

    fn steps(&self) -> Vec<(&'static str, String)> {
        let Self { program, endpoint, explain } = self;
        let ask = match endpoint {
            Some(endpoint) => {
                ("Ask about Alice, on a new device in Lagos:", format!("curl {endpoint}{ASK}"))
            }
            None => ("Play it again and ask questions of your own:", format!("{program} demo")),
        };
        let explain = explain.as_ref().map(|explain| {
            ("Ask why a decision came out as it did:", format!("{program} explain {explain}"))
        });
        let replay = format!("{program} replay --format sshd /var/log/auth.log");
        let replay = ("See what it says about your own server:", replay);
        [Some(ask), explain, Some(replay)].into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next() -> Next {
        Next {
            program: "doorward".to_owned(),
            endpoint: Some("http://localhost:50051".to_owned()),
            explain: Some("0198f0c1-0000-7000-8000-000000000001 --data /tmp/d".to_owned()),
        }
    }

    #[test]
    fn the_end_tells_what_to_type_next() {
        assert_eq!(next().draw(Terminal::new(100, false)), include_str!("next.txt"));
    }

    #[test]
    fn what_is_gone_is_not_offered() {
        let gone = Next { endpoint: None, explain: None, ..next() };
        let text = gone.draw(Terminal::new(100, false));
        assert!(!text.contains("curl") && !text.contains("explain"), "{text}");
        assert!(text.contains("doorward demo") && text.contains("doorward replay"), "{text}");
    }
}
