//! The account's jobs.

use std::collections::BTreeSet;

use super::{CATEGORY, VideoArgs};
use crate::cli::call::{error_of_failure, prints_json};
use crate::cli::constraints::named;
use crate::cli::job::JobArgs;
use crate::cli::{CliError, Exit, Form, Global, output};
use crate::output::job;
use crate::recommend::Recommender;
use crate::router::JobState;

/// Lists jobs, the latest first: of the Regions that are named, else of all that make videos.
pub(super) async fn list(args: &VideoArgs, global: &Global) -> Result<Exit, CliError> {
    let state = named(args.status.as_deref(), "state", JobState::named, JobState::ALL)?;
    let knowledge = JobArgs::knowledge(global)?;
    let catalog = &knowledge.catalog;
    let mut task = args.job.task(CATEGORY, &knowledge, global)?;
    let asked = task.constraints.regions;
    task.defaults.region = None;
    let answer = Recommender::new(catalog, &knowledge.rules).recommend(&task);
    let mut regions: BTreeSet<&str> = asked.iter().map(|region| catalog.code(region)).collect();
    if regions.is_empty() {
        let offers = answer.ranked().iter().flat_map(|choice| catalog.offers_of(choice.model));
        regions.extend(offers.map(|offer| catalog.code(offer.region)));
    }
    let bedrock = args.job.bedrock(global).await?;
    let most = usize::from(args.max_results);
    let mut jobs = Vec::new();
    for region in regions {
        jobs.extend(
            bedrock
                .jobs(region, state, most)
                .await
                .map_err(|failure| error_of_failure(&failure))?,
        );
    }
    jobs.sort_by_key(|job| std::cmp::Reverse(job.started));
    jobs.truncate(most);
    if prints_json(global) {
        output::json(job::list(&jobs), global)?;
    } else if global.output == Some(Form::Id) {
        output::text(&jobs.iter().map(|job| format!("{}\n", job.arn)).collect::<String>())?;
    } else if jobs.is_empty() {
        crate::cli::call::tell("there are no jobs");
    } else {
        output::text(&job::table(&jobs))?;
    }
    Ok(Exit::Answer)
}
