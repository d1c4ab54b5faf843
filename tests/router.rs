//! The router over a scripted `Invoke`: who is called after what, and who never. Time is paused: nothing waits.
#![cfg(feature = "route")]
#![allow(clippy::expect_used, reason = "tests say what they expect")]

#[path = "common/scripted.rs"]
mod scripted;

use std::sync::LazyLock;
use std::time::Duration;

use jiff::civil::date;
use rockpick::money::Usd;
use rockpick::router::{Event, Failure, Kind, Lost, Plan, Policy, Reply, Request, Router};
use rockpick::task::{Budget, Per, Preference, Task};
use rockpick::{Knowledge, Recommendation, Recommender};
use scripted::{Piece, Says, Scripted, fails, text};

static KNOWN: LazyLock<Knowledge> = LazyLock::new(rockpick::bundled);

/// A chat from one Region: a ranking of many models, some with several routes.
fn recommended(change: impl FnOnce(&mut Task)) -> Recommendation<'static> {
    let mut task = Task::new("", date(2026, 11, 21));
    task.category = Some("chatbot".into());
    task.preference = Some(Preference::Balanced);
    task.constraints.regions.insert(KNOWN.catalog.region("us-east-1").expect("a Region"));
    change(&mut task);
    Recommender::new(&KNOWN.catalog, &KNOWN.rules).recommend(&task)
}

/// The ids of the offers of the model at a place of the ranking.
fn ids(plan: &Plan<'_>, place: usize) -> Vec<String> {
    plan.offers(place).into_iter().map(|candidate| candidate.target.invoke_id).collect()
}

/// The bare ids of the ranked models.
fn models(answer: &Recommendation<'_>) -> Vec<String> {
    answer.ranked().iter().map(|choice| KNOWN.catalog.model(choice.model).id.clone()).collect()
}

async fn routed(
    script: Scripted,
    answer: &Recommendation<'static>,
) -> (Result<Reply, Lost>, Router<Scripted>) {
    routed_by(script, answer, Policy::default(), Request { stream: true, ..Request::new("hi") })
        .await
}

async fn routed_by(
    script: Scripted,
    answer: &Recommendation<'static>,
    policy: Policy,
    request: Request,
) -> (Result<Reply, Lost>, Router<Scripted>) {
    let router = Router::new(script, policy);
    let reply = router.route(Plan::of(answer), request).await;
    (reply, router)
}

