//! What came back: pieces as they arrive, and the whole.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

use super::failure::Kind;
use rockpick_core::catalog::Price;
use rockpick_core::catalog::price::Rates;
use rockpick_core::money::Usd;
use rockpick_core::task::Tier;

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Some text.
    Text(String),
    /// Some of what the model thought.
    Reasoning(String),
    /// The model begins to call a tool.
    ToolCall {
        /// The block it belongs to.
        block: u64,
        /// The id that the result names.
        id: String,
        /// The tool.
        name: String,
    },
    /// Some of the JSON that a tool is called with.
    ToolInput {
        /// The block it belongs to.
        block: u64,
        /// A piece of JSON text.
        json: String,
    },
    /// Anything else, as Converse's own JSON has it.
    Native(Value),
    /// The answer is complete, and why it ended.
    Stop(String),
    /// What it took.
    Usage(Usage),
}

impl Event {
    /// Whether something of the answer was delivered with it, so that no other model may go on.
    #[must_use]
    pub fn is_content(&self) -> bool {
        match self {
            Self::Text(text) | Self::Reasoning(text) => !text.is_empty(),
            Self::ToolCall { .. } | Self::ToolInput { .. } | Self::Native(_) => true,
            Self::Stop(_) | Self::Usage(_) => false,
        }
    }
}

/// The tokens that an answer took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Usage {
    /// Tokens sent, without those of the cache.
    pub input_tokens: u64,
    /// Tokens received.
    pub output_tokens: u64,
    /// Tokens read from the cache.
    pub cache_read_input_tokens: u64,
    /// Tokens written to the cache.
    pub cache_write_input_tokens: u64,
    /// Those of them that stay for an hour.
    #[serde(skip)]
    pub cache_write_1h_input_tokens: u64,
    /// The tier that served it, where that was said.
    #[serde(skip)]
    pub tier: Option<Tier>,
    /// Whether the endpoint left out one of the first two: a zero there means "not reported".
    #[serde(skip)]
    pub partial: bool,
}

/// A call of a tool.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ToolCall {
    /// The id that the result names.
    pub id: String,
    /// The tool.
    pub name: String,
    /// What it is called with; a text when that is no JSON.
    pub input: Value,
}

/// What has arrived of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collected {
    /// The text.
    pub text: String,
    /// What the model thought, where it says.
    pub reasoning: String,
    /// Why it ended; `None` while it has not.
    pub stop_reason: Option<String>,
    /// What it took, where that was said.
    pub usage: Option<Usage>,
    /// Whether anything of the answer has arrived.
    pub begun: bool,
    calls: Vec<(u64, PartialCall)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct PartialCall {
    id: String,
    name: String,
    json: String,
}

impl Collected {
    /// Adds a piece.
    pub fn add(&mut self, event: &Event) {
        self.begun |= event.is_content();
        match event {
            Event::Text(text) => self.text.push_str(text),
            Event::Reasoning(text) => self.reasoning.push_str(text),
            Event::ToolCall { block, id, name } => {
                self.calls.push((
                    *block,
                    PartialCall { id: id.clone(), name: name.clone(), json: String::new() },
                ));
            }
            Event::ToolInput { block, json } => {
                // The last call of a block: a provider may count every block as the same one.
                if let Some((_, call)) = self.calls.iter_mut().rev().find(|(own, _)| own == block) {
                    call.json.push_str(json);
                }
            }
            Event::Native(_) => {}
            Event::Stop(reason) => self.stop_reason = Some(reason.clone()),
            Event::Usage(usage) => self.usage = Some(*usage),
        }
    }

    /// The tools that were called.
    #[must_use]
    pub fn tool_calls(&self) -> Vec<ToolCall> {
        self.calls.iter().map(|(_, call)| call.finish()).collect()
    }
}

impl PartialCall {
    fn finish(&self) -> ToolCall {
        let text = self.json.trim();
        let input = if text.is_empty() {
            Value::Object(serde_json::Map::new())
        } else {
            serde_json::from_str(text).unwrap_or_else(|_| text.into())
        };
        ToolCall { id: self.id.clone(), name: self.name.clone(), input }
    }
}

impl Usage {
    /// Everything that was sent, cached or not.
    #[must_use]
    pub fn sent(self) -> u64 {
        self.input_tokens
            .saturating_add(self.cache_read_input_tokens)
            .saturating_add(self.cache_write_input_tokens)
    }

    /// What it costs at the tier that served it, else at the one that was asked for; `None` where no price is known. Tokens of the cache
    /// are billed at its rates, and long requests at theirs. Tokens of thought are among those that were written.
    #[must_use]
    pub fn cost(self, price: &Price, tier: Tier) -> Option<Usd> {
        let size = rockpick_core::catalog::Usage {
            input: self.sent(),
            output: self.output_tokens,
            ..Default::default()
        };
        let rates = price.rates_for(self.tier.unwrap_or(tier), size)?;
        self.at(rates)
    }

