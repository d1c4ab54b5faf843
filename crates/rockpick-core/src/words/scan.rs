//! A text with the meanings found in it, and the questions that the readers ask about neighbors.

use std::ops::Range;

use super::hits::{clauses, hits};
use super::meaning::{Meaning, Roles};
use super::vocabulary::{Limits, PlaceRow, SizeRow, UnitRow, Vocabulary};
use crate::text::Text;

/// The longest phrase that is looked back for, in words.
pub(super) const LONGEST_PHRASE: usize = 8;

/// A phrase of the vocabulary in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub meaning: Meaning,
    pub first: usize,
    pub end: usize,
}

/// A text with its meanings.
pub(super) struct Scan<'s, 't> {
    pub text: &'s Text<'t>,
    pub vocabulary: &'s Vocabulary,
    /// By first word.
    pub hits: Vec<Hit>,
    /// For each word the number of its clause.
    clauses: Vec<u32>,
}

impl<'s, 't> Scan<'s, 't> {
    pub(super) fn new(vocabulary: &'s Vocabulary, text: &'s Text<'t>) -> Self {
        Self { text, vocabulary, hits: hits(vocabulary, text), clauses: clauses(text) }
    }

    pub(super) fn limits(&self) -> &'s Limits {
        &self.vocabulary.limits
    }

    pub(super) fn unit(&self, index: u8) -> &'s UnitRow {
        self.vocabulary.unit(index)
    }

    pub(super) fn size(&self, index: u8) -> &'s SizeRow {
        self.vocabulary.size(index)
    }

    pub(super) fn place(&self, index: u16) -> &'s PlaceRow {
        self.vocabulary.place(index)
    }

    /// Whether it is too long for a described need.
    pub(super) fn is_long(&self) -> bool {
        self.text.len() > self.limits().longest_need
    }

    /// What stands between the word before `index` and that word.
    pub(super) fn gap(&self, index: usize) -> &'t str {
        let start = index.checked_sub(1).map_or(0, |last| self.text.span(last..index).end);
        let end = self.text.span(index..index + 1).start;
        self.text.source().get(start..end).unwrap_or("")
    }

    /// Whether the number at `index` begins with its point: "$.05".
    pub(super) fn starts_with_point(&self, index: usize) -> bool {
        self.gap(index)
            .strip_suffix('.')
            .is_some_and(|before| before.ends_with([' ', '$', '€', '£']))
    }

    /// Whether a slash stands before the word, alone or behind a sign of money: "$5/month", "200 €/mes".
    pub(super) fn slash_before(&self, index: usize) -> bool {
        let before = self.gap(index).trim().strip_suffix('/').map(str::trim);
        let is_sign = |before: &str| {
            before.is_empty() || self.vocabulary.signs.iter().any(|(sign, ..)| sign == before)
        };
        before.is_some_and(is_sign)
    }

    /// The hits whose first words are in the range.
    pub(super) fn within(&self, words: Range<usize>) -> &[Hit] {
        let start = self.hits.partition_point(|hit| hit.first < words.start);
        let end = self.hits.partition_point(|hit| hit.first < words.end);
        self.hits.get(start..end).unwrap_or(&[])
    }

    pub(super) fn at(&self, index: usize) -> &[Hit] {
        self.within(index..index + 1)
    }

    /// The hits that end just before the word `index`.
    pub(super) fn ending(&self, index: usize) -> impl Iterator<Item = &Hit> {
        self.within(index.saturating_sub(LONGEST_PHRASE)..index)
            .iter()
            .filter(move |hit| hit.end == index)
    }

    /// Where the longest word of that part that begins at `index` ends.
    pub(super) fn role_at(&self, index: usize, roles: Roles) -> Option<usize> {
        self.at(index).iter().filter(|hit| hit.meaning.roles().meet(roles)).map(|hit| hit.end).max()
    }

    /// Where the longest word of that part that ends just before `index`, in its clause, begins.
    pub(super) fn role_before(&self, index: usize, roles: Roles) -> Option<usize> {
        let longest =
            self.ending(index).find(|hit| hit.meaning.roles().meet(roles)).map(|hit| hit.first)?;
        self.same_clause(longest, index).then_some(longest)
    }

    /// Whether a word of that part lies in the range.
    pub(super) fn has(&self, words: Range<usize>, roles: Roles) -> bool {
        let end = words.end;
        self.within(words).iter().any(|hit| hit.end <= end && hit.meaning.roles().meet(roles))
    }

    /// Whether two words are in one clause; the end of the text counts as the clause of the last word.
    pub(super) fn same_clause(&self, one: usize, other: usize) -> bool {
        let last = self.clauses.len().saturating_sub(1);
        self.clauses.get(one.min(last)) == self.clauses.get(other.min(last))
    }

    /// Whether the clause ends before the word `index`.
    pub(super) fn clause_ends(&self, index: usize) -> bool {
        index == 0 || index >= self.text.len() || !self.same_clause(index - 1, index)
    }

    /// The words before `index` in its clause, at most `reach`.
    pub(super) fn before(&self, index: usize, reach: usize) -> Range<usize> {
        let lowest = index.saturating_sub(reach);
        let start = (lowest..index)
            .rev()
            .find(|at| !self.same_clause(*at, index))
            .map_or(lowest, |at| at + 1);
        start..index
    }

    /// The words from `index` on in the clause of the word before it, at most `reach`.
    pub(super) fn after(&self, index: usize, reach: usize) -> Range<usize> {
        let highest = (index + reach).min(self.text.len());
        let end = (index..highest).find(|at| self.clause_ends(*at)).unwrap_or(highest);
        index..end
    }

    /// Whether a negation stands shortly before the word, or a "not needed" after the phrase that ends at `end`.
    pub(super) fn negated(&self, first: usize, end: usize) -> bool {
        self.negated_before(first)
            || self.after(end, 3).any(|at| self.role_at(at, Roles::NEGATION_AFTER).is_some())
    }

    pub(super) fn negated_before(&self, first: usize) -> bool {
        let mut words = self.before(first, self.limits().negation_reach + 1);
        if let Some(turn) = words.clone().rev().find(|at| self.role_at(*at, Roles::BREAK).is_some())
        {
            words.start = turn + 1;
        }
        // A long phrase counts from its end: "no hace falta que sea …".
        let clause = self.before(first, words.len() + LONGEST_PHRASE).start;
        let hits = || {
            self.within(clause..first)
                .iter()
                .filter(|hit| hit.end > words.start && hit.end <= first)
        };
        hits().any(|hit| hit.meaning.roles().meet(Roles::NEGATION))
            && !hits().any(|hit| hit.meaning.roles().meet(Roles::NOT_NEGATION))
    }
}
