//! Numbers that a language writes as one word: "dreihundertfünfzig", "duemilacinquecento". They are made here, so that nobody has
//! to type them.

use super::schema::NumeralEntry;

/// So many words of a language are made: every number below a thousand, their thousands, and of the smaller ones hundreds as well.
const BELOW: u64 = 1_000;
const WITH_HUNDREDS: u64 = 100;

/// Every number with its word.
pub(super) fn numerals(entry: &NumeralEntry) -> Vec<(u64, String)> {
    let mut words: Vec<(u64, String)> =
        (20..BELOW).map(|number| (number, small(entry, number))).collect();
    for thousands in 1..BELOW {
        let thousand = match thousands {
            1 => entry.thousand.clone(),
            more => small(entry, more) + &entry.thousands,
        };
        let hundreds = 1..if thousands < WITH_HUNDREDS { 10 } else { 1 };
        let parts = hundreds.map(|hundreds| (hundreds * 100, small(entry, hundreds * 100)));
        words.extend(
            parts.map(|(rest, word)| (thousands * 1_000 + rest, format!("{thousand}{word}"))),
        );
        words.push((thousands * 1_000, thousand));
    }
    words
}

/// A number below a thousand.
fn small(entry: &NumeralEntry, number: u64) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    let hundred = match hundreds {
        0 => String::new(),
        1 => entry.hundred.clone(),
        more => unit(entry, more) + &entry.hundred,
    };
    hundred + &below_hundred(entry, rest)
}

fn below_hundred(entry: &NumeralEntry, number: u64) -> String {
    let Some(ten) = (number / 10).checked_sub(2).and_then(|ten| entry.tens.get(ten as usize))
    else {
        return unit(entry, number);
    };
    let one = unit(entry, number % 10);
    match &entry.joint {
        _ if one.is_empty() => ten.clone(),
        Some(joint) => one + joint + ten,
        None if entry.elided.contains(&one) => ten[..ten.len() - 1].to_owned() + &one,
        None => ten.clone() + &one,
    }
}

/// A number from 1 to 19; nothing for 0.
fn unit(entry: &NumeralEntry, number: u64) -> String {
    let unit = number.checked_sub(1).and_then(|before| entry.units.get(before as usize));
    unit.cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_one_word() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let units = "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici \
                     diciassette diciotto diciannove";
        let italian = NumeralEntry {
            units: words(units),
            tens: words("venti trenta quaranta cinquanta sessanta settanta ottanta novanta"),
            joint: None,
            elided: words("uno otto"),
            hundred: "cento".to_owned(),
            thousand: "mille".to_owned(),
            thousands: "mila".to_owned(),
        };
        let made = numerals(&italian);
        for (number, word) in [
            (28, "ventotto"),
            (33, "trentatre"),
            (150, "centocinquanta"),
            (1_200, "milleduecento"),
            (3_000, "tremila"),
            (45_000, "quarantacinquemila"),
        ] {
            assert!(made.contains(&(number, word.to_owned())), "{word}");
        }
    }
}
