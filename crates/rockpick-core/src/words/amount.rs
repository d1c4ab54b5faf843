//! Amounts of money: a number with a sign, a word or a suffix of a currency.

use std::ops::Range;

use super::meaning::{Meaning, Roles};
use super::number::{ONE, Quantity, and_a_half};
use super::scan::Scan;

/// An amount of money.
#[derive(Clone, Debug)]
pub(super) struct Amount {
    pub currency: u8,
    /// In 10⁻¹² of the currency.
    pub value: u128,
    pub words: Range<usize>,
}

/// The quantity with its currency.
pub(super) fn amount_of(scan: &Scan<'_, '_>, quantity: &Quantity) -> Option<Amount> {
    let words = quantity.first..quantity.end;
    let amount = |currency, cents: bool, words: Range<usize>| {
        let half = and_a_half(scan, words.end);
        let value = quantity.value + half.map_or(0, |_| ONE / 2);
        Some(Amount {
            currency,
            value: if cents { value / 100 } else { value },
            words: words.start..half.unwrap_or(words.end),
        })
    };
    if let Some((currency, cents)) = sign(scan, &words) {
        return amount(currency, cents, words);
    }
    if let Some(Meaning::Currency(currency)) = quantity.suffix {
        return amount(currency, false, words);
    }
    let of = scan.role_at(words.end, Roles::OF).filter(|_| !scan.clause_ends(words.end));
    let article = of.and_then(|of| scan.role_at(of, Roles::ARTICLE));
    for start in [Some(words.end), of, article]
        .into_iter()
        .flatten()
        .filter(|start| !scan.clause_ends(*start))
    {
        for hit in scan.at(start) {
            match hit.meaning {
                Meaning::Currency(currency) => {
                    return amount(currency, false, words.start..hit.end);
                }
                Meaning::Cents(currency) => return amount(currency, true, words.start..hit.end),
                _ => {}
            }
        }
    }
    scan.ending(words.start).find_map(|hit| match hit.meaning {
        Meaning::Currency(currency) => amount(currency, false, hit.first..words.end),
        _ => None,
    })
}

/// The currency whose sign stands right before the number or right behind it.
fn sign(scan: &Scan<'_, '_>, words: &Range<usize>) -> Option<(u8, bool)> {
    let source = scan.text.source();
    let own = scan.text.span(words.clone());
    let before = source.get(..own.start)?;
    let before =
        if scan.starts_with_point(words.start) { before.trim_end_matches('.') } else { before };
    let before = before.trim_end_matches([' ', '~', '\u{a0}']);
    let after = source.get(own.end..)?.trim_start_matches([' ', '\u{a0}']);
    let signs = &scan.vocabulary.signs;
    // A sign of letters is no end of a word: "tours. 45 a day" names no rupees ("Rs. 45").
    let apart = |sign: &str| {
        !sign.starts_with(|letter: char| letter.is_alphabetic())
            || !before[..before.len() - sign.len()].ends_with(char::is_alphanumeric)
    };
    let ends = |sign: &str| {
        starts_folded(before.get(before.len().wrapping_sub(sign.len())..), sign) && apart(sign)
    };
    let begins = |sign: &str| {
        starts_folded(Some(after), sign)
            && !sign.starts_with(|letter: char| letter.is_ascii_alphabetic())
    };
    // A sign before the next number belongs to that one: "20 $5 vouchers".
    let is_next = |sign: &str| {
        after
            .get(sign.len()..)
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
    };
    let found = signs
        .iter()
        .find(|(sign, ..)| ends(sign))
        .or_else(|| signs.iter().find(|(sign, ..)| begins(sign) && !is_next(sign)));
    found.map(|(_, currency, cents)| (*currency, *cents))
}

fn starts_folded(text: Option<&str>, sign: &str) -> bool {
    text.and_then(|text| text.get(..sign.len()))
        .is_some_and(|start| start.eq_ignore_ascii_case(sign))
}
