//! What `image`, `video`, `embed` and `rerank` share: a category is given, a job is called, its answer is read by the model's form.

use std::path::Path;

use std::mem::ManuallyDrop;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use clap::Args;
use serde_json::Value;

use super::call::{self, CallArgs};
use super::constraints::ConstraintArgs;
use super::pin::{self, Pin};
use super::request::file;
use super::{CliError, Exit, Global, route, settings};
use crate::Knowledge;
use crate::bedrock::Bedrock;
use crate::catalog::{Catalog, Form};
use crate::output::reply;
use crate::recommend::Recommender;
use crate::router::{self, Event, Job, MediaKind, Plan, Reply, Request, Router};
use crate::task::Task;

/// The flags of a job.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct JobArgs {
    #[command(flatten)]
    call: CallArgs,
    #[command(flatten)]
    constraints: ConstraintArgs,
}

/// A decision about a job, and what calls it.
pub(super) struct Caller<'a> {
    catalog: &'a Catalog,
    pub plan: Plan<'a>,
    pub notes: Vec<String>,
    router: Router<Bedrock>,
}

impl JobArgs {
    /// What is known, with people's own rules.
    pub(super) fn knowledge(global: &Global) -> Result<ManuallyDrop<Knowledge>, CliError> {
        settings::knowledge(global)
    }

    /// Whether models are named.
    pub(super) fn names_models(&self) -> bool {
        self.constraints.names_models()
    }

    /// The task that the flags alone describe.
    pub(super) fn task(
        &self,
        category: &str,
        knowledge: &Knowledge,
        global: &Global,
    ) -> Result<Task, CliError> {
        let mut task = self.constraints.task(String::new(), knowledge, global)?;
        task.category.get_or_insert_with(|| category.to_owned());
        Ok(task)
    }

    /// What makes the calls.
    pub(super) async fn bedrock(&self, global: &Global) -> Result<Bedrock, CliError> {
        self.call.bedrock(global).await
    }

    /// Decides who does a job of a category; `fit` adds what the job demands.
    pub(super) async fn caller<'a>(
        &self,
        category: &str,
        knowledge: &'a Knowledge,
        global: &Global,
        fit: impl FnOnce(&mut Task),
    ) -> Result<Caller<'a>, CliError> {
        let catalog = &knowledge.catalog;
        let pin = pin::of(&self.constraints, catalog)?;
        let flags = if pin.is_unknown() {
            self.constraints.without_models()
        } else {
            self.constraints.clone()
        };
        let mut task = flags.task(String::new(), knowledge, global)?;
        task.category.get_or_insert_with(|| category.to_owned());
        fit(&mut task);
        let answer = Recommender::new(catalog, &knowledge.rules).recommend(&task);
        let (plan, notes) = route::plan(&pin, &answer, &self.constraints)?;
        if let Pin::Unknown { id, .. } = &pin
            && catalog.form(catalog.bare(id)).is_none()
        {
            return Err(CliError::usage(format!("how `{id}` is called is not known"))
                .help("rules/bodies.toml says it; --rules adds to it"));
        }
        Ok(Caller { catalog, plan, notes, router: self.call.router(global).await? })
    }
}

impl Caller<'_> {
    /// How many texts one call of the model that answered takes.
    pub(super) fn batch(&self, reply: &Reply) -> usize {
        self.form(reply).map_or(1, |form| form.batch)
    }

    /// The form of what was called.
    fn form(&self, reply: &Reply) -> Option<&Form> {
        self.catalog
            .form(reply.model.as_deref().unwrap_or_else(|| self.catalog.bare(&reply.invoke_id)))
    }

    /// Does a job: the results, and what it took.
    pub(super) async fn run(
        &self,
        plan: Plan<'_>,
        job: Job,
    ) -> Result<(Vec<Value>, Reply), CliError> {
        self.ask(plan, Request { job: Some(job), ..Request::default() }).await
    }

    /// Does the job of a request: the results, and what it took.
    pub(super) async fn ask(
        &self,
        plan: Plan<'_>,
        request: Request,
    ) -> Result<(Vec<Value>, Reply), CliError> {
        let mut call = self.router.call(plan, request);
        let mut answer = Value::Null;
        loop {
            let next = tokio::select! {
                next = call.next() => next,
                _ = tokio::signal::ctrl_c() => return Err(CliError::new("interrupted", Exit::Interrupted)),
            };
            match next {
                None => break,
                Some(Ok(Event::Native(value))) => answer = value,
                Some(Ok(_)) => {}
                Some(Err(lost)) => return Err(call::error_of(&lost, &call.reply())),
            }
        }
        let reply = call.reply();
        let results =
            self.form(&reply).map(|form| router::results(form, &answer)).unwrap_or_default();
        if results.is_empty() {
            let reason = answer.pointer("/finish_reasons/0").and_then(Value::as_str);
            let error = CliError::new("the answer holds no result", Exit::Usage);
            return Err(reason.map_or(error, |reason| {
                CliError::new(format!("the request was filtered: {reason}"), Exit::Usage)
            }));
        }
        Ok((results, reply))
    }

    /// What is told on stderr when it is done.
    pub(super) fn tell(&self, reply: &Reply, category: &str) {
        for note in self.notes.iter().chain(&reply.warnings) {
            call::warn(note);
        }
        call::tell(&reply::line(reply, self.name(reply), Some(category)));
    }

    /// The name of the model that was called.
    pub(super) fn name(&self, reply: &Reply) -> &str {
        let index = reply.model.as_deref().and_then(|id| self.catalog.index_of(id));
        index.map_or("unknown model", |index| self.catalog.model(index).name.as_str())
    }

    /// What makes the calls.
    pub(super) fn bedrock(&self) -> &Bedrock {
        self.router.invoke()
    }
}

/// Another value of a body, as `NAME=VALUE`: the name as bodies have it, and the value, JSON or text.
pub(super) fn setting(pair: &str) -> Result<(String, Value), CliError> {
    let (name, value) = pair
        .split_once('=')
        .ok_or_else(|| CliError::usage(format!("`{pair}` is not NAME=VALUE")))?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((name.to_uppercase().replace('-', "_"), value))
}

/// A picture to send, with its type.
pub(super) fn picture(path: &Path) -> Result<(String, String), CliError> {
    let media = file(path)?;
    if media.kind == MediaKind::Image {
        return Ok((BASE64.encode(&media.bytes), format!("image/{}", media.format)));
    }
    Err(CliError::usage(format!("{}: not a picture", path.display())))
}

/// Runs what calls on the one thread there is.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
