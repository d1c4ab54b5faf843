//! `rockpick doctor`: what stands between this machine and an answer, and the fix; no tokens are spent.

mod asked;

use std::io::Write as _;

use clap::Args;
use serde::Serialize;

use self::asked::{Asked, asked};
use super::call::{CallArgs, prints_json};
use super::constraints::ConstraintArgs;
use super::{CliError, Exit, Global, job, misplaced, output, settings};
#[cfg(feature = "history")]
use super::{ping, speed as own_speed};
use crate::bedrock::{Bedrock, ModelAccess};
use crate::catalog::{Catalog, Offer, Status};
use crate::output::shown_line;
use crate::recommend::Recommender;
use crate::router::{Failure, Kind};
#[cfg(feature = "history")]
use crate::router::{Plan, Router};
#[cfg(feature = "history")]
use crate::task::Tier;
use crate::task::{ModelIndex, Region, RegionSet};

/// Bedrock refuses signatures that are older than this, in seconds.
const MOST_SKEW: i64 = 300;
/// From this on a clock is worth a warning, in seconds.
const SOME_SKEW: i64 = 60;

#[derive(Clone, Debug, Args)]
pub(super) struct DoctorArgs {
    /// Model to check: id, profile's id, ARN or name.
    #[arg(value_name = "MODEL")]
    model_to_check: Option<String>,
    /// Measure how soon and how fast the model answers, with one short call; what it costs is said and asked first.
    #[cfg(feature = "history")]
    #[arg(long, requires = "model_to_check")]
    ping: bool,
    /// Make the ping without asking.
    #[cfg(feature = "history")]
    #[arg(long, requires = "ping")]
    yes: bool,
    #[command(flatten)]
    call: CallArgs,
    #[command(flatten)]
    constraints: ConstraintArgs,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Warning,
    Problem,
}

/// One line of the answer.
#[derive(Debug, Serialize)]
struct Check {
    #[serde(rename = "check")]
    what: &'static str,
    verdict: Verdict,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

#[derive(Default)]
struct Findings {
    checks: Vec<Check>,
    unknown_caller: bool,
    /// Nothing answers at the endpoint.
    unreachable: bool,
}

pub(super) fn run(args: &DoctorArgs, global: &Global) -> Result<Exit, CliError> {
    let knowledge = settings::knowledge(global)?;
    let catalog = &knowledge.catalog;
    let task = args.constraints.task(String::new(), &knowledge, global)?;
    let answer = Recommender::new(catalog, &knowledge.rules).recommend(&task);
    let regions = answer.understanding.constraints.regions;
    let from = task
        .defaults
        .region
        .as_ref()
        .filter(|_| task.constraints.regions.is_empty())
        .map(|(_, from)| from.as_str());
    let asked = args
        .model_to_check
        .as_deref()
        .map(|name| asked(catalog, name, regions.iter().next(), task.as_of))
        .transpose()?;
    let mut found = Findings::default();
    if let Some(wrong) =
        args.model_to_check.as_deref().and_then(|name| misplaced::find(catalog, name, regions))
    {
        found.problem("id", wrong.fact(), &wrong.fix());
    }
    job::block_on(async {
        let Some(region) = regions.iter().next() else {
            found.problem(
                "region",
                "there is none to call from",
                "give --region, or set AWS_REGION",
            );
            return Ok(());
        };
        let code = catalog.code(region);
        found.ok(
            "region",
            format!(
                "{code}, {}{}",
                catalog.region_info(region).name,
                from.map(|from| format!(", from {from}")).unwrap_or_default()
            ),
        );
        let router = args.call.router(global).await?;
        let bedrock = router.invoke();
        found.caller(bedrock, code).await;
        if found.unknown_caller || found.unreachable {
            return Ok(());
        }
        found.retention(bedrock, code).await;
        match &asked {
            None => {}
            _ if found.unreachable => {}
            Some(Asked::Unknown(id)) => found.unknown_id(bedrock, code, id).await,
            Some(Asked::Models(models, id)) => {
                for model in models {
                    found
                        .model(bedrock, catalog, *model, region, &answer.task.as_of, id.as_deref())
                        .await;
                }
                #[cfg(feature = "history")]
                if let (true, Some(model)) = (args.ping && !found.has_problem(), models.first()) {
                    let offers = catalog.offers_from(*model, region);
                    let best = offers
                        .iter()
                        .min_by_key(|offer| offer.route)
                        .map(|offer| catalog.invoke_id(offer).into_owned());
                    if let Some(id) = id.clone().or(best) {
                        found.ping(&router, catalog, &id, code, args.yes).await?;
                    }
                }
            }
        }
        Ok(())
    })?;
    found.write(global)
}

impl Findings {
    fn push(
        &mut self,
        check: &'static str,
        verdict: Verdict,
        text: impl Into<String>,
        fix: Option<&str>,
    ) {
        self.checks.push(Check {
            what: check,
            verdict,
            text: text.into(),
            fix: fix.map(str::to_owned),
        });
    }

