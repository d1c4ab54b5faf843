//! The schema of a tool, as Bedrock takes it: its root is an object, and its types are those of JSON.

use serde_json::{Map, Value, json};

/// So deep a schema is mended; what lies deeper stays as it is.
const DEEPEST: usize = 40;
/// Words that only schemas have at their root.
const KEYWORDS: [&str; 12] = [
    "type",
    "properties",
    "required",
    "$ref",
    "$defs",
    "definitions",
    "anyOf",
    "oneOf",
    "allOf",
    "additionalProperties",
    "items",
    "enum",
];
/// Keywords of schemas that are no objects.
const VALUES: [&str; 3] = ["enum", "const", "items"];
/// What a schema may say of itself beside what it takes.
const ABOUT: [&str; 10] = [
    "title",
    "description",
    "default",
    "examples",
    "strict",
    "name",
    "nullable",
    "deprecated",
    "readOnly",
    "minProperties",
];
const UNIONS: [&str; 3] = ["anyOf", "oneOf", "allOf"];

/// Mends a schema; says whether anything was changed.
///
/// # Errors
/// Why it cannot be the schema of a tool.
pub(super) fn mend(schema: &mut Value) -> Result<bool, String> {
    let before = schema.clone();
    root(schema)?;
    types(schema, 0);
    Ok(*schema != before)
}

fn root(schema: &mut Value) -> Result<(), String> {
    let Value::Object(object) = schema else {
        return match schema {
            Value::Null | Value::Bool(true) => {
                *schema = json!({ "type": "object", "properties": {} });
                Ok(())
            }
            _ => Err("its schema is not an object".to_owned()),
        };
    };
    referred(object)?;
    if is_bare(object) {
        let properties = std::mem::take(object);
        *object = Map::from_iter([("properties".to_owned(), Value::Object(properties))]);
    }
    if let Some(odd) = half_understood(object) {
        return Err(format!(
            "its schema has neither `type` nor `properties`, and `{odd}` says nothing in a schema"
        ));
    }
    for union in UNIONS {
        if let Some(Value::Array(variants)) = object.remove(union) {
            united(object, variants, union == "allOf");
        }
    }
    if VALUES.iter().any(|key| object.contains_key(*key))
        && !["type", "properties"].iter().any(|key| object.contains_key(*key))
    {
        return Err("the root of its schema is no object; put that into `properties` of an object"
            .to_owned());
    }
    if let Some(properties) = object
        .get("properties")
        .filter(|properties| !properties.is_object() && !properties.is_null())
    {
        let kind = if properties.is_array() { "a list" } else { "a value" };
        return Err(format!(
            "`properties` of its schema is {kind}; give an object with a schema for each name"
        ));
    }
    let kind = object.get("type").cloned().unwrap_or_default();
    let word = match &kind {
        Value::String(word) => Some(word.to_lowercase()),
        Value::Array(words) if words.iter().any(|word| word == "object") => {
            Some("object".to_owned())
        }
        _ => None,
    };
    let scalar = word.as_deref().is_some_and(|word| !is_object_word(word));
    if scalar && !object.contains_key("properties") {
        return Err(format!(
            "the root of its schema is of the type {kind}; put that into `properties` of an object"
        ));
    }
    // An object without properties is one that takes anything.
    if (object.contains_key("properties") || kind != "object")
        && object.get("properties").is_none_or(Value::is_null)
    {
        object.insert("properties".to_owned(), json!({}));
    }
    object.insert("type".to_owned(), "object".into());
    Ok(())
}

/// A root that only points into its own definitions becomes what it points to.
fn referred(object: &mut Map<String, Value>) -> Result<(), String> {
    let Some(Value::String(path)) = object.remove("$ref") else { return Ok(()) };
    let pointer = path.strip_prefix('#').unwrap_or(&path);
    let found = Value::Object(object.clone()).pointer(pointer).cloned();
    let Some(Value::Object(found)) = found.filter(|_| path.starts_with("#/")) else {
        return Err(format!("its schema refers to `{path}`, which is not in it"));
    };
    for (key, value) in found {
        object.entry(key).or_insert(value);
    }
    Ok(())
}

/// A map of parameters without the schema around it.
fn is_bare(object: &Map<String, Value>) -> bool {
    let is_keyword = |key: &String| KEYWORDS.contains(&key.as_str());
    let described = |value: &Value| {
        value.is_object() || value.as_str().is_some_and(|words| !kinds(&words.into()).is_empty())
    };
    !object.is_empty()
        && object.values().all(described)
        && !(object.keys().any(is_keyword) && object.get("type").is_none_or(Value::is_string))
}

/// A key that may be a parameter, where nothing says that this is a schema: leaving it out could change what is meant.
fn half_understood(object: &Map<String, Value>) -> Option<&str> {
    let mut keys = object.keys().map(String::as_str);
    if keys.clone().any(|key| KEYWORDS.contains(&key) || VALUES.contains(&key)) {
        return None;
    }
    keys.find(|key| !ABOUT.contains(key) && !key.starts_with('$') && !key.starts_with("x-"))
}

