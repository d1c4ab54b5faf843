//! From the files under `rules/` to a rule set, or to every mistake in them.

mod candidates;
mod defaults;
mod sanity;

use std::collections::BTreeMap;

use toml::Spanned;

use super::evidence::{self, Board, BoardResult, error_of, log_odds};
use super::schema::{
    Action, BenchmarkEntry, BoardEntry, CandidateEntry, GradesFile, PreferenceEntry, RequiresEntry,
    TaskFile, day_of,
};
use super::{
    Candidate, Category, Grades, Near, PreferenceRule, Requires, RuleSet, Variant, Weights,
};
use crate::asks;
use crate::catalog::Catalog;
use crate::catalog::schema::{Decimal, Entries};
use crate::classify::{Classifier, Lesson, Manner};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::phrase::Phrases;
use crate::source::RuleFile;
use crate::task::{Effort, ModelIndex, Preference};
use crate::text::glob;
use crate::words;

impl RuleSet {
    /// Compiles the rules, adding every mistake to `diagnostics`; `None` when something is too broken to go on.
    pub(crate) fn compile(
        files: &[RuleFile],
        catalog: &Catalog,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let mut compiler = Compiler { files, catalog, diagnostics };
        let preferences = compiler.preferences();
        let grades = compiler.grades()?;
        let boards = compiler.boards();
        let mut lessons = Vec::new();
        let categories = compiler.categories(&boards, &mut lessons);
        let vocabulary = words::compile(files, catalog, compiler.diagnostics)?;
        let asks = asks::compile(files, catalog, compiler.diagnostics)?;
        add_labeled(&mut lessons, files);
        // Learning is what takes longest, and nobody can use what comes of mistaken rules.
        if compiler.diagnostics.has_errors() {
            return None;
        }
        let classifier = Classifier::learn(&lessons, &manner(files, compiler.diagnostics));
        let any = any(&categories, &preferences);
        Some(Self { categories, preferences, grades, boards, vocabulary, asks, any, classifier })
    }
}

/// General text without its demands.
fn any(categories: &[Category], preferences: &[PreferenceRule]) -> Category {
    let balanced = preferences.iter().find(|rule| rule.preference == Preference::Balanced);
    let general = balanced.and_then(|rule| rule.alone.as_ref());
    let general =
        general.and_then(|name| categories.iter().find(|category| category.name == *name));
    let nothing = Category::undemanding();
    let of_general = |general: &Category| Category {
        usage: general.usage,
        thinking: general.thinking,
        weights: general.weights,
        boards: general.boards.clone(),
        evidence: general.evidence.clone(),
        ..nothing.clone()
    };
    general.map_or_else(|| nothing.clone(), of_general)
}

