//! Changes to a text: only the IDs, nothing around them.

use std::ops::Range;

/// The bytes with some ranges replaced. Ranges that overlap an earlier one, or lie outside, are left out.
#[must_use]
pub fn apply(bytes: &[u8], changes: &[(Range<usize>, String)]) -> Vec<u8> {
    let mut sorted: Vec<_> = changes.iter().collect();
    sorted.sort_by_key(|(range, _)| range.start);
    let mut out = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for (range, text) in sorted {
        if range.start < at || range.start > range.end || range.end > bytes.len() {
            continue;
        }
        out.extend_from_slice(&bytes[at..range.start]);
        out.extend_from_slice(text.as_bytes());
        at = range.end;
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

#[cfg(test)]
mod tests {
    use super::apply;

    #[test]
    fn only_the_ranges_change() {
        let changes = [(4..7, "x".to_owned()), (0..1, "yy".to_owned()), (5..6, "z".to_owned())];
        assert_eq!(apply(b"abc def\r\n", &changes), b"yybc x\r\n");
        assert_eq!(apply(b"ab", &[(1..9, "x".to_owned())]), b"ab");
    }
}
