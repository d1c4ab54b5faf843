//! Tools as Converse, other APIs and tool servers write them.

use serde_json::{Map, Value, json};

use super::super::{Life, Tool};
use super::blocks::cache_point;
use super::check;

/// Where the schema of a tool stands.
const SCHEMAS: [&str; 6] =
    ["inputSchema", "input_schema", "parameters", "schema", "args_schema", "parametersJsonSchema"];
/// The types of tools that are functions of the caller.
const FUNCTIONS: [&str; 3] = ["function", "custom", "object"];

/// What a file or a body offers.
#[derive(Debug, Default)]
pub(in super::super) struct Offered {
    pub(in super::super) tools: Vec<Tool>,
    /// Which of them must be called, as Converse's `toolChoice`, or `{"none": {}}`.
    pub(in super::super) choice: Option<Value>,
    pub(in super::super) notes: Vec<String>,
}

/// Reads tools: Converse's `toolConfig`, a list, or one tool alone.
///
/// # Errors
/// What is wrong, with the name of the tool.
pub(in super::super) fn offered(value: Value) -> Result<Offered, String> {
    let mut offered = Offered::default();
    let tools = match value {
        Value::Array(tools) => tools,
        Value::Object(mut config) if config.contains_key("tools") => {
            let choice = config.remove("toolChoice").or_else(|| config.remove("tool_choice"));
            offered.choice =
                choice.map(|choice| choice_of(choice, &mut offered.notes)).transpose()?.flatten();
            match config.remove("tools") {
                Some(Value::Array(tools)) => tools,
                Some(Value::Null) => Vec::new(),
                _ => return Err("`tools` is not a list".to_owned()),
            }
        }
        Value::Object(tool) if is_tool(&tool) => vec![Value::Object(tool)],
        Value::Object(_) => return Err("there are no `tools`".to_owned()),
        _ => return Err("neither a list of tools nor an object with `tools`".to_owned()),
    };
    for (at, tool) in tools.into_iter().enumerate() {
        offered.read(at, tool)?;
    }
    Ok(offered)
}

fn is_tool(tool: &Map<String, Value>) -> bool {
    ["toolSpec", "function", "name", "title", "functionDeclarations"]
        .iter()
        .any(|key| tool.contains_key(*key))
}

impl Offered {
    fn read(&mut self, at: usize, tool: Value) -> Result<(), String> {
        let Value::Object(mut tool) = tool else {
            return Err(format!("tool {at} is not an object"));
        };
        tool.retain(|_, value| !value.is_null());
        if let Some(mut point) = tool.remove("cachePoint") {
            self.notes.extend(check::point(&mut point));
            if !tool.is_empty() {
                self.read(at, Value::Object(tool))?;
            }
            self.tools.push(Tool::CachePoint(life(&point)));
            return Ok(());
        }
        if tool.contains_key("systemTool") {
            self.tools.push(Tool::Native(Value::Object(tool)));
            return Ok(());
        }
        for list in ["functionDeclarations", "function_declarations"] {
            if let Some(Value::Array(functions)) = tool.remove(list) {
                return functions.into_iter().try_for_each(|function| self.read(at, function));
            }
        }
        let cached = tool.remove("cache_control");
        let function = self.function(at, tool)?;
        self.tools.push(function);
        if let Some(control) = cached {
            let mut point = cache_point(&control)["cachePoint"].take();
            self.notes.extend(check::point(&mut point));
            self.tools.push(Tool::CachePoint(life(&point)));
        }
        Ok(())
    }

