//! What a refusal teaches about a model: it is repaired once and remembered as long as the process lives.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::foreign::MORE_FIELDS;
use super::{Block, Failure, Request, Role, Tool};
use rockpick_core::catalog::ThinkingFields;
use rockpick_core::task::Effort;
use rockpick_core::vocabulary;

vocabulary! {
    /// A parameter of sampling. The names are those of a model's contract in the rules.
    Parameter {
        /// How much chance there is.
        Temperature = "temperature",
        /// The share of likely words.
        TopP = "top-p",
        /// How many likely words it is drawn from; a provider's own field.
        TopK = "top-k",
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
    /// A beginning of its answer.
    NoPrefill,
    /// A field of the body, by its name.
    NoField(String),
    /// To be asked to think, in any way.
    NoThinking,
    /// To be asked to think in another way than this one, by its name in the rules.
    ThinksBy(String),
    /// Other efforts than these.
    Efforts(Vec<Effort>),
}

/// What has been learned, by the id that was called.
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
            Self::TopK => &["top_k", "topk"],
            Self::Stop => &["stopsequences", "stop_sequences", "stop sequences"],
            Self::ToolChoice => &["toolchoice", "tool_choice"],
        }
    }

    /// The name of its place in a model's own body.
    pub(super) const fn place(self) -> &'static str {
        match self {
            Self::Temperature => "TEMPERATURE",
            Self::TopP => "TOP_P",
            Self::TopK => "TOP_K",
            Self::Stop => "STOP",
            Self::ToolChoice => "TOOL_CHOICE",
        }
    }

    pub(super) fn is_in(self, request: &Request) -> bool {
        match self {
            Self::Temperature => request.temperature.is_some(),
            Self::TopP => request.top_p.is_some(),
            Self::TopK => own_fields(request).is_some_and(|more| more.contains_key(TOP_K)),
            Self::Stop => !request.stop.is_empty(),
            Self::ToolChoice => request.tool_choice.is_some(),
        }
    }

    pub(super) fn remove_from(self, request: &mut Request) {
        match self {
            Self::Temperature => request.temperature = None,
            Self::TopP => request.top_p = None,
            Self::TopK => drop(remove_field(request, TOP_K)),
            Self::Stop => request.stop.clear(),
            Self::ToolChoice => request.tool_choice = None,
        }
    }
}

/// The provider's own name of the parameter that Converse does not have.
const TOP_K: &str = "top_k";

fn own_fields(request: &Request) -> Option<&Map<String, Value>> {
    request.extra.get(MORE_FIELDS)?.as_object()
}

/// Takes a field away, wherever among those that are passed on it stands; says whether it was there.
pub(super) fn remove_field(request: &mut Request, name: &str) -> bool {
    let before = request.extra.len();
    request.extra.retain(|field, _| field != name || field == MORE_FIELDS);
    let mut found = request.extra.len() < before;
    for inner in request.extra.values_mut().filter_map(Value::as_object_mut) {
        found |= inner.remove(name).is_some();
    }
    request.extra.retain(|_, value| value.as_object().is_none_or(|inner| !inner.is_empty()));
    found
}

/// How refusals say that something is not taken, in lower case.
const REFUSALS: [&str; 13] = [
    "doesn't support",
    "does not support",
    "not supported",
    "deprecated",
    "unsupported",
    "cannot both",
    "may only be",
    "must be unset",
    "must be greater than or equal to",
    "not permitted",
    "not allowed",
    "unknown parameter",
    "unknown field",
];