    fn at(self, rates: &Rates) -> Option<Usd> {
        let input = rates.input?;
        let output =
            if self.output_tokens == 0 { Usd::ZERO } else { rates.output? * self.output_tokens };
        let read = rates.cache_read.unwrap_or(input) * self.cache_read_input_tokens;
        let hour = self.cache_write_1h_input_tokens.min(self.cache_write_input_tokens);
        let written = rates.cache_write.unwrap_or(input) * (self.cache_write_input_tokens - hour);
        // Writing for an hour costs twice what sending does.
        let written_1h = rates.cache_write_1h.unwrap_or(input * 2) * hour;
        Some(input * self.input_tokens + output + read + written + written_1h)
    }
}

/// One try at one offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// The id that was called.
    pub invoke_id: String,
    /// From where.
    pub region: String,
    /// What went wrong; `None` = nothing.
    pub failure: Option<Kind>,
    /// What Bedrock said, when it failed.
    pub message: Option<String>,
    /// How long it took.
    pub took: Duration,
}

/// An answer, whole or in part.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The text.
    pub text: String,
    /// What the model thought, where it says.
    pub reasoning: Option<String>,
    /// The tools that it calls.
    pub tool_calls: Vec<ToolCall>,
    /// Why it ended; `None` when it did not arrive whole.
    pub stop_reason: Option<String>,
    /// What it took.
    pub usage: Usage,
    /// What it cost, with what failed attempts cost; `None` where no price is known.
    pub cost: Option<Usd>,
    /// Whether some of that is estimated, because nobody said what was used.
    pub estimated: bool,
    /// The id that answered.
    pub invoke_id: String,
    /// From where.
    pub region: String,
    /// The model's bare id, where it is known.
    pub model: Option<String>,
    /// Every try, in order.
    pub attempts: Vec<Attempt>,
    /// What was changed in the request so that the model takes it.
    pub warnings: Vec<String>,
    /// How long all of it took.
    pub took: Duration,
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    #[test]
    fn pieces_become_the_whole() {
        let mut got = Collected::default();
        for event in [
            Event::Text("Hel".into()),
            Event::ToolCall { block: 1, id: "a".into(), name: "add".into() },
            Event::ToolInput { block: 1, json: "{\"x\":".into() },
            Event::Text("lo".into()),
            Event::ToolInput { block: 1, json: "1}".into() },
            Event::ToolCall { block: 2, id: "b".into(), name: "now".into() },
            Event::Stop("tool_use".into()),
        ] {
            got.add(&event);
        }
        assert_eq!(got.text, "Hello");
        let inputs: Vec<Value> = got.tool_calls().into_iter().map(|call| call.input).collect();
        assert_eq!(inputs, [json!({"x": 1}), json!({})]);
    }

    #[test]
    fn the_cache_is_billed_at_its_own_rates_and_a_long_request_as_a_whole() {
        let rates = |input: &str, read: &str| Rates {
            input: Usd::parse_per_million(input).ok(),
            output: Usd::parse_per_million("10").ok(),
            cache_read: Usd::parse_per_million(read).ok(),
            ..Rates::default()
        };
        let price = Price {
            standard: rates("2", "0.2"),
            batch: None,
            flex: None,
            priority: None,
            long: Some(rockpick_core::catalog::price::LongContext {
                above: 200_000,
                rates: rates("4", "0.4"),
            }),
            media: Vec::new(),
            estimated: false,
            listed: None,
            source: "litellm".into(),
            as_of: date(2026, 10, 27),
        };
        let usage = Usage {
            input_tokens: 1_000,
            output_tokens: 100,
            cache_read_input_tokens: 10_000,
            ..Usage::default()
        };
        assert_eq!(
            usage.cost(&price, Tier::Standard).map(Usd::to_decimal).as_deref(),
            Some("0.005")
        );
        let hour = Usage {
            cache_write_input_tokens: 1_000,
            cache_write_1h_input_tokens: 500,
            ..Usage::default()
        };
        assert_eq!(
            hour.cost(&price, Tier::Standard).map(Usd::to_decimal).as_deref(),
            Some("0.003")
        );
        let served = Usage { tier: Some(Tier::Standard), ..usage };
        assert_eq!(served.cost(&price, Tier::Flex).map(Usd::to_decimal).as_deref(), Some("0.005"));
        let long = Usage { cache_read_input_tokens: 300_000, ..usage };
        assert_eq!(
            long.cost(&price, Tier::Standard).map(Usd::to_decimal).as_deref(),
            Some("0.125")
        );
    }
}
