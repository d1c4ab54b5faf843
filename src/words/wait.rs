//! A time to wait for an answer: "within two seconds", "under 300 ms".

use super::meaning::Roles;
use super::number::{ONE, Quantity};
use super::reader::Reader;
use crate::task::Latency;

/// Reads short waits as a low latency.
pub(super) fn read(reader: &mut Reader<'_, '_>, quantities: &mut [Quantity]) {
    for quantity in quantities.iter_mut().filter(|quantity| !quantity.used) {
        let scan = &reader.scan;
        let limit = scan.role_before(quantity.first, Roles::AT_MOST.or(Roles::WITHIN).or(Roles::INTO).or(Roles::IN));
        // "Won't wait more than two seconds".
        let no_more = || scan.role_before(quantity.first, Roles::MORE_THAN).filter(|more| scan.negated_before(*more));
        let limit = limit.or_else(no_more);
        let unit = |roles| scan.role_at(quantity.end, roles).filter(|_| !scan.clause_ends(quantity.end));
        let short = quantity.value <= u128::from(scan.limits().longest_wait) * ONE;
        let end = unit(Roles::MILLISECONDS).or_else(|| unit(Roles::SECONDS).filter(|_| short));
        let (Some(first), Some(end)) = (limit, end) else { continue };
        quantity.used = true;
        if reader.reading.constraints.latency.is_none() && !scan.is_long() {
            reader.reading.constraints.latency = Some(Latency::Low);
            reader.said("latency", Latency::Low.name(), first..end);
        }
    }
}
