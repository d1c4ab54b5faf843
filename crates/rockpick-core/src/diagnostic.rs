//! A mistake in a rule file, as data: what is wrong, where, and the fix. Rendering is the reader's business.

use std::ops::Range;

use crate::vocabulary::vocabulary;

vocabulary! {
    /// How bad it is.
    Severity {
        /// The rules cannot be used.
        Error = "error",
        /// The rules can be used, but somebody should look.
        Warning = "warning",
    }
}

vocabulary! {
    /// What kind of mistake it is. `docs/diagnostics.md` explains each.
    Code {
        /// The file cannot be read.
        Unreadable = "unreadable",
        /// Not TOML.
        Syntax = "syntax",
        /// A key that the schema does not have.
        UnknownKey = "unknown-key",
        /// A key that must be there.
        MissingKey = "missing-key",
        /// A value of the wrong type or out of its range.
        WrongValue = "wrong-value",
        /// No such Region.
        UnknownRegion = "unknown-region",
        /// No such model.
        UnknownModel = "unknown-model",
        /// No such provider.
        UnknownProvider = "unknown-provider",
        /// No such category.
        UnknownCategory = "unknown-category",
        /// No such feature.
        UnknownFeature = "unknown-feature",
        /// No such country.
        UnknownCountry = "unknown-country",
        /// No such source of facts.
        UnknownSource = "unknown-source",
        /// No such benchmark.
        UnknownBenchmark = "unknown-benchmark",
        /// A file that is none of the rules.
        UnknownFile = "unknown-file",
        /// A control character in a text or key.
        ControlCharacter = "control-character",
        /// A list of an overlay that drops entries of the one below it.
        OverlayDrops = "overlay-drops",
        /// A row of an overlay that hides differences of the rows below it, or that nothing uses.
        OverlayShadows = "overlay-shadows",
        /// The same id twice.
        Duplicate = "duplicate",
        /// Successors that lead in a circle.
        SuccessorCycle = "successor-cycle",
        /// Aliases that lead in a circle.
        AliasCycle = "alias-cycle",
        /// Benchmarks that are imputed from one another in a circle.
        ImputeCycle = "impute-cycle",
        /// A successor that cannot be called either.
        DeadSuccessor = "dead-successor",
        /// A file's name that cannot be the name of a category.
        CategoryName = "category-name",
        /// A category without examples and signals.
        EmptyCategory = "empty-category",
        /// A category whose demands and rules leave no model.
        NoModelLeft = "no-model-left",
        /// The same thing said in two ways that exclude each other.
        Contradiction = "contradiction",
        /// A model that takes in or gives out nothing, or not what its kind does.
        NoModality = "no-modality",
        /// A price of tokens without one for the tokens that come back.
        HalfPrice = "half-price",
        /// A price that cannot be right.
        OddPrice = "odd-price",
        /// A signal that speaks for and against a category, or for two of them.
        SignalClash = "signal-clash",
        /// The same example in two categories.
        ExampleClash = "example-clash",
        /// An example that reads as another category.
        ExampleMisread = "example-misread",
        /// A source that has not been looked at for long.
        StaleFact = "stale-fact",
        /// A model that can be called but has no price.
        Unpriced = "unpriced",
        /// An expectation that does not hold.
        ExpectationFailed = "expectation-failed",
        /// A limit of the format is exceeded.
        TooLarge = "too-large",
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its path as the user knows it.
    pub file: String,
    /// The bytes concerned.
    pub span: Range<usize>,
}

impl Place {
    /// The place of a value that only stands in for a wrong or missing one, about which enough was said already.
    pub(crate) fn stand_in() -> Self {
        Self { file: String::new(), span: usize::MAX..usize::MAX }
    }

    fn stands_in(&self) -> bool {
        self.span.start == usize::MAX
    }
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// Where.
    pub place: Option<Place>,
    /// What to write there instead.
    pub replacement: Option<String>,
    /// Another place that belongs to it, with what is there.
    pub related: Option<(Place, String)>,
    /// Advice in words.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            place: None,
            replacement: None,
            related: None,
            help: None,
        }
    }

    /// A warning without a place.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// The same, at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// The same, with what to write instead.
    #[must_use]
    pub fn replace_with(mut self, text: Option<String>) -> Self {
        self.replacement = text;
        self
    }

    /// The same, with advice.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// The same, with a second place.
    #[must_use]
    pub fn related(mut self, place: Place, text: impl Into<String>) -> Self {
        self.related = Some((place, text.into()));
        self
    }
}

/// All mistakes of a run, in the order of files and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one, unless it is about a value that only stands in for one that was found wrong.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !diagnostic.place.as_ref().is_some_and(Place::stands_in) {
            self.0.push(diagnostic);
        }
    }

    /// Adds those of another run.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Whether one of them is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sorts them as a reader goes through the files.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| {
            let key = |diagnostic: &Diagnostic| {
                diagnostic.place.as_ref().map(|place| (place.file.clone(), place.span.start))
            };
            key(a).cmp(&key(b)).then(a.message.cmp(&b.message))
        });
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for diagnostic in &self.0 {
            let file = diagnostic.place.as_ref().map_or("rules", |place| place.file.as_str());
            writeln!(
                f,
                "{}[{}]: {file}: {}",
                diagnostic.severity, diagnostic.code, diagnostic.message
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// What is longer is like no name, and comparing it would only take time.
const LONGEST_NAME: usize = 200;

/// The name most like `name`, if one is like it enough to be meant.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let name = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name, candidate), candidate))
        .min()
        .filter(|(distance, candidate)| {
            *distance * 3 <= candidate.chars().count().max(name.chars().count())
        })
        .map(|(_, candidate)| candidate)
}