struct Compiler<'a> {
    files: &'a [RuleFile],
    catalog: &'a Catalog,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Compiler<'a> {
    fn table<T: serde::de::DeserializeOwned>(
        &mut self,
        path: &str,
    ) -> Option<(&'a RuleFile, Entries<T>)> {
        let file = self.files.iter().find(|file| file.path == path)?;
        file.parse(self.diagnostics).map(|entries| (file, entries))
    }

    fn preferences(&mut self) -> Vec<PreferenceRule> {
        let Some((file, entries)) = self.table::<PreferenceEntry>("preferences.toml") else {
            return Vec::new();
        };
        let mut rules = Vec::new();
        for (name, entry) in entries {
            self.share(file, "quality-floor", &entry.quality_floor);
            if let Some(near) = &entry.near {
                self.share(file, "near.cost", &near.cost);
                self.share(file, "near.quality", &near.quality);
            }
            let Some(preference) = Preference::named(name.get_ref()) else {
                let known = Preference::ALL.iter().map(|preference| preference.name());
                self.unknown(file, Code::UnknownKey, "preference", &name, known);
                continue;
            };
            rules.push(PreferenceRule {
                preference,
                about: entry.about,
                order: entry.order,
                quality_floor: entry.quality_floor.get_ref().0 as f32,
                near: entry.near.as_ref().map(|near| Near {
                    cost: near.cost.get_ref().0 as f32,
                    quality: (near.quality.get_ref().0 as f32).max(LEAST_STEP),
                }),
                alone: entry
                    .alone
                    .as_ref()
                    .filter(|name| self.category_exists(file, name))
                    .map(|name| name.get_ref().clone()),
            });
        }
        rules
    }

    fn grades(&mut self) -> Option<Grades> {
        let Some(file) = self.files.iter().find(|file| file.path == "grades.toml") else {
            self.diagnostics.push(Diagnostic::error(
                Code::Unreadable,
                "there is no grades.toml among the rules",
            ));
            return None;
        };
        let entry: GradesFile = file.parse(self.diagnostics)?;
        for (key, share) in
            [("strong", &entry.strong), ("good", &entry.good), ("fair", &entry.fair)]
        {
            self.share(file, key, share);
        }
        let of = |share: &Spanned<Decimal>| share.get_ref().0 as f32;
        let grades =
            Grades { strong: of(&entry.strong), good: of(&entry.good), fair: of(&entry.fair) };
        if !(grades.strong > grades.good && grades.good > grades.fair) {
            let help = "a strong model is better than a good one, and that better than a fair one";
            self.wrong(file, entry.good.span(), "the grades are not in order", help);
        }
        Some(grades)
    }

    /// Whether there is a category of that name; a mistake if not.
    fn category_exists(&mut self, file: &RuleFile, name: &Spanned<String>) -> bool {
        let names =
            || self.files.iter().filter(|file| file.path.starts_with("tasks/")).map(RuleFile::stem);
        let known = names().any(|own| own == name.get_ref());
        if !known {
            let names: Vec<&str> = names().collect();
            self.unknown(file, Code::UnknownCategory, "category", name, names);
        }
        known
    }

    fn boards(&mut self) -> Vec<Board> {
        let Some((file, entries)) = self.table::<BenchmarkEntry>("benchmarks.toml") else {
            return Vec::new();
        };
        if entries.len() > sanity::MOST_BOARDS {
            self.too_many(file, sanity::MOST_BOARDS, "benchmarks");
            return Vec::new();
        }
        self.impute_circles(file, &entries);
        let keys: Vec<String> = entries.keys().map(|key| key.get_ref().clone()).collect();
        let mut boards = Vec::new();
        for (key, entry) in entries {
            self.positive(file, "tier", &entry.tier);
            if self.catalog.source(entry.source.get_ref()).is_none() {
                let known = self.catalog.sources().iter().map(|source| source.key.as_str());
                self.unknown(file, Code::UnknownSource, "source", &entry.source, known);
            }
            let impute_from = entry.impute_from.as_ref().and_then(|from| {
                let at = keys.iter().position(|key| key == from.get_ref());
                if at.is_none() {
                    self.unknown(
                        file,
                        Code::UnknownBenchmark,
                        "benchmark",
                        from,
                        keys.iter().map(String::as_str),
                    );
                }
                at
            });
            boards.push(Board {
                key: key.into_inner(),
                title: entry.title,
                measures: entry.measures,
                scale: entry.scale,
                better: entry.better,
                faithfulness: entry.faithfulness,
                tier: entry.tier.into_inner(),
                effort_slope: entry.effort_slope.map_or(EFFORT_SLOPE, |slope| slope.get_ref().0),
                impute_from,
                source: entry.source.into_inner(),
                results: Vec::new().into(),
            });
        }
        self.results(&mut boards);
        boards
    }

    fn results(&mut self, boards: &mut [Board]) {
        let Some((file, entries)) = self.table::<BoardEntry>("evidence.toml") else { return };
        for (key, entry) in entries {
            let known: Vec<String> = boards.iter().map(|board| board.key.clone()).collect();
            let Some(board) = boards.iter_mut().find(|board| board.key == *key.get_ref()) else {
                self.unknown(
                    file,
                    Code::UnknownBenchmark,
                    "benchmark",
                    &key,
                    known.iter().map(String::as_str),
                );
                continue;
            };
            self.results_twice(file, &entry);
            let mut best: BTreeMap<(ModelIndex, Option<Effort>), BoardResult> = BTreeMap::new();
            for row in &entry.rows {
                let Some(model) = self.catalog.index_of(row.model.get_ref()) else {
                    let ids = self.catalog.models().iter().map(|model| model.id.as_str());
                    self.unknown(file, Code::UnknownModel, "model", &row.model, ids);
                    continue;
                };
                self.result_sanity(file, row, board.scale);
                let (low, high) = (row.low.map(|end| end.0), row.high.map(|end| end.0));
                let result = BoardResult {
                    model,
                    effort: row.effort.as_deref().and_then(measured_effort),
                    value: row.value.0,
                    date: day_of(&entry, row),
                    z: log_odds(row.value.0, board.scale, board.better),
                    error: error_of(row.value.0, low, high, board.scale, board.better),
                };
                let place = (model, result.effort);
                if best.get(&place).is_none_or(|known| known.z < result.z) {
                    best.insert(place, result);
                }
            }
            board.results = best.into_values().collect::<Vec<_>>().into();
        }
    }

    fn categories(&mut self, boards: &[Board], lessons: &mut Vec<Lesson>) -> Vec<Category> {
        let mut categories = Vec::new();
        for file in self.files.iter().filter(|file| file.path.starts_with("tasks/")) {
            let Some(entry) = file.parse::<TaskFile>(self.diagnostics) else { continue };
            if categories.len() == sanity::MOST_CATEGORIES {
                self.too_many(file, sanity::MOST_CATEGORIES, "categories");
                break;
            }
            let category = self.category(file, &entry, boards);
            if !category.named_only {
                lessons.push(lesson(&category.name, &entry));
            }
            categories.push(category);
        }
        // The classifier counts the categories that it has learned.
        categories.sort_by_key(|category| category.named_only);
        categories
    }

    fn category(&mut self, file: &RuleFile, entry: &TaskFile, boards: &[Board]) -> Category {
        self.task_sanity(file, entry);
        let mut weights = Vec::new();
        for (key, weight) in &entry.evidence {
            self.positive(file, key.get_ref(), weight);
            match boards.iter().position(|board| board.key == *key.get_ref()) {
                Some(at) => weights.push((at, *weight.get_ref())),
                None => {
                    self.unknown(
                        file,
                        Code::UnknownBenchmark,
                        "benchmark",
                        key,
                        boards.iter().map(|board| board.key.as_str()),
                    );
                }
            }
        }
        let models = self.catalog.indices().map(|index| (index, self.catalog.model(index)));
        let evidence = if weights.is_empty() {
            vec![None; self.catalog.models().len()]
        } else {
            evidence::all(boards, &weights, models)
        };
        let weighed = entry.weights.as_ref().map(|weights| *weights.get_ref()).unwrap_or_default();
        let in_force = self.in_force(file, &entry.candidates);
        let (always, when): (Vec<_>, Vec<_>) =
            in_force.into_iter().partition(|candidate| candidate.when.is_empty());
        let mut category = Category {
            name: file.stem().to_owned(),
            title: entry.title.clone().unwrap_or_else(|| defaults::title(file.stem())),
            about: entry.about.clone(),
            named_only: entry.named_only,
            prefer: entry.prefer,
            requires: defaults::requires(
                entry.requires.as_ref().map_or(&RequiresEntry::default(), Spanned::get_ref),
            ),
            usage: defaults::usage(
                entry.tokens.as_ref().map(|tokens| *tokens.get_ref()).unwrap_or_default(),
            ),
            thinking: entry
                .tokens
                .as_ref()
                .and_then(|tokens| tokens.get_ref().thinking)
                .map_or(1.0, |share| share.0 as f32),
            per_piece: entry.per_piece.as_ref().map(|share| share.get_ref().0),
            weights: Weights { quality: weighed.quality, cost: weighed.cost, speed: weighed.speed },
            boards: weights.iter().map(|(at, weight)| (*at as u8, *weight as f32)).collect(),
            evidence: evidence.into(),
            candidates: always
                .into_iter()
                .map(|candidate| self.candidate(file, candidate))
                .collect(),
            variants: Vec::new(),
        };
        for same in when.chunk_by(|one, other| one.when == other.when) {
            let candidates = same.iter().map(|candidate| self.candidate(file, candidate)).collect();
            let variant = self.variant(&category, candidates, &same[0].when);
            category.variants.push(variant);
        }
        category
    }

    /// The category when words are said: rules that always hold stay, but none that keeps others out. What all the models that are
    /// named take in is demanded: who asks for an edit sends a picture.
    fn variant(
        &self,
        category: &Category,
        mut candidates: Vec<Candidate>,
        words: &[String],
    ) -> Variant {
        let named = candidates
            .iter()
            .filter(|candidate| candidate.action == Action::Only)
            .flat_map(|candidate| &candidate.models);
        let taken =
            named.map(|model| self.catalog.model(*model).input).reduce(|all, own| all.and(own));
        let requires = Requires {
            input: category.requires.input.or(taken.unwrap_or_default()),
            ..category.requires
        };
        candidates.extend(
            category
                .candidates
                .iter()
                .filter(|candidate| candidate.action != Action::Only)
                .cloned(),
        );
        let category = Category { candidates, requires, variants: Vec::new(), ..category.clone() };
        Variant { words: Phrases::new(words.iter().map(|word| (word.as_str(), ()))), category }
    }

    fn candidate(&mut self, file: &RuleFile, entry: &CandidateEntry) -> Candidate {
        let pattern = entry.model.get_ref();
        let models: Vec<ModelIndex> = self
            .catalog
            .indices()
            .filter(|index| glob(pattern, &self.catalog.model(*index).id))
            .collect();
        if models.is_empty() {
            self.unknown_candidate(file, &entry.model);
        }
        if self.catalog.source(entry.source.get_ref()).is_none() {
            let known = self.catalog.sources().iter().map(|source| source.key.as_str());
            self.unknown(file, Code::UnknownSource, "source", &entry.source, known);
        }
        Candidate {
            pattern: pattern.clone(),
            models,
            action: entry.action,
            because: entry.because.clone(),
            source: entry.source.get_ref().clone(),
        }
    }

    fn unknown<'k>(
        &mut self,
        file: &RuleFile,
        code: Code,
        what: &str,
        name: &Spanned<String>,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        self.diagnostics.push(file.unknown(code, what, name, known));
    }
}

