//! Documents: how many, under which names, and never without a text.

use std::collections::HashSet;

use serde_json::Value;

use super::super::media::plain_name;
use super::super::{Block, MediaKind, Request};

/// The most documents in a request, those of earlier turns included.
const MOST: usize = 5;
/// The longest name.
const LONGEST: usize = 200;
/// What is said about a document when nobody says anything.
const ABOUT: &str = "Read this document.";

pub(super) fn mend(request: &mut Request, notes: &mut Vec<String>) -> Result<(), String> {
    let mut given = Vec::new();
    each_name(request, &mut |name| {
        given.push(name.clone());
        name
    });
    if let Some(name) = given.get(MOST) {
        return Err(format!(
            "`{name}` is one document too many: Bedrock takes {MOST} in a request, earlier turns included"
        ));
    }
    let mut taken = HashSet::new();
    each_name(request, &mut |name| {
        let fitting = unused(&fitting(&name), &taken);
        if fitting != name {
            notes.push(format!(
                "the document `{name}` is sent as `{fitting}`: Bedrock takes plain names, each once"
            ));
        }
        taken.insert(fitting.to_lowercase());
        fitting
    });
    texts(request, notes);
    Ok(())
}

/// A name that Bedrock takes.
fn fitting(name: &str) -> String {
    let allowed = |sign: char| {
        sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-' | '(' | ')' | '[' | ']' | ' ')
    };
    let fits = (1..=LONGEST).contains(&name.len())
        && name.chars().all(allowed)
        && !name.contains("  ")
        && name.trim() == name;
    if fits { name.to_owned() } else { plain_name(name) }
}

/// The name, or the first with a number behind it that no other document has.
fn unused(name: &str, taken: &HashSet<String>) -> String {
    let numbered = |number: usize| {
        let ending = format!("-{number}");
        let start: String = name.chars().take(LONGEST - ending.len()).collect();
        start + &ending
    };
    let names = std::iter::once(name.to_owned()).chain((2..).map(numbered));
    names.into_iter().find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_default()
}

/// Gives every document's name to `rename`, in order, and takes what comes back.
fn each_name(request: &mut Request, rename: &mut dyn FnMut(String) -> String) {
    for block in request.turns.iter_mut().flat_map(|turn| &mut turn.blocks) {
        match block {
            Block::Media(media) if media.kind == MediaKind::Document => {
                media.name = rename(std::mem::take(&mut media.name));
            }
            Block::Native(value) => in_native(value, rename),
            _ => {}
        }
    }
}

fn in_native(value: &mut Value, rename: &mut dyn FnMut(String) -> String) {
    if let Some(document) = value.get_mut("document").filter(|document| document.is_object()) {
        let name = document.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        document["name"] = rename(name).into();
    }
    if let Some(inner) = value.pointer_mut("/toolResult/content").and_then(Value::as_array_mut) {
        inner.iter_mut().for_each(|part| in_native(part, rename));
    }
}

/// A text beside the documents of a turn.
fn texts(request: &mut Request, notes: &mut Vec<String>) {
    for turn in &mut request.turns {
        let documents = turn.blocks.iter().any(|block| block.name() == MediaKind::Document.name());
        if documents && !turn.blocks.iter().any(|block| block.text().is_some()) {
            turn.blocks.push(Block::Text(ABOUT.to_owned()));
            notes.push(format!(
                "\"{ABOUT}\" stands beside a document: Bedrock wants a text with it"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::Media;
    use super::*;

    fn request(names: &[&str]) -> Request {
        let document = |name: &&str| {
            Block::Native(
                json!({"document": {"format": "txt", "name": name, "source": {"bytes": "aGk="}}}),
            )
        };
        let mut request = Request::new("compare");
        request.turns[0].blocks.extend(names.iter().map(document));
        request
    }

    fn names(request: &mut Request) -> Vec<String> {
        let mut names = Vec::new();
        each_name(request, &mut |name| {
            names.push(name.clone());
            name
        });
        names
    }

    #[test]
    fn names_differ_and_are_plain() {
        for (given, sent) in [
            (&["report", "Report"][..], &["report", "Report-2"][..]),
            (&["分期报告", "テスト"], &["document", "document-2"]),
            (&["John's #1  notes", "a-2", "a", "A"], &["John s 1 notes", "a-2", "a", "A-3"]),
            (&["", " x "], &["document", "x"]),
        ] {
            let mut request = request(given);
            mend(&mut request, &mut Vec::new()).expect("documents");
            assert_eq!(names(&mut request), sent, "{given:?}");
        }
    }

    #[test]
    fn results_of_tools_and_files_count_as_well() {
        let mut request = request(&["a"]);
        let inner =
            json!({"document": {"format": "txt", "name": "a", "source": {"bytes": "aGk="}}});
        request.turns[0]
            .blocks
            .push(Block::Native(json!({"toolResult": {"toolUseId": "t", "content": [inner]}})));
        request.turns[0]
            .blocks
            .push(Block::Media(Media::new("a.csv", b"1,2".to_vec()).expect("a file")));
        mend(&mut request, &mut Vec::new()).expect("documents");
        assert_eq!(names(&mut request), ["a", "a-2", "a-3"]);
    }

    #[test]
    fn the_sixth_is_named_and_none_stands_alone() {
        let refused = mend(&mut request(&["a", "b", "c", "d", "e", "f"]), &mut Vec::new());
        assert!(refused.is_err_and(|why| why.contains("`f`")));
        let mut alone = request(&["a"]);
        alone.turns[0].blocks.remove(0);
        let mut notes = Vec::new();
        mend(&mut alone, &mut notes).expect("a document");
        assert_eq!((alone.turns[0].blocks[1].text(), notes.len()), (Some(ABOUT), 1));
    }
}
