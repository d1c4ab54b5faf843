//! Tools: their names, descriptions and schemas, and those that only the conversation knows.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value, json};

use super::super::{Block, Request, Tool};
use super::schema;

/// The longest name of a tool, and of the ID of a call.
const LONGEST: usize = 64;

pub(super) fn mend(request: &mut Request, notes: &mut Vec<String>) -> Result<(), String> {
    definitions(request, notes)?;
    choice(request, notes)?;
    of_the_conversation(request, notes);
    names(request, notes);
    calls(request, notes);
    Ok(())
}

/// Descriptions, schemas, and tools that are there twice.
fn definitions(request: &mut Request, notes: &mut Vec<String>) -> Result<(), String> {
    let mut kept: Vec<Tool> = Vec::with_capacity(request.tools.len());
    for mut tool in std::mem::take(&mut request.tools) {
        if let Tool::Function { name, description, schema, .. } = &mut tool {
            if description.as_deref().is_some_and(|text| text.trim().is_empty()) {
                *description = None;
                notes.push(format!(
                    "the empty description of the tool `{name}` is not sent: Bedrock refuses it"
                ));
            }
            if schema::mend(schema)
                .map_err(|why| format!("the tool `{name}` cannot be sent: {why}"))?
            {
                notes.push(format!("the schema of the tool `{name}` is changed: Bedrock wants an object with JSON's types"));
            }
        }
        if let Some(other) =
            kept.iter().find(|other| tool.name().is_some() && other.name() == tool.name())
        {
            let name = tool.name().unwrap_or_default();
            if *other != tool {
                return Err(format!(
                    "there are two different tools `{name}`: give them different names"
                ));
            }
            notes.push(format!("the tool `{name}` is sent once: it is there twice"));
            continue;
        }
        kept.push(tool);
    }
    request.tools = kept;
    Ok(())
}

/// The tool that must be called is there; where none may be called, none is offered.
fn choice(request: &mut Request, notes: &mut Vec<String>) -> Result<(), String> {
    let Some(choice) = request.tool_choice.take() else { return Ok(()) };
    let functions: Vec<&str> = request.tools.iter().filter_map(Tool::name).collect();
    if choice.get("none").is_some() {
        // Calls in the conversation need their tools.
        if request.blocks().any(|block| block.tool_use().is_some() || block.tool_result().is_some())
        {
            notes.push("the model may call tools: Converse cannot forbid it in a conversation that has calls".to_owned());
        } else {
            request.tools.clear();
            notes.push("no tools are sent: none may be called".to_owned());
        }
    } else if let Some(wanted) = choice.pointer("/tool/name").and_then(Value::as_str) {
        if !functions.contains(&wanted) {
            return Err(format!("the tool `{wanted}` must be called and is not among the tools"));
        }
        request.tool_choice = Some(choice);
    } else if functions.is_empty() {
        notes.push("the choice of tools is not sent: there are no tools".to_owned());
    } else {
        request.tool_choice = Some(choice);
    }
    Ok(())
}

/// Bedrock wants the tools of calls in the conversation.
fn of_the_conversation(request: &mut Request, notes: &mut Vec<String>) {
    if request.tools.iter().any(|tool| tool.name().is_some()) {
        return;
    }
    let mut names: Vec<String> = Vec::new();
    for (_, name) in request.blocks().filter_map(Block::tool_use) {
        if !names.iter().any(|own| own == name) {
            names.push(name.to_owned());
        }
    }
    if names.is_empty() {
        request.tools.retain(|tool| !matches!(tool, Tool::CachePoint(_)));
        return;
    }
    notes.push(format!(
        "tools are made of the names in the conversation ({}): --tools gives the real ones",
        names.join(", ")
    ));
    let schema = || json!({ "type": "object", "properties": {} });
    let tool = |name| Tool::Function { name, description: None, schema: schema(), strict: None };
    request.tools.splice(0..0, names.into_iter().map(tool));
}

