//! Numbers: digits with their separators, number words, and what multiplies them.

use super::meaning::{Meaning, Roles};
use super::scan::Scan;
use crate::money::Usd;

/// One, in the unit in which figures are kept.
pub(super) const ONE: u128 = 1_000_000_000_000;
/// Groups of digits in a number; more is no number that anybody means.
const MOST_GROUPS: usize = 8;

/// A number in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quantity {
    /// In 10⁻¹².
    pub value: u128,
    pub first: usize,
    /// Behind the words that multiply it.
    pub end: usize,
    /// What is written right behind the digits and is no multiplier: `300pp`, `5usd`.
    pub suffix: Option<Meaning>,
    /// Whether something has been read from it.
    pub used: bool,
}

impl Quantity {
    /// The number times a figure.
    pub(super) fn times(&self, figure: Usd) -> u128 {
        // Both are in 10⁻¹²; half of the places of the figure are cut first so that the product fits.
        let half = ONE / 1_000_000;
        (self.value / half).saturating_mul(figure.picos()) / (ONE / half)
    }
}

/// A figure in 10⁻¹² as the nearest whole number.
pub(super) fn rounded(value: u128) -> u64 {
    u64::try_from(value.saturating_add(ONE / 2) / ONE).unwrap_or(u64::MAX)
}

/// Every number of the text, in order.
pub(super) fn quantities(scan: &Scan<'_, '_>) -> Vec<Quantity> {
    let starts_with_digit = |word: &str| word.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let digits_at = scan
        .text
        .words()
        .enumerate()
        .filter(|(_, word)| starts_with_digit(word))
        .map(|(index, _)| (index, true));
    let words_at = scan
        .hits
        .iter()
        .filter(|hit| matches!(hit.meaning, Meaning::Number(_)))
        .map(|hit| (hit.first, false));
    let mut starts: Vec<(usize, bool)> = digits_at.chain(words_at).collect();
    starts.sort_unstable();
    let mut found: Vec<Quantity> = Vec::new();
    for (index, in_digits) in starts {
        if found.last().is_some_and(|last| last.end > index) {
            continue;
        }
        found.extend(if in_digits { digits(scan, index) } else { in_words(scan, index) });
    }
    found
}

fn in_words(scan: &Scan<'_, '_>, index: usize) -> Option<Quantity> {
    if is_coin(scan, index) || is_mean(scan, index) {
        return None;
    }
    let longest = scan
        .at(index)
        .iter()
        .filter(|hit| matches!(hit.meaning, Meaning::Number(_)))
        .max_by_key(|hit| hit.end)?;
    let Meaning::Number(value) = longest.meaning else { return None };
    let (value, end) = summed(scan, value, longest.end);
    // "A million and a half"
    let half = and_a_half(scan, end).filter(|_| value >= 1_000 * ONE);
    let (value, end) = half.map_or((value, end), |half| (value + value / 2, half));
    let mut quantity =
        multiplied(scan, Quantity { value, first: index, end, suffix: None, used: false });
    // "Dos mil quinientas": the rest of what was multiplied.
    if quantity.end > end && !scan.clause_ends(quantity.end) {
        let value = |hit: &super::scan::Hit| {
            if let Meaning::Number(value) = hit.meaning { Some((value, hit.end)) } else { None }
        };
        let rest = scan.at(quantity.end).iter().filter_map(value).max_by_key(|(_, end)| *end);
        if let Some((value, end)) =
            rest.filter(|(value, _)| (10 * ONE..1_000 * ONE).contains(&u128::from(*value)))
        {
            let (rest, end) = summed(scan, value, end);
            (quantity.value, quantity.end) = (quantity.value.saturating_add(rest), end);
        }
    }
    Some(quantity)
}

/// "A cent": a hundred in French, a coin behind an article.
fn is_coin(scan: &Scan<'_, '_>, index: usize) -> bool {
    let coin = scan.at(index).iter().any(|hit| matches!(hit.meaning, Meaning::Cents(_)));
    coin && scan.role_before(index, Roles::ARTICLE).is_some()
}

