//! Why an answer ended, and whether it is one.

use super::Collected;
use super::failure::{Failure, Kind};

/// What is wrong with an answer that came to its end; `None` = nothing.
pub(super) fn fault(got: &Collected) -> Option<Failure> {
    let reason = got.stop_reason.as_deref().unwrap_or_default();
    let (kind, message) = match reason {
        "end_turn" | "tool_use" | "unknown" if !got.begun => {
            (Kind::Empty, "the answer is empty".to_owned())
        }
        "end_turn" | "tool_use" | "stop_sequence" | "unknown" => return None,
        "max_tokens" => {
            (Kind::MaxTokens, "it was cut at the most tokens that were asked for".to_owned())
        }
        "model_context_window_exceeded" => {
            (Kind::ContextFull, "the model's context window is used up".to_owned())
        }
        "pause_turn" => (Kind::Paused, "the model paused its turn".to_owned()),
        "content_filtered" => {
            (Kind::ContentFiltered, "a content filter stopped the answer".to_owned())
        }
        "guardrail_intervened" => {
            (Kind::Guardrail, "a guardrail intervened: the text is the guardrail's".to_owned())
        }
        "refusal" => (Kind::Refused, "the model refused to answer".to_owned()),
        malformed if malformed.starts_with("malformed") => {
            (Kind::Malformed, format!("the model's answer is malformed ({malformed})"))
        }
        other => (
            Kind::UnknownStop,
            format!("the answer ended for a reason that is not known: {}", short(other)),
        ),
    };
    Some(Failure::new(kind, message))
}

/// What is odd about a whole answer.
pub(super) fn remark(got: &Collected) -> Option<&'static str> {
    let silent = got.text.trim().is_empty() && got.tool_calls().is_empty();
    match (silent, got.reasoning.is_empty()) {
        (true, false) => Some("the answer has no text, only reasoning"),
        (true, true) => Some("the answer has no text"),
        _ => None,
    }
}

/// A word of a server is no place for a text.
fn short(word: &str) -> String {
    const LONGEST: usize = 64;
    word.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Event;
    use super::*;

    fn ended(reason: &str, text: &str) -> Option<Kind> {
        let mut got = Collected::default();
        for event in [Event::Text(text.to_owned()), Event::Stop(reason.to_owned())] {
            got.add(&event);
        }
        fault(&got).map(|failure| failure.kind)
    }

    #[test]
    fn every_reason_has_its_meaning() {
        for (reason, text, kind) in [
            ("end_turn", "a", None),
            ("stop_sequence", "", None),
            ("tool_use", "a", None),
            ("unknown", "a", None),
            ("end_turn", "", Some(Kind::Empty)),
            ("max_tokens", "a", Some(Kind::MaxTokens)),
            ("model_context_window_exceeded", "a", Some(Kind::ContextFull)),
            ("pause_turn", "a", Some(Kind::Paused)),
            ("content_filtered", "a", Some(Kind::ContentFiltered)),
            ("guardrail_intervened", "a", Some(Kind::Guardrail)),
            ("refusal", "", Some(Kind::Refused)),
            ("malformed_tool_use", "a", Some(Kind::Malformed)),
            ("malformed_model_output", "", Some(Kind::Malformed)),
            ("something_new", "a", Some(Kind::UnknownStop)),
        ] {
            assert_eq!(ended(reason, text), kind, "{reason}");
        }
    }
}
