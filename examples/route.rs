//! A prompt answered by the first offer that can, as it is written: `cargo run --example route -- "Where is my parcel?"`.

use std::error::Error;
use std::io::Write as _;

use rockpick::bedrock::{Access, Bedrock};
use rockpick::router::{Event, Plan, Policy, Request, Router};
use rockpick::{Rockpick, Task};

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, reason = "an example shows its answer")]
async fn main() -> Result<(), Box<dyn Error>> {
    let prompt = std::env::args().nth(1).ok_or("give a prompt")?;
    let rockpick = Rockpick::bundled();
    let answer = rockpick.recommend(&Task::new("a chatbot for a shop").region("us-east-1"))?;
    let router = Router::new(Bedrock::connect(&Access::default()).await, Policy::default());
    let request = Request { stream: true, ..Request::new(prompt) };
    let mut call = router.call(Plan::of(answer.inner()), request);
    while let Some(event) = call.next().await {
        if let Event::Text(text) = event? {
            print!("{text}");
            std::io::stdout().flush()?;
        }
    }
    let reply = call.reply();
    println!("\n{} from {}, {:?}", reply.invoke_id, reply.region, reply.cost);
    Ok(())
}