/// "De media": on average, no half.
fn is_mean(scan: &Scan<'_, '_>, index: usize) -> bool {
    let mean =
        scan.ending(index + 1).any(|hit| hit.first < index && hit.meaning.roles().meet(Roles::OF));
    mean && !scan.at(index + 1).iter().any(|hit| matches!(hit.meaning, Meaning::Size(_)))
}

/// "ciento cincuenta", "treinta y cinco", "two hundred and fifty": smaller numbers behind a larger one are added.
fn summed(scan: &Scan<'_, '_>, first: u64, end: usize) -> (u128, usize) {
    let (mut total, mut last, mut end) = (u128::from(first), u128::from(first), end);
    let number = |at: usize| {
        let value = |hit: &super::scan::Hit| {
            if let Meaning::Number(value) = hit.meaning {
                Some((u128::from(value), hit.end))
            } else {
                None
            }
        };
        if scan.clause_ends(at) {
            None
        } else {
            scan.at(at).iter().filter_map(value).max_by_key(|(_, end)| *end)
        }
    };
    while last >= 20 * ONE {
        let next = number(end).or_else(|| number(scan.role_at(end, Roles::OR)?));
        let Some((value, after)) = next.filter(|(value, _)| {
            *value >= ONE && *value < last && (last >= 100 * ONE || *value < 10 * ONE)
        }) else {
            break;
        };
        (total, last, end) = (total + value, value, after);
    }
    (total, end)
}

/// A number in digits: `1,000.50`, `1.000,50`, `40k`, `1 000 000`.
fn digits(scan: &Scan<'_, '_>, first: usize) -> Option<Quantity> {
    let is_name =
        |meaning| matches!(meaning, Meaning::Code(_) | Meaning::Provider(_) | Meaning::Place(_));
    if scan
        .within(first.saturating_sub(3)..first + 1)
        .iter()
        .any(|hit| hit.end > first && is_name(hit.meaning))
    {
        return None;
    }
    if is_clock(scan, first) || (first > 0 && is_clock(scan, first - 1)) {
        return None;
    }
    let mut groups = [""; MOST_GROUPS];
    let mut signs = [' '; MOST_GROUPS];
    let (mut count, mut letters) = (0, "");
    while count < MOST_GROUPS && letters.is_empty() {
        let word = scan.text.word(first + count);
        let split = word.find(|character: char| !character.is_ascii_digit()).unwrap_or(word.len());
        let sign =
            if count == 0 { Some(' ') } else { joining(scan.gap(first + count), word, split) };
        let Some(sign) = sign.filter(|_| split > 0) else { break };
        // "4,000+ tickets"
        (groups[count], signs[count], letters) =
            (&word[..split], sign, word[split..].trim_end_matches('+'));
        count += 1;
    }
    let suffix = if letters.is_empty() { None } else { Some(scan.vocabulary.suffix(letters)?) };
    if let Some(value) = fraction(scan, first).filter(|_| count == 1 && suffix.is_none()) {
        return Some(Quantity { value, first, end: first + 2, suffix: None, used: false });
    }
    let value = if count == 1 && scan.starts_with_point(first) {
        value_of(&["0", groups[0]], &[' ', '.'], false)?
    } else {
        value_of(&groups[..count], &signs[..count], is_dollar(scan, first))?
    };
    let value = match suffix {
        Some(Meaning::Multiplier(factor)) => value.saturating_mul(factor.into()),
        _ => value,
    };
    let suffix = suffix.filter(|meaning| !matches!(meaning, Meaning::Multiplier(_)));
    Some(multiplied(scan, Quantity { value, first, end: first + count, suffix, used: false }))
}

/// "1/2", "3/4": no date, and not "24/7".
fn fraction(scan: &Scan<'_, '_>, first: usize) -> Option<u128> {
    let digit = |index: usize| {
        Some(scan.text.word(index)).filter(|word| word.len() == 1)?.parse::<u128>().ok()
    };
    let alone = !scan.gap(first).ends_with('/')
        && scan.gap(first + 1) == "/"
        && !scan.gap(first + 2).starts_with('/');
    let (over, under) = (digit(first)?, digit(first + 1).filter(|_| alone)?);
    (over > 0 && over < under).then(|| over * ONE / under)
}