fn is_object_word(word: &str) -> bool {
    ["object", "dict", "map", "record", "mapping", "struct"].contains(&word)
}

/// One object instead of a choice of objects: what all of them want is required.
fn united(object: &mut Map<String, Value>, variants: Vec<Value>, all: bool) {
    let mut required: Option<Vec<Value>> = None;
    for variant in variants {
        let Value::Object(mut variant) = variant else { continue };
        let own = match variant.remove("required") {
            Some(Value::Array(own)) => own,
            _ => Vec::new(),
        };
        required = Some(match required {
            None => own,
            Some(before) if all => before.into_iter().chain(own).collect(),
            Some(before) => before.into_iter().filter(|name| own.contains(name)).collect(),
        });
        if let Some(Value::Object(properties)) = variant.remove("properties") {
            let into = object.entry("properties").or_insert_with(|| json!({}));
            if let Value::Object(into) = into {
                for (name, value) in properties {
                    into.entry(name).or_insert(value);
                }
            }
        }
    }
    let own = object.remove("required");
    let own = own.iter().filter_map(Value::as_array).flatten().cloned();
    let required: Vec<Value> = own.chain(required.unwrap_or_default()).collect();
    if !required.is_empty() {
        object.insert("required".to_owned(), required.into());
    }
}

/// Types as JSON Schema writes them, all the way down.
fn types(schema: &mut Value, depth: usize) {
    let Value::Object(object) = schema else { return };
    if depth > DEEPEST {
        return;
    }
    if let Some(kind) = object.get("type").cloned() {
        let mended = kinds(&kind);
        if mended.is_empty() {
            object.remove("type");
        } else if mended.len() > 1 {
            object.insert("type".to_owned(), mended.into());
        } else if kind != mended[0] && !kind.is_array() {
            object.insert("type".to_owned(), mended[0].into());
        }
    }
    required(object);
    for list in ["properties", "$defs", "definitions", "patternProperties"] {
        let inner = object.get_mut(list).and_then(Value::as_object_mut);
        inner.into_iter().flat_map(Map::values_mut).for_each(|schema| {
            if let Value::String(kind) = schema {
                *schema = json!({ "type": std::mem::take(kind) });
            }
            types(schema, depth + 1);
        });
    }
    for one in ["items", "additionalProperties", "not"] {
        object.get_mut(one).into_iter().for_each(|schema| types(schema, depth + 1));
    }
    for list in UNIONS {
        let inner = object.get_mut(list).and_then(Value::as_array_mut);
        inner.into_iter().flatten().for_each(|schema| types(schema, depth + 1));
    }
}

/// `required` is a list of names; as a flag of a property it goes into the list of its parent.
fn required(object: &mut Map<String, Value>) {
    let flagged = |(name, property): (&String, &mut Value)| {
        let own = property.as_object_mut()?;
        let flag = own.get("required").and_then(Value::as_bool)?;
        own.remove("required");
        flag.then(|| Value::from(name.as_str()))
    };
    let properties = object.get_mut("properties").and_then(Value::as_object_mut);
    let names: Vec<Value> = properties.into_iter().flatten().filter_map(flagged).collect();
    if object.get("required").is_some_and(|list| !list.is_array()) {
        object.remove("required");
    }
    if names.is_empty() {
        return;
    }
    if let Value::Array(list) = object.entry("required").or_insert_with(|| json!([])) {
        list.extend(names);
    }
}

/// The types that a word or a list of words means; none for one that says nothing.
fn kinds(kind: &Value) -> Vec<&'static str> {
    let words: Vec<String> = match kind {
        Value::String(words) => words
            .to_lowercase()
            .replace(" or ", "|")
            .split(['|', ','])
            .map(|word| word.trim().to_owned())
            .collect(),
        Value::Array(words) => {
            words.iter().filter_map(Value::as_str).map(str::to_lowercase).collect()
        }
        _ => Vec::new(),
    };
    let mut kinds: Vec<&'static str> = words.iter().filter_map(|word| of_word(word)).collect();
    kinds.dedup();
    kinds
}

