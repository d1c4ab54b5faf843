//! `rockpick rules explain`: the documentation of a code.

use clap::Args;

use crate::cli::{CliError, Exit, Global, output};
use crate::diagnostic::{Code, nearest};

/// The documentation of all codes, a heading for each.
pub(super) const DOCUMENTATION: &str = include_str!("../../../docs/diagnostics.md");

#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct ExplainArgs {
    /// The code in brackets after `error` or `warning`; without one, all codes are listed.
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

pub(super) fn run(args: &ExplainArgs, global: &Global) -> Result<Exit, CliError> {
    let text = match &args.code {
        None => Code::ALL.iter().map(|code| format!("{code}\n")).collect(),
        Some(name) => {
            let known = || Code::ALL.iter().map(|code| code.name());
            let code = Code::named(name.trim_matches(['[', ']', '`'])).ok_or_else(|| {
                let error = CliError::usage(format!("there is no diagnostic code `{name}`"))
                    .meant(nearest(name, known()));
                error.help("`rockpick rules explain` lists them")
            })?;
            section(code).to_owned()
        }
    };
    if global.query.is_some()
        || global
            .output
            .is_some_and(|form| matches!(form, crate::cli::Form::Json | crate::cli::Form::Jsonl))
    {
        output::json(serde_json::json!({ "code": args.code, "text": text }), global)?;
    } else {
        output::text(&text)?;
    }
    Ok(Exit::Answer)
}

/// The part of the documentation under a code's heading.
fn section(code: Code) -> &'static str {
    let heading = format!("## {code}\n");
    let start = DOCUMENTATION.find(&heading).unwrap_or(DOCUMENTATION.len());
    let rest = &DOCUMENTATION[start..];
    let end = rest[1.min(rest.len())..].find("\n## ").map_or(rest.len(), |at| at + 2);
    &rest[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_documented_and_nothing_else() {
        let headings: Vec<&str> =
            DOCUMENTATION.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(
            headings, codes,
            "docs/diagnostics.md has the codes in the order of src/diagnostic.rs"
        );
    }

    #[test]
    fn a_section_ends_before_the_next_heading() {
        for code in Code::ALL {
            let text = section(*code);
            assert!(
                text.starts_with(&format!("## {code}\n")) && text.matches("\n## ").count() == 0,
                "{text}"
            );
            assert!(text.lines().count() > 4, "{code} has more than a line");
        }
    }
}
