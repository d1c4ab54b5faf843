//! Blocks as Converse takes them: what it would refuse is named before anything is sent.

use serde_json::{Map, Value};

use super::super::{Life, MediaKind};

/// The kinds of Converse's blocks: each is the only key of its block.
pub(super) const KINDS: [&str; 13] = [
    "text",
    "image",
    "document",
    "video",
    "audio",
    "toolUse",
    "toolResult",
    "guardContent",
    "cachePoint",
    "reasoningContent",
    "citationsContent",
    "searchResult",
    "json",
];
const PICTURES: [&str; 4] = ["png", "jpeg", "gif", "webp"];
const DOCUMENTS: [&str; 9] = ["pdf", "csv", "doc", "docx", "xls", "xlsx", "html", "txt", "md"];
const VIDEOS: [&str; 9] = ["mkv", "mov", "mp4", "webm", "flv", "mpeg", "mpg", "wmv", "three_gp"];

/// Why a block of one key cannot be sent; `within` a tool's result there are others than in a message.
pub(super) fn block(kind: &str, value: &Value, within: bool) -> Result<(), String> {
    match (kind, value) {
        ("text", Value::String(_)) => Ok(()),
        ("text", _) => Err("has a `text` that is no text".to_owned()),
        ("json", _) if within => Ok(()),
        ("json", _) => Err("is `json`, which stands only in the result of a tool".to_owned()),
        (kind, _) if !KINDS.contains(&kind) => {
            Err(format!("is `{kind}`, which Converse does not have"))
        }
        (kind, Value::Object(value)) => media(kind, value),
        (kind, _) => Err(format!("has a `{kind}` that is no object")),
    }
}

/// A file has a source, and a format that Converse knows.
fn media(kind: &str, value: &Map<String, Value>) -> Result<(), String> {
    let formats: &[&str] = match MediaKind::named(kind) {
        Some(MediaKind::Image) => &PICTURES,
        Some(MediaKind::Document) => &DOCUMENTS,
        Some(MediaKind::Video) => &VIDEOS,
        // Formats of sound are many and new.
        Some(MediaKind::Audio) => &[],
        None => return Ok(()),
    };
    if value.get("source").and_then(Value::as_object).is_none_or(Map::is_empty) {
        return Err(format!("is a `{kind}` without `source`"));
    }
    match value.get("format").and_then(Value::as_str) {
        Some(format) if !formats.is_empty() && !formats.contains(&format) => Err(format!(
            "is a `{kind}` of the format `{format}`: Converse takes {}",
            formats.join(", ")
        )),
        _ => Ok(()),
    }
}

/// Makes a cache point one that Bedrock knows; says what was changed.
pub(super) fn point(point: &mut Value) -> Option<String> {
    let unknown_life = point
        .get("ttl")
        .filter(|life| !life.is_null() && life.as_str().and_then(Life::named).is_none())
        .cloned();
    if let (Some(life), Value::Object(point)) = (unknown_life, &mut *point) {
        point.remove("ttl");
        return Some(format!(
            "a cache point lives five minutes, not {life}: Bedrock knows 5m and 1h"
        ));
    }
    let kind = point.get("type").filter(|kind| *kind != "default").cloned()?;
    point["type"] = "default".into();
    Some(format!("a cache point has the type `default`, not {kind}: Bedrock knows no other"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::Request;
    use super::*;

    fn read(content: &Value) -> Result<Request, String> {
        Request::from_converse(json!([{"role": "user", "content": content}]))
    }

    #[test]
    fn what_converse_does_not_have_is_named_with_its_place() {
        for (block, why) in [
            (json!({"mysteryBlock": {"x": 1}}), "`mysteryBlock`"),
            (json!({"json": {"a": 1}}), "`json`"),
            (json!({"text": 5}), "`text`"),
            (json!({"image": "x"}), "`image`"),
            (json!({"document": {"format": "pdf", "name": "a"}}), "`source`"),
            (
                json!({"document": {"format": "exe", "name": "a", "source": {"bytes": "aGk="}}}),
                "`exe`",
            ),
            (json!({"image": {"format": "tiff", "source": {"bytes": "aGk="}}}), "`tiff`"),
            (
                json!({"toolResult": {"toolUseId": "t", "content": [{"mysteryBlock": {}}]}}),
                "`mysteryBlock`",
            ),
        ] {
            let told = read(&json!([{"text": "hi"}, block])).expect_err("it is refused");
            assert!(told.contains(why) && told.contains("block 1 of message 0"), "{block}: {told}");
        }
        let result = json!({"toolResult": {"toolUseId": "t", "content": [{"json": {"a": 1}}]}});
        assert!(read(&json!([{"text": "hi"}, result])).is_ok());
    }

    #[test]
    fn what_is_mended_in_a_block_is_noted() {
        for block in [
            json!({"text": null}),
            json!({}),
            json!({"cachePoint": {"type": "default", "ttl": "2h"}}),
            json!({"cachePoint": {"type": "ephemeral"}}),
        ] {
            let request = read(&json!([{"text": "hi"}, block])).expect("a request");
            assert_eq!(request.repairs.len(), 1, "{block}: {:?}", request.repairs);
        }
        let plain = json!([{"text": "hi"}, {"cachePoint": {"type": "default", "ttl": "1h"}}]);
        assert!(read(&plain).is_ok_and(|request| request.repairs.is_empty()));
    }
}
