//! Why a choice stands where it does, in words: its rule, its standing, the evidence, where data goes.

use super::{Answer, Choice, Explanation, Recommendation, Standing};
use crate::rules::{Action, Order};
use crate::task::ModelIndex;

impl Recommendation<'_> {
    /// Why a choice stands where it does, in words.
    #[must_use]
    pub fn reasons(&self, choice: &Choice<'_>) -> Vec<Explanation> {
        let mut reasons = Vec::new();
        let rule = self.category().and_then(|category| category.action(choice.model));
        if let Some(rule) = rule.filter(|rule| rule.action != Action::Bar) {
            reasons.push(Explanation::new("rule", rule.because.clone(), Some(&rule.source)));
        }
        reasons.push(self.of_standing(choice));
        reasons.extend(self.of_quality(choice));
        reasons.extend(self.of_destinations(choice));
        reasons.extend(self.of_inference(choice));
        reasons.extend(self.filter().and_then(|filter| filter.lifetime_unknown(choice.model)));
        reasons
    }

    fn of_standing(&self, choice: &Choice<'_>) -> Explanation {
        let first = self.best().is_some_and(|best| best.model == choice.model);
        let good = self.ranked().iter().filter(|other| other.standing == Standing::Good).count();
        let floor = self.floor();
        let dearer = self.is_better_than_the_cheapest(choice);
        if let Answer::Listing(order) = self.understanding.answer {
            let place = if first {
                format!("the {order} of the {} models", self.ranked().len())
            } else {
                "one of the models".to_owned()
            };
            return Explanation::new("named", format!("{place} that were named"), None);
        }
        let needed = format!("{:.0}%", floor * 100.0);
        let (code, text) = match choice.standing {
            Standing::Pinned => ("pinned", "a rule puts it first".to_owned()),
            Standing::BelowFloor => (
                "below-floor",
                format!("its quality is below the {needed} that is good enough here"),
            ),
            Standing::LessProven => (
                "less-proven",
                format!(
                    "its quality may be below the {needed} that is good enough here: \
                     public evidence is thin"
                ),
            ),
            Standing::NoEvidence if self.best_quality().is_none() => (
                "by-capability",
                "no public evidence tells these models apart for this task: \
                 capabilities and cost decide"
                    .to_owned(),
            ),
            Standing::NoEvidence => {
                ("no-evidence", "no public evidence for this kind of task".to_owned())
            }
            Standing::Good => match self.preference().map(|rule| rule.order) {
                Some(Order::Quality) if first => (
                    "best",
                    format!(
                        "the cheapest of the best, as far as evidence tells them apart \
                         ({good} are good enough)"
                    ),
                ),
                Some(Order::Speed) if first && choice.wait.is_some() => {
                    ("fastest", format!("the shortest known wait of {good} that are good enough"))
                }
                _ if first && dearer.is_some() => {
                    let more = dearer.unwrap_or_default();
                    (
                        "best-value",
                        format!(
                            "{more:.0}% above the cheapest of {good} that are good enough, and better"
                        ),
                    )
                }
                _ if first && self.preference().is_some_and(|rule| rule.order == Order::Cost) => (
                    "cheapest-good",
                    format!("the cheapest of {good} with a quality of at least {needed}"),
                ),
                _ => ("good", format!("good enough (quality of at least {needed})")),
            },
        };
        Explanation::new(code, text, None)
    }

    /// By how many percent a choice costs more than the cheapest that is good enough, where that decides.
    fn is_better_than_the_cheapest(&self, choice: &Choice<'_>) -> Option<f64> {
        self.preference()?.near?;
        let good = self.ranked().iter().filter(|other| other.standing == Standing::Good);
        let (cheapest, cost) = (good.filter_map(|other| other.cost).min()?, choice.cost?);
        (cost > cheapest).then(|| (cost.as_f64() / cheapest.as_f64() - 1.0) * 100.0)
    }

    fn of_quality(&self, choice: &Choice<'_>) -> Vec<Explanation> {
        let Some(evidence) = choice.evidence else { return Vec::new() };
        let boards = self.rules.boards();
        let title = |board: &u8| boards[usize::from(*board)].title.as_str();
        let mut reasons: Vec<Explanation> = evidence
            .observed
            .iter()
            .map(|seen| {
                let board = &boards[usize::from(seen.board)];
                let effort =
                    seen.effort.map(|effort| format!(" at {effort} effort")).unwrap_or_default();
                let code = if board.faithfulness { "faithfulness" } else { "evidence" };
                let figure = crate::rules::evidence::figure(seen.value, board.scale);
                Explanation::new(
                    code,
                    format!("{}: {figure}{effort} ({})", board.title, seen.date),
                    Some(&board.source),
                )
            })
            .collect();
        if !evidence.imputed.is_empty() {
            let titles: Vec<&str> = evidence.imputed.iter().map(title).collect();
            let text =
                format!("predicted from other boards, adding no confidence: {}", titles.join(", "));
            reasons.push(Explanation::new("imputed", text, None));
        }
        let stale = self
            .category()
            .into_iter()
            .flat_map(|category| &category.boards)
            .filter(|(board, _)| self.is_stale(*board));
        let stale: Vec<&str> = stale.map(|(board, _)| title(board)).collect();
        if !stale.is_empty() {
            let text =
                format!("no result for any model of the last six months: {}", stale.join(", "));
            reasons.push(Explanation::new("stale-board", text, None));
        }
        reasons
    }

    /// Whether a board has no result of a model that was launched in the last six months, though there are such models.
    fn is_stale(&self, board: u8) -> bool {
        let since = self.task.as_of.saturating_sub(jiff::Span::new().months(6));
        let recent =
            |index: &ModelIndex| self.catalog.model(*index).launched.is_some_and(|day| day > since);
        let board = &self.rules.boards()[usize::from(board)];
        let mut models = self.catalog.indices().filter(recent).peekable();
        models.peek().is_some() && models.all(|index| board.results_of(index).is_empty())
    }

    /// What an offer rests on that no scan lists.
    fn of_inference(&self, choice: &Choice<'_>) -> Option<Explanation> {
        let text = self.catalog.inference(choice.offer)?;
        let source = self.catalog.price(choice.offer).map(|price| price.source.as_str());
        Some(Explanation::new("inferred", text, source))
    }

    fn of_destinations(&self, choice: &Choice<'_>) -> Option<Explanation> {
        let filter = self.filter()?;
        let text = format!("data is processed in {}", filter.goes_to(choice.offer));
        let model = self.catalog.model(choice.model);
        Some(Explanation::new("destinations", text, Some(&model.source)))
    }
}
