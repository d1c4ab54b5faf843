//! Labeled sentences: `runs in {place:call|Dublin}`.

use std::ops::Range;

use super::role::LABELS;

/// A sentence without its marks, and the spans that they stood around.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labeled {
    /// The category of the need; empty when it tells none.
    pub category: String,
    pub text: String,
    pub labels: Vec<Label>,
}

/// A span with its kind and its role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub kind: String,
    pub role: String,
    /// In bytes of the text.
    pub span: Range<usize>,
}

/// Takes the marks out of a sentence; `Err` says which mark is wrong.
pub(crate) fn parse(marked: &str) -> Result<Labeled, String> {
    let mut labeled = Labeled::default();
    let mut rest = marked;
    while let Some((before, mark)) = rest.split_once('{') {
        labeled.text.push_str(before);
        let (mark, after) = mark.split_once('}').ok_or("a \"{\" has no \"}\"")?;
        let (label, said) =
            mark.split_once('|').ok_or_else(|| format!("\"{mark}\" has no \"|\""))?;
        let (kind, role) =
            label.split_once(':').ok_or_else(|| format!("\"{label}\" is not kind:role"))?;
        let roles = LABELS.iter().find(|(known, _)| *known == kind).map(|(_, roles)| *roles);
        let roles = roles.ok_or_else(|| format!("there is no kind of mention `{kind}`"))?;
        if !roles.contains(&role) {
            return Err(format!("a {kind} has no role `{role}`: it has {}", roles.join(", ")));
        }
        let start = labeled.text.len();
        labeled.text.push_str(said);
        let span = start..labeled.text.len();
        labeled.labels.push(Label { kind: kind.to_owned(), role: role.to_owned(), span });
        rest = after;
    }
    labeled.text.push_str(rest);
    Ok(labeled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_spans_of_the_plain_text() {
        let labeled = parse("runs in {place:call|São Paulo}, {money:limit|$5 a day}").unwrap();
        assert_eq!(labeled.text, "runs in São Paulo, $5 a day");
        let said: Vec<_> =
            labeled.labels.iter().map(|label| &labeled.text[label.span.clone()]).collect();
        assert_eq!(said, ["São Paulo", "$5 a day"]);
        assert_eq!(
            (labeled.labels[0].kind.as_str(), labeled.labels[0].role.as_str()),
            ("place", "call")
        );
    }

    #[test]
    fn broken_marks_are_told() {
        for broken in [
            "{place:call|Rome",
            "{place|Rome}",
            "{place:call Rome}",
            "{city:call|Rome}",
            "{place:cal|Rome}",
        ] {
            assert!(parse(broken).is_err(), "{broken}");
        }
    }
}
