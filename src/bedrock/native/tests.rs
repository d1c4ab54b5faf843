//! Bodies and answers as models have them.

mod answers;
mod bodies;

use crate::Knowledge;
use crate::catalog::Form;

fn form(id: &str) -> Form {
    Knowledge::bundled().catalog.form(id).unwrap_or_else(|| panic!("no form for {id}")).clone()
}
