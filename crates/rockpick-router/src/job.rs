//! Work that is no conversation: values that fill the body a model wants, and the result in its answer.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Usage;
use rockpick_core::catalog::Form;

/// Values by the names that the forms in `rules/bodies.toml` use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Job {
    /// The values.
    pub values: Map<String, Value>,
    /// The names of those that must not be left out: a model whose body has no place for one cannot do the job.
    pub demands: BTreeSet<String>,
    /// Pictures asked for.
    pub images: u64,
    /// Queries of a reranker asked.
    pub queries: u64,
}

/// What became of a place in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// It stands for nothing else.
    Fixed,
    /// It has its value.
    Filled,
    /// Nobody gives it one.
    Empty,
}

impl Job {
    /// The same with a value, if there is one.
    #[must_use]
    pub fn with(mut self, name: &str, value: Option<impl Into<Value>>) -> Self {
        if let Some(value) = value {
            self.values.insert(name.to_owned(), value.into());
        }
        self
    }

    /// The same with a value that must not be left out, if there is one.
    #[must_use]
    pub fn demand(mut self, name: &str, value: Option<impl Into<Value>>) -> Self {
        if value.is_some() {
            self.demands.insert(name.to_owned());
        }
        self.with(name, value)
    }

    /// What is billed when it took so many tokens; a form says how long and large a video is when the job does not.
    #[must_use]
    pub fn size(&self, took: Usage, form: Option<&Form>) -> rockpick_core::catalog::Usage {
        rockpick_core::catalog::Usage {
            input: took.input_tokens,
            output: took.output_tokens,
            thinking: 0,
            images: self.images,
            queries: self.queries,
            seconds: self.figure("SECONDS", form),
            lines: self.figure("RESOLUTION", form),
        }
    }

    /// The number that a value begins with, or that the form means where none is given; 0 where there is none.
    fn figure(&self, name: &str, form: Option<&Form>) -> u64 {
        let meant = || form?.choices.get(name)?.first().cloned();
        let text = self.values.get(name).map(written).or_else(meant).unwrap_or_default();
        text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
    }

    /// Whether a form takes the job.
    ///
    /// # Errors
    /// Why it does not, to be read after the name of the model.
    pub fn check(&self, form: &Form) -> Result<(), String> {
        if let Some(name) = self.demands.iter().find(|name| !form.has_place(name)) {
            return Err(format!("takes no {}", plain(name)));
        }
        for (name, choices) in &form.choices {
            let other = self.values.get(name).map(written).filter(|given| !choices.contains(given));
            if let Some(other) = other {
                return Err(format!(
                    "takes {} for {}, not {other}",
                    choices.join(", "),
                    plain(name)
                ));
            }
        }
        let prompt = self
            .values
            .get("PROMPT")
            .and_then(Value::as_str)
            .map_or(0, |prompt| prompt.chars().count());
        match form.prompt.filter(|most| prompt > *most) {
            Some(most) => Err(format!("takes a prompt of {most} characters at most, not {prompt}")),
            None => Ok(()),
        }
    }

    /// The body that a form makes of it; `None` when the form is no JSON, or one for conversations.
    #[must_use]
    pub fn body(&self, form: &Form) -> Option<Value> {
        if form.talk.is_some() { None } else { filled(form, &self.values) }
    }
}

/// The body of a form with values in their places; `None` when the form is no JSON.
#[must_use]
pub fn filled(form: &Form, values: &Map<String, Value>) -> Option<Value> {
    let mut body: Value = serde_json::from_str(&form.body).ok()?;
    fill(&mut body, form, values);
    Some(body)
}

/// Puts values in their places and drops the parts that nobody fills.
fn fill(place: &mut Value, form: &Form, values: &Map<String, Value>) -> Place {
    let mut inside = Vec::new();
    let mut keep = |value: &mut Value| {
        inside.push(fill(value, form, values));
        inside.last() != Some(&Place::Empty)
    };
    match place {
        Value::String(text) => {
            let Some(name) = text.strip_prefix('$') else { return Place::Fixed };
            let Some(value) = values.get(name) else { return Place::Empty };
            *place = form
                .words
                .get(&written(value))
                .map_or_else(|| value.clone(), |own| own.as_str().into());
            return Place::Filled;
        }
        Value::Object(fields) => fields.retain(|_, value| keep(value)),
        Value::Array(items) => items.retain_mut(|value| keep(value)),
        _ => {}
    }
    [Place::Filled, Place::Empty]
        .into_iter()
        .find(|kind| inside.contains(kind))
        .unwrap_or(Place::Fixed)
}

