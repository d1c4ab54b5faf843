//! Parameters near a mention that its model, or the one that follows it, refuses.

use rockpick_core::catalog::{Catalog, Quirk};
use rockpick_core::task::ModelIndex;

use crate::context::flat;
use crate::lines::Lines;
use crate::mention::Mention;
use crate::words::PARAMETERS;

/// How many lines of a call are looked through on each side.
const NEAR: usize = 25;

/// What a call near a mention sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    /// As the catalog names them, with the name that people know.
    parameters: Vec<(&'static str, &'static str)>,
    budget: bool,
    prefill: bool,
}

/// What the call around a mention sends: what is indented at least as far, up to an empty line or the end of the block.
pub(crate) fn near(lines: &Lines<'_>, mention: &Mention) -> Sent {
    let line = lines.at(mention.start);
    let Some(own) = lines.indent(line).filter(|own| *own > 0) else {
        let beside = [lines.before(mention.start), lines.after(mention.start)];
        return read(&beside.concat());
    };
    let inside = |at: &usize| lines.indent(*at).is_some_and(|indent| indent >= own);
    let begins = |at: usize| lines.is_item(at) && lines.indent(at) == Some(own);
    let mut text = String::new();
    let mut first = line;
    while first > 0 && line - first < NEAR && !begins(first) && inside(&(first - 1)) {
        first -= 1;
    }
    for at in first..lines.len().min(line + NEAR) {
        if at > line && (!inside(&at) || begins(at)) {
            break;
        }
        text.push_str(lines.get(at));
        text.push('\n');
    }
    read(&text)
}

fn read(text: &str) -> Sent {
    let flat = flat(text);
    let named = |name: &str| {
        flat.match_indices(name).any(|(at, _)| {
            let free = !flat[..at].ends_with(|sign: char| sign.is_ascii_alphanumeric());
            let rest = flat[at + name.len()..].trim_start_matches(['"', '\'', '\\']).trim_start();
            free && (rest.starts_with(':') || (rest.starts_with('=') && !rest.starts_with("==")))
        })
    };
    let parameters =
        PARAMETERS.iter().filter(|(name, ..)| named(name)).map(|(_, own, shown)| (*own, *shown));
    Sent {
        parameters: parameters.collect(),
        budget: named("budgettokens"),
        prefill: prefills(&flat),
    }
}

/// Whether the last turn is the model's own.
fn prefills(flat: &str) -> bool {
    let Some(last) = flat.rfind("\"role\"").or_else(|| flat.rfind("'role'")) else { return false };
    let value = flat[last + 6..].trim_start().trim_start_matches(':').trim_start();
    flat.contains("messages")
        && (value.starts_with("\"assistant\"") || value.starts_with("'assistant'"))
}

/// What of it a model refuses.
pub(crate) fn refused(catalog: &Catalog, model: ModelIndex, sent: &Sent) -> Vec<&'static str> {
    let model = catalog.model(model);
    let refuses = |name: &str| model.contract.refuses.iter().any(|own| own == name);
    let mut all: Vec<&'static str> =
        sent.parameters.iter().filter(|(name, _)| refuses(name)).map(|(_, shown)| *shown).collect();
    let fields = catalog.thinking_fields(&model.id).and_then(|own| own.fields.as_deref());
    let adaptive =
        fields.is_some_and(|fields| fields.contains("thinking") && !fields.contains("BUDGET"));
    if sent.budget && adaptive && !model.contract.refuses.is_empty() {
        all.push("budget_tokens");
    }
    if sent.prefill && catalog.quirks(&model.id).contains(Quirk::Prefill) {
        all.push("prefill");
    }
    all
}
