//! The values of flags: amounts, sizes, times, words of a list.

use super::super::CliError;
use super::super::dollars::{dollars, whole};
use crate::diagnostic::nearest;
use crate::money::Usd;
use crate::task::{Budget, Effort, Lifetime, Per};

/// No price, volume or size that is meant is larger.
const MOST_TOKENS: u64 = 1_000_000_000;
/// No model is asked to last longer, in months.
const MOST_MONTHS: u16 = 120;
/// What people say for the effort `none`.
const NO_EFFORT: [&str; 4] = ["off", "no", "false", "disabled"];

pub(in crate::cli) fn named<T: Copy + std::fmt::Display>(
    text: Option<&str>,
    what: &str,
    parse: impl Fn(&str) -> Option<T>,
    all: &[T],
) -> Result<Option<T>, CliError> {
    let Some(text) = text else { return Ok(None) };
    if let Some(value) = parse(&text.to_lowercase()) {
        return Ok(Some(value));
    }
    let names: Vec<String> = all.iter().map(T::to_string).collect();
    let error = CliError::usage(format!("there is no {what} `{text}`"))
        .meant(nearest(text, names.iter().map(String::as_str)));
    Err(error.help(format!("give one of {}", names.join(", "))))
}

/// A reasoning effort by its name, or by what people say for none.
pub(super) fn effort(text: Option<&str>) -> Result<Option<Effort>, CliError> {
    let none = |text: &str| NO_EFFORT.iter().any(|word| text.trim().eq_ignore_ascii_case(word));
    named(
        text.map(|text| if none(text) { "none" } else { text }),
        "reasoning effort",
        Effort::named,
        Effort::ALL,
    )
}

/// A lifetime of up to ten years, or the day until which it lasts: `90d`, `6m`, `1y`, `2028-01-01`.
pub(super) fn lifetime(text: &str) -> Result<Lifetime, CliError> {
    let wrong = || {
        CliError::usage(format!("`{text}` is not a time for --min-lifetime"))
            .help("give days, months or years, such as 90d, 6m or 1y, or a day such as 2028-01-01")
    };
    if let Ok(day) = text.trim().parse() {
        return Ok(Lifetime::Until(day));
    }
    let (end, unit) = text.trim().char_indices().next_back().ok_or_else(wrong)?;
    let count: u16 = text.trim()[..end].trim().parse().map_err(|_| wrong())?;
    let (months, days) = match unit.to_ascii_lowercase() {
        'd' => (0, count),
        'm' => (count, 0),
        'y' => (count.checked_mul(12).ok_or_else(wrong)?, 0),
        _ => return Err(wrong()),
    };
    if months > MOST_MONTHS || days > MOST_MONTHS * 31 || (months, days) == (0, 0) {
        return Err(wrong());
    }
    Ok(Lifetime::For { months, days })
}

/// A time of up to an hour in milliseconds: `1.5s`, `300ms`.
pub(super) fn millis(text: &str) -> Option<u64> {
    let (number, factor) = match text.strip_suffix("ms") {
        Some(number) => (number, 1.0),
        None => (text.strip_suffix('s')?, 1_000.0),
    };
    let millis = number.trim().parse::<f64>().ok().map(|number| number * factor)?;
    (1.0..=3_600_000.0).contains(&millis).then_some(millis.round() as u64)
}

pub(super) fn count(text: &str, flag: &str) -> Result<u64, CliError> {
    match whole(text)? {
        Some(number) if (1..=MOST_TOKENS).contains(&number) => Ok(number),
        _ => Err(CliError::usage(format!("`{text}` is not a number for {flag}"))
            .help("give a whole number from 1 to 1,000,000,000, such as 40000 or 40k")),
    }
}

pub(super) fn tokens(text: &str) -> Result<(Option<u64>, Option<u64>), CliError> {
    let (input, output) =
        text.split_once('/').map_or((text, ""), |(input, output)| (input, output));
    let side = |text: &str| match text {
        "" => Ok(None),
        "0" => Ok(Some(0)),
        text => count(text, "--tokens").map(Some),
    };
    let both = (side(input)?, side(output)?);
    if both.0.unwrap_or(0) == 0 && both.1.unwrap_or(0) == 0 {
        return Err(CliError::usage("--tokens says that nothing is sent and nothing received")
            .help("give tokens sent and received, such as 1200/200"));
    }
    Ok(both)
}

/// Nobody means so much for a single request without saying so.
const LARGE: Usd = Usd::from_picos(10_000_000_000_000);
const UNITS: &str =
    "give USD with /request, /month, /1m (a million tokens) or /image, such as 200/month";

/// A budget: an amount with its unit; a small amount without one is for a request.
pub(super) fn budget(text: &str) -> Result<Budget, CliError> {
    let (amount, unit) = text.split_once('/').unwrap_or((text, ""));
    let per = match unit.trim() {
        "" if !text.contains('/') => {
            return match dollars(amount)? {
                usd if usd < LARGE => Ok(Budget { usd, per: Per::Request }),
                usd => {
                    let error = CliError::usage(format!("{usd} for what? --max-cost needs a unit"));
                    Err(error.help(UNITS))
                }
            };
        }
        "request" | "req" | "call" => Per::Request,
        "month" | "mo" => Per::Month,
        "1m" | "1M" | "million" | "mtok" => Per::MillionTokens,
        "image" => Per::Image,
        other => {
            let error = CliError::usage(format!("`{other}` is not a unit of --max-cost"));
            return Err(error.help(UNITS));
        }
    };
    Ok(Budget { usd: dollars(amount)?, per })
}
