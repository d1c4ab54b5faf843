//! A request as every model takes it: what Converse refuses whoever answers is mended once, before the first call.
//!
//! What only some models refuse is for [`fit`](super::fit). A mend that could change what is meant is no mend: then the error names what
//! is wrong.

mod caching;
mod documents;
mod pictures;
mod schema;
mod tools;
mod turns;

use super::{Repair, Request};

/// The request as Converse takes it, and what was changed.
///
/// # Errors
/// What cannot be mended, with its name or place.
pub fn mend(mut request: Request) -> Result<(Request, Vec<Repair>), String> {
    let mut repairs = std::mem::take(&mut request.repairs);
    if request.job.is_some() {
        return Ok((request, repairs));
    }
    let mut notes = Vec::new();
    turns::mend(&mut request, &mut notes)?;
    tools::mend(&mut request, &mut notes)?;
    documents::mend(&mut request, &mut notes)?;
    pictures::check(&request)?;
    caching::mend(&mut request, &mut notes);
    repairs.extend(notes.into_iter().map(Repair::new));
    Ok((request, repairs))
}
