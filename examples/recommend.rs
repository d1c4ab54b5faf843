//! Which offer to call for a task, and why: `cargo run --example recommend`.

use rockpick::{Budget, Rockpick, Task};

#[allow(clippy::print_stdout, reason = "an example shows its answer")]
fn main() -> Result<(), rockpick::Error> {
    let rockpick = Rockpick::bundled();
    let task = Task::new("summarize support tickets in Spanish")
        .region("eu-central-1")
        .residency("eu")
        .per_month(40_000)
        .max_cost(Budget::per_month(200));
    let answer = rockpick.recommend(&task)?;
    println!("{answer}\n");
    for choice in answer.ranked().take(5) {
        println!("{choice}");
    }
    Ok(())
}