fn kind(lost: &Lost) -> Option<Kind> {
    match lost {
        Lost::Failed(failure) | Lost::Incomplete(failure) => Some(failure.kind),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn the_best_offer_answers() {
    let answer = recommended(|_| {});
    let (reply, router) = routed(Scripted::default().on("", [text("hello")]), &answer).await;
    let reply = reply.expect("an answer");
    assert_eq!((reply.text.as_str(), reply.stop_reason.as_deref()), ("hello", Some("end_turn")));
    assert_eq!(
        router.invoke().called(),
        [KNOWN.catalog.invoke_id(answer.best().expect("a choice").offer)]
    );
    assert!(reply.cost.is_some_and(|cost| cost > Usd::ZERO));
}

#[tokio::test(start_paused = true)]
async fn the_candidate_after_those_that_fail_answers() {
    let answer = recommended(|_| {});
    let models = models(&answer);
    for fault in [
        Kind::AccessDenied,
        Kind::Eol,
        Kind::Throttled,
        Kind::ModelError,
        Kind::Reset,
        Kind::InvalidId,
    ] {
        // Denials of three providers in a row would be the account's.
        let most = if fault == Kind::AccessDenied { 2 } else { 4 };
        for k in 1..=most {
            let script = models
                .iter()
                .take(k)
                .fold(Scripted::default(), |script, model| script.on(model, [fails(fault)]));
            let (reply, router) = routed(script.on("", [text("here")]), &answer).await;
            let reply = reply.unwrap_or_else(|lost| panic!("{fault}, {k}: {lost}"));
            assert_eq!(reply.model.as_ref(), models.get(k), "{fault}, {k}");
            let called = router.invoke().called();
            let order: Vec<usize> = called
                .iter()
                .filter_map(|id| models.iter().position(|model| id.ends_with(model.as_str())))
                .collect();
            assert!(order.is_sorted(), "{fault}: {called:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn denials_of_three_providers_in_a_row_are_the_accounts() {
    let answer = recommended(|_| {});
    let (reply, router) =
        routed(Scripted::default().on("", [fails(Kind::AccessDenied)]), &answer).await;
    assert!(reply.is_err_and(|lost| lost.to_string().contains("3 providers in a row")));
    assert!(router.invoke().called().len() < 10, "{:?}", router.invoke().called());
}

#[tokio::test(start_paused = true)]
async fn every_call_is_of_an_offer_that_fits() {
    let answer = recommended(|task| task.constraints.global = Some(false));
    let filter = answer.filter().expect("a filter");
    let (reply, router) =
        routed(Scripted::default().on("", [fails(Kind::Unavailable)]), &answer).await;
    assert_eq!(reply.err().as_ref().and_then(kind), Some(Kind::Unavailable));
    let fitting: Vec<(String, String)> = KNOWN
        .catalog
        .indices()
        .flat_map(|model| filter.offers(model, 0).collect::<Vec<_>>())
        .map(|(offer, _)| {
            (
                KNOWN.catalog.invoke_id(offer).into_owned(),
                KNOWN.catalog.code(offer.region).to_owned(),
            )
        })
        .collect();
    let targets = router.invoke().targets();
    assert_eq!(targets.len(), Policy::default().attempts);
    for target in targets {
        assert!(!target.invoke_id.starts_with("global."));
        assert!(fitting.contains(&(target.invoke_id.clone(), target.region.clone())), "{target:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_once_more_and_what_does_not_is_not() {
    let answer = recommended(|_| {});
    let best = KNOWN.catalog.invoke_id(answer.best().expect("a choice").offer).into_owned();
    for (fault, calls) in [
        (Kind::Throttled, 2),
        (Kind::Internal, 2),
        (Kind::DailyLimit, 1),
        (Kind::Quota, 1),
        (Kind::Timeout, 1),
        (Kind::AccessDenied, 1),
    ] {
        let (_, router) =
            routed(Scripted::default().on(&best, [fails(fault)]).on("", [text("here")]), &answer)
                .await;
        let own = router.invoke().called().iter().filter(|id| **id == best).count();
        assert_eq!(own, calls, "{fault}");
    }
    let (reply, _) =
        routed(Scripted::default().on(&best, [fails(Kind::Throttled), text("second")]), &answer)
            .await;
    assert_eq!(reply.expect("an answer").attempts.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_pause_lasts_as_long_as_the_service_asks_unless_that_is_too_long() {
    let answer = recommended(|_| {});
    let best = KNOWN.catalog.invoke_id(answer.best().expect("a choice").offer).into_owned();
    let throttled = |seconds| {
        Says::Fails(Failure {
            retry_after: Some(Duration::from_secs(seconds)),
            ..Failure::new(Kind::Throttled, "wait")
        })
    };
    let (reply, _) =
        routed(Scripted::default().on(&best, [throttled(3), text("waited")]), &answer).await;
    let took = reply.expect("an answer").took;
    assert!((Duration::from_secs(3)..Duration::from_secs(4)).contains(&took), "{took:?}");
    let (reply, router) = routed(
        Scripted::default().on(&best, [throttled(60), text("late")]).on("", [text("other")]),
        &answer,
    )
    .await;
    let reply = reply.expect("an answer");
    assert_eq!(reply.text, "other");
    assert!(reply.took < Duration::from_secs(1) && router.invoke().called().len() == 2);
}

#[tokio::test(start_paused = true)]
async fn what_would_fail_everywhere_ends_at_once() {
    let answer = recommended(|_| {});
    for fault in
        [Kind::CredentialsExpired, Kind::CredentialsMissing, Kind::ClockSkew, Kind::ContentFiltered]
    {
        let (reply, router) = routed(Scripted::default().on("", [fails(fault)]), &answer).await;
        assert_eq!(reply.err().as_ref().and_then(kind), Some(fault));
        assert_eq!(router.invoke().called().len(), 1, "{fault}");
    }
    let (reply, router) =
        routed(Scripted::default().on("", [fails(Kind::InvalidRequest)]), &answer).await;
    assert_eq!(reply.err().as_ref().and_then(kind), Some(Kind::InvalidRequest));
    assert_eq!(router.invoke().called().len(), 2, "a second model says the same");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_too_long_goes_to_a_larger_context() {
    let answer = recommended(|_| {});
    let contexts: Vec<Option<u64>> = answer
        .ranked()
        .iter()
        .map(|choice| KNOWN.catalog.model(choice.model).limits.context)
        .collect();
    let models = models(&answer);
    let (reply, _) = routed(
        Scripted::default().on(&models[0], [fails(Kind::TooLong)]).on("", [text("long")]),
        &answer,
    )
    .await;
    match reply {
        Ok(reply) => {
            let chosen = KNOWN
                .catalog
                .index_of(reply.model.as_deref().expect("a model"))
                .map(|index| KNOWN.catalog.model(index).limits.context);
            assert!(chosen.expect("known") > contexts[0]);
        }
        Err(lost) => assert!(
            contexts.iter().flatten().all(|context| Some(*context) <= contexts[0]),
            "{lost}"
        ),
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_first_content_nobody_takes_over() {
    let answer = recommended(|_| {});
    let began = Piece::Is(Event::Text("Once".into()));
    let broken = Failure::new(Kind::Reset, "reset");
    for pieces in [
        vec![began.clone(), Piece::Fails(broken)],
        vec![began.clone()],
        vec![began.clone(), Piece::Hangs],
    ] {
        let router =
            Router::new(Scripted::default().on("", [Says::Pieces(pieces)]), Policy::default());
        let mut call =
            router.call(Plan::of(&answer), Request { stream: true, ..Request::new("hi") });
        let mut last = None;
        while let Some(next) = call.next().await {
            last = Some(next);
        }
        assert!(matches!(last, Some(Err(Lost::Incomplete(_)))), "{last:?}");
        assert_eq!((call.reply().text.as_str(), call.reply().stop_reason), ("Once", None));
        assert_eq!(router.invoke().called().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn before_the_first_content_another_takes_over() {
    let answer = recommended(|_| {});
    let best = models(&answer)[0].clone();
    let empty = Piece::Is(Event::Text(String::new()));
    for pieces in [
        vec![],
        vec![empty.clone()],
        vec![empty, Piece::Fails(Failure::new(Kind::ModelError, "mid-stream"))],
        vec![Piece::Hangs],
    ] {
        let (reply, _) = routed(
            Scripted::default().on(&best, [Says::Pieces(pieces)]).on("", [text("other")]),
            &answer,
        )
        .await;
        assert_eq!(reply.expect("an answer").text, "other");
    }
    let (reply, _) =
        routed(Scripted::default().on(&best, [Says::Hangs]).on("", [text("other")]), &answer).await;
    let reply = reply.expect("an answer");
    assert_eq!(reply.attempts[0].failure, Some(Kind::Timeout));
    assert!(reply.took >= Policy::default().first_byte);
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_whole_once_it_said_so() {
    let answer = recommended(|_| {});
    let pieces = [
        Piece::Is(Event::Text("done".into())),
        Piece::Is(Event::Stop("end_turn".into())),
        Piece::Fails(Failure::new(Kind::Reset, "late")),
    ];
    let (reply, _) =
        routed(Scripted::default().on("", [Says::Pieces(pieces.into())]), &answer).await;
    assert_eq!(reply.expect("an answer").text, "done");
}

#[tokio::test(start_paused = true)]
async fn a_second_sweep_asks_again_who_may_have_recovered() {
    let best = recommended(|_| {}).best().expect("a choice").model;
    let answer = recommended(|task| task.constraints.models = vec![best]);
    let flaky = [
        fails(Kind::Throttled),
        fails(Kind::Throttled),
        fails(Kind::Reset),
        fails(Kind::Throttled),
        fails(Kind::Throttled),
        fails(Kind::Throttled),
        text("at last"),
    ];
    let (reply, _) = routed(Scripted::default().on("", flaky), &answer).await;
    assert_eq!(reply.expect("an answer").text, "at last");
}

#[tokio::test(start_paused = true)]
async fn the_bounds_hold() {
    let answer = recommended(|_| {});
    let policy = Policy { attempts: 3, ..Policy::default() };
    let (_, router) = routed_by(
        Scripted::default().on("", [fails(Kind::Throttled)]),
        &answer,
        policy,
        Request::new("hi"),
    )
    .await;
    assert_eq!(router.invoke().called().len(), 3);
    let policy = Policy { total: Duration::from_secs(10), ..Policy::default() };
    let started = tokio::time::Instant::now();
    let (reply, _) =
        routed_by(Scripted::default().on("", [Says::Hangs]), &answer, policy, Request::new("hi"))
            .await;
    assert_eq!(reply.err().as_ref().and_then(kind), Some(Kind::Timeout));
    assert!(started.elapsed() <= Duration::from_secs(11));
}

#[tokio::test(start_paused = true)]
async fn the_budget_bounds_the_answer_and_what_failed_counts() {
    let budget = |usd: &str| Budget { usd: Usd::parse(usd).expect("dollars"), per: Per::Request };
    let answer = recommended(|task| task.constraints.max_cost = Some(budget("0.002")));
    let (reply, router) = routed(Scripted::default().on("", [text("ok")]), &answer).await;
    assert!(reply.is_ok());
    for request in router.invoke().requests() {
        let plan = Plan::of(&answer);
        let candidate = plan.offers(0).remove(0);
        let most = candidate
            .affordable(plan.budget.expect("a budget"), request.input_tokens(), plan.tier)
            .expect("a price");
        assert!(request.max_tokens.is_some_and(|tokens| tokens <= most));
    }
    // Every answer breaks off after it was billed: the calls end when the budget does.
    let usage =
        rockpick::router::Usage { input_tokens: 2_000, output_tokens: 1_000, ..Default::default() };
    let billed = Says::Pieces(vec![Piece::Is(Event::Usage(usage))]);
    let (reply, router) = routed(Scripted::default().on("", [billed]), &answer).await;
    assert!(reply.is_err());
    assert!(
        router.invoke().called().len() < Policy::default().attempts,
        "{}",
        router.invoke().called().len()
    );
}

#[tokio::test(start_paused = true)]
async fn a_refused_parameter_is_left_out_once_and_for_all() {
    let answer = recommended(|_| {});
    let refused = Failure {
        status: Some(400),
        ..Failure::new(Kind::Unsupported, "This model doesn't support the stopSequences field.")
    };
    let script = Scripted::default().on("", [Says::Fails(refused), text("ok"), text("again")]);
    let router = Router::new(script, Policy::default());
    let request = Request { stop: vec!["|".into()], ..Request::new("hi") };
    let first = router.route(Plan::of(&answer), request.clone()).await.expect("an answer");
    assert_eq!((first.attempts.len(), first.warnings.len()), (2, 1));
    let second = router.route(Plan::of(&answer), request).await.expect("an answer");
    assert_eq!(second.attempts.len(), 1);
    let called = router.invoke().called();
    assert!(called.iter().all(|id| *id == called[0]));
    let sent: Vec<bool> =
        router.invoke().requests().iter().map(|request| request.stop.is_empty()).collect();
    assert_eq!(sent, [false, true, true]);
}

#[tokio::test(start_paused = true)]
async fn strict_changes_nothing() {
    let answer = recommended(|_| {});
    let policy = Policy { strict: true, ..Policy::default() };
    let request = Request { max_tokens: Some(u64::MAX), ..Request::new("hi") };
    let (reply, router) =
        routed_by(Scripted::default().on("", [text("no")]), &answer, policy, request).await;
    assert!(matches!(reply, Err(Lost::Strict(_))));
    assert!(router.invoke().called().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_left_alone_by_the_next_call_and_probed_later() {
    let answer = recommended(|_| {});
    let best = ids(&Plan::of(&answer), 0)[0].clone();
    let script = Scripted::default()
        .on(&best, [fails(Kind::Throttled), fails(Kind::Throttled), text("well again")])
        .on("", [text("other")]);
    let router = Router::new(script, Policy::default());
    let ask = || router.route(Plan::of(&answer), Request::new("hi"));
    assert_eq!(ask().await.expect("an answer").text, "other");
    assert_eq!(ask().await.expect("an answer").text, "other");
    tokio::time::advance(Duration::from_secs(61)).await;
    assert_eq!(ask().await.expect("an answer").text, "well again");
    assert_eq!(ask().await.expect("an answer").text, "well again");
}

#[tokio::test(start_paused = true)]
async fn what_is_denied_is_not_asked_again() {
    let answer = recommended(|_| {});
    let best = models(&answer)[0].clone();
    let router = Router::new(
        Scripted::default().on(&best, [fails(Kind::AccessDenied)]).on("", [text("other")]),
        Policy::default(),
    );
    for _ in 0..3 {
        assert_eq!(
            router.route(Plan::of(&answer), Request::new("hi")).await.expect("an answer").text,
            "other"
        );
    }
    assert_eq!(router.invoke().called().iter().filter(|id| id.ends_with(&best)).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_says_what_it_had() {
    let answer = recommended(|_| {});
    let pieces = vec![Piece::Is(Event::Text("half".into())), Piece::Hangs];
    let router = Router::new(Scripted::default().on("", [Says::Pieces(pieces)]), Policy::default());
    let mut call = router.call(Plan::of(&answer), Request { stream: true, ..Request::new("hi") });
    assert!(matches!(call.next().await, Some(Ok(Event::Text(_)))));
    let reply = call.reply();
    assert_eq!((reply.text.as_str(), reply.attempts[0].failure), ("half", Some(Kind::Cancelled)));
    assert!(reply.cost.is_some_and(|cost| cost > Usd::ZERO));
}

#[tokio::test(start_paused = true)]
async fn nothing_fits_is_said_without_a_call() {
    let answer = recommended(|task| task.constraints.min_context = Some(900_000_000));
    let (reply, router) = routed(Scripted::default().on("", [text("no")]), &answer).await;
    assert_eq!(reply, Err(Lost::NothingFits));
    assert!(router.invoke().called().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_not_reached_is_given_up() {
    let answer = recommended(|task| {
        task.constraints.regions.insert(KNOWN.catalog.region("eu-west-1").expect("a Region"));
    });
    let (reply, router) = routed(Scripted::default().on("", [fails(Kind::Connect)]), &answer).await;
    assert_eq!(reply.err().as_ref().and_then(kind), Some(Kind::Connect));
    let counts = router.invoke().targets().into_iter().fold(
        std::collections::BTreeMap::new(),
        |mut counts, target| {
            *counts.entry(target.region).or_insert(0) += 1;
            counts
        },
    );
    assert!(counts.len() == 2 && counts.values().all(|count| *count <= 3), "{counts:?}");
}
