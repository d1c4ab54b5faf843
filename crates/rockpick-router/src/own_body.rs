//! What a model's own body has no place for is not sent, and that is said.

use super::lesson::Parameter;
use super::{Block, Request};
use rockpick_core::catalog::{Form, Talk};

/// Fields of Converse that reach InvokeModel as well: in the body, or in headers.
const CARRIED: [&str; 6] = [
    "additionalModelRequestFields",
    "guardrailConfig",
    "outputConfig",
    "performanceConfig",
    "requestMetadata",
    "serviceTier",
];

/// Takes out of a request what a form has no place for; gives what that was, in words.
pub(super) fn leave_out(request: &mut Request, form: &Form) -> Vec<String> {
    let mut left = Vec::new();
    if !request.tools.is_empty() && !form.has_place("TOOLS") {
        request.tools.clear();
        request.tool_choice = None;
        left.push("the tools are not sent".to_owned());
    }
    for parameter in Parameter::ALL {
        // A provider's own field stands in its own body anyway.
        let own = *parameter == Parameter::TopK;
        if !own && parameter.is_in(request) && !form.has_place(parameter.place()) {
            parameter.remove_from(request);
            left.push(format!("{parameter} is not sent"));
        }
    }
    if !form.has_place("SCHEMA") {
        let other = request.extra.shift_remove("outputConfig").is_some();
        if request.schema.take().is_some() || other {
            left.push("the JSON schema is not sent".to_owned());
        }
    }
    request.extra.retain(|field, _| {
        let carried = CARRIED.contains(&field.as_str());
        if !carried {
            left.push(format!("`{field}` is not sent"));
        }
        carried
    });
    if let Some(talk) = &form.talk {
        left.extend(blocks(request, talk));
    }
    left
}

/// Takes out the blocks that are not taken, kind by kind.
fn blocks(request: &mut Request, talk: &Talk) -> Vec<String> {
    let mut gone: Vec<(String, usize)> = Vec::new();
    let mut stays = |block: &Block| {
        let taken = talk.takes(block.name()) && (talk.takes_places() || !block.is_elsewhere());
        if !taken {
            match gone.iter_mut().find(|(name, _)| name == block.name()) {
                Some((_, count)) => *count += 1,
                None => gone.push((block.name().to_owned(), 1)),
            }
        }
        taken
    };
    request.system.retain(&mut stays);
    for turn in &mut request.turns {
        turn.blocks.retain(&mut stays);
    }
    let told = |(name, count): (String, usize)| match count {
        1 => format!("a block `{name}` is not sent"),
        _ => format!("{count} blocks `{name}` are not sent"),
    };
    gone.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::{Facts, Life, Role, Schema, Tool, Turn, fit};

    fn form(id: &str) -> Form {
        rockpick_knowledge::bundled()
            .catalog
            .form(id)
            .unwrap_or_else(|| panic!("no form for {id}"))
            .clone()
    }

    fn full() -> Request {
        let picture =
            Block::Native(json!({"image": {"format": "png", "source": {"bytes": "AA=="}}}));
        Request {
            system: vec![Block::Text("be brief".into()), Block::CachePoint(Life::Minutes)],
            turns: vec![Turn { role: Role::User, blocks: vec![picture, Block::Text("hi".into())] }],
            tools: vec![Tool::Function {
                name: "add".into(),
                description: None,
                schema: json!({}),
                strict: None,
            }],
            tool_choice: Some(json!({"any": {}})),
            temperature: Some(0.5),
            stop: vec!["|".into()],
            schema: Some(Schema { name: "answer".into(), json: json!({}) }),
            extra: Map::from_iter([
                ("promptVariables".to_owned(), json!({})),
                ("serviceTier".to_owned(), json!({"type": "flex"})),
            ]),
            ..Request::default()
        }
    }

    #[test]
    fn what_has_no_place_goes_and_is_said() {
        let form = form("meta.llama3-8b-instruct-v1:0");
        let mut request = full();
        let left = leave_out(&mut request, &form);
        let told = [
            "the tools are not sent",
            "stop is not sent",
            "the JSON schema is not sent",
            "`promptVariables` is not sent",
            "a block `cachePoint` is not sent",
            "a block `image` is not sent",
        ];
        assert_eq!(left, told);
        assert!(
            request.tools.is_empty()
                && request.tool_choice.is_none()
                && request.schema.is_none()
                && request.system.len() == 1
        );
        assert_eq!(
            (request.temperature, request.extra.len(), request.turns[0].blocks.len()),
            (Some(0.5), 1, 1)
        );
    }

    #[test]
    fn what_has_a_place_stays() {
        let mut request = full();
        let left = leave_out(&mut request, &form("anthropic.claude-v2"));
        assert_eq!(left, ["`promptVariables` is not sent"]);
        assert!(
            request.schema.is_some()
                && request.system.len() == 2
                && request.turns[0].blocks.len() == 2
        );
    }

    #[test]
    fn a_system_prompt_without_a_place_stands_in_the_first_turn() {
        let form = form("mistral.mistral-7b-instruct-v0:2");
        let (request, repairs) =
            fit(&full(), &Facts { form: Some(&form), ..Facts::default() }).expect("it fits");
        assert!(
            request.system.is_empty()
                && request.turns[0].blocks[0] == Block::Text("be brief".into())
        );
        assert!(repairs.iter().any(|repair| {
            repair.to_string().contains("the system prompt stands in the first turn")
        }));
        assert_eq!(request.form, Some(form));
    }
}