fn of_word(word: &str) -> Option<&'static str> {
    let start = word.split(['[', '<', '(']).next().unwrap_or(word);
    Some(match start {
        "object" | "dict" | "map" | "record" | "mapping" | "struct" | "json" => "object",
        "array" | "list" | "tuple" | "set" | "sequence" => "array",
        "string" | "str" | "text" | "char" | "date" | "datetime" | "date-time" | "time"
        | "uuid" | "url" | "uri" | "email" | "enum" | "file" | "path" | "bytes" => "string",
        "number" | "float" | "double" | "decimal" | "numeric" => "number",
        "integer" | "int" | "int32" | "int64" | "long" | "short" => "integer",
        "boolean" | "bool" => "boolean",
        "null" | "none" | "nonetype" | "nil" => "null",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(mut schema: Value) -> Value {
        mend(&mut schema).expect("a schema");
        schema
    }

    #[test]
    fn the_root_becomes_an_object() {
        let city = json!({"type": "object", "properties": {"city": {"type": "string"}}});
        for given in [
            city.clone(),
            json!({"type": "dict", "properties": {"city": {"type": "str"}}}),
            json!({"properties": {"city": {"type": "STRING"}}}),
            json!({"type": ["object", "null"], "properties": {"city": {"type": "string"}}}),
            json!({"city": {"type": "string"}}),
            json!({"city": "str"})
                .as_object()
                .map(|bare| json!({"properties": bare}))
                .expect("an object"),
            json!({"anyOf": [{"type": "object", "properties": {"city": {"type": "string"}}}, {"type": "null"}]}),
            json!({"allOf": [{"type": "object", "properties": {"city": {"type": "string"}}}]}),
        ] {
            let found = mended(given.clone());
            assert_eq!(
                (&found["type"], &found["properties"]),
                (&city["type"], &city["properties"]),
                "{given}"
            );
        }
        assert_eq!(mended(json!({}))["type"], "object");
        assert_eq!(mended(Value::Null), json!({"type": "object", "properties": {}}));
    }

    #[test]
    fn of_alternatives_only_what_all_want_is_required() {
        let one = |name: &str, required: &[&str]| json!({"type": "object", "properties": {name: {}}, "required": required});
        let either = mended(
            json!({"oneOf": [one("a", &["a", "id"]), one("b", &["id"])], "properties": {"id": {}}}),
        );
        assert_eq!(either["required"], json!(["id"]));
        assert_eq!(either["properties"].as_object().map(Map::len), Some(3));
        let both = mended(json!({"allOf": [one("a", &["a"]), one("b", &["b"])]}));
        assert_eq!(both["required"], json!(["a", "b"]));
    }

    #[test]
    fn a_root_that_points_into_itself_becomes_that() {
        let schema = json!({"$ref": "#/$defs/Job", "$defs": {"Job": {"type": "object", "properties": {"id": {"type": "int"}}}}});
        assert_eq!(mended(schema)["properties"]["id"]["type"], "integer");
        assert!(mend(&mut json!({"$ref": "https://example.com/schema"})).is_err());
    }

    #[test]
    fn types_are_those_of_json_all_the_way_down() {
        let found = mended(json!({
            "a": {"type": "int or float", "description": "first", "required": true},
            "b": {"type": "list", "items": {"type": "dict"}},
            "c": {"type": "any"},
            "d": {"type": "Optional[str] | None"},
        }));
        assert_eq!(found["properties"]["a"]["type"], json!(["integer", "number"]));
        assert_eq!(found["properties"]["b"]["items"]["type"], "object");
        assert!(found["properties"]["c"].get("type").is_none());
        assert_eq!(found["required"], json!(["a"]));
    }

    #[test]
    fn a_schema_that_is_right_stays_as_it_is() {
        let schema = json!({"type": "object", "properties": {"type": {"type": ["string", "null"]}, "x": {"anyOf": [{"type": "string"}]}}, "required": ["type"]});
        let mut same = schema.clone();
        assert_eq!(mend(&mut same), Ok(false));
        assert_eq!(same, schema);
    }

    #[test]
    fn parameters_are_wrapped_and_an_open_object_stays() {
        let found = mended(json!({"city": "string", "n": "integer"}));
        let properties = json!({"city": {"type": "string"}, "n": {"type": "integer"}});
        assert_eq!((&found["type"], &found["properties"]), (&json!("object"), &properties));
        assert_eq!(
            mended(json!({"city": "string", "n": {"type": "int"}}))["properties"]["n"]["type"],
            "integer"
        );
        let mut open = json!({"type": "object"});
        assert_eq!((mend(&mut open), open), (Ok(false), json!({"type": "object"})));
    }

    #[test]
    fn what_is_half_understood_is_refused() {
        for schema in [
            json!({"enum": ["a", "b"]}),
            json!({"const": 1}),
            json!({"properties": ["x"]}),
            json!({"type": "object", "properties": "x"}),
            json!({"city": "the city to look for"}),
        ] {
            assert!(mend(&mut schema.clone()).is_err(), "{schema}");
        }
        assert!(mend(&mut json!({"title": "Args", "description": "none", "$schema": "x"})).is_ok());
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for schema in [
            json!({"type": "string"}),
            json!({"type": "array", "items": {}}),
            json!("x"),
            json!(3),
            json!([]),
        ] {
            assert!(mend(&mut schema.clone()).is_err(), "{schema}");
        }
    }
}
