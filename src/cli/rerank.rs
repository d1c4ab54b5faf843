//! `rockpick rerank`: texts in the order in which they answer a query.

use std::io::Write as _;

use clap::Args;
use serde_json::{Value, json};

use super::job::{self, JobArgs};
use super::request::lines;
use super::{CliError, Exit, Form, Global, output};
use crate::router::{Job, Reply};

/// The category of its tasks.
const CATEGORY: &str = "rerank";
/// What is billed as one query.
const DOCUMENTS_OF_A_QUERY: usize = 100;
/// The most that one call takes.
const MOST_DOCUMENTS: usize = 1_000;

#[derive(Clone, Debug, Args)]
pub(super) struct RerankArgs {
    /// What is looked for.
    #[arg(value_name = "QUERY")]
    sought: String,
    /// File of texts, one a line; `-` reads stdin.
    #[arg(value_name = "FILE", default_value = "-")]
    file: String,
    /// Only so many of the best.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    top: Option<u32>,
    #[command(flatten)]
    job: JobArgs,
}

pub(super) fn run(args: &RerankArgs, global: &Global) -> Result<Exit, CliError> {
    let texts = lines(&args.file)?;
    if texts.is_empty() || texts.len() > MOST_DOCUMENTS {
        return Err(CliError::usage(format!(
            "{} texts: give 1 to {MOST_DOCUMENTS}, one a line",
            texts.len()
        )));
    }
    let knowledge = JobArgs::knowledge(global)?;
    job::block_on(async {
        let caller = args.job.caller(CATEGORY, &knowledge, global, |_| {}).await?;
        let top = args.top.map(|top| (top as usize).min(texts.len()) as u64);
        let job =
            Job { queries: texts.len().div_ceil(DOCUMENTS_OF_A_QUERY) as u64, ..Job::default() };
        let job = job
            .with("QUERY", Some(args.sought.as_str()))
            .with("DOCUMENTS", Some(texts.clone()))
            .with("TOP", top);
        let (results, reply) = caller.run(caller.plan.clone(), job).await?;
        write(&results, &texts, &reply, global)?;
        if !super::call::prints_json(global) {
            caller.tell(&reply, CATEGORY);
        }
        Ok(Exit::Answer)
    })
}

fn write(
    results: &[Value],
    texts: &[String],
    reply: &Reply,
    global: &Global,
) -> Result<(), CliError> {
    let read = |result: &Value| {
        let index = result
            .get("index")
            .and_then(Value::as_u64)
            .and_then(|index| usize::try_from(index).ok())?;
        let score = result
            .get("relevance_score")
            .or_else(|| result.get("relevanceScore"))
            .and_then(Value::as_f64)?;
        Some((index, score, texts.get(index)?))
    };
    let ranked = results.iter().filter_map(read);
    if super::call::prints_json(global) && global.output != Some(Form::Jsonl) {
        let results: Vec<Value> = ranked
            .map(|(index, score, text)| json!({ "index": index, "score": score, "text": text }))
            .collect();
        let document = json!({
            "schema": "rockpick.rerank.v1", "results": results, "model": reply.model, "invoke_id": reply.invoke_id,
            "region": reply.region, "cost_usd": reply.cost,
        });
        return output::json(document, global);
    }
    let mut out = output::stdout();
    for (index, score, text) in ranked {
        match global.output {
            Some(Form::Jsonl) => {
                writeln!(out, "{}", json!({ "index": index, "score": score, "text": text }))?;
            }
            _ => writeln!(out, "{score:.4}\t{text}")?,
        }
    }
    out.flush()?;
    Ok(())
}
