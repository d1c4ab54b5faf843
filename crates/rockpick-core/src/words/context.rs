//! What a mention's role is told by: the words around it by distance, clause and sentence, what else is near, and the mention itself.

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::mention::{Mention, Named, Value};
use super::role::Group;
use super::scan::Scan;

/// How far words are looked at, in words.
const REACH: usize = 10;
/// So near a word counts more.
const NEAR: usize = 5;
/// So near its distance counts as well.
const BESIDE: usize = 3;
/// Longer words also count by so many bytes at their beginning, which other forms of a word share.
const STEM: usize = 5;
/// So many bytes at the end of a mention's words count as well: "the cheapest", "baratito".
const ENDING: usize = 3;
/// How far words of the lexicon count, in words.
const LEXICON_REACH: usize = 6;
/// So many words of a mention count.
const OWN: usize = 6;
/// So many words of a text tell what it is about.
const MATTER: usize = 40;

/// How much features count.
const FULL: i32 = 10;
const SOME: i32 = 8;
const HALF: i32 = 6;
const LITTLE: i32 = 5;
/// The same for a feature that counts for all groups alike.
const SHARED: i32 = 7;

/// A text as the features of its mentions see it.
pub(super) struct Context<'c, 's, 't> {
    scan: &'c Scan<'s, 't>,
    mentions: &'c [Mention<'s>],
    words: Vec<u64>,
    stems: Vec<Option<u64>>,
    /// The number of its sentence for every word.
    sentences: Vec<u32>,
    /// The parts that words of the lexicon play anywhere in the text.
    roles: Roles,
    /// The group of the mention that a word is in.
    groups: Vec<Option<Group>>,
}

