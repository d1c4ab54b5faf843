//! `rockpick route`: one prompt becomes a decision, and the decision an answer.

use clap::Args;

use super::call::{CallArgs, Decision};
use super::constraints::ConstraintArgs;
use super::error::short;
use super::pin::{self, Pin};
use super::request::RequestArgs;
use super::{CliError, Exit, Form, Global, call, job, misplaced, output, recommend, settings};
use crate::catalog::Catalog;
use crate::catalog::Named;
use crate::output::json;
use crate::recommend::{Recommendation, Recommender};
use crate::router::{Kind as FailureKind, Plan, Reply, Request, Target, forbids_thinking};
use crate::task::{Api, Kind, Task, Tier};

/// So much of a prompt tells what it is about, in bytes.
const TELLING: usize = 8 << 10;

#[derive(Clone, Debug, Args)]
pub(super) struct RouteArgs {
    /// The prompt; `-` or nothing reads it from stdin. With both, what is piped in follows the prompt.
    #[arg(value_name = "PROMPT")]
    words: Vec<String>,
    /// Decide only: no call, no credentials.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    request: RequestArgs,
    #[command(flatten)]
    call: CallArgs,
    #[command(flatten)]
    constraints: ConstraintArgs,
}

pub(super) fn run(args: &RouteArgs, global: &Global) -> Result<Exit, CliError> {
    if args.dry_run {
        args.call.check()?;
    }
    let knowledge = settings::knowledge(global)?;
    let prompt = args.request.prompt(&args.words)?;
    let mut request = args.request.request(prompt)?;
    let named = args.constraints.or_model(named_in_body(&mut request, &knowledge.catalog));
    let pin = pin::of(&named, &knowledge.catalog)?;
    let constraints = if pin.is_unknown() { named.without_models() } else { named.clone() };
    let mut task = constraints.task(telling(request.prompt()).to_owned(), &knowledge, global)?;
    demand(&mut task, &request);
    request.effort = args.constraints.effort()?.or(request.effort);
    if task.constraints.models.is_empty() {
        task.constraints.no_thinking = request.effort.is_none() && forbids_thinking(&request);
    } else {
        // A model that is named is called; how it is asked to think is fitted to what it takes.
        task.constraints.effort = None;
    }
    task.constraints.tier = task.constraints.tier.or(request.tier);
    request.tier = task.constraints.tier;
    let answer = Recommender::new(&knowledge.catalog, &knowledge.rules).recommend(&task);
    let wrong = misplaced::named(&named, &knowledge.catalog, &answer.understanding.constraints);
    // An ID with a prefix that nothing lists would go to another profile of its model, and data with it.
    if (args.dry_run || matches!(pin, Pin::Model(_)))
        && let Some(wrong) = wrong
    {
        return Err(wrong.into());
    }
    if pin == Pin::None
        && !args.dry_run
        && let Some(category) = answer.category()
    {
        talks(category.requires.kind.unwrap_or(Kind::Text))?;
    }
    if args.dry_run && matches!(pin, Pin::None) {
        recommend::write(&answer, None, false, global)?;
        return Ok(if answer.best().is_some() { Exit::Answer } else { Exit::Nothing });
    }
    let (mut plan, mut notes) = plan(&pin, &answer, &named)?;
    if args.dry_run {
        return planned(&plan, &notes, &answer, global);
    }
    if let Some((known, note)) = args.profile(&pin, &plan, &answer, global)? {
        plan = known;
        notes = vec![note];
    }
    // The facts may be older than AWS: it is called as it is given, and when AWS says the same, that is the answer.
    let told = wrong.as_ref().map(misplaced::Misplaced::message);
    if told.is_some() {
        // Says the same with fewer words.
        notes.clear();
    }
    call_it(&args.call, &answer, plan, (notes, told), request, global).map_err(
        |error| match wrong {
            Some(wrong) if error.is(FailureKind::InvalidId.name()) => wrong.into(),
            _ => error,
        },
    )
}

