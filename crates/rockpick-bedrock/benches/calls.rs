//! What a routed call costs beside a bare call of the AWS SDK: processor time, time to the first piece, memory of many streams.
//!
//! `cargo bench --bench calls` starts itself once more as a small Bedrock on loopback, so that the server's time is not counted.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark prints figures, and ends when it cannot measure"
)]
#![allow(clippy::disallowed_methods, reason = "this is where speed is measured")]

#[path = "../../../tests/common/loopback.rs"]
mod loopback;

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, ConverseStreamOutput, InferenceConfiguration, Message,
};
use cpu_time::ProcessTime;
use rockpick_bedrock::{Access, Bedrock};
use rockpick_core::task::{Task, Tier};
use rockpick_core::{Knowledge, Recommender};
use rockpick_router::{Event, Plan, Policy, Request, Router};

use serde_json::json;

use loopback::{End, Loopback, Says, frames, stream};

const REGION: &str = "us-east-1";
/// Calls that are timed together.
const BATCH: usize = 200;
const ROUNDS: usize = 15;
const STREAMS: usize = 100;
/// How the program is told to be the server, or one side of the comparison of memory.
const ROLE: &str = "ROCKPICK_BENCH_ROLE";

fn main() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    match std::env::var(ROLE).as_deref() {
        Ok("whole") => runtime.block_on(serve(false)),
        Ok("stream") => runtime.block_on(serve(true)),
        Ok("memory-sdk") => runtime.block_on(memory(false)),
        Ok("memory-routed") => runtime.block_on(memory(true)),
        Ok(_) => runtime.block_on(measure()),
        // Credentials and Region come with the role.
        Err(_) => assert!(
            start("measure", None).stdout(Stdio::inherit()).status().expect("a run").success()
        ),
    }
}

async fn serve(streams: bool) {
    let words: Vec<String> = (0..64).map(|number| format!("word {number} ")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let says =
        if streams { stream(&frames(&words), 4_096, End::Clean) } else { whole(&words.concat()) };
    println!("{}", Loopback::start([says]).await.url);
    std::future::pending::<()>().await;
}

fn whole(text: &str) -> Says {
    let body = json!({
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 250, "outputTokens": 64, "totalTokens": 314},
        "metrics": {"latencyMs": 1},
    });
    Says::Json { status: 200, code: None, header: None, body: body.to_string().into_bytes() }
}

/// A copy of this program in another role.
fn start(role: &str, url: Option<&str>) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.env(ROLE, role).stdout(Stdio::piped());
    command.envs(url.map(|url| ("AWS_ENDPOINT_URL", url)));
    command
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_REGION", REGION);
    command
}

struct Server(Child, String);

