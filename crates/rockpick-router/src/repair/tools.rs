//! What some models refuse of tools.

use serde_json::Value;

use super::super::Tool;
use super::super::lesson::Parameter;
use super::Fitting;
use rockpick_core::catalog::Quirk;

/// The longest name of a property.
const LONGEST: usize = 64;

impl Fitting<'_> {
    pub(super) fn tools(&mut self) -> Result<(), String> {
        if self.has(Quirk::PropertyNames) {
            self.property_names()?;
        }
        if self.has(Quirk::ForcedTool) && self.request.forces_a_tool() {
            Parameter::ToolChoice.remove_from(&mut self.request);
            self.note("whether it calls a tool is left to the model", "cannot be made to");
        }
        Ok(())
    }

    fn property_names(&self) -> Result<(), String> {
        for tool in &self.request.tools {
            let Tool::Function { name, schema, .. } = tool else { continue };
            let properties = schema.get("properties").and_then(Value::as_object);
            if let Some(odd) =
                properties.into_iter().flatten().map(|(key, _)| key).find(|key| !fits(key))
            {
                let signs = "letters, digits, `_`, `.` and `-`";
                return Err(format!(
                    "takes properties of {signs} only, and the tool `{name}` has `{odd}`"
                ));
            }
        }
        Ok(())
    }
}

fn fits(key: &str) -> bool {
    let allowed = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'_' | b'.' | b'-');
    (1..=LONGEST).contains(&key.len()) && key.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::{Facts, Request, fit};
    use super::*;
    use rockpick_core::catalog::QuirkSet;

    #[test]
    fn what_a_model_refuses_of_tools_is_left_to_it_or_named() {
        let schema = json!({"type": "object", "properties": {"größe": {"type": "string"}}});
        let tool = Tool::Function { name: "set".into(), description: None, schema, strict: None };
        let request = Request {
            tools: vec![tool],
            tool_choice: Some(json!({"any": {}})),
            ..Request::new("hi")
        };
        let with =
            |quirk| fit(&request, &Facts { quirks: QuirkSet::only(quirk), ..Facts::default() });
        assert!(
            with(Quirk::PropertyNames)
                .is_err_and(|why| why.contains("`set`") && why.contains("`größe`"))
        );
        let (fitted, repairs) = with(Quirk::ForcedTool).expect("it fits");
        assert!(fitted.tool_choice.is_none() && repairs.len() == 1);
    }
}
