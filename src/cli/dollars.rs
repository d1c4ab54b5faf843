//! Amounts of money in flags.

use super::CliError;
use crate::money::Usd;

/// No budget is larger.
const MOST: Usd = Usd::from_picos(1_000_000_000 * 1_000_000_000_000);

/// An amount of US dollars: `200`, `$0.50`, `1,000 USD`.
pub(super) fn dollars(text: &str) -> Result<Usd, CliError> {
    let digits = text.trim().trim_start_matches('$').trim_end_matches("USD").trim_end_matches("usd").trim().replace(',', "");
    let foreign = digits.chars().any(|sign| matches!(sign, '€' | '£' | '¥'));
    if foreign || digits.chars().any(char::is_alphabetic) {
        return Err(CliError::usage(format!("`{text}` is not in US dollars"))
            .help("prices are in US dollars: give the budget as such, for instance 200/month"));
    }
    let usd = Usd::parse(&digits).map_err(|error| {
        CliError::usage(format!("`{text}` is not a budget: {error}")).help("give a positive amount, such as 0.002 or 200/month")
    })?;
    if usd == Usd::ZERO || usd > MOST {
        let error = CliError::usage(format!("a budget of {usd} cannot be meant"));
        return Err(error.help("give an amount above 0 and up to a billion dollars"));
    }
    Ok(usd)
}
