//! Numbers in flags: amounts of money and counts. What can be read in two ways is refused.

use super::CliError;
use crate::money::Usd;
use crate::words::readings;

/// No budget is larger.
const MOST: Usd = Usd::from_picos(1_000_000_000 * ONE);
/// One, in the unit in which readings are kept.
const ONE: u128 = 1_000_000_000_000;
/// No number that is meant has more characters.
const LONGEST: usize = 64;

/// An amount of US dollars: `200`, `$0.50`, `0,50`, `1,000.50 USD`.
pub(super) fn dollars(text: &str) -> Result<Usd, CliError> {
    let digits = text
        .trim()
        .trim_start_matches('$')
        .trim_end_matches("USD")
        .trim_end_matches("usd")
        .trim()
        .replace('_', "");
    let foreign = digits.chars().any(|sign| matches!(sign, '€' | '£' | '¥'));
    if foreign || digits.chars().any(char::is_alphabetic) {
        return Err(CliError::usage(format!("`{}` is not in US dollars", short(text)))
            .help("prices are in US dollars: give the budget as such, for instance 200/month"));
    }
    let usd = match values(&digits).as_slice() {
        [one] => Usd::from_picos(*one),
        [] => {
            let error = CliError::usage(format!("`{}` is not a budget", short(text)));
            return Err(error.help("give a positive amount, such as 0.002 or 200/month"));
        }
        both => return Err(twofold(text, both)),
    };
    if usd == Usd::ZERO || usd > MOST {
        let error = CliError::usage(format!("a budget of {usd} cannot be meant"));
        return Err(error.help("give an amount above 0 and up to a billion dollars"));
    }
    Ok(usd)
}

/// A whole number, perhaps of thousands or millions: `40000`, `40k`, `1.5m`, `1,5k`.
pub(super) fn whole(text: &str) -> Result<Option<u64>, CliError> {
    let (digits, factor) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 1_000),
        Some((at, 'm' | 'M')) => (&text[..at], 1_000_000),
        _ => (text, 1),
    };
    let scaled = |value: u128| {
        value.checked_mul(factor).filter(|value| value % ONE == 0).map(|value| value / ONE)
    };
    let whole: Vec<u128> =
        values(&digits.replace('_', "")).into_iter().filter_map(scaled).collect();
    match whole.as_slice() {
        [] => Ok(None),
        [one] => Ok(u64::try_from(*one).ok()),
        both => Err(twofold(
            text,
            &both.iter().map(|value| value.saturating_mul(ONE)).collect::<Vec<_>>(),
        )),
    }
}

fn values(digits: &str) -> Vec<u128> {
    if digits.len() > LONGEST { Vec::new() } else { readings(digits) }
}

fn twofold(text: &str, values: &[u128]) -> CliError {
    let shown: Vec<String> =
        values.iter().map(|value| Usd::from_picos(*value).to_decimal()).collect();
    let error = CliError::usage(format!(
        "`{}` can be read in two ways: {}",
        short(text),
        shown.join(" or ")
    ));
    error.help(format!("write {}", shown.join(" or ")))
}

/// The beginning of what was given.
fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_what_it_says_or_refused() {
        let read = |text: &str| dollars(text).ok().map(Usd::to_decimal);
        for (text, amount) in [
            ("0,50", Some("0.5")),
            ("$0,05", Some("0.05")),
            ("1.000,50", Some("1000.5")),
            ("1,000.50 USD", Some("1000.5")),
            ("1_000", Some("1000")),
            ("200", Some("200")),
            ("1,500", None),
            ("0", None),
            ("5€", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), amount, "{text}");
        }
    }

    #[test]
    fn counts_are_whole() {
        let read = |text: &str| whole(text).ok().flatten();
        for (text, count) in [
            ("1,5k", Some(1_500)),
            ("1.5m", Some(1_500_000)),
            ("1,500", Some(1_500)),
            ("40k", Some(40_000)),
            ("1,5", None),
            ("1,500k", None),
        ] {
            assert_eq!(read(text), count, "{text}");
        }
    }
}
