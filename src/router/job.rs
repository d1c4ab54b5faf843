//! Work that is no conversation: values that fill the body a model wants, and the result in its answer.

use serde_json::{Map, Value};

use super::Usage;
use crate::catalog::Form;

/// Values by the names that the forms in `rules/bodies.toml` use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Job {
    /// The values.
    pub values: Map<String, Value>,
    /// Pictures asked for.
    pub images: u64,
    /// Queries of a reranker asked.
    pub queries: u64,
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

    /// What is billed when it took so many tokens.
    #[must_use]
    pub fn size(&self, took: Usage) -> crate::catalog::Usage {
        crate::catalog::Usage {
            input: took.input_tokens,
            output: took.output_tokens,
            images: self.images,
            queries: self.queries,
            ..Default::default()
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

/// Puts values in their places; says whether the place has one.
fn fill(place: &mut Value, form: &Form, values: &Map<String, Value>) -> bool {
    match place {
        Value::String(text) => {
            let Some(name) = text.strip_prefix('$') else { return true };
            let Some(value) = values.get(name) else { return false };
            let own = value.as_str().and_then(|value| form.words.get(value));
            *place = own.map_or_else(|| value.clone(), |own| own.as_str().into());
            true
        }
        Value::Object(fields) => {
            fields.retain(|_, value| fill(value, form, values));
            !fields.is_empty()
        }
        _ => true,
    }
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
    use crate::Knowledge;

    fn form(id: &str) -> Form {
        Knowledge::bundled().catalog.form(id).unwrap_or_else(|| panic!("no form for {id}")).clone()
    }

    #[test]
    fn a_body_holds_what_is_given_in_the_models_words() {
        let job = Job::default().with("TEXT", Some("hi")).with("TEXTS", Some(vec!["hi"])).with("PURPOSE", Some("query"));
        let titan = job.body(&form("amazon.titan-embed-text-v2:0"));
        assert_eq!(titan, Some(json!({"inputText": "hi"})));
        let cohere = job.clone().with("DIMENSIONS", Some(256)).body(&form("cohere.embed-v4:0")).expect("a body");
        assert_eq!(
            (&cohere["texts"], &cohere["input_type"], &cohere["output_dimension"]),
            (&json!(["hi"]), &json!("search_query"), &json!(256))
        );
        let nova = job.body(&form("amazon.nova-2-multimodal-embeddings-v1:0")).expect("a body");
        assert_eq!(nova["singleEmbeddingParams"]["embeddingPurpose"], "GENERIC_RETRIEVAL");
        assert!(nova["singleEmbeddingParams"].get("embeddingDimension").is_none());
    }

    #[test]
    fn results_are_found_wherever_a_model_puts_them() {
        let vectors = [json!([0.5]), json!([1.5])];
        for (id, answer) in [
            ("cohere.embed-v4:0", json!({"embeddings": {"float": vectors}})),
            ("cohere.embed-english-v3", json!({"embeddings": vectors})),
            ("cohere.embed-english-v3", json!({"data": [{"embedding": vectors[0]}, {"embedding": vectors[1]}]})),
        ] {
            assert_eq!(results(&form(id), &answer), vectors, "{id}");
        }
        assert_eq!(results(&form("amazon.titan-embed-text-v2:0"), &json!({"embedding": [0.5]})), [json!([0.5])]);
        assert_eq!(results(&form("stability.sd3-5-large-v1:0"), &json!({"images": ["AA=="]})), [json!("AA==")]);
        assert!(results(&form("cohere.rerank-v3-5:0"), &json!({"message": "x"})).is_empty());
    }

    #[test]
    fn every_bundled_form_is_json() {
        for form in Knowledge::bundled().catalog.forms() {
            assert!(filled(form, &Map::new()).is_some(), "{}", form.name);
        }
    }
}