/// "7:45"
fn is_clock(scan: &Scan<'_, '_>, first: usize) -> bool {
    let digits =
        |index: usize| scan.text.word(index).as_bytes().first().is_some_and(u8::is_ascii_digit);
    scan.gap(first + 1) == ":" && digits(first) && digits(first + 1)
}

/// The sign that joins a group of digits to the one before it.
fn joining(gap: &str, word: &str, split: usize) -> Option<char> {
    let mut signs = gap.chars();
    let sign = signs.next().filter(|_| signs.next().is_none())?;
    match sign {
        '.' | ',' => Some(sign),
        '\'' | '’' | '\u{a0}' | '\u{202f}' => (split == 3).then_some(' '),
        // "10 100-page files" are two numbers; "40 000" is one.
        ' ' => (split == 3 && word.starts_with("000")).then_some(' '),
        _ => None,
    }
}

fn is_dollar(scan: &Scan<'_, '_>, first: usize) -> bool {
    scan.gap(first).trim_end().ends_with('$')
}

/// The value of groups of digits with the signs before them.
fn value_of(groups: &[&str], signs: &[char], dollars: bool) -> Option<u128> {
    let (last, rest) = groups.split_last()?;
    let sign = *signs.last()?;
    let earlier = signs.iter().skip(1).take(rest.len().saturating_sub(1));
    let mixed = earlier.clone().any(|other| *other != sign);
    let repeated = rest.len() > 1 && !mixed;
    let first = rest.first().copied().unwrap_or("");
    // "1.200" is twelve hundred, "0.125" is an eighth, and nobody writes a price as "$1.500".
    let grouping = last.len() == 3
        && first != "0"
        && first.len() <= 3
        && !(dollars && sign == '.' && !last.ends_with('0'));
    let is_fraction = !rest.is_empty() && sign != ' ' && (mixed || !(repeated || grouping));
    if repeated && sign != ' ' && rest[1..].iter().any(|group| group.len() != 3) {
        return None;
    }
    value_in(groups, is_fraction)
}

/// What a number in digits can mean, in 10⁻¹²: one value, two where a sign may part thousands or decimals, none where it is no number.
/// A point before three digits parts decimals unless the last is 0: nobody writes a price as `1.500`.
#[must_use]
pub fn readings(text: &str) -> Vec<u128> {
    let signs: Vec<char> = text.chars().filter(|sign| matches!(sign, '.' | ',')).collect();
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    let is_digits = |group: &&str| group.bytes().all(|digit| digit.is_ascii_digit());
    let (Some((first, rest)), Some(last)) = (groups.split_first(), groups.last()) else {
        return Vec::new();
    };
    if !groups.iter().all(is_digits) || last.is_empty() || (first.is_empty() && rest.len() != 1) {
        return Vec::new();
    }
    let thousands = |rest: &[&str]| {
        (1..=3).contains(&first.len())
            && !first.starts_with('0')
            && rest.iter().all(|group| group.len() == 3)
    };
    let mixed = signs.windows(2).any(|pair| pair[0] != pair[1]);
    let (before, sign) =
        (rest.split_last().map_or(rest, |(_, before)| before), signs.last().copied());
    let earlier_agree = signs.iter().rev().skip(1).all(|other| Some(other) == signs.first());
    let as_decimal = match rest.len() {
        0 => false,
        1 => true,
        _ => mixed && earlier_agree && thousands(before),
    };
    let as_thousands = rest.is_empty()
        || !mixed
            && thousands(rest)
            && (rest.len() > 1 || sign == Some(',') || last.ends_with('0'));
    let value = |decimal: bool| value_in(&groups, decimal);
    [(as_thousands, false), (as_decimal, true)]
        .into_iter()
        .filter(|(may, _)| *may)
        .filter_map(|(_, decimal)| value(decimal))
        .collect()
}

/// The value of groups of digits, the last of which may be decimals.
fn value_in(groups: &[&str], decimal: bool) -> Option<u128> {
    let (last, rest) = groups.split_last()?;
    let whole = if decimal { rest } else { groups };
    let mut value: u128 = 0;
    for digit in whole.iter().flat_map(|group| group.bytes()) {
        value = value.checked_mul(10)?.checked_add(u128::from(digit - b'0'))?;
    }
    let mut value = value.checked_mul(ONE)?;
    let mut place = ONE;
    for digit in last.bytes().filter(|_| decimal) {
        place /= 10;
        value = value.checked_add(place * u128::from(digit - b'0'))?;
    }
    Some(value)
}