/// What a refusal of this request teaches, if its message names something that was sent. `ways` are those of asking for thinking.
#[must_use]
pub(super) fn taught_by(
    failure: &Failure,
    request: &Request,
    ways: &[ThinkingFields],
) -> Option<Lesson> {
    if !matches!(failure.status, Some(400 | 403)) {
        return None;
    }
    let message = failure.message.to_lowercase().replace('’', "'");
    if let Some(most) =
        most_tokens(&message).filter(|most| request.max_tokens.is_some_and(|asked| asked > *most))
    {
        return Some(Lesson::MaxTokens(most));
    }
    let tools = request.tools.iter().any(|tool| matches!(tool, Tool::CachePoint(_)));
    let caches = tools || request.blocks().any(|block| matches!(block, Block::CachePoint(_)));
    if caches && (message.contains("prompt caching") || message.contains("cachepoint")) {
        return Some(Lesson::NoCache);
    }
    about_thinking(&message, request, ways).or_else(|| about_fields(&message, request))
}

/// What a refusal says of the fields by which the model is asked to think.
fn about_thinking(message: &str, request: &Request, ways: &[ThinkingFields]) -> Option<Lesson> {
    own_fields(request)?;
    if let Some(efforts) = listed_efforts(message) {
        return Some(Lesson::Efforts(efforts));
    }
    if let Some(way) =
        ways.iter().find(|way| way.told.iter().any(|words| message.contains(words.as_str())))
    {
        return Some(Lesson::ThinksBy(way.name.clone()));
    }
    let named = |words: &[&str]| words.iter().any(|word| message.contains(word));
    // "`temperature` may only be set to 1 when thinking is enabled" is about the temperature.
    let other = Parameter::ALL
        .iter()
        .any(|parameter| parameter.is_in(request) && named(parameter.spellings()));
    let refused = named(&REFUSALS) || named(&["invalid", "must be greater than"]);
    (refused && !other && named(&["thinking", "reasoning", "effort"])).then_some(Lesson::NoThinking)
}

