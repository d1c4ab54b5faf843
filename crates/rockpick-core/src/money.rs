//! Exact amounts of US dollars.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Decimal places of a dollar that are kept: a picodollar is the price of one token at one microdollar per million.
const PLACES: u32 = 12;
const DOLLAR: u128 = 10u128.pow(PLACES);

/// An exact amount of US dollars, counted in picodollars (10⁻¹² USD).
///
/// A price of `n` dollars per million tokens is exact as an amount per token as long as `n` has at most six decimals,
/// which every published price has. Arithmetic saturates instead of wrapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(u128);

/// Why a text is not an amount of dollars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not digits with at most one point.
    #[error("not a decimal amount of dollars")]
    NotDecimal,
    /// Finer than a picodollar.
    #[error("more decimals than a price can have")]
    TooFine,
    /// More than any bill.
    #[error("larger than any price")]
    TooLarge,
}

impl From<u32> for Usd {
    /// Whole dollars.
    fn from(dollars: u32) -> Self {
        Self::from_picos(u128::from(dollars) * 1_000_000_000_000)
    }
}

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Reads dollars: `0.06`, `200`, `1_000.50`.
    ///
    /// # Errors
    /// When the text is not a plain non-negative decimal, or finer or larger than an amount can be.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        Self::scaled(text, PLACES)
    }

    /// Reads a price in dollars per million and returns the price of one.
    ///
    /// # Errors
    /// As [`Usd::parse`].
    pub fn parse_per_million(text: &str) -> Result<Self, MoneyError> {
        Self::scaled(text, PLACES - 6)
    }

    fn scaled(text: &str, places: u32) -> Result<Self, MoneyError> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if whole.is_empty() && fraction.is_empty() {
            return Err(MoneyError::NotDecimal);
        }
        let fraction = fraction.trim_end_matches('0');
        let digits = u32::try_from(fraction.len()).map_err(|_| MoneyError::TooFine)?;
        if digits > places {
            return Err(MoneyError::TooFine);
        }
        let mut amount: u128 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            match byte {
                b'0'..=b'9' => {
                    amount = amount
                        .checked_mul(10)
                        .and_then(|sum| sum.checked_add(u128::from(byte - b'0')))
                        .ok_or(MoneyError::TooLarge)?;
                }
                b'_' => {}
                _ => return Err(MoneyError::NotDecimal),
            }
        }
        amount.checked_mul(10u128.pow(places - digits)).map(Self).ok_or(MoneyError::TooLarge)
    }

    /// An amount of whole dollars.
    #[must_use]
    pub const fn dollars(dollars: u64) -> Self {
        Self(dollars as u128 * DOLLAR)
    }

    /// An amount from whole picodollars.
    #[must_use]
    pub const fn from_picos(picos: u128) -> Self {
        Self(picos)
    }

    /// The amount in picodollars.
    #[must_use]
    pub const fn picos(self) -> u128 {
        self.0
    }

    /// The amount as a float, for scores and for display; never for adding up.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / DOLLAR as f64
    }

    /// The price of a million of what one of costs this.
    #[must_use]
    pub const fn million(self) -> Self {
        Self(self.0.saturating_mul(1_000_000))
    }

    /// This amount spread over `count` things, rounded down to a picodollar; all of it when `count` is zero.
    #[must_use]
    pub fn split(self, count: u64) -> Self {
        Self(self.0 / u128::from(count.max(1)))
    }

    /// What one of a million things costs when this pays for all of them.
    #[must_use]
    pub fn per_million_of(self, count: u64) -> Self {
        self.million().split(count)
    }

    /// The exact decimal, without a currency sign and without needless zeros.
    #[must_use]
    pub fn to_decimal(self) -> String {
        let fraction = format!("{:012}", self.0 % DOLLAR);
        let fraction = fraction.trim_end_matches('0');
        let whole = self.0 / DOLLAR;
        if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") }
    }
}

impl Add for Usd {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Mul<u64> for Usd {
    type Output = Self;
    fn mul(self, count: u64) -> Self {
        // What a request costs fits in 64 bits: then one multiplication is enough and cannot run over.
        u64::try_from(self.0).map_or_else(
            |_| Self(self.0.saturating_mul(u128::from(count))),
            |small| Self(u128::from(small) * u128::from(count)),
        )
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// For people: `$1,234.50`, `$0.06`, `$0.00042` (three significant digits below a dollar).
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollars = self.as_f64();
        if dollars == 0.0 {
            return f.write_str("$0");
        }
        if dollars >= 1.0 {
            let cents = self.0.saturating_add(DOLLAR / 200) / (DOLLAR / 100);
            return write!(f, "${}.{:02}", grouped(cents / 100), cents % 100);
        }
        let places = (2.0 - dollars.log10().floor()).max(2.0) as usize;
        let text = format!("{dollars:.places$}");
        let trimmed = text.trim_end_matches('0');
        let shortest = text.find('.').map_or(text.len(), |point| point + 3).min(text.len());
        write!(f, "${}", &text[..trimmed.len().max(shortest)])
    }
}

/// Digits in groups of three: `1,234,567`.
#[must_use]
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of dollars where people read it, picodollars in compact formats.
impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            // The decimal has at most 15 significant digits for real prices, so the float prints as the same decimal.
            serializer.serialize_f64(self.to_decimal().parse().unwrap_or(f64::MAX))
        } else {
            serializer.serialize_u128(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = String::deserialize(deserializer)?;
            Self::parse(&text).map_err(serde::de::Error::custom)
        } else {
            u128::deserialize(deserializer).map(Self)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn token_prices_are_exact() {
        let rate = Usd::parse_per_million("0.0375").expect("a price");
        assert_eq!(rate.picos(), 37_500);
        assert_eq!((rate * 1_000_000).to_decimal(), "0.0375");
    }

    #[test]
    fn amounts_read_well() {
        for (text, shown) in [
            ("0", "$0"),
            ("0.000242", "$0.000242"),
            ("0.06", "$0.06"),
            ("0.5", "$0.50"),
            ("0.125", "$0.125"),
            ("200", "$200.00"),
            ("1234567.891", "$1,234,567.89"),
        ] {
            assert_eq!(Usd::parse(text).expect(text).to_string(), shown);
        }
    }

    #[test]
    fn what_is_not_money_is_refused() {
        for text in ["", ".", "-1", "1e-6", "1.2.3", "abc", "0.0000000000001"] {
            assert!(Usd::parse(text).is_err(), "{text}");
        }
        assert_eq!(Usd::parse("999999999999999999999999999999"), Err(MoneyError::TooLarge));
    }

    proptest! {
        #[test]
        fn an_amount_is_read_as_it_is_written(picos in any::<u128>()) {
            let amount = Usd::from_picos(picos);
            prop_assert_eq!(Usd::parse(&amount.to_decimal()), Ok(amount));
        }

        #[test]
        fn what_people_see_is_close_to_the_amount(picos in 1..u128::from(u64::MAX) << 20) {
            let amount = Usd::from_picos(picos);
            let shown = amount.to_string();
            let digits = shown.trim_start_matches('$').replace(',', "");
            let read: f64 = digits.parse().expect("a decimal behind the sign");
            let error = (read - amount.as_f64()).abs() / amount.as_f64();
            prop_assert!(error <= 0.005_000_1, "{shown} for {picos}");
        }

        #[test]
        fn anything_is_read_or_refused(text in "[0-9._]{0,60}|\\PC{0,12}") {
            let _ = (Usd::parse(&text), Usd::parse_per_million(&text));
        }
    }
}
