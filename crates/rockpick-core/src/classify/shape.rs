//! Marks of a text as a whole: how long it is, how it is laid out, which signs it holds.

use crate::text::Text;

/// So much of a text is looked at, in bytes: what is asked and how it is laid out shows early.
const LOOKED_AT: usize = 4096;

/// Counts of what a text holds.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    bytes: usize,
    lines: usize,
    /// Lines that begin with a name and a colon, as a dialogue has them.
    turns: usize,
    /// Lines that begin with a bullet, a number or a letter and a bracket.
    items: usize,
    questions: usize,
    digits: usize,
    /// Runs of digits.
    numbers: usize,
    code: usize,
    formula: usize,
    quotes: usize,
    ends: usize,
    commas: usize,
    /// Lines as programs have them: they end in `;`, `{`, `}` or `):`, or they begin with `>>>` or a fence.
    statements: usize,
}

/// Calls `use_mark` with the name of every mark.
pub(super) fn each(text: &Text<'_>, mut use_mark: impl FnMut(&'static str)) {
    let source = text.source().trim();
    let counts = count(source);
    let words = text.len();
    use_mark(length(words));
    if counts.lines > 1 {
        use_mark(if counts.lines > 8 { "many lines" } else { "lines" });
    }
    if words > 80 {
        use_mark(if counts.lines > 1 { "long lines" } else { "long line" });
    }
    let marks = [
        (counts.questions > 0, "question"),
        (source.ends_with('?') || source.ends_with('？'), "ends asking"),
        (source.ends_with(':'), "ends in colon"),
        (!source.ends_with(['.', '?', '!', ':', '。', '？']), "ends open"),
        (words > 10 && counts.ends == 0, "one sentence"),
        (counts.turns > 2, "dialogue"),
        (counts.items > 1, "list"),
        (counts.code * 16 > counts.bytes && counts.code > 3, "code"),
        (counts.code * 50 > counts.bytes && counts.code > 3, "some code"),
        (counts.statements > 0, "statement"),
        (counts.statements > 2, "statements"),
        (counts.numbers > 1 && words < 120, "two numbers"),
        (counts.numbers > 2 && words < 120, "some numbers"),
        (counts.formula > 2, "formula"),
        (counts.digits > 0, "digit"),
        (counts.digits > 4 && counts.digits * 40 > counts.bytes, "digits"),
        (counts.quotes > 1, "quotes"),
        (counts.commas > 2 && counts.commas * 30 > counts.bytes, "enumeration"),
    ];
    for (_, mark) in marks.into_iter().filter(|(holds, _)| *holds) {
        use_mark(mark);
    }
}

fn length(words: usize) -> &'static str {
    match words {
        0..=3 => "3 words",
        4..=6 => "6 words",
        7..=12 => "12 words",
        13..=25 => "25 words",
        26..=50 => "50 words",
        51..=100 => "100 words",
        101..=250 => "250 words",
        _ => "more words",
    }
}

fn count(source: &str) -> Counts {
    let looked_at = &source.as_bytes()[..source.len().min(LOOKED_AT)];
    let mut counts = Counts { bytes: looked_at.len(), ..Counts::default() };
    for line in looked_at.split(|byte| *byte == b'\n') {
        counts.lines += 1;
        counts.turns += usize::from(is_turn(line));
        counts.items += usize::from(is_item(line));
        counts.statements += usize::from(is_statement(line));
    }
    let mut before = b' ';
    for byte in looked_at {
        match byte {
            b'?' => counts.questions += 1,
            b'0'..=b'9' => {
                counts.digits += 1;
                counts.numbers +=
                    usize::from(!before.is_ascii_alphanumeric() && !matches!(before, b'.' | b','));
            }
            b'{' | b'}' | b';' | b'=' | b'<' | b'>' | b'[' | b']' | b'_' | b'(' | b')' => {
                counts.code += 1;
            }
            b'\\' | b'$' | b'^' | b'+' => counts.formula += 1,
            b'"' | b'`' => counts.quotes += 1,
            b'.' | b'!' => counts.ends += 1,
            b',' => counts.commas += 1,
            _ => {}
        }
        before = *byte;
    }
    counts
}

/// `Ana: hello`, `#Person1#: hello`.
fn is_turn(line: &[u8]) -> bool {
    let beginning = &line[..line.len().min(24)];
    beginning
        .iter()
        .position(|byte| *byte == b':')
        .is_some_and(|colon| colon > 0 && colon + 2 < line.len())
}

/// `- milk`, `2. milk`, `B) milk`.
fn is_item(line: &[u8]) -> bool {
    match line.trim_ascii_start() {
        [b'-' | b'*', b' ', ..] => true,
        [first, b')' | b'.', b' ', ..] => first.is_ascii_alphanumeric(),
        _ => false,
    }
}

/// `return x;`, `def f(x):`, `>>> f(1)`.
fn is_statement(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let ends = [&b";"[..], b"{", b"}", b"):", b"]:", b")", b"\"\"\"", b"'''"];
    let starts = [&b">>>"[..], b"```", b"#include", b"import ", b"</"];
    starts.iter().any(|start| line.starts_with(start))
        || (line.len() > 1 && ends[..5].iter().any(|end| line.ends_with(end)))
        || ends[6..].iter().any(|end| line.ends_with(end))
}
