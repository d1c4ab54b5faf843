//! What holds when a category's file does not say: a file with a few examples is a category already.

use crate::catalog::Usage;
use crate::rules::Requires;
use crate::rules::schema::{RequiresEntry, TokensEntry};
use crate::task::{Kind, Modality};

/// A page or two in, a page out.
const TOKENS: (u64, u64) = (1_000, 500);

/// `support-tickets` becomes "Support tickets".
pub(super) fn title(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(char::to_uppercase);
    let rest: String = letters.map(|letter| if letter == '-' { ' ' } else { letter }).collect();
    first.into_iter().flatten().collect::<String>() + &rest
}

/// Without a kind and an output, a model that writes text is meant.
pub(super) fn requires(entry: &RequiresEntry) -> Requires {
    let silent = entry.kind.is_none() && entry.output.is_empty();
    let mut requires = Requires {
        kind: entry.kind,
        input: entry.input.iter().copied().collect(),
        output: entry.output.iter().copied().collect(),
        context: entry.context.as_ref().map(|context| *context.get_ref()),
        features: entry.features.iter().copied().collect(),
    };
    if silent {
        requires.kind = Some(Kind::Text);
        requires.output.insert(Modality::Text);
        if requires.input.is_empty() {
            requires.input.insert(Modality::Text);
        }
    }
    requires
}

pub(super) fn usage(entry: TokensEntry) -> Usage {
    let TokensEntry { input, output, images, seconds, queries, thinking: _ } = entry;
    if [input, output, images, seconds, queries] == [0; 5] {
        return Usage { input: TOKENS.0, output: TOKENS.1, ..Usage::default() };
    }
    Usage { input, output, images, seconds, queries, ..Usage::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_title() {
        assert_eq!(title("support-tickets"), "Support tickets");
        assert_eq!(title("ñandú"), "Ñandú");
        assert_eq!(title(""), "");
    }

    #[test]
    fn a_file_that_demands_nothing_wants_a_model_that_writes() {
        let requires = requires(&RequiresEntry::default());
        assert_eq!(requires.kind, Some(Kind::Text));
        assert!(requires.output.contains(Modality::Text));
    }
}
