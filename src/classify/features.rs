//! What a text looks like to the classifier: hashed words, pairs of words and pieces of words.

use crate::text::Text;

/// How many different features there are; a power of two.
pub(super) const BUCKETS: usize = 1 << 15;

/// Long texts are read from both ends: what is asked stands at the beginning or at the end.
const HEAD_WORDS: usize = 160;
const TAIL_WORDS: usize = 60;
/// Pieces of words have these lengths, in bytes of the folded word with its two edges.
const PIECES: std::ops::RangeInclusive<usize> = 4..=5;

/// Calls `use_feature` with every feature of the text and the word it comes from.
pub(super) fn each(text: &Text<'_>, mut use_feature: impl FnMut(usize, usize)) {
    let count = text.len();
    let mut before = hash(b"^", 0);
    let mut padded = Vec::with_capacity(24);
    for at in 0..count {
        if count > HEAD_WORDS + TAIL_WORDS && at >= HEAD_WORDS && at < count - TAIL_WORDS {
            before = hash(b"^", 0);
            continue;
        }
        let word = text.word(at);
        let own = hash(word.as_bytes(), 1);
        use_feature(own as usize & (BUCKETS - 1), at);
        use_feature((own ^ before.rotate_left(21)).wrapping_mul(MIX) as usize >> 7 & (BUCKETS - 1), at);
        before = own;
        padded.clear();
        padded.push(b'<');
        padded.extend_from_slice(word.as_bytes());
        padded.push(b'>');
        for length in PIECES {
            for piece in padded.windows(length) {
                use_feature(hash(piece, 2) as usize & (BUCKETS - 1), at);
            }
        }
    }
    for shape in shapes(text) {
        use_feature(hash(shape.as_bytes(), 3) as usize & (BUCKETS - 1), usize::MAX);
    }
}

/// Marks of a text as a whole.
fn shapes(text: &Text<'_>) -> impl Iterator<Item = &'static str> {
    let source = text.source();
    let beginning = &source.as_bytes()[..source.len().min(4096)];
    let count = |wanted: &[u8]| beginning.iter().filter(|byte| wanted.contains(byte)).count();
    let code = count(b"{};=<>()[]_") * 12 > beginning.len();
    [
        (count(b"\n") > 2, "lines"),
        (count(b"?") > 0, "question"),
        (code, "code"),
        (text.len() < 6, "short"),
        (text.len() > 80, "long"),
        (count(b"0123456789") * 8 > beginning.len(), "digits"),
    ]
    .into_iter()
    .filter_map(|(holds, shape)| holds.then_some(shape))
}

const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

fn hash(bytes: &[u8], kind: u64) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ kind.wrapping_mul(MIX);
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let hash = (hash ^ (hash >> 32)).wrapping_mul(MIX);
    hash ^ (hash >> 29)
}
