//! `rockpick completions` and `rockpick man`: what a shell and a manual need.

use std::io::Write as _;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, CliError, Exit, output};
use crate::diagnostic::nearest;

#[derive(Clone, Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell to complete for.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Clone, Debug, Args)]
pub(super) struct ManArgs {
    /// The command to describe; none describes rockpick itself.
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<Exit, CliError> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "rockpick", &mut text);
    write(&text)
}

pub(super) fn man(args: &ManArgs) -> Result<Exit, CliError> {
    let mut root = Cli::command();
    root.build();
    let page = match &args.command {
        Some(name) => subcommand(&root, name)?,
        None => root,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    write(&text)
}

fn subcommand(root: &clap::Command, name: &str) -> Result<clap::Command, CliError> {
    if let Some(found) = root.find_subcommand(name) {
        return Ok(found.clone());
    }
    let names = root.get_subcommands().map(clap::Command::get_name);
    Err(CliError::usage(format!("there is no command `{name}`")).meant(nearest(name, names)))
}

/// Not colored, and no error when nobody reads it.
fn write(text: &[u8]) -> Result<Exit, CliError> {
    let mut out = output::stdout();
    out.write_all(text)?;
    out.flush()?;
    Ok(Exit::Answer)
}