/// Writes what would be called: the ranking, or the ID that was named where the ranking does not begin with it.
fn planned(
    plan: &Plan<'_>,
    notes: &[String],
    answer: &Recommendation<'_>,
    global: &Global,
) -> Result<Exit, CliError> {
    let Some(first) = plan.offers(0).into_iter().next() else { return Ok(Exit::Nothing) };
    let Target { invoke_id, region } = &first.target;
    if answer.best().is_some_and(|best| answer.catalog.invoke_id(best.offer) == *invoke_id) {
        recommend::write(answer, None, false, global)?;
        return Ok(Exit::Answer);
    }
    if call::prints_json(global) {
        let model = first.model.map(|model| model.id.as_str());
        let plan = serde_json::json!({
            "schema": "rockpick.plan.v1", "choice": {"invoke_id": invoke_id, "region": region, "model": model}, "warnings": notes,
        });
        output::json(plan, global)?;
        return Ok(Exit::Answer);
    }
    notes.iter().for_each(|note| call::warn(note));
    match global.output {
        Some(Form::Id) => output::text(&format!("{invoke_id}\n"))?,
        _ => output::text(&format!("{} would be called from {region}\n", short(invoke_id)))?,
    }
    Ok(Exit::Answer)
}

/// The model that a body names, where Bedrock can have such a one.
fn named_in_body(request: &mut Request, catalog: &Catalog) -> Option<String> {
    let model = request.model.take()?;
    if model.contains('.')
        || model.starts_with("arn:")
        || !matches!(catalog.find(&model), Named::Unknown(_))
    {
        return Some(model);
    }
    call::warn(&format!("the body's model `{model}` is not one of Bedrock's: the choice is free"));
    None
}

impl RouteArgs {
    /// What is known of the model behind a profile of the account's own, where the account may look.
    fn profile<'a>(
        &self,
        pin: &Pin,
        plan: &Plan<'a>,
        answer: &Recommendation<'a>,
        global: &Global,
    ) -> Result<Option<(Plan<'a>, String)>, CliError> {
        let Pin::Unknown { id, .. } = pin else { return Ok(None) };
        let target = plan.offers(0).into_iter().next().map(|candidate| candidate.target);
        let Some(target) = target.filter(|_| is_own_profile(id)) else {
            return Ok(None);
        };
        job::block_on(async {
            let router = self.call.router(global).await?;
            let Ok(profile) = router.invoke().profile(&target.region, id).await else {
                return Ok(None);
            };
            let Some(model) =
                profile.model.filter(|model| answer.catalog.index_of(model).is_some())
            else {
                return Ok(None);
            };
            let note = format!(
                "`{id}` is the inference profile {} of {model}; whether it meets other constraints is not checked",
                profile.name
            );
            Ok(Some((plan.clone().knowing(answer.catalog, &model), note)))
        })
    }
}

/// Whether an id looks like that of an application inference profile: its ARN, or the twelve signs at the end of it.
fn is_own_profile(id: &str) -> bool {
    id.contains("inference-profile/")
        || id.len() == 12
            && id.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit())
}

/// Calls what was recommended.
pub(super) fn call_it(
    how: &CallArgs,
    answer: &Recommendation<'_>,
    plan: Plan<'_>,
    (mut notes, misplaced): (Vec<String>, Option<String>),
    request: Request,
    global: &Global,
) -> Result<Exit, CliError> {
    if let Some(model) = plan.offers(0).first().and_then(|candidate| candidate.model) {
        talks(model.kind)?;
    }
    if let Some(category) = answer.category().filter(|_| answer.understanding.general) {
        notes.push(format!(
            "what the prompt is about is not sure: it is treated as {}; --task names a category",
            category.name
        ));
    }
    let catalog = answer.catalog;
    let name = |reply: &Reply| {
        let index = reply.model.as_deref().and_then(|id| catalog.index_of(id));
        index.map_or_else(|| "unknown model".to_owned(), |index| catalog.model(index).name.clone())
    };
    let decision = Decision {
        plan,
        name: &name,
        category: answer.category().map(|category| category.name.as_str()),
        document: json::document(answer, None)?,
        notes,
        misplaced,
    };
    how.run(&decision, request, global)
}

