//! The `rockpick` command.

use rockpick::cli::{self, Exit};

fn main() -> Exit {
    cli::run()
}
