//! Bodies and answers as models have them.

mod answers;
mod bodies;

use rockpick_core::catalog::Form;

fn form(id: &str) -> Form {
    rockpick_knowledge::bundled()
        .catalog
        .form(id)
        .unwrap_or_else(|| panic!("no form for {id}"))
        .clone()
}