/// Only what talks is called here; everything else has a command of its own.
fn talks(kind: Kind) -> Result<(), CliError> {
    let help = match kind {
        Kind::Text => return Ok(()),
        Kind::Image => "`rockpick image PROMPT -o FILE` makes pictures",
        Kind::Video => "`rockpick video PROMPT --to s3://BUCKET/PREFIX` makes videos",
        Kind::Embedding => "`rockpick embed` makes vectors",
        Kind::Rerank => "`rockpick rerank QUERY FILE` puts texts in order",
        Kind::Speech => "its stream of sound in both directions is called by an SDK",
    };
    let error = CliError::usage(format!("what is asked for is {kind}, not text")).help(help);
    Err(error.help("with --task and a category of text it is answered in words"))
}

/// What the request itself demands of a model is asked for like any constraint.
pub(super) fn demand(task: &mut Task, request: &Request) {
    let (input, features) = request.needs();
    let wanted = &mut task.constraints;
    wanted.input_modalities = wanted.input_modalities.or(input);
    wanted.features = wanted.features.or(features);
    wanted.tokens.input = wanted.tokens.input.or(Some(request.input_tokens().max(1)));
    // Only bedrock-runtime is called.
    if matches!(wanted.api, None | Some(Api::Any)) {
        wanted.api = Some(Api::Runtime);
    }
    task.is_prompt = true;
}

/// What is called: the ranking, what is pinned of it, or an id as it is given.
pub(super) fn plan<'a>(
    pin: &Pin,
    answer: &Recommendation<'a>,
    flags: &ConstraintArgs,
) -> Result<(Plan<'a>, Vec<String>), CliError> {
    let ranked = match pin {
        Pin::None => return nonempty(Plan::of(answer), answer).map(|plan| (plan, Vec::new())),
        Pin::Unknown { .. } => None,
        Pin::Exact(id) => Some(Plan::of(answer).only(id)),
        Pin::Model(_) => Some(Plan::of(answer)),
    };
    if let Some(plan) = ranked.filter(|plan| !plan.is_empty()) {
        return Ok((plan, Vec::new()));
    }
    if flags.bind() || answer.task.defaults.residency.is_some() {
        return nonempty(Plan::of(answer).only(""), answer).map(|plan| (plan, Vec::new()));
    }
    let (id, note) = pin.as_given(answer.catalog, answer);
    let region = region(answer.catalog, &id, answer)?;
    let tier = answer.understanding.constraints.tier.unwrap_or(Tier::Standard);
    let mut plan = Plan::pinned(answer.catalog, &id, &region, tier);
    plan.api = answer.understanding.constraints.api;
    Ok((plan, vec![note]))
}

fn nonempty<'a>(plan: Plan<'a>, answer: &Recommendation<'_>) -> Result<Plan<'a>, CliError> {
    if !plan.is_empty() {
        return Ok(plan);
    }
    let told = crate::output::text::nothing(answer, super::output::screen());
    let mut lines = told.trim_end().lines();
    lines.next().into_iter().for_each(call::warn);
    lines.for_each(call::tell);
    let task = answer.category().map_or("CATEGORY", |category| category.name.as_str());
    Err(CliError::new("nothing fits that could be called", Exit::Nothing).help(format!(
        "`rockpick recommend --task {task} -o wide` with the same flags shows every reason"
    )))
}

/// The Region that an id is called from: its own, the one that was asked for, or one that has it.
fn region(catalog: &Catalog, id: &str, answer: &Recommendation<'_>) -> Result<String, CliError> {
    let own = id
        .strip_prefix("arn:")
        .and_then(|rest| rest.split(':').nth(2))
        .filter(|region| !region.is_empty());
    let asked = answer.understanding.constraints.regions;
    let asked = (asked.len() <= 3)
        .then(|| asked.iter().next())
        .flatten()
        .map(|region| catalog.code(region));
    let offering = || {
        catalog
            .offers()
            .iter()
            .find(|offer| catalog.invoke_id(offer) == id)
            .map(|offer| catalog.code(offer.region))
    };
    let found = own.or(asked).or_else(offering).map(str::to_owned);
    found.ok_or_else(|| {
        CliError::usage("there is no Region to call from").help("give --region, or set AWS_REGION")
    })
}

/// The beginning of a prompt.
fn telling(prompt: &str) -> &str {
    let mut end = prompt.len().min(TELLING);
    while !prompt.is_char_boundary(end) {
        end -= 1;
    }
    &prompt[..end]
}
