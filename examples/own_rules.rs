//! People's own rules over the bundled ones: `cargo run --example own_rules -- FOLDER "a task"`.

use std::error::Error;

use rockpick::{Rockpick, Task};

#[allow(clippy::print_stdout, reason = "an example shows its answer")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("give a folder of rules, and a task")?;
    let task = Task::new(arguments.next().unwrap_or_else(|| "a chatbot".to_owned()));
    let rockpick = Rockpick::with_rules([folder])?;
    println!("{}", rockpick.recommend(&task)?);
    Ok(())
}