/// Names that Bedrock takes; the answer gets the own ones back.
fn names(request: &mut Request, notes: &mut Vec<String>) {
    let mut taken: HashSet<String> = request
        .tools
        .iter()
        .filter_map(Tool::name)
        .filter(|name| fits(name))
        .map(str::to_owned)
        .collect();
    let mut sent: BTreeMap<String, String> = BTreeMap::new();
    let functions = request.tools.iter().filter_map(Tool::name);
    for name in
        functions.chain(request.blocks().filter_map(|block| block.tool_use().map(|(_, name)| name)))
    {
        if !fits(name) && !sent.contains_key(name) {
            let fitting = unused(name, &taken);
            taken.insert(fitting.clone());
            notes.push(format!(
                "the tool `{name}` is sent as `{fitting}`; the answer has its own name"
            ));
            sent.insert(name.to_owned(), fitting);
        }
    }
    if sent.is_empty() {
        return;
    }
    let rename = |name: &mut String| {
        if let Some(fitting) = sent.get(name) {
            name.clone_from(fitting);
        }
    };
    for tool in &mut request.tools {
        if let Tool::Function { name, .. } = tool {
            rename(name);
        }
    }
    request
        .turns
        .iter_mut()
        .flat_map(|turn| &mut turn.blocks)
        .for_each(|block| block.rename_tool(&rename));
    if let Some(Value::String(name)) =
        request.tool_choice.as_mut().and_then(|choice| choice.pointer_mut("/tool/name"))
    {
        rename(name);
    }
    request.renamed.extend(sent.into_iter().map(|(own, fitting)| (fitting, own)));
}

fn fits(name: &str) -> bool {
    (1..=LONGEST).contains(&name.len())
        && name.bytes().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'_' | b'-'))
}

/// A name that fits and that nothing else has: the letters that may stand, and a number where needed.
fn unused(name: &str, taken: &HashSet<String>) -> String {
    let allowed = |sign: char| if sign.is_ascii_alphanumeric() || sign == '-' { sign } else { '_' };
    let plain: String = name.chars().take(LONGEST).map(allowed).collect();
    let plain = if plain.is_empty() { "tool".to_owned() } else { plain };
    let numbered = |number: usize| {
        let ending = format!("-{number}");
        plain.chars().take(LONGEST - ending.len()).collect::<String>() + &ending
    };
    let mut names = std::iter::once(plain.clone()).chain((2..).map(numbered));
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}

/// What stands in calls and results: IDs of the letters that Bedrock takes, inputs that are objects.
fn calls(request: &mut Request, notes: &mut Vec<String>) {
    let mut ids: HashMap<String, String> = HashMap::new();
    let mut changed = false;
    for block in request.turns.iter_mut().flat_map(|turn| &mut turn.blocks) {
        let id = block.tool_use().map(|(id, _)| id).or_else(|| block.tool_result());
        if let Some(id) = id.filter(|id| !is_id(id)).map(str::to_owned) {
            let next = ids.len() + 1;
            let fitting = ids.entry(id).or_insert_with(|| format!("call-{next}")).clone();
            block.set_tool_id(&fitting);
            changed = true;
        }
        changed |= contents(block);
    }
    if changed {
        notes.push(
            "calls of tools and their results are rewritten: Bedrock wants plain IDs and objects"
                .to_owned(),
        );
    }
}

fn is_id(id: &str) -> bool {
    let allowed =
        |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'_' | b'-' | b'.' | b':');
    (1..=LONGEST).contains(&id.len()) && id.bytes().all(allowed)
}

/// The input of a call, and the parts of a result; says whether something was changed.
fn contents(block: &mut Block) -> bool {
    let mut changed = false;
    match block {
        Block::ToolUse { input, .. } => changed |= to_object(input),
        Block::Native(value) => {
            if let Some(call) = value.get_mut("toolUse").and_then(Value::as_object_mut) {
                changed |= to_object(call.entry("input").or_insert(Value::Null));
            }
            if let Some(Value::Array(parts)) = value.pointer_mut("/toolResult/content") {
                for part in parts {
                    if let Some(json) = part.get_mut("json").filter(|json| !json.is_object()) {
                        *json = json!({ "result": json.take() });
                        changed = true;
                    }
                }
            }
        }
        _ => {}
    }
    changed
}

fn to_object(input: &mut Value) -> bool {
    if input.is_object() {
        return false;
    }
    let read =
        input.as_str().and_then(|text| serde_json::from_str(text).ok()).filter(Value::is_object);
    *input = read.unwrap_or_else(|| {
        if input.is_null() || input == "" { json!({}) } else { json!({ "input": input.take() }) }
    });
    true
}