    fn function(&mut self, at: usize, mut tool: Map<String, Value>) -> Result<Tool, String> {
        let kind = tool.get("type").and_then(Value::as_str).map(str::to_owned);
        let inner = tool.remove("toolSpec").or_else(|| tool.remove("function"));
        let mut spec = match inner {
            Some(Value::Object(spec)) => spec,
            Some(_) => return Err(format!("tool {at} is not an object")),
            None => tool,
        };
        let name =
            ["name", "title"].iter().find_map(|key| spec.get(*key)?.as_str().map(str::to_owned));
        let name = name.filter(|name| !name.trim().is_empty());
        let foreign = kind.as_deref().filter(|kind| !FUNCTIONS.contains(kind));
        if let Some(kind) = foreign {
            let tool = name.map_or_else(|| at.to_string(), |name| format!("`{name}`"));
            return Err(format!(
                "tool {tool} is of the type `{kind}`, which its provider runs itself: Converse does not have it"
            ));
        }
        let of_kind =
            || kind.as_ref().map(|kind| format!(", of the type `{kind}`,")).unwrap_or_default();
        let name = name.ok_or_else(|| format!("tool {at}{} has no name", of_kind()))?;
        let description = match spec.remove("description") {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let strict = spec.remove("strict").and_then(|strict| strict.as_bool());
        let schema = schema(&mut spec)
            .ok_or_else(|| format!("tool `{name}` has a schema that is not JSON"))?;
        for hint in ["defer_loading", "eager_input_streaming"] {
            if spec.contains_key(hint) {
                self.notes.push(format!(
                    "`{hint}` of the tool `{name}` is not sent: Bedrock does not take it"
                ));
            }
        }
        Ok(Tool::Function { name, description, schema, strict })
    }
}

/// The schema of a tool, wherever it stands and even as text; a tool without one takes nothing.
fn schema(spec: &mut Map<String, Value>) -> Option<Value> {
    let found = SCHEMAS.iter().find_map(|key| spec.remove(*key));
    let found =
        found.or_else(|| spec.contains_key("properties").then(|| Value::Object(own_schema(spec))));
    let found = match found {
        Some(Value::Object(mut wrapped)) if wrapped.len() == 1 && wrapped.contains_key("json") => {
            wrapped.remove("json")
        }
        found => found,
    };
    match found {
        None | Some(Value::Null) => Some(json!({ "type": "object", "properties": {} })),
        Some(Value::String(text)) => serde_json::from_str(&text).ok(),
        found => found,
    }
}

/// A tool that is itself a schema with a title.
fn own_schema(spec: &Map<String, Value>) -> Map<String, Value> {
    let fields = spec.iter().filter(|(key, _)| !["name", "title"].contains(&key.as_str()));
    fields.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// How long a cache point lives: an unknown life is the shorter one.
pub(in super::super) fn life(point: &Value) -> Life {
    point.get("ttl").and_then(Value::as_str).and_then(Life::named).unwrap_or(Life::Minutes)
}

/// The keys of Converse's `toolChoice`: one of them.
const CHOICES: [&str; 4] = ["auto", "any", "tool", "none"];
/// Fields of other APIs beside a choice, for which Converse has no place.
const ONE_AT_A_TIME: [&str; 2] = ["disable_parallel_tool_use", "allowed_tools"];

/// Which tool must be called, in Converse's words.
fn choice_of(choice: Value, notes: &mut Vec<String>) -> Result<Option<Value>, String> {
    for field in ONE_AT_A_TIME {
        if choice.get(field).is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)))
        {
            notes.push(format!("`tool_choice.{field}` is not sent: Converse has no place for it"));
        }
    }
    let name = |path: &str| choice.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let word = choice.as_str().map(str::to_owned).or_else(|| name("/type"));
    // An older API names the function alone.
    let named = |name: String| json!({ "tool": { "name": name } });
    let Some(word) = word else {
        return match choice {
            Value::Null => Ok(None),
            Value::Object(own) if own.len() == 1 && own.contains_key("name") => {
                name_of(&own).map(|name| Some(named(name)))
            }
            Value::Object(own) => own_choice(own),
            _ => Err("`toolChoice` is neither a word nor an object".to_owned()),
        };
    };
    Ok(Some(match word.as_str() {
        "auto" => json!({ "auto": {} }),
        "any" | "required" => json!({ "any": {} }),
        "none" => json!({ "none": {} }),
        "tool" | "function" => named(
            name("/name")
                .or_else(|| name("/function/name"))
                .ok_or("`tool_choice` names no tool")?,
        ),
        other => {
            return Err(format!("`tool_choice` is `{other}`: give auto, any, none, or a tool"));
        }
    }))
}

fn name_of(choice: &Map<String, Value>) -> Result<String, String> {
    let name = choice.get("name").and_then(Value::as_str).filter(|name| !name.is_empty());
    name.map(str::to_owned).ok_or_else(|| "`tool_choice` names no tool".to_owned())
}

/// Converse's own choice.
fn own_choice(mut choice: Map<String, Value>) -> Result<Option<Value>, String> {
    choice.retain(|field, value| !value.is_null() && !ONE_AT_A_TIME.contains(&field.as_str()));
    if let Some(field) = choice.keys().find(|field| !CHOICES.contains(&field.as_str())) {
        return Err(format!(
            "`toolChoice` has the field `{field}`: Converse has {}",
            CHOICES[..3].join(", ")
        ));
    }
    match choice.len() {
        0 => Ok(None),
        1 => Ok(Some(Value::Object(choice))),
        _ => Err("`toolChoice` says more than one thing: give auto, any, or a tool".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(choice: &Value) -> Result<Offered, String> {
        offered(json!({ "tools": [{"name": "w"}], "toolChoice": choice }))
    }

    #[test]
    fn a_choice_is_converses_or_an_error() {
        let named = Some(json!({"tool": {"name": "w"}}));
        for choice in [
            json!({"name": "w"}),
            json!({"type": "tool", "name": "w"}),
            json!({"tool": {"name": "w"}}),
        ] {
            assert_eq!(chosen(&choice).expect("a choice").choice, named, "{choice}");
        }
        assert!(chosen(&json!({"nome": "w"})).is_err_and(|why| why.contains("`nome`")));
        assert!(chosen(&json!({"any": {}, "auto": {}})).is_err());
        let one =
            chosen(&json!({"type": "auto", "disable_parallel_tool_use": true})).expect("a choice");
        assert!(
            one.choice == Some(json!({"auto": {}}))
                && one.notes[0].contains("disable_parallel_tool_use")
        );
        let either =
            chosen(&json!({"type": "any", "disable_parallel_tool_use": false})).expect("a choice");
        assert!(either.notes.is_empty());
    }

    #[test]
    fn tools_that_a_provider_runs_are_named_by_their_type() {
        for kind in ["web_search", "computer_use_preview"] {
            assert!(
                offered(json!([{ "type": kind }]))
                    .is_err_and(|why| why.contains(kind) && !why.contains("no name")),
                "{kind}"
            );
        }
        assert!(offered(json!([{"type": "custom"}])).is_err_and(|why| why.contains("`custom`")));
        assert!(
            offered(json!([{"name": "w"}, {"cachePoint": {"type": "default", "ttl": "2h"}}]))
                .is_ok_and(|tools| tools.notes.len() == 1)
        );
    }
}
