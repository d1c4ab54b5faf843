//! Showing mistakes as a compiler does: code, place, the line with a caret, the fix as a patch. And as JSON.

use std::collections::HashMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};
use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Severity};
use crate::source::RuleFile;

/// Longer lines are not shown, only named.
const LONGEST_LINE: usize = 4_096;

/// The texts that places refer to, by the names that diagnostics use.
#[derive(Clone, Debug, Default)]
pub struct Texts<'a>(HashMap<&'a str, &'a str>);

impl<'a> Texts<'a> {
    /// The texts of some files.
    pub fn of(files: impl IntoIterator<Item = &'a RuleFile>) -> Self {
        Self(files.into_iter().flat_map(RuleFile::texts).collect())
    }

    fn excerpt(&self, place: &Place) -> Option<Excerpt<'a>> {
        self.0.get(place.file.as_str()).map(|text| Excerpt::new(text, &place.span))
    }
}

/// The line of a text in which a span begins.
struct Excerpt<'a> {
    line: &'a str,
    /// Counted from 1.
    number: usize,
    /// The part of the span that is in the line.
    span: Range<usize>,
    /// Whether that is all of it.
    whole: bool,
}

impl<'a> Excerpt<'a> {
    /// Any span will do: it is cut to the text, to its line and to whole characters.
    fn new(text: &'a str, span: &Range<usize>) -> Self {
        let start = text.floor_char_boundary(span.start);
        let end = text.ceil_char_boundary(span.end.max(start));
        let begin = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let until = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let until =
            if text[begin..until].ends_with('\r') && start < until { until - 1 } else { until };
        Self {
            line: &text[begin..until],
            number: 1 + text[..begin].matches('\n').count(),
            span: start - begin..end.min(until).max(start) - begin,
            whole: end <= until,
        }
    }

    /// Counted in characters from 1.
    fn column(&self) -> usize {
        1 + self.line[..self.span.start].chars().count()
    }

    fn is_short(&self) -> bool {
        self.line.len() <= LONGEST_LINE
    }
}

/// Shows mistakes as a compiler does, with color when `styled`.
#[must_use]
pub fn text(diagnostics: &Diagnostics, texts: &Texts<'_>, styled: bool) -> String {
    let renderer = if styled { Renderer::styled() } else { Renderer::plain() };
    let mut all = String::new();
    for diagnostic in &diagnostics.0 {
        all.push_str(&renderer.render(&report(diagnostic, texts)));
        all.push_str("\n\n");
    }
    all
}

fn report<'a>(diagnostic: &'a Diagnostic, texts: &Texts<'a>) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.name())
        .elements(Vec::<Snippet<'_, Patch<'_>>>::new());
    let excerpt = diagnostic
        .place
        .as_ref()
        .and_then(|place| texts.excerpt(place).map(|excerpt| (place, excerpt)));
    group = match (&excerpt, &diagnostic.place) {
        (Some((place, excerpt)), _) => shown(group, place, excerpt, AnnotationKind::Primary, None),
        (None, Some(place)) => group.element(Origin::path(place.file.as_str())),
        (None, None) => group,
    };
    if let Some((place, label)) = &diagnostic.related
        && let Some(excerpt) = texts.excerpt(place)
    {
        group = shown(group, place, &excerpt, AnnotationKind::Context, Some(label));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    let mut report = vec![group];
    if let (Some(replacement), Some((_, excerpt))) = (&diagnostic.replacement, &excerpt)
        && excerpt.whole
        && excerpt.is_short()
    {
        let patch = Patch::new(excerpt.span.clone(), replacement.as_str());
        let snippet = Snippet::source(excerpt.line).line_start(excerpt.number).patch(patch);
        report.push(Level::HELP.secondary_title("this may be meant").element(snippet));
    }
    report
}

fn shown<'a>(
    group: Group<'a>,
    place: &'a Place,
    excerpt: &Excerpt<'a>,
    kind: AnnotationKind,
    label: Option<&'a str>,
) -> Group<'a> {
    if !excerpt.is_short() {
        return group.element(
            Origin::path(place.file.as_str()).line(excerpt.number).char_column(excerpt.column()),
        );
    }
    let annotation = kind.span(excerpt.span.clone()).label(label);
    group.element(
        Snippet::source(excerpt.line)
            .line_start(excerpt.number)
            .path(place.file.as_str())
            .annotation(annotation),
    )
}

/// One object for each mistake, with line and column counted from 1.
#[must_use]
pub fn json(diagnostics: &Diagnostics, texts: &Texts<'_>) -> Vec<Value> {
    let object = |diagnostic: &Diagnostic| {
        json!({
            "code": diagnostic.code,
            "severity": diagnostic.severity,
            "message": diagnostic.message,
            "place": diagnostic.place.as_ref().map(|place| located(place, texts)),
            "replacement": diagnostic.replacement,
            "related": diagnostic.related.as_ref().map(|(place, text)| json!({ "place": located(place, texts), "text": text })),
            "help": diagnostic.help,
        })
    };
    diagnostics.0.iter().map(object).collect()
}

fn located(place: &Place, texts: &Texts<'_>) -> Value {
    let excerpt = texts.excerpt(place);
    json!({
        "file": place.file,
        "line": excerpt.as_ref().map(|excerpt| excerpt.number),
        "column": excerpt.as_ref().map(Excerpt::column),
        "bytes": [place.span.start, place.span.end],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn rendered(source: &str, span: Range<usize>, replacement: Option<&str>) -> String {
        let file = RuleFile::new("a.toml", "a.toml", source);
        let place = Place { file: "a.toml".to_owned(), span };
        let diagnostic = Diagnostic::error(Code::UnknownKey, "no such key")
            .at(place)
            .replace_with(replacement.map(str::to_owned));
        text(&Diagnostics(vec![diagnostic]), &Texts::of([&file]), false)
    }

    #[test]
    fn a_mistake_looks_as_a_compiler_shows_it() {
        insta::assert_snapshot!(rendered("title = 1\nabuot = 2\n", 10..15, Some("about")));
    }

    #[test]
    fn no_span_is_too_weird() {
        let sources = ["", "\n", "\r\n", "a\r\nb", "ñ\u{1}\u{202e}é\t\u{0}漢字\n\n", "x"];
        for source in sources {
            for start in 0..source.len() + 3 {
                for end in [0, start, start + 1, start + 2, usize::MAX] {
                    assert!(rendered(source, start..end, Some("né\nw")).contains("no such key"));
                }
            }
        }
        let backwards = Range { start: usize::MAX, end: 0 };
        assert!(rendered("x", backwards, Some("")).contains("no such key"));
    }

    #[test]
    fn a_line_of_a_megabyte_is_named_but_not_shown() {
        let long = "x = ".to_owned() + &"a".repeat(1 << 20);
        let text = rendered(&long, 4..9, Some("y"));
        assert!(text.contains("a.toml:1:5") && text.len() < 200, "{text}");
    }
}
