//! What goes wrong on the command line: one line, then why and the fix, and the exit code.

use std::io::{self, Write as _};
use std::process::{ExitCode, Termination};

use clap::error::{ContextKind, ContextValue};

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::output::diagnostics::{self, Texts};
use crate::output::{shown_json, shown_line};
use crate::source::RuleFile;

/// The longest message, in characters.
const LONGEST: usize = 1_000;

/// The exit codes. Their numbers are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// An answer.
    Answer = 0,
    /// Nothing fits, or a check found something.
    Nothing = 1,
    /// Wrong usage or input.
    Usage = 2,
    /// AWS does not know the caller or does not let them.
    Access = 3,
    /// AWS is throttled or unavailable after every fallback.
    Unavailable = 4,
    /// It would cost more than the budget.
    Budget = 5,
    /// The answer is incomplete.
    Truncated = 6,
    /// The user ended it.
    Interrupted = 130,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

/// Why a command cannot answer.
#[derive(Debug)]
pub struct CliError {
    message: String,
    help: Vec<String>,
    exit: Exit,
    /// The kind of failure, for programs.
    code: Option<&'static str>,
    /// Nobody reads the answer any more: no error at all.
    closed: bool,
    /// Mistakes in rule files, shown as a compiler would, with the files.
    diagnostics: Option<Box<(Diagnostics, Vec<RuleFile>)>>,
}

impl CliError {
    /// Wrong usage or input.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(message, Exit::Usage)
    }

    /// An error with its exit code.
    pub(crate) fn new(message: impl Into<String>, exit: Exit) -> Self {
        Self {
            message: message.into(),
            help: Vec::new(),
            exit,
            code: None,
            closed: false,
            diagnostics: None,
        }
    }

    /// The message with its advice, where there is only one line for both.
    #[cfg(feature = "history")]
    pub(crate) fn in_one_line(&self) -> String {
        std::iter::once(&self.message).chain(&self.help).cloned().collect::<Vec<_>>().join("; ")
    }

    /// The same, with the place of the configuration that it is about.
    pub(crate) fn found_in(mut self, place: &impl std::fmt::Display) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// Its exit code.
    #[cfg(feature = "aws")]
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Whether it is of a kind of failure.
    #[cfg(feature = "aws")]
    pub(crate) fn is(&self, code: &str) -> bool {
        self.code == Some(code)
    }

    /// The same, with the kind of failure for programs.
    #[cfg(feature = "aws")]
    pub(crate) fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// Mistakes in rule files; what places refer to is looked up in `files`.
    pub(crate) fn rules(diagnostics: Diagnostics, files: Vec<RuleFile>) -> Self {
        let errors = diagnostics
            .0
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .count();
        let unread = |diagnostic: &Diagnostic| {
            matches!(diagnostic.code, Code::Unreadable | Code::TooLarge)
                && diagnostic.place.is_none()
        };
        let message = match errors {
            _ if diagnostics.0.iter().all(unread) => "the rules cannot be read".to_owned(),
            1 => "the rules have a mistake".to_owned(),
            errors => format!("the rules have {errors} mistakes"),
        };
        let codes = "`rockpick rules explain CODE` tells what a code means";
        Self { diagnostics: Some(Box::new((diagnostics, files))), ..Self::usage(message) }
            .help(codes)
    }

    /// The same, with advice.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The same, with "did you mean".
    pub(crate) fn meant(self, nearest: Option<&str>) -> Self {
        match nearest {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Writes it to stderr and gives the exit code.
    pub(crate) fn report(self, json: bool) -> Exit {
        if self.closed {
            return Exit::Answer;
        }
        let mut text = format!("error: {}\n", shown_line(&short(&self.message)));
        for help in &self.help {
            text.push_str(&format!("help: {}\n", shown_line(help)));
        }
        if json {
            let mut object =
                serde_json::json!({ "error": short(&self.message), "help": self.help });
            if let Some((found, files)) = self.diagnostics.as_deref() {
                object["diagnostics"] = diagnostics::json(found, &Texts::of(files)).into();
            }
            if let Some(code) = self.code {
                object["code"] = code.into();
            }
            text = format!("{}\n", shown_json(&object.to_string()));
        } else if let Some((found, files)) = self.diagnostics.as_deref() {
            text.insert_str(0, &diagnostics::text(found, &Texts::of(files), true));
        }
        // Nothing can be told to anybody when stderr is closed as well.
        let _ = anstream::stderr().write_all(text.as_bytes());
        self.exit
    }
}

/// A message that quotes what was given is no place for all of it.
pub(super) fn short(message: &str) -> std::borrow::Cow<'_, str> {
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &message[..end]).into(),
        None => message.into(),
    }
}

impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        let closed = error.kind() == io::ErrorKind::BrokenPipe;
        Self { closed, ..Self::usage(format!("cannot write the answer: {error}")) }
    }
}

impl From<serde_json::Error> for CliError {
    fn from(error: serde_json::Error) -> Self {
        match error.io_error_kind() {
            Some(kind) => io::Error::from(kind).into(),
            None => Self::usage(format!("cannot write the answer as JSON: {error}")),
        }
    }
}

impl From<csv::Error> for CliError {
    fn from(error: csv::Error) -> Self {
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            other => Self::usage(format!("cannot write the answer as CSV: {other:?}")),
        }
    }
}

/// What clap refuses, or prints instead of running.
pub(super) fn refused(refusal: &clap::Error) -> Exit {
    let _ = refusal.print();
    let unknown = match refusal.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(text)) => Some(text),
        _ => None,
    };
    // Somebody describes a task and forgets the command.
    if let Some(words) = unknown.filter(|words| words.contains(' ')) {
        let quoted = words.replace('\'', "'\\''");
        let told = format!("did you mean `rockpick ask '{quoted}'`?");
        let _ = writeln!(anstream::stderr(), "\nhelp: {}", shown_line(&told));
    }
    if refusal.use_stderr() { Exit::Usage } else { Exit::Answer }
}