/// The efforts that a refusal lists: "Supported levels: high, low", "expected one of `low`, `medium`".
fn listed_efforts(message: &str) -> Option<Vec<Effort>> {
    const MARKS: [&str; 3] = ["supported levels: ", "supported values are: ", "expected one of "];
    if !message.contains("effort") {
        return None;
    }
    let list = MARKS.iter().find_map(|mark| message.split_once(mark))?.1;
    let words =
        list.split(|sign: char| !sign.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let efforts: Vec<Effort> = words
        .map_while(|word| Effort::named(word).or((word == "or").then_some(Effort::On)))
        .collect();
    let efforts: Vec<Effort> =
        efforts.into_iter().filter(|effort| !matches!(effort, Effort::On | Effort::None)).collect();
    (!efforts.is_empty()).then_some(efforts)
}

/// What a refusal says of a field or a parameter that was sent.
fn about_fields(message: &str, request: &Request) -> Option<Lesson> {
    if !REFUSALS.iter().any(|refusal| message.contains(refusal)) {
        return None;
    }
    let begun = request.turns.last().is_some_and(|turn| turn.role == Role::Assistant);
    if begun && message.contains("prefill") {
        return Some(Lesson::NoPrefill);
    }
    if request.stream && message.contains("stream") {
        return Some(Lesson::NoStream);
    }
    if !request.system.is_empty() && message.contains("system") {
        return Some(Lesson::NoSystem);
    }
    // Of two that exclude each other the later one goes.
    let named = |parameter: &Parameter| {
        parameter.is_in(request) && parameter.spellings().iter().any(|name| message.contains(name))
    };
    let parameter = Parameter::ALL.iter().rev().copied().find(named).map(Lesson::Refuses);
    parameter.or_else(|| named_field(message, request).map(Lesson::NoField))
}

/// A field among those that are passed on that a refusal names in quotes or brackets, or at its beginning.
fn named_field(message: &str, request: &Request) -> Option<String> {
    let top = request.extra.keys().filter(|field| *field != MORE_FIELDS);
    let inner = request.extra.values().filter_map(Value::as_object).flat_map(Map::keys);
    let is_named = |field: &&String| {
        let field = field.to_lowercase();
        ["[", "'", "`", "\""].iter().any(|quote| message.contains(&format!("{quote}{field}")))
            || message.contains(&format!("{field}: extra"))
    };
    top.chain(inner).find(is_named).cloned()
}

/// The limit that a refusal of `max_tokens` names: "… exceeds the model limit of 8192", `max_tokens: 10000 > 8192`.
fn most_tokens(message: &str) -> Option<u64> {
    const NAMES: [&str; 7] = [
        "maximum tokens",
        "max_tokens",
        "maxtokens",
        "max_gen_len",
        "maxtokencount",
        "max_completion_tokens",
        "maxoutputtokens",
    ];
    const MARKS: [&str; 4] =
        ["model limit of ", "> ", "less than or equal to ", "not less or equal to "];
    if !NAMES.iter().any(|name| message.contains(name)) {
        return None;
    }
    let after = MARKS.iter().find_map(|mark| message.split_once(mark))?.1;
    let digits: String = after
        .chars()
        .take_while(|sign| sign.is_ascii_digit() || *sign == ',')
        .filter(char::is_ascii_digit)
        .collect();
    digits.parse().ok().filter(|most| *most > 0)
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    fn lesson(message: &str, request: &Request) -> Option<Lesson> {
        let known = rockpick_knowledge::bundled();
        let failure = Failure { status: Some(400), ..Failure::new(Kind::InvalidRequest, message) };
        taught_by(&failure, request, known.catalog.ways_of_thinking())
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
            (
                "The model returned the following errors: `top_p` is deprecated for this model.",
                Lesson::Refuses(Parameter::TopP),
            ),
            (
                "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
                Lesson::Refuses(Parameter::TopP),
            ),
            (
                "The maximum tokens you requested exceeds the model limit of 8192. Try again with a maximum tokens value that is lower than 8192.",
                Lesson::MaxTokens(8_192),
            ),
            (
                "max_tokens: 10000 > 4096, which is the maximum allowed number of output tokens",
                Lesson::MaxTokens(4_096),
            ),
            (
                "Malformed input request: #/max_gen_len: 10000 is not less or equal to 2048, please …",
                Lesson::MaxTokens(2_048),
            ),
            (
                "Malformed input request: #: extraneous key [top_p] is not permitted, please …",
                Lesson::Refuses(Parameter::TopP),
            ),
            (
                "This model doesn't support system messages. Try again without a system message.",
                Lesson::NoSystem,
            ),
            ("This model doesn't support tool use in streaming mode.", Lesson::NoStream),
            ("The model is unsupported for streaming.", Lesson::NoStream),
        ] {
            assert_eq!(lesson(message, &full()), Some(taught), "{message}");
        }
    }

    #[test]
    fn refusals_of_thinking_name_the_cure() {
        let mut request = full();
        let more = serde_json::json!({"thinking": {"type": "enabled", "budget_tokens": 4_000}, "strange": 1});
        request.extra.insert(MORE_FIELDS.to_owned(), more);
        let efforts = |efforts: &[Effort]| Lesson::Efforts(efforts.to_vec());
        for (message, taught) in [
            (
                "\"thinking.type.enabled\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior.",
                Lesson::ThinksBy("claude".into()),
            ),
            (
                "adaptive thinking is not supported on this model",
                Lesson::ThinksBy("claude-budget".into()),
            ),
            ("Unknown parameter: 'reasoning_effort'.", Lesson::ThinksBy("gpt".into())),
            ("This model does not support the effort parameter.", Lesson::NoThinking),
            (
                "This model does not support effort level 'max'. Supported levels: high, low, medium",
                efforts(&[Effort::High, Effort::Low, Effort::Medium]),
            ),
            (
                "Unsupported value: 'minimal' is not supported. Supported values are: 'none', 'low', 'medium'. (reasoning.effort)",
                efforts(&[Effort::Low, Effort::Medium]),
            ),
            (
                "`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.",
                Lesson::Refuses(Parameter::Temperature),
            ),
            ("strange: Extra inputs are not permitted", Lesson::NoField("strange".into())),
            (
                "Malformed input request: #: extraneous key [strange] is not permitted",
                Lesson::NoField("strange".into()),
            ),
        ] {
            assert_eq!(lesson(message, &request), Some(taught), "{message}");
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