/// Where "and a half" ends: "a cent and a half", "dos euros y medio".
pub(super) fn and_a_half(scan: &Scan<'_, '_>, end: usize) -> Option<usize> {
    let and = scan.role_at(end, Roles::OR).filter(|_| !scan.clause_ends(end))?;
    scan.at(and)
        .iter()
        .find(|hit| matches!(hit.meaning, Meaning::Number(value) if u128::from(value) == ONE / 2))
        .map(|hit| hit.end)
}

fn multiplied(scan: &Scan<'_, '_>, mut quantity: Quantity) -> Quantity {
    let factor = |hit: &super::scan::Hit| match hit.meaning {
        Meaning::Multiplier(factor) => Some((factor, hit.end)),
        _ => None,
    };
    // "$2/M tokens" are two dollars.
    while quantity.suffix.is_none()
        && !scan.clause_ends(quantity.end)
        && !scan.slash_before(quantity.end)
    {
        let Some((factor, end)) =
            scan.at(quantity.end).iter().filter_map(factor).max_by_key(|(_, end)| *end)
        else {
            break;
        };
        // "A million and a half", "un millón y medio".
        let half = and_a_half(scan, end);
        let more = half.map_or(0, |_| ONE / 2).saturating_mul(factor.into());
        quantity.value = quantity.value.saturating_mul(factor.into()).saturating_add(more);
        quantity.end = half.unwrap_or(end);
    }
    quantity
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::grouped;

    #[test]
    fn a_sign_parts_thousands_or_decimals_or_nobody_knows() {
        let shown = |text: &str| {
            readings(text)
                .into_iter()
                .map(|value| Usd::from_picos(value).to_decimal())
                .collect::<Vec<_>>()
        };
        for (text, values) in [
            ("200", &["200"][..]),
            ("0,50", &["0.5"]),
            ("0.125", &["0.125"]),
            (".5", &["0.5"]),
            ("1,5", &["1.5"]),
            ("1.125", &["1.125"]),
            ("1,500", &["1500", "1.5"]),
            ("1.500", &["1500", "1.5"]),
            ("0,005", &["0.005"]),
            ("1,000,000", &["1000000"]),
            ("1.000,50", &["1000.5"]),
            ("1,000.50", &["1000.5"]),
            ("1234,5", &["1234.5"]),
            ("1,0000,0", &[]),
            ("1.000,50.2", &[]),
            ("1,", &[]),
            ("", &[]),
            ("-1", &[]),
            ("1e5", &[]),
        ] {
            assert_eq!(shown(text), values, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_one_way_is_read_so(
            whole in 0u64..1_000_000_000,
            cents in 0u32..100,
            comma in any::<bool>(),
        ) {
            let (part, point) = if comma { ('.', ',') } else { (',', '.') };
            let grouped = grouped(whole.into()).replace(',', &part.to_string());
            let value = u128::from(whole) * ONE + u128::from(cents) * ONE / 100;
            prop_assert_eq!(readings(&format!("{grouped}{point}{cents:02}")), [value]);
            prop_assert_eq!(readings(&format!("{whole}{point}{cents:02}")), [value]);
            prop_assert_eq!(readings(&whole.to_string()), [u128::from(whole) * ONE]);
        }

        #[test]
        fn one_of_the_readings_is_what_was_written(picos in 0..1_000_000 * ONE) {
            let decimal = Usd::from_picos(picos).to_decimal();
            prop_assert!(readings(&decimal).contains(&picos), "{decimal}");
            prop_assert!(readings(&decimal.replace('.', ",")).contains(&picos), "{decimal}");
        }

        #[test]
        fn anything_has_at_most_two_readings(text in "[0-9.,']{0,40}|\\PC{0,12}") {
            let found = readings(&text);
            prop_assert!(found.len() <= 2);
            prop_assert!(found.is_empty() || text.bytes().any(|digit| digit.is_ascii_digit()));
        }
    }
}