impl<'c, 's, 't> Context<'c, 's, 't> {
    pub(super) fn new(scan: &'c Scan<'s, 't>, mentions: &'c [Mention<'s>]) -> Self {
        let count = scan.text.len();
        let stem =
            |word: &str| Some(hash(word.as_bytes().get(..STEM)?)).filter(|_| word.len() > STEM);
        let mut groups = vec![None; count];
        for mention in mentions {
            groups[mention.words.clone()].fill(Some(mention.value.group()));
        }
        Self {
            words: scan.text.words().map(|word| hash(word.as_bytes())).collect(),
            stems: scan.text.words().map(stem).collect(),
            sentences: sentences(scan),
            roles: scan.hits.iter().map(|hit| hit.meaning.roles()).fold(Roles::NONE, Roles::or),
            groups,
            scan,
            mentions,
        }
    }

    /// Calls `use_feature` with the hash and the value of every feature of a mention.
    pub(super) fn each(&self, index: usize, mut use_feature: impl FnMut(u64, i32)) {
        let mention = &self.mentions[index];
        let group = mention.value.group();
        let (list, seed) = (self.list(index), mix(group as u64 + 1));
        let shared = mention.value.shares();
        let mut add = |tag: u64, detail: u64, value| {
            let feature = mix(tag.wrapping_mul(0x9e37_79b9) ^ detail);
            use_feature(mix(seed ^ feature), value);
            if let Some(common) = shared.filter(|_| tag::is_shared(tag)) {
                use_feature(mix(common ^ feature), value * SHARED / FULL);
            }
        };
        add(tag::BIAS, 0, FULL);
        add(tag::BIAS, mention.words.len().min(OWN) as u64, FULL);
        mention.value.each_mark(|mark, detail| add(tag::MARK + mark, detail, FULL));
        for word in mention.words.clone().take(OWN) {
            add(tag::OWN, self.words[word], FULL);
            if let Some(stem) = self.stems[word] {
                add(tag::STEM, stem, SOME);
            }
            let ending = self.scan.text.word(word).as_bytes();
            add(tag::ENDING, hash(&ending[ending.len().saturating_sub(ENDING)..]), HALF);
        }
        add(
            tag::LISTED,
            u64::from(list.start < mention.words.start) * 2
                + u64::from(list.end > mention.words.end),
            FULL,
        );
        add(tag::SIGN, sign(self.scan.gap(list.start).trim_end().chars().next_back()), FULL);
        add(tag::SIGN + 1, sign(self.scan.gap(list.end).trim_start().chars().next()), FULL);
        self.sides(group, &list, &mut add);
        self.pairs(group, &list, &mut add);
        self.lexicon(mention, &list, &mut add);
        self.others(index, &list, &mut add);
        if matches!(&mention.value, Value::Count(count) if count.size.is_some()) {
            self.matter(&mut add);
        }
        self.opening(&list, &mut add);
        self.codes(index, &mut add);
        let same = |mention: &&Mention<'_>| mention.value.group() == group;
        let before = self.mentions[..index].iter().filter(same).count();
        let all = before + self.mentions[index..].iter().filter(same).count();
        add(tag::COUNT, all.min(3) as u64 * 2 + u64::from(before == 0), FULL);
        add(tag::LENGTH, (self.words.len() as u64).ilog2().into(), FULL);
    }

    /// The words before and behind, with their distances.
    fn sides(&self, group: Group, list: &Range<usize>, add: &mut impl FnMut(u64, u64, i32)) {
        let mut parted = false;
        for distance in 1..=REACH {
            let Some(at) = list
                .start
                .checked_sub(distance)
                .filter(|at| self.sentences[*at] == self.sentences[list.start])
            else {
                if distance <= BESIDE {
                    add(tag::BEFORE + distance as u64, EDGE, FULL);
                }
                break;
            };
            parted |= self.scan.clause_ends(at + 1);
            self.side(group, at, distance, parted, tag::BEFORE, add);
        }
        let mut parted = false;
        for distance in 1..=REACH {
            let at = list.end + distance - 1;
            if at >= self.words.len() || self.sentences[at] != self.sentences[list.end - 1] {
                if distance <= BESIDE {
                    add(tag::BEHIND + distance as u64, EDGE, FULL);
                }
                break;
            }
            parted |= self.scan.clause_ends(at);
            self.side(group, at, distance, parted, tag::BEHIND, add);
        }
    }

    fn side(
        &self,
        group: Group,
        at: usize,
        distance: usize,
        parted: bool,
        side: u64,
        add: &mut impl FnMut(u64, u64, i32),
    ) {
        let (token, near) = (self.token(group, at), distance <= NEAR && !parted);
        if distance <= BESIDE && !parted {
            add(side + distance as u64, token, FULL);
        }
        add(side + if near { 8 } else { 9 }, token, if near { FULL } else { HALF });
        if let Some(stem) = self.stems[at].filter(|_| token == self.words[at]) {
            add(side + if near { 10 } else { 11 }, stem, if near { SOME } else { LITTLE });
        }
    }

    /// Words that stand side by side.
    fn pairs(&self, group: Group, list: &Range<usize>, add: &mut impl FnMut(u64, u64, i32)) {
        let before = |distance: usize| {
            let at = list
                .start
                .checked_sub(distance)
                .filter(|at| self.sentences[*at] == self.sentences[list.start]);
            at.map_or(EDGE, |at| self.token(group, at))
        };
        let behind = |distance: usize| {
            let at = list.end + distance;
            let inside =
                at < self.words.len() && self.sentences[at] == self.sentences[list.end - 1];
            if inside { self.token(group, at) } else { EDGE }
        };
        let pair = |one: u64, other: u64| mix(one ^ other.rotate_left(21));
        add(tag::PAIR, pair(before(2), before(1)), FULL);
        add(tag::PAIR + 1, pair(behind(0), behind(1)), FULL);
        add(tag::PAIR + 2, pair(before(1), behind(0)), FULL);
        add(tag::PAIR + 3, pair(before(3), before(2)), FULL);
        add(tag::PAIR + 4, pair(pair(before(3), before(2)), before(1)), FULL);
    }

    /// What the whole text is about: whether pages are read or written may be said far from them.
    fn matter(&self, add: &mut impl FnMut(u64, u64, i32)) {
        self.roles.each(|role| add(tag::MATTER, role.into(), LITTLE));
        for word in 0..self.words.len().min(MATTER) {
            add(tag::MATTER + 1, self.stems[word].unwrap_or(self.words[word]), LITTLE);
        }
    }

    /// How the sentence begins: "Old: …", "Former Region: …".
    fn opening(&self, list: &Range<usize>, add: &mut impl FnMut(u64, u64, i32)) {
        let own = self.sentences[list.start];
        let start = self.sentences.partition_point(|sentence| *sentence < own);
        for (place, word) in (0..).zip(start..(start + 2).min(list.start)) {
            add(tag::OPENING + place, self.stems[word].unwrap_or(self.words[word]), HALF);
        }
    }

    /// Whether another place is a Region's code, of the same Region or of others: a city beside one is rarely meant as one.
    fn codes(&self, index: usize, add: &mut impl FnMut(u64, u64, i32)) {
        let Value::Place(name) = &self.mentions[index].value else { return };
        let regions = |name: &Named| self.scan.place(name.place).callable;
        let (mut same, mut others) = (false, false);
        for (at, other) in self.mentions.iter().enumerate() {
            let Value::Place(other) = &other.value else { continue };
            if at == index || !other.certain {
                continue;
            }
            let alike = regions(other).is_within(regions(name));
            (same, others) = (same || alike, others || !alike);
        }
        let codes = u64::from(same) * 2 + u64::from(others);
        add(tag::CODES, codes, FULL);
        add(tag::CODES + 1, mix(codes) ^ (name.extent as u64 * 2 + u64::from(name.certain)), FULL);
    }

    /// What stands beside the mentions of the group before and behind: "we left Paris, all of it runs in Dublin".
    fn others(&self, index: usize, list: &Range<usize>, add: &mut impl FnMut(u64, u64, i32)) {
        let group = self.mentions[index].value.group();
        let same = |mention: &&Mention<'_>| mention.value.group() == group;
        let before = self.mentions[..index]
            .iter()
            .rev()
            .filter(|mention| mention.words.end <= list.start)
            .find(same);
        let behind = self.mentions[index + 1..]
            .iter()
            .filter(|mention| mention.words.start >= list.end)
            .find(same);
        for (place, other) in [(0, before), (4, behind)] {
            let Some(other) = other else { continue };
            let first = other.words.start;
            for distance in 1..=3usize {
                let Some(at) = first
                    .checked_sub(distance)
                    .filter(|at| self.sentences[*at] == self.sentences[first])
                else {
                    break;
                };
                add(tag::OTHER + place, self.token(group, at), HALF);
            }
            let at = other.words.end;
            if at < self.words.len() && self.sentences[at] == self.sentences[first] {
                add(tag::OTHER + place + 1, self.token(group, at), HALF);
            }
        }
    }

    /// What the lexicon knows of the words around.
    fn lexicon(
        &self,
        mention: &Mention<'_>,
        list: &Range<usize>,
        add: &mut impl FnMut(u64, u64, i32),
    ) {
        let first = list.start.saturating_sub(LEXICON_REACH + super::scan::LONGEST_PHRASE);
        for hit in self.scan.within(first..list.end + LEXICON_REACH) {
            let Meaning::Part(roles) = hit.meaning else { continue };
            let same = |at: usize| self.sentences[at] == self.sentences[list.start];
            let (place, value) = if hit.end == list.start {
                (0, FULL)
            } else if hit.first == list.end {
                (1, FULL)
            } else if hit.end <= list.start
                && list.start - hit.end <= LEXICON_REACH
                && same(hit.first)
            {
                (2, SOME)
            } else if hit.first >= list.end && same(hit.first) {
                (3, SOME)
            } else if hit.first >= mention.words.start && hit.end <= mention.words.end {
                (4, SOME)
            } else {
                continue;
            };
            roles.each(|role| add(tag::LEXICON + place, role.into(), value));
        }
    }

    /// A word, or the group of the mention of another group that it is in.
    fn token(&self, group: Group, at: usize) -> u64 {
        match self.groups[at] {
            Some(other) if other != group => mix(GROUPED ^ other as u64),
            _ => self.words[at],
        }
    }

    /// The words of the list that the mention is in: "Frankfurt, Dublin or Paris".
    fn list(&self, index: usize) -> Range<usize> {
        let mention = &self.mentions[index];
        let group = mention.value.group();
        let mut list = mention.words.clone();
        for before in self.mentions[..index].iter().rev() {
            if before.words.end > list.start {
                continue;
            }
            if before.value.group() != group || !self.joins(before.words.end, list.start) {
                break;
            }
            list.start = before.words.start;
        }
        for behind in &self.mentions[index + 1..] {
            if behind.words.start < list.end {
                continue;
            }
            if behind.value.group() != group || !self.joins(list.end, behind.words.start) {
                break;
            }
            list.end = behind.words.end;
        }
        list
    }

    /// Whether the mention continues a list.
    pub(super) fn follows(&self, index: usize) -> bool {
        self.list(index).start < self.mentions[index].words.start
    }

    /// Whether nothing but a comma or an "or" stands between.
    fn joins(&self, end: usize, first: usize) -> bool {
        if end == first {
            return matches!(self.scan.gap(first).trim(), "" | "," | "/" | "(" | "&" | "+" | "、");
        }
        end + 1 == first && self.scan.role_at(end, Roles::OR) == Some(first)
    }
}

fn sign(sign: Option<char>) -> u64 {
    sign.map_or(EDGE, |sign| u64::from(u32::from(sign)))
}

/// The number of its sentence for every word.
fn sentences(scan: &Scan<'_, '_>) -> Vec<u32> {
    let mut sentence = 0;
    let number = |index: usize| {
        let gap = scan.gap(index);
        let ends = gap.len() > 1
            && (gap.contains(['\n', '。', '！', '？'])
                || gap.char_indices().any(|(at, sign)| {
                    matches!(sign, '.' | '!' | '?' | ';')
                        && gap[at + 1..].starts_with(char::is_whitespace)
                }));
        sentence += u32::from(index > 0 && ends);
        sentence
    };
    (0..scan.text.len()).map(number).collect()
}

/// What features are told apart by.
mod tag {
    pub(super) const BIAS: u64 = 1;
    pub(super) const OWN: u64 = 2;
    pub(super) const LISTED: u64 = 3;
    pub(super) const SIGN: u64 = 4;
    pub(super) const COUNT: u64 = 6;
    pub(super) const STEM: u64 = 8;
    pub(super) const ENDING: u64 = 9;
    pub(super) const LENGTH: u64 = 7;
    pub(super) const PAIR: u64 = 10;
    pub(super) const BEFORE: u64 = 20;
    pub(super) const BEHIND: u64 = 40;
    pub(super) const LEXICON: u64 = 60;
    pub(super) const MARK: u64 = 70;
    pub(super) const OTHER: u64 = 90;
    pub(super) const MATTER: u64 = 110;
    pub(super) const OPENING: u64 = 120;
    pub(super) const CODES: u64 = 130;

    /// Whether it is of the words around, and not of the mention itself.
    pub(super) const fn is_shared(tag: u64) -> bool {
        (tag >= PAIR && tag < MARK) || tag >= OTHER
    }
}

/// What stands where the sentence ends.
pub(super) const EDGE: u64 = 0x2545_f491_4f6c_dd1d;
const GROUPED: u64 = 0x51ed_270b_84a1_77c5;

pub(super) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |state, byte| {
        (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Spreads a hash over all its bits.
pub(super) fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}