/// A value as rules and people write it.
fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The name of a value as people write it.
fn plain(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

/// What an answer holds, by its form.
#[must_use]
pub fn results(form: &Form, answer: &Value) -> Vec<Value> {
    let found = form.result.iter().map(|path| at(answer, path)).find(|found| !found.is_empty());
    found.unwrap_or_default()
}

/// Everything at a path. A list of lists or of texts is several results; a list of numbers is one.
fn at(value: &Value, path: &str) -> Vec<Value> {
    if let Some((before, after)) = path.split_once("/*") {
        let list = value.pointer(before).and_then(Value::as_array);
        return list.into_iter().flatten().flat_map(|element| at(element, after)).collect();
    }
    match value.pointer(path) {
        Some(Value::Array(list)) if !list.first().is_some_and(Value::is_number) => list.clone(),
        Some(Value::Object(_)) | None => Vec::new(),
        Some(one) => vec![one.clone()],
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(id: &str) -> Form {
        rockpick_knowledge::bundled()
            .catalog
            .form(id)
            .unwrap_or_else(|| panic!("no form for {id}"))
            .clone()
    }

    #[test]
    fn a_body_holds_what_is_given_in_the_models_words() {
        let job = Job::default()
            .with("TEXT", Some("hi"))
            .with("TEXTS", Some(vec!["hi"]))
            .with("PURPOSE", Some("query"));
        let titan = job.body(&form("amazon.titan-embed-text-v2:0"));
        assert_eq!(titan, Some(json!({"inputText": "hi"})));
        let cohere = job
            .clone()
            .with("DIMENSIONS", Some(256))
            .body(&form("cohere.embed-v4:0"))
            .expect("a body");
        assert_eq!(
            (&cohere["texts"], &cohere["input_type"], &cohere["output_dimension"]),
            (&json!(["hi"]), &json!("search_query"), &json!(256))
        );
        let nova = job.body(&form("amazon.nova-2-multimodal-embeddings-v1:0")).expect("a body");
        assert_eq!(nova["singleEmbeddingParams"]["embeddingPurpose"], "GENERIC_RETRIEVAL");
        assert!(nova["singleEmbeddingParams"].get("embeddingDimension").is_none());
    }

    #[test]
    fn a_part_that_nobody_fills_is_left_out_with_what_is_fixed_in_it() {
        let luma = form("luma.ray-v2:0");
        let job = Job::default().with("PROMPT", Some("a cat")).with("SECONDS", Some(9));
        assert_eq!(job.body(&luma), Some(json!({"prompt": "a cat", "duration": "9s"})));
        let from = job.with("IMAGE", Some("AA==")).with("IMAGE_TYPE", Some("image/png"));
        let frame = json!({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}});
        assert_eq!(from.body(&luma).expect("a body")["keyframes"], json!({"frame0": frame}));
    }

    #[test]
    fn what_a_model_does_not_take_is_said() {
        let luma = form("luma.ray-v2:0");
        let size = |job: Job| {
            let size = job.size(Usage::default(), Some(&luma));
            (size.seconds, size.lines)
        };
        assert_eq!(size(Job::default()), (5, 720));
        assert_eq!(
            size(Job::default().with("SECONDS", Some(9)).with("RESOLUTION", Some("540p"))),
            (9, 540)
        );
        for (job, why) in [
            (Job::default().with("SECONDS", Some(7)), "takes 5, 9 for seconds, not 7"),
            (Job::default().demand("SEED", Some(7)), "takes no seed"),
            (
                Job::default().with("PROMPT", Some("x".repeat(5_001))),
                "takes a prompt of 5000 characters at most, not 5001",
            ),
        ] {
            assert_eq!(job.check(&luma), Err(why.to_owned()));
        }
    }

    #[test]
    fn results_are_found_wherever_a_model_puts_them() {
        let vectors = [json!([0.5]), json!([1.5])];
        for (id, answer) in [
            ("cohere.embed-v4:0", json!({"embeddings": {"float": vectors}})),
            ("cohere.embed-english-v3", json!({"embeddings": vectors})),
            (
                "cohere.embed-english-v3",
                json!({"data": [{"embedding": vectors[0]}, {"embedding": vectors[1]}]}),
            ),
        ] {
            assert_eq!(results(&form(id), &answer), vectors, "{id}");
        }
        assert_eq!(
            results(&form("amazon.titan-embed-text-v2:0"), &json!({"embedding": [0.5]})),
            [json!([0.5])]
        );
        assert_eq!(
            results(&form("stability.sd3-5-large-v1:0"), &json!({"images": ["AA=="]})),
            [json!("AA==")]
        );
        assert!(results(&form("cohere.rerank-v3-5:0"), &json!({"message": "x"})).is_empty());
    }

    #[test]
    fn every_bundled_form_is_json() {
        for form in rockpick_knowledge::bundled().catalog.forms() {
            assert!(filled(form, &Map::new()).is_some(), "{}", form.name);
        }
    }
}