    fn ok(&mut self, check: &'static str, text: impl Into<String>) {
        self.push(check, Verdict::Ok, text, None);
    }

    fn warning(&mut self, check: &'static str, text: impl Into<String>, fix: Option<&str>) {
        self.push(check, Verdict::Warning, text, fix);
    }

    fn problem(&mut self, check: &'static str, text: impl Into<String>, fix: &str) {
        self.push(check, Verdict::Problem, text, Some(fix));
    }

    /// What could not be looked at is a warning: the permission to look is not the permission to call.
    fn unseen(&mut self, check: &'static str, failure: &Failure) {
        if matches!(failure.kind, Kind::Connect | Kind::BadEndpoint | Kind::Reset) {
            self.unreachable = true;
            let fix = failure.kind.fix().or(Kind::Connect.fix()).unwrap_or_default();
            return self.problem(check, format!("AWS does not answer: {failure}"), fix);
        }
        let denied = failure.kind == Kind::PolicyDenied;
        let verdict = if denied { Verdict::Problem } else { Verdict::Warning };
        self.push(
            check,
            verdict,
            format!("cannot be seen: {failure}"),
            failure.kind.fix().filter(|_| denied),
        );
    }

    async fn caller(&mut self, bedrock: &Bedrock, region: &str) {
        if std::env::var("AWS_BEARER_TOKEN_BEDROCK").is_ok_and(|token| !token.is_empty()) {
            self.ok(
                "identity",
                "a Bedrock API key from AWS_BEARER_TOKEN_BEDROCK; whose it is cannot be asked",
            );
            return;
        }
        let (caller, time) = bedrock.caller(region).await;
        match caller {
            Ok(caller) => {
                self.ok("identity", format!("{} of account {}", caller.arn, caller.account));
            }
            Err(failure)
                if matches!(
                    failure.kind,
                    Kind::Connect
                        | Kind::BadEndpoint
                        | Kind::Reset
                        | Kind::Timeout
                        | Kind::Unavailable
                        | Kind::Internal
                ) =>
            {
                self.unseen("identity", &failure);
            }
            Err(failure) => {
                self.unknown_caller = true;
                self.problem(
                    "identity",
                    failure.to_string(),
                    failure.kind.fix().unwrap_or("check the credentials"),
                );
            }
        }
        let Some(skew) = time.map(|time| settings::now() - time) else { return };
        match skew.abs() {
            ..SOME_SKEW => self.ok("clock", "agrees with AWS"),
            SOME_SKEW..MOST_SKEW => {
                self.warning("clock", format!("{skew} s from that of AWS"), Kind::ClockSkew.fix());
            }
            _ => self.problem(
                "clock",
                format!("{skew} s from that of AWS"),
                "set this machine's clock",
            ),
        }
    }

    async fn retention(&mut self, bedrock: &Bedrock, region: &str) {
        match bedrock.retention(region).await {
            Ok(mode) => self.ok("retention", format!("the account's mode is {mode}")),
            Err(failure) => self.unseen("retention", &failure),
        }
    }

