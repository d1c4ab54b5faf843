//! What a refusal teaches about a model: it is repaired once and remembered as long as the process lives.

use std::collections::HashMap;

use super::{Block, Failure, Request};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// A parameter of sampling. The names are those of a model's contract in the rules.
    Parameter {
        /// How much chance there is.
        Temperature = "temperature",
        /// The share of likely words.
        TopP = "top-p",
        /// Texts that end the answer.
        Stop = "stop",
        /// Which tools must be called.
        ToolChoice = "tool-choice",
    }
}

/// Something that a model does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lesson {
    /// A parameter.
    Refuses(Parameter),
    /// Longer answers than so many tokens.
    MaxTokens(u64),
    /// A system prompt.
    NoSystem,
    /// Streaming of such a request.
    NoStream,
    /// Cache points.
    NoCache,
}

/// What has been learnt, by the id that was called.
#[derive(Debug, Default)]
pub(super) struct Lessons(HashMap<String, Vec<Lesson>>);

impl Lessons {
    pub(super) fn of(&self, invoke_id: &str) -> Vec<Lesson> {
        self.0.get(invoke_id).cloned().unwrap_or_default()
    }

    /// Remembers a lesson; says whether it is new, so that the same refusal is repaired once.
    pub(super) fn learn(&mut self, invoke_id: &str, lesson: Lesson) -> bool {
        let known = self.0.entry(invoke_id.to_owned()).or_default();
        let new = !known.contains(&lesson);
        if new {
            known.push(lesson);
        }
        new
    }
}

impl Parameter {
    /// How refusals write it, in lower case.
    const fn spellings(self) -> &'static [&'static str] {
        match self {
            Self::Temperature => &["temperature"],
            Self::TopP => &["top_p", "topp"],
            Self::Stop => &["stopsequences", "stop_sequences", "stop sequences"],
            Self::ToolChoice => &["toolchoice", "tool_choice"],
        }
    }

    /// The name of its place in a model's own body.
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Temperature => "TEMPERATURE",
            Self::TopP => "TOP_P",
            Self::Stop => "STOP",
            Self::ToolChoice => "TOOL_CHOICE",
        }
    }

    pub(super) fn is_in(self, request: &Request) -> bool {
        match self {
            Self::Temperature => request.temperature.is_some(),
            Self::TopP => request.top_p.is_some(),
            Self::Stop => !request.stop.is_empty(),
            Self::ToolChoice => request.tool_choice.is_some(),
        }
    }

    pub(super) fn remove_from(self, request: &mut Request) {
        match self {
            Self::Temperature => request.temperature = None,
            Self::TopP => request.top_p = None,
            Self::Stop => request.stop.clear(),
            Self::ToolChoice => request.tool_choice = None,
        }
    }
}

/// How refusals say that something is not taken, in lower case.
const REFUSALS: [&str; 9] = [
    "doesn't support",
    "does not support",
    "not supported",
    "deprecated",
    "unsupported",
    "cannot both",
    "may only be",
    "not permitted",
    "not allowed",
];

/// What a refusal of this request teaches, if its message names something that was sent.
#[must_use]
pub(super) fn taught_by(failure: &Failure, request: &Request) -> Option<Lesson> {
    if !matches!(failure.status, Some(400 | 403)) {
        return None;
    }
    let message = failure.message.to_lowercase().replace('’', "'");
    if let Some(most) = most_tokens(&message).filter(|most| request.max_tokens.is_some_and(|asked| asked > *most)) {
        return Some(Lesson::MaxTokens(most));
    }
    let caches = request.cache_system || request.blocks().any(|block| matches!(block, Block::CachePoint));
    if caches && (message.contains("prompt caching") || message.contains("cachepoint")) {
        return Some(Lesson::NoCache);
    }
    if !REFUSALS.iter().any(|refusal| message.contains(refusal)) {
        return None;
    }
    if request.stream && message.contains("stream") {
        return Some(Lesson::NoStream);
    }
    if !request.system.is_empty() && message.contains("system") {
        return Some(Lesson::NoSystem);
    }
    // Of two that exclude each other the later one goes.
    let named =
        |parameter: &Parameter| parameter.is_in(request) && parameter.spellings().iter().any(|name| message.contains(name));
    Parameter::ALL.iter().rev().copied().find(named).map(Lesson::Refuses)
}

/// The limit that a refusal of `max_tokens` names: "… exceeds the model limit of 8192", `max_tokens: 10000 > 8192`.
fn most_tokens(message: &str) -> Option<u64> {
    const NAMES: [&str; 7] =
        ["maximum tokens", "max_tokens", "maxtokens", "max_gen_len", "maxtokencount", "max_completion_tokens", "maxoutputtokens"];
    const MARKS: [&str; 4] = ["model limit of ", "> ", "less than or equal to ", "not less or equal to "];
    if !NAMES.iter().any(|name| message.contains(name)) {
        return None;
    }
    let after = MARKS.iter().find_map(|mark| message.split_once(mark))?.1;
    let digits: String =
        after.chars().take_while(|sign| sign.is_ascii_digit() || *sign == ',').filter(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|most| *most > 0)
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn lesson(message: &str, request: &Request) -> Option<Lesson> {
        taught_by(&Failure { status: Some(400), ..Failure::new(Kind::InvalidRequest, message) }, request)
    }

    fn full() -> Request {
        Request {
            temperature: Some(0.5),
            top_p: Some(0.9),
            max_tokens: Some(10_000),
            system: vec![Block::Text("be brief".into())],
            stream: true,
            ..Request::new("hi")
        }
    }

    #[test]
    fn refusals_as_bedrock_writes_them_teach() {
        for (message, taught) in [
            (
                "This model doesn't support the temperature field. Remove temperature and try again.",
                Lesson::Refuses(Parameter::Temperature),
            ),
            ("The model returned the following errors: `top_p` is deprecated for this model.", Lesson::Refuses(Parameter::TopP)),
            (
                "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
                Lesson::Refuses(Parameter::TopP),
            ),
            (
                "The maximum tokens you requested exceeds the model limit of 8192. Try again with a maximum tokens value that is lower than 8192.",
                Lesson::MaxTokens(8_192),
            ),
            ("max_tokens: 10000 > 4096, which is the maximum allowed number of output tokens", Lesson::MaxTokens(4_096)),
            ("Malformed input request: #/max_gen_len: 10000 is not less or equal to 2048, please …", Lesson::MaxTokens(2_048)),
            ("Malformed input request: #: extraneous key [top_p] is not permitted, please …", Lesson::Refuses(Parameter::TopP)),
            ("This model doesn't support system messages. Try again without a system message.", Lesson::NoSystem),
            ("This model doesn't support tool use in streaming mode.", Lesson::NoStream),
            ("The model is unsupported for streaming.", Lesson::NoStream),
        ] {
            assert_eq!(lesson(message, &full()), Some(taught), "{message}");
        }
    }

    #[test]
    fn what_was_not_sent_cannot_be_at_fault() {
        let message = "This model doesn't support the temperature field.";
        assert_eq!(lesson(message, &Request::new("hi")), None);
    }

    #[test]
    fn a_lesson_is_new_once() {
        let mut lessons = Lessons::default();
        assert!(lessons.learn("a", Lesson::NoStream));
        assert!(!lessons.learn("a", Lesson::NoStream));
        assert!(lessons.of("b").is_empty());
    }
}