#[cfg(test)]
mod tests {
    use super::super::super::{Role, Turn};
    use super::*;

    fn function(name: &str) -> Tool {
        Tool::Function {
            name: name.to_owned(),
            description: None,
            schema: json!({"type": "object", "properties": {}}),
            strict: None,
        }
    }

    fn mended(tools: Vec<Tool>) -> Result<(Request, Vec<String>), String> {
        let mut request = Request { tools, ..Request::new("hi") };
        let mut notes = Vec::new();
        mend(&mut request, &mut notes).map(|()| (request, notes))
    }

    #[test]
    fn names_are_plain_short_and_different_and_known_again() {
        let long = "mcp__".to_owned() + &"server_".repeat(12);
        let (request, notes) =
            mended(vec![function("list.files"), function("list_files"), function(&long)])
                .expect("tools");
        let names: Vec<&str> = request.tools.iter().filter_map(Tool::name).collect();
        assert_eq!(names[..2], ["list_files-2", "list_files"]);
        assert!(names.iter().all(|name| fits(name)) && notes.len() == 2);
        assert_eq!(request.renamed["list_files-2"], "list.files");
        assert_eq!(request.renamed[names[2]], long);
    }

    #[test]
    fn twice_the_same_is_once_and_two_of_a_name_are_refused() {
        let (request, notes) = mended(vec![function("a"), function("a")]).expect("a tool");
        assert_eq!((request.tools.len(), notes.len()), (1, 1));
        let mut other = function("a");
        if let Tool::Function { description, .. } = &mut other {
            *description = Some("other".to_owned());
        }
        assert!(mended(vec![function("a"), other]).is_err_and(|why| why.contains("`a`")));
    }

    #[test]
    fn empty_descriptions_go_and_schemas_that_cannot_be_are_refused_by_name() {
        let tool = |schema| Tool::Function {
            name: "g".into(),
            description: Some(" ".into()),
            schema,
            strict: None,
        };
        let (request, notes) = mended(vec![tool(json!({"type": "dict"}))]).expect("a tool");
        assert!(
            matches!(&request.tools[0], Tool::Function { description: None, schema, .. } if schema["type"] == "object")
        );
        assert_eq!(notes.len(), 2);
        assert!(
            mended(vec![tool(json!({"type": "string"}))]).is_err_and(|why| why.contains("`g`"))
        );
    }

    #[test]
    fn calls_in_the_conversation_bring_their_tools() {
        let call = Block::Native(
            json!({"toolUse": {"toolUseId": "call|1", "name": "fs.ls", "input": "{\"a\": 1}"}}),
        );
        let answer = Block::Native(
            json!({"toolResult": {"toolUseId": "call|1", "content": [{"json": [1]}]}}),
        );
        let mut request = Request::new("list");
        request.turns.push(Turn { role: Role::Assistant, blocks: vec![call] });
        request.turns.push(Turn { role: Role::User, blocks: vec![answer] });
        mend(&mut request, &mut Vec::new()).expect("a conversation");
        assert_eq!(request.tools[0].name(), Some("fs_ls"));
        assert_eq!(request.turns[1].blocks[0].tool_use(), Some(("call-1", "fs_ls")));
        assert_eq!(request.turns[2].blocks[0].tool_result(), Some("call-1"));
        let Block::Native(answer) = &request.turns[2].blocks[0] else { panic!("a result") };
        assert_eq!(answer.pointer("/toolResult/content/0/json/result/0"), Some(&json!(1)));
    }

    #[test]
    fn a_tool_that_must_be_called_is_there() {
        let mut request = Request { tools: vec![function("a.b")], ..Request::new("hi") };
        request.tool_choice = Some(json!({"tool": {"name": "a.b"}}));
        mend(&mut request, &mut Vec::new()).expect("a tool");
        assert_eq!(request.tool_choice, Some(json!({"tool": {"name": "a_b"}})));
        request.tool_choice = Some(json!({"tool": {"name": "z"}}));
        assert!(mend(&mut request, &mut Vec::new()).is_err_and(|why| why.contains("`z`")));
        request.tool_choice = Some(json!({"none": {}}));
        mend(&mut request, &mut Vec::new()).expect("a prompt");
        assert!(request.tools.is_empty() && request.tool_choice.is_none());
    }
}