    async fn model(
        &mut self,
        bedrock: &Bedrock,
        catalog: &Catalog,
        index: ModelIndex,
        region: Region,
        today: &jiff::civil::Date,
        asked: Option<&str>,
    ) {
        let model = catalog.model(index);
        let successor = model.lifecycle.successor.as_deref();
        let fix = successor.map(|id| format!("move to {id}"));
        let until = model.lifecycle.eol.map(|eol| format!(" until {eol}")).unwrap_or_default();
        match model.lifecycle.status(*today) {
            Status::Active => self.ok("lifecycle", format!("{} is active{until}", model.name)),
            Status::Limited => self.warning(
                "lifecycle",
                format!("{} is only for accounts that were let in", model.name),
                None,
            ),
            Status::Legacy => self.warning(
                "lifecycle",
                format!("{} is legacy{until}", model.name),
                fix.as_deref(),
            ),
            Status::Eol => self.problem(
                "lifecycle",
                format!("{} cannot be called any more", model.name),
                fix.as_deref().unwrap_or("choose another model"),
            ),
        }
        let code = catalog.code(region);
        match bedrock.model_access(code, &model.id).await {
            Ok(access) => self.access(bedrock, code, &access).await,
            Err(failure) => self.unseen("access", &failure),
        }
        let offers = catalog.offers_from(index, region);
        if offers.is_empty()
            && !catalog.reach_unknown(index, RegionSet::only(region), *today).is_empty()
        {
            self.warning(
                "offer",
                format!("no source says whether it can be called from {code}"),
                None,
            );
        } else if offers.is_empty() {
            let elsewhere = catalog.codes(catalog.regions_of(index)).join(", ");
            self.problem(
                "offer",
                format!("there is none from {code}"),
                &format!("call it from one of {elsewhere}"),
            );
        }
        for offer in offers {
            self.offer(bedrock, catalog, offer, code, asked).await;
        }
    }

    fn has_problem(&self) -> bool {
        self.checks.iter().any(|check| check.verdict == Verdict::Problem)
    }

    /// One call that is paid for, when that is wanted.
    #[cfg(feature = "history")]
    async fn ping(
        &mut self,
        router: &Router<Bedrock>,
        catalog: &Catalog,
        id: &str,
        region: &str,
        yes: bool,
    ) -> Result<(), CliError> {
        let plan = Plan::pinned(catalog, id, region, Tier::Standard);
        if !yes && !ping::may(id, ping::cost(&plan))? {
            self.warning("ping", "not made", Some("--yes makes it without asking"));
            return Ok(());
        }
        match ping::measure(router, plan, region).await {
            Ok((speed, cost)) => {
                let cost =
                    cost.map_or_else(|| "cost not known".to_owned(), |cost| cost.to_string());
                let told = format!("{id}: {speed} ({cost})");
                let path = own_speed::keep(id, speed)?;
                self.ok("ping", format!("{told}; kept in {}", path.display()));
            }
            Err(error) => self.problem("ping", error.in_one_line(), "see the other checks"),
        }
        Ok(())
    }

    /// What AWS says of an ID that the catalog does not know.
    async fn unknown_id(&mut self, bedrock: &Bedrock, region: &str, id: &str) {
        self.warning("id", format!("the catalog does not know `{id}`: AWS is asked"), None);
        match bedrock.profile(region, id).await {
            Ok(profile) if profile.active => {
                return self.ok(
                    "id",
                    format!("the profile {}, to {}", profile.name, places(&profile.regions)),
                );
            }
            Ok(_) => {
                return self.problem(
                    "id",
                    format!("the profile {id} is not active"),
                    "call another one",
                );
            }
            Err(failure)
                if failure.kind != Kind::InvalidId && failure.kind != Kind::InvalidRequest =>
            {
                return self.unseen("id", &failure);
            }
            Err(_) => {}
        }
        match bedrock.model_access(region, id).await {
            Ok(access) => self.access(bedrock, region, &access).await,
            Err(failure)
                if matches!(failure.kind, Kind::InvalidId | Kind::InvalidRequest | Kind::Eol) =>
            {
                self.problem(
                    "id",
                    format!("AWS does not know `{id}` in {region}"),
                    "`rockpick models` lists what can be called",
                );
            }
            Err(failure) => self.unseen("id", &failure),
        }
    }