impl Server {
    fn start(role: &str) -> Self {
        let mut child = start(role, None).spawn().expect("a server");
        let mut url = String::new();
        BufReader::new(child.stdout.take().expect("its output"))
            .read_line(&mut url)
            .expect("its address");
        Self(child, url.trim().to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Both ways to make the same call.
struct Ways {
    known: Knowledge,
    id: String,
    prompt: String,
    client: Client,
    router: Router<Bedrock>,
}

impl Ways {
    async fn to(url: &str) -> Self {
        let known = rockpick_knowledge::bundled();
        let mut task = Task::new("", jiff::civil::date(2026, 11, 21));
        task.category = Some("chatbot".into());
        task.constraints.regions.insert(known.catalog.region(REGION).expect("the Region"));
        let answer = Recommender::new(&known.catalog, &known.rules).recommend(&task);
        let id = answer
            .best()
            .map(|best| known.catalog.invoke_id(best.offer).into_owned())
            .expect("an offer");
        let access = Access { endpoint_url: Some(url.to_owned()), ..Access::default() };
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest())
            .endpoint_url(url)
            .load()
            .await;
        Self {
            id,
            known,
            prompt: "Say in a few words what this is about. ".repeat(25),
            client: Client::new(&config),
            router: Router::new(Bedrock::connect(&access).await, Policy::default()),
        }
    }

    fn turn(&self) -> Message {
        let text = ContentBlock::Text(self.prompt.clone());
        Message::builder().role(ConversationRole::User).content(text).build().expect("a message")
    }

    async fn bare(&self) {
        let most = InferenceConfiguration::builder().max_tokens(4_096).build();
        let call =
            self.client.converse().model_id(&self.id).messages(self.turn()).inference_config(most);
        let reply = call.send().await.expect("an answer");
        assert!(reply.output.is_some());
    }

    fn request(&self, stream: bool) -> Request {
        Request { stream, max_tokens: Some(4_096), ..Request::new(self.prompt.as_str()) }
    }

    fn plan(&self) -> Plan<'_> {
        Plan::pinned(&self.known.catalog, &self.id, REGION, Tier::Standard)
    }

    async fn routed(&self, plan: Plan<'_>) {
        let reply = self.router.route(plan, self.request(false)).await.expect("an answer");
        assert!(!reply.text.is_empty());
    }

    /// Reads a stream to its end; gives the time to its first piece.
    async fn bare_stream(&self) -> Duration {
        let started = Instant::now();
        let most = InferenceConfiguration::builder().max_tokens(4_096).build();
        let call = self
            .client
            .converse_stream()
            .model_id(&self.id)
            .messages(self.turn())
            .inference_config(most);
        let mut reply = call.send().await.expect("an answer");
        let mut first = None;
        while let Some(event) = reply.stream.recv().await.expect("a piece") {
            if matches!(event, ConverseStreamOutput::ContentBlockDelta(_)) {
                first.get_or_insert(started.elapsed());
            }
        }
        first.expect("a first piece")
    }

    async fn routed_stream(&self) -> Duration {
        let started = Instant::now();
        let mut call = self.router.call(self.plan(), self.request(true));
        let mut first = None;
        while let Some(event) = call.next().await {
            if matches!(event.expect("a piece"), Event::Text(_)) {
                first.get_or_insert(started.elapsed());
            }
        }
        first.expect("a first piece")
    }
}

async fn measure() {
    let server = Server::start("whole");
    let ways = Box::pin(Ways::to(&server.1)).await;
    let (bare, routed) = processor(&ways).await;
    println!(
        "processor time of a call: SDK {bare:.0?}, routed {routed:.0?}, ratio {:.2}",
        ratio(routed, bare)
    );

    let server = Server::start("stream");
    let ways = Box::pin(Ways::to(&server.1)).await;
    let (mut bare, mut routed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS * BATCH {
        bare.push(ways.bare_stream().await);
        routed.push(ways.routed_stream().await);
    }
    let (bare, routed) = (median(bare), median(routed));
    let later = routed.as_secs_f64() - bare.as_secs_f64();
    println!(
        "time to the first piece: SDK {bare:.0?}, routed {routed:.0?}, {:+.3} ms",
        later * 1e3
    );

    for role in ["memory-sdk", "memory-routed"] {
        let output = start(role, Some(&server.1)).output().expect("a run");
        println!(
            "{STREAMS} streams at once, {role}: {}",
            String::from_utf8_lossy(&output.stdout).trim()
        );
    }
}

/// The median time of the processor for a call, by the SDK and by the router, in turn.
async fn processor(ways: &Ways) -> (Duration, Duration) {
    let (mut bare, mut routed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let started = ProcessTime::now();
        for _ in 0..BATCH {
            ways.bare().await;
        }
        bare.push(started.elapsed() / BATCH as u32);
        // What may be called was decided before.
        let plan = ways.plan();
        let started = ProcessTime::now();
        for _ in 0..BATCH {
            ways.routed(plan.clone()).await;
        }
        routed.push(started.elapsed() / BATCH as u32);
    }
    (median(bare), median(routed))
}

/// The most memory that many streams at once take, in this process.
async fn memory(routed: bool) {
    let url = std::env::var("AWS_ENDPOINT_URL").expect("an address");
    let ways = Box::pin(Ways::to(&url)).await;
    let streams = (0..STREAMS).map(|_| async {
        if routed { ways.routed_stream().await } else { ways.bare_stream().await }
    });
    futures_util::future::join_all(streams).await;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!(
        "{}",
        status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("not known on this system")
    );
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}
