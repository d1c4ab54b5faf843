//! What the fuzz targets check. `tests/seeds.rs` of the workspace includes this file and runs the
//! seeds of `fuzz/corpus` through it.

use std::sync::LazyLock;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use jiff::civil::date;
use rockpick_bedrock::offline;
use rockpick_core::catalog::Form;
use rockpick_core::classify::Reading;
use rockpick_core::read::ReadText;
use rockpick_core::source::RuleFile;
use rockpick_core::task::Task;
use rockpick_core::text::Text;
use rockpick_core::{Knowledge, Recommender};
use rockpick_router::{Facts, Request, fit, mend};
use serde_json::Value;

/// Begins a file within the input of [`rules`]: `#: tasks/code.toml`.
const FILE: &str = "#: ";
/// Begins an exception in the input of [`frames`].
const EXCEPTION: &str = "!";

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(rockpick_knowledge::bundled);

/// Rule files, each below a line with its path; a path that repeats is an overlay.
/// Every diagnostic points at text that is there, and rules without errors compile.
///
/// # Panics
/// When that does not hold.
pub fn rules(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    let mut files: Vec<RuleFile> = Vec::new();
    for part in text.split(FILE).skip(1) {
        let (path, text) = part.split_once('\n').unwrap_or((part, ""));
        let file = RuleFile::new(path, format!("{}/{path}", files.len()), text);
        match files.iter_mut().find(|own| own.path == path) {
            Some(own) => own.overlay(file),
            None => files.push(file),
        }
    }
    let (knowledge, diagnostics) = Knowledge::compile(&files);
    assert!(knowledge.is_some() || diagnostics.has_errors(), "no rules, and no error");
    for diagnostic in &diagnostics.0 {
        let Some(place) = &diagnostic.place else { continue };
        let mut texts = files.iter().flat_map(RuleFile::texts);
        let quoted = texts
            .any(|(shown, text)| shown == place.file && text.get(place.span.clone()).is_some());
        assert!(quoted || place.file == "rules", "{diagnostic:?} points at no text");
    }
}

/// The text of a task, as a need and as a prompt: spans quote the text, probabilities are
/// probabilities, and there is a recommendation.
///
/// # Panics
/// When that does not hold.
pub fn task(input: &[u8]) {
    let Ok(source) = str::from_utf8(input) else { return };
    let Knowledge { catalog, rules } = &*KNOWLEDGE;
    let text = Text::new(source);
    for index in 0..text.len() {
        assert!(source.get(text.span(index..index + 1)).is_some_and(|word| !word.is_empty()));
    }
    for reading in [Reading::Need, Reading::Prompt] {
        let read = ReadText::of(source, reading, catalog, rules, 1);
        let found = read.words.found.iter().map(|said| &said.span);
        let mentions = read.words.mentions.iter().map(|mention| &mention.span);
        for span in found.chain(mentions) {
            assert!(source.get(span.clone()).is_some_and(|quoted| !quoted.is_empty()), "{span:?}");
        }
        let scores = read.classification.scores.iter().map(|(_, score)| score);
        assert!(
            scores.clone().chain([&read.difficulty]).all(|score| (0.0..=1.001).contains(score))
        );
    }
    let task = Task::new(source, date(2026, 11, 30));
    let answer = Recommender::new(catalog, rules).recommend(&task);
    assert!(answer.ranked().iter().all(|choice| choice.offer.model == choice.model));
}

/// An answer. The first byte says how long the pieces are that it arrives in, and whether it is
/// bytes of a stream, lines of `NAME JSON` that are framed here, or the JSON of a whole reply.
/// Where a stream is cut changes nothing.
///
/// # Panics
/// When that does not hold.
pub fn frames(input: &[u8]) {
    let Some((mode, input)) = input.split_first() else { return };
    let talks: Vec<_> =
        KNOWLEDGE.catalog.forms().iter().filter_map(|form| form.talk.as_ref()).collect();
    let talk = talks.get(usize::from(mode >> 4) % (talks.len() + 1)).copied();
    if mode & 3 == 2 {
        if let Ok(reply) = serde_json::from_slice::<Value>(input) {
            let _ = offline::reply(talk, &reply);
        }
        return;
    }
    let framed = if mode & 3 == 1 { framed(input, talk.is_some()) } else { input.to_vec() };
    let cut = 1 + usize::from(mode >> 2);
    let whole = offline::frames(talk, &framed, framed.len().max(1));
    assert_eq!(offline::frames(talk, &framed, cut), whole, "cut into pieces of {cut}");
}

/// Lines of `NAME JSON` as frames of a stream.
fn framed(input: &[u8], native: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in String::from_utf8_lossy(input).lines() {
        let (name, json) = line.split_once(' ').unwrap_or((line, "{}"));
        let (kind, about, name) = match name.strip_prefix(EXCEPTION) {
            Some(name) => ("exception", ":exception-type", name),
            None => ("event", ":event-type", name),
        };
        let payload = if native && kind == "event" {
            serde_json::json!({ "bytes": aws_smithy_types::base64::encode(json) }).to_string()
        } else {
            json.to_owned()
        };
        let text = |text: &str| HeaderValue::String(text.to_owned().into());
        let message = Message::new(payload.into_bytes())
            .add_header(Header::new(":message-type", text(kind)))
            .add_header(Header::new(about, text(name)));
        let _ = write_message_to(&message, &mut bytes);
    }
    bytes
}

/// The body of a request, in Converse's form or another API's. What is mended needs no second
/// mending, and every form that it fits becomes JSON.
///
/// # Panics
/// When that does not hold.
pub fn body(input: &[u8]) {
    let Ok(value) = serde_json::from_slice::<Value>(input) else { return };
    let Ok(request) = Request::from_converse(value) else { return };
    let Ok((request, _)) = mend(request) else { return };
    let again = mend(request.clone()).map(|(again, _)| again);
    assert_eq!(again.as_ref(), Ok(&request), "mending is not settled");
    let catalog = &KNOWLEDGE.catalog;
    for form in catalog.forms().iter().map(Some).chain([None]) {
        let id = form.and_then(|form: &Form| form.models.first());
        let facts = Facts {
            model: catalog.models().iter().find(|model| Some(&model.id) == id),
            ways: catalog.ways_of_thinking(),
            form,
            ..Facts::default()
        };
        if let Ok((fitted, _)) = fit(&request, &facts) {
            let _ = offline::body(&fitted);
        }
    }
}
