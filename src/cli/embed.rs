//! `rockpick embed`: texts become vectors, all of one model.

use std::io::Write as _;

use clap::Args;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::job::{self, Caller, JobArgs};
use super::request::lines;
use super::{CliError, Exit, Form, Global, output};
use crate::money::Usd;
use crate::router::{Job, Plan, Reply};

/// The category of its tasks.
const CATEGORY: &str = "embeddings";
/// How many calls are made at once.
const AT_ONCE: usize = 8;

#[derive(Clone, Debug, Args)]
pub(super) struct EmbedArgs {
    /// The text; without one, every line of stdin is a text.
    #[arg(value_name = "TEXT")]
    words: Vec<String>,
    /// How many numbers a vector has, where the model leaves a choice.
    #[arg(long, value_name = "N")]
    dimensions: Option<u64>,
    /// What the texts are: query, document, classification, clustering.
    #[arg(long, value_name = "WHAT", default_value = "document", value_parser = ["query", "document", "classification", "clustering"])]
    input_type: String,
    #[command(flatten)]
    job: JobArgs,
}

/// What all calls took together.
#[derive(Default)]
struct Took {
    tokens: u64,
    cost: Option<Usd>,
    calls: usize,
}

pub(super) fn run(args: &EmbedArgs, global: &Global) -> Result<Exit, CliError> {
    let texts = if args.words.is_empty() { lines("-")? } else { vec![args.words.join(" ")] };
    if texts.is_empty() {
        return Err(
            CliError::usage("there is nothing to embed").help("give a text, or pipe in one a line")
        );
    }
    let knowledge = JobArgs::knowledge(global)?;
    job::block_on(async {
        let longest = texts
            .iter()
            .map(|text| text.chars().count() as u64)
            .max()
            .unwrap_or(0)
            .div_ceil(4)
            .max(1);
        let fit = |task: &mut crate::task::Task| {
            task.constraints.tokens.input.get_or_insert(longest);
        };
        let caller = args.job.caller(CATEGORY, &knowledge, global, fit).await?;
        args.embed(&caller, &texts, global).await
    })
}

impl EmbedArgs {
    async fn embed(
        &self,
        caller: &Caller<'_>,
        texts: &[String],
        global: &Global,
    ) -> Result<Exit, CliError> {
        // The first text alone settles the model; vectors of two models cannot be compared.
        let (mut vectors, first) = caller.run(caller.plan.clone(), self.job(&texts[..1])).await?;
        let plan = caller.plan.clone().of_model(first.model.as_deref().unwrap_or_default());
        let mut took = Took { cost: Some(Usd::ZERO), ..Took::default() };
        took.add(&first);
        let batch = caller.batch(&first);
        let mut rest = stream::iter(
            texts[1..].chunks(batch).map(|texts| self.part(caller, plan.clone(), texts)),
        )
        .buffered(AT_ONCE);
        let whole = matches!(global.output, Some(Form::Json)) || global.query.is_some();
        let mut written = if whole { 0 } else { write(&vectors, 0, global)? };
        while let Some(part) = rest.next().await {
            let (part, reply) = part?;
            took.add(&reply);
            if whole {
                vectors.extend(part);
            } else {
                written = write(&part, written, global)?;
            }
        }
        if whole {
            output::json(document(&vectors, &first, &took), global)?;
        } else {
            caller.tell(&Reply { cost: took.cost, ..first }, CATEGORY);
        }
        Ok(Exit::Answer)
    }

    async fn part(
        &self,
        caller: &Caller<'_>,
        plan: Plan<'_>,
        texts: &[String],
    ) -> Result<(Vec<Value>, Reply), CliError> {
        let (vectors, reply) = caller.run(plan, self.job(texts)).await?;
        if vectors.len() != texts.len() {
            let message = format!("{} vectors came back for {} texts", vectors.len(), texts.len());
            return Err(CliError::new(message, Exit::Unavailable));
        }
        Ok((vectors, reply))
    }

    fn job(&self, texts: &[String]) -> Job {
        let job = Job::default()
            .with("TEXT", texts.first().map(String::as_str))
            .with("TEXTS", Some(texts.to_vec()));
        job.with("PURPOSE", Some(self.input_type.as_str())).demand("DIMENSIONS", self.dimensions)
    }
}

impl Took {
    fn add(&mut self, reply: &Reply) {
        self.tokens += reply.usage.input_tokens;
        self.cost = self.cost.zip(reply.cost).map(|(sum, cost)| sum + cost);
        self.calls += reply.attempts.len();
    }
}

/// Writes vectors one a line; gives how many there are now.
fn write(vectors: &[Value], before: usize, global: &Global) -> Result<usize, CliError> {
    let mut out = output::stdout();
    for (index, vector) in (before..).zip(vectors) {
        match global.output {
            Some(Form::Jsonl) => {
                writeln!(out, "{}", json!({ "index": index, "embedding": vector }))?;
            }
            _ => writeln!(out, "{vector}")?,
        }
    }
    out.flush()?;
    Ok(before + vectors.len())
}

fn document(vectors: &[Value], reply: &Reply, took: &Took) -> Value {
    json!({
        "schema": "rockpick.embeddings.v1",
        "model": reply.model,
        "invoke_id": reply.invoke_id,
        "region": reply.region,
        "dimensions": vectors.first().and_then(Value::as_array).map(Vec::len),
        "embeddings": vectors,
        "usage": { "input_tokens": took.tokens },
        "cost_usd": took.cost,
        "calls": took.calls,
    })
}