/// Qualities are told apart in no smaller steps.
const LEAST_STEP: f32 = 0.001;
/// What a board's results lose by a log-odd of a model's curve over efforts, where nothing else is said of the board.
const EFFORT_SLOPE: f64 = 0.5;

/// The effort that a result names: `thinking-32k` is thinking with a budget.
fn measured_effort(name: &str) -> Option<Effort> {
    Effort::named(name).or_else(|| name.starts_with("thinking").then_some(Effort::On))
}

/// How texts are read, as the rules say.
pub(crate) fn manner(files: &[RuleFile], diagnostics: &mut Diagnostics) -> Manner {
    let file = files.iter().find(|file| file.path == "reading.toml");
    file.and_then(|file| file.parse(diagnostics)).unwrap_or_default()
}

/// Adds the needs of labeled sentences to the categories that they belong to. Those that belong to none teach together when no
/// category can be told.
pub(crate) fn add_labeled(lessons: &mut Vec<Lesson>, files: &[RuleFile]) {
    let mut nothing = Lesson::default();
    for labeled in words::labeled(files, &mut Diagnostics::default()) {
        match lessons.iter_mut().find(|lesson| lesson.name == labeled.category) {
            Some(lesson) => lesson.labeled.push(labeled.text),
            None if labeled.category.is_empty()
                || Preference::named(&labeled.category).is_some() =>
            {
                nothing.labeled.push(labeled.text);
            }
            None => {}
        }
    }
    if !nothing.labeled.is_empty() {
        lessons.push(nothing);
    }
}

/// What a category teaches.
pub(crate) fn lesson(name: &str, file: &TaskFile) -> Lesson {
    let texts =
        |texts: &[Spanned<String>]| texts.iter().map(|text| text.get_ref().clone()).collect();
    Lesson {
        name: name.to_owned(),
        needs: texts(&file.examples.needs),
        prompts: texts(&file.examples.prompts),
        labeled: Vec::new(),
        strong: texts(&file.signals.strong),
        weak: texts(&file.signals.weak),
        against: texts(&file.signals.against),
        names: texts(&file.signals.names),
    }
}