    async fn access(&mut self, bedrock: &Bedrock, region: &str, access: &ModelAccess) {
        if access.agreement == "AVAILABLE" {
            self.ok("agreement", "in order");
        } else {
            self.problem(
                "agreement",
                access.agreement.clone(),
                Kind::AgreementMissing.fix().unwrap_or_default(),
            );
            match bedrock.use_case(region).await {
                Ok(()) => self.ok("use-case", "the form was sent"),
                Err(failure) if failure.kind == Kind::InvalidId => {
                    self.problem(
                        "use-case",
                        "no form was sent",
                        "send it from the model's page in the console's model catalog, or with PutUseCaseForModelAccess",
                    );
                }
                Err(failure) => self.unseen("use-case", &failure),
            }
        }
        match (access.authorized, access.entitled) {
            (true, true) => self.ok("access", "the account may call it"),
            (false, _) => self.problem(
                "access",
                "the account is not authorized",
                Kind::AccessDenied.fix().unwrap_or_default(),
            ),
            (true, false) => self.problem(
                "access",
                "the account is not entitled to it",
                "ask AWS or the provider for access",
            ),
        }
        if !access.in_region {
            self.warning(
                "access",
                "AWS says that this Region does not have it; a profile may reach it elsewhere",
                None,
            );
        }
    }

    async fn offer(
        &mut self,
        bedrock: &Bedrock,
        catalog: &Catalog,
        offer: &Offer,
        region: &str,
        asked: Option<&str>,
    ) {
        let id = catalog.invoke_id(offer);
        let route = offer.route.name();
        if catalog.prefix(offer).is_none() {
            return self.ok("offer", format!("{id} ({route})"));
        }
        match bedrock.profile(region, &id).await {
            Ok(profile) if profile.active => {
                self.ok("offer", format!("{id} ({route}), to {}", places(&profile.regions)));
            }
            Ok(_) => self.problem(
                "offer",
                format!("the profile {id} is not active"),
                "call another offer",
            ),
            Err(failure)
                if failure.kind == Kind::InvalidId && asked.is_some_and(|asked| asked == id) =>
            {
                self.problem(
                    "offer",
                    format!("AWS does not list {id} from {region}"),
                    "call another offer",
                );
            }
            Err(failure) if failure.kind == Kind::InvalidId => {
                self.warning(
                    "offer",
                    format!("AWS does not list {id} from {region}"),
                    Some("the catalog may be older or newer than AWS"),
                );
            }
            Err(failure) => self.unseen("offer", &failure),
        }
    }

    fn write(&self, global: &Global) -> Result<Exit, CliError> {
        let problem = self.has_problem();
        let exit = if self.unreachable {
            Exit::Unavailable
        } else if self.unknown_caller {
            Exit::Access
        } else if problem {
            Exit::Nothing
        } else {
            Exit::Answer
        };
        if prints_json(global) {
            output::json(
                serde_json::json!({ "schema": "rockpick.doctor.v1", "checks": self.checks }),
                global,
            )?;
            return Ok(exit);
        }
        let mut out = output::stdout();
        for check in &self.checks {
            let sign = match check.verdict {
                Verdict::Ok => "✓",
                Verdict::Warning => "!",
                Verdict::Problem => "✗",
            };
            writeln!(out, "{sign} {:<10} {}", check.what, shown_line(&check.text))?;
            if let Some(fix) = &check.fix {
                writeln!(out, "  {:<10} fix: {}", "", shown_line(fix))?;
            }
        }
        out.flush()?;
        Ok(exit)
    }
}

fn places(regions: &[String]) -> String {
    if regions.is_empty() { "any commercial Region".to_owned() } else { regions.join(", ") }
}
