//! `rockpick rules show`.

use clap::Args;
use serde_json::json;

use crate::cli::{CliError, Exit, Form, Global, output, settings};
use crate::diagnostic::nearest;
use crate::source::RuleFile;

#[derive(Clone, Debug, Args)]
pub(in crate::cli) struct ShowArgs {
    /// Category, or file below the rules folder such as models/amazon.toml; without one, everything.
    #[arg(value_name = "CATEGORY|FILE")]
    what: Option<String>,
    /// Follow each value with the file and line it comes from.
    #[arg(long)]
    origin: bool,
}

pub(super) fn run(args: &ShowArgs, global: &Global) -> Result<Exit, CliError> {
    let files = settings::files(global.rule_folders().0.iter().map(std::path::PathBuf::as_path))?;
    // People see what the rules are only when they are sound.
    let (_, files) = super::compiled(files)?;
    let shown: Vec<&RuleFile> = match &args.what {
        None => files.iter().collect(),
        Some(what) => vec![find(what, &files)?],
    };
    let texts = shown.iter().filter_map(|file| Some((*file, file.effective(args.origin)?)));
    if global.query.is_some() || matches!(global.output, Some(Form::Json | Form::Jsonl)) {
        let objects = texts.map(|(file, text)| {
            let layers: Vec<&str> = file.texts().map(|(shown, _)| shown).collect();
            json!({ "path": file.path, "layers": layers, "text": text })
        });
        output::json(
            json!({ "schema": "rockpick.rules.v1", "files": objects.collect::<Vec<_>>() }),
            global,
        )?;
        return Ok(Exit::Answer);
    }
    let mut all = String::new();
    for (file, text) in texts {
        let layers: Vec<&str> = file.texts().map(|(shown, _)| shown).collect();
        all.push_str(&format!(
            "{}# {}\n{text}",
            if all.is_empty() { "" } else { "\n" },
            layers.join(" + ")
        ));
    }
    output::text(&all)?;
    Ok(Exit::Answer)
}

/// The file that a category's name or a path stands for.
fn find<'f>(what: &str, files: &'f [RuleFile]) -> Result<&'f RuleFile, CliError> {
    let wanted =
        what.trim_start_matches("./").trim_start_matches("rules/").trim_end_matches(".toml");
    let path = |file: &RuleFile| file.path.trim_end_matches(".toml").to_owned();
    let by_path = files.iter().find(|file| path(file) == wanted);
    let by_name = || files.iter().find(|file| path(file) == format!("tasks/{wanted}"));
    let by_place = || files.iter().find(|file| file.texts().any(|(shown, _)| shown == what));
    let by_stem = || files.iter().find(|file| file.stem() == wanted);
    by_path.or_else(by_name).or_else(by_place).or_else(by_stem).ok_or_else(|| {
        let names = files.iter().map(|file| {
            if file.path.starts_with("tasks/") { file.stem() } else { file.path.as_str() }
        });
        let error =
            CliError::usage(format!("there is no category and no file `{what}` among the rules"))
                .meant(nearest(what, names));
        error.help("`rockpick rules show` prints all of them, each with its path")
    })
}
