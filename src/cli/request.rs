//! What is sent to a model: flags and files become a request.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::Args;
use serde_json::Value;

use super::CliError;
use super::lines::BYTE_ORDER_MARK;
use crate::router::{Block, Guardrail, Media, Request, Role, Schema, Turn, mend};

/// The most that is read from stdin or a file of text, in bytes: more than any context window.
const LONGEST_INPUT: u64 = 64 << 20;
/// After this long it is said that stdin is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// The most that a file to attach may have before it is looked at.
const LARGEST_FILE: u64 = 32 << 20;

/// What is sent.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Request")]
pub(super) struct RequestArgs {
    /// What the model is told before the conversation.
    #[arg(long, value_name = "TEXT")]
    system: Option<String>,
    /// Conversation in Converse's own JSON: a list of messages, or a whole body.
    #[arg(long, value_name = "FILE")]
    messages: Option<PathBuf>,
    /// Image, document or video to send (repeatable); its content says what it is.
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// Tools that the model may call, as JSON; calls are printed as JSON.
    #[arg(long, value_name = "FILE")]
    tools: Option<PathBuf>,
    /// JSON schema that the answer is held to.
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// The longest answer, in tokens.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max_tokens: Option<u64>,
    /// How much chance there is in the answer, 0 to 1.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    temperature: Option<f64>,
    /// The share of likely words that the answer is drawn from, 0 to 1.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    top_p: Option<f64>,
    /// Text that ends the answer (repeatable).
    #[arg(long, value_name = "TEXT")]
    stop: Vec<String>,
    /// Guardrail to apply.
    #[arg(long, value_name = "ID[:VERSION]")]
    guardrail: Option<String>,
    /// Tag for cost attribution (repeatable).
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    metadata: Vec<(String, String)>,
    /// Cache the system part, where the model can.
    #[arg(long)]
    cache: bool,
    /// Latency-optimized inference, where the model has it.
    #[arg(long)]
    latency_optimized: bool,
}

impl RequestArgs {
    /// The request, with the prompt as the last thing the user says.
    pub(super) fn request(&self, prompt: Option<String>) -> Result<Request, CliError> {
        let mut request = match &self.messages {
            Some(path) => Request::from_converse(json(path)?).map_err(|why| wrong(path, &why))?,
            None => Request::default(),
        };
        self.say(&mut request, prompt)?;
        if let Some(system) = &self.system {
            request.system = vec![Block::Text(system.clone())];
        }
        if let Some(path) = &self.tools {
            request.read_tools(json(path)?).map_err(|why| wrong(path, &why))?;
        }
        if let Some(path) = &self.schema {
            let schema = json(path)?;
            if !schema.is_object() {
                return Err(wrong(path, "a schema is a JSON object")
                    .help("such as {\"type\": \"object\", \"properties\": {…}}"));
            }
            request.schema = Some(Schema { name: "answer".to_owned(), json: schema });
        }
        request.guardrail = self.guardrail.as_deref().map(guardrail);
        request.max_tokens = self.max_tokens.or(request.max_tokens);
        request.temperature = self.temperature.or(request.temperature);
        request.top_p = self.top_p.or(request.top_p);
        if !self.stop.is_empty() {
            request.stop.clone_from(&self.stop);
        }
        request.metadata.extend(self.metadata.iter().cloned());
        request.cache_system = self.cache;
        request.fast |= self.latency_optimized;
        let (mut request, repairs) = mend(request).map_err(CliError::usage)?;
        request.repairs = repairs;
        Ok(request)
    }

    /// The words of the prompt: the arguments, stdin, or both.
    pub(super) fn prompt(&self, words: &[String]) -> Result<Option<String>, CliError> {
        let given = words.join(" ");
        let text = match given.as_str() {
            "" if self.messages.is_some() => return Ok(None),
            "" if io::stdin().is_terminal() => String::new(),
            "" | "-" => text_of(io::stdin().lock(), "stdin")?,
            _ => match piped()? {
                Some(more) => format!("{given}\n\n{more}"),
                None => given,
            },
        };
        if text.trim().is_empty() {
            return Err(
                CliError::usage("the prompt is empty").help("give it in words, or pipe it in")
            );
        }
        Ok(Some(text))
    }

    /// Adds what is attached and the prompt as what the user says now.
    fn say(&self, request: &mut Request, prompt: Option<String>) -> Result<(), CliError> {
        let mut blocks = Vec::with_capacity(self.attach.len() + 1);
        for path in &self.attach {
            blocks.push(Block::Media(file(path)?));
        }
        blocks.extend(prompt.map(Block::Text));
        if !blocks.is_empty() {
            request.turns.push(Turn { role: Role::User, blocks });
        }
        match request.too_many_files() {
            Some(why) => Err(CliError::usage(why)),
            None => Ok(()),
        }
    }
}

/// What is piped in beside a prompt. Only a pipe or a file is read: a terminal or an idle socket would block.
fn piped() -> Result<Option<String>, CliError> {
    if io::stdin().is_terminal() || !is_piped() {
        return Ok(None);
    }
    let (sender, read) = mpsc::channel();
    thread::spawn(move || sender.send(text_of(io::stdin().lock(), "stdin")));
    let text = read.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        super::call::tell("waiting for the end of what is piped in; `< /dev/null` gives none");
        read.recv().unwrap_or_else(|_| Err(CliError::usage("cannot read stdin")))
    })?;
    Ok((!text.trim().is_empty()).then_some(text))
}

#[cfg(unix)]
fn is_piped() -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    std::fs::metadata("/dev/stdin")
        .is_ok_and(|stdin| stdin.file_type().is_fifo() || stdin.is_file())
}

#[cfg(not(unix))]
fn is_piped() -> bool {
    true
}

/// A file to send.
pub(super) fn file(path: &Path) -> Result<Media, CliError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Media::new(&name, bytes(path, LARGEST_FILE)?).map_err(|why| wrong(path, &why))
}

/// The lines of a file that are not blank; `-` is stdin.
pub(super) fn lines(name: &str) -> Result<Vec<String>, CliError> {
    let text = if name == "-" {
        text_of(io::stdin().lock(), "stdin")?
    } else {
        text_of(
            File::open(name)
                .map_err(|error| CliError::usage(format!("cannot read {name}: {error}")))?,
            name,
        )?
    };
    Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn text_of(input: impl io::Read, name: &str) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    input
        .take(LONGEST_INPUT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| CliError::usage(format!("cannot read {name}: {error}")))?;
    if bytes.len() as u64 > LONGEST_INPUT {
        return Err(CliError::usage(format!(
            "{name} has more than the {LONGEST_INPUT} bytes that are read"
        )));
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        CliError::usage(format!("{name} is not UTF-8 at byte {at}"))
            .help("convert it, for instance with iconv; --attach sends files")
    })
}

fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, CliError> {
    let unreadable =
        |error: io::Error| CliError::usage(format!("cannot read {}: {error}", path.display()));
    let mut bytes = Vec::new();
    File::open(path)
        .map_err(unreadable)?
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(wrong(path, &format!("it has more than {most} bytes")));
    }
    Ok(bytes)
}

fn json(path: &Path) -> Result<Value, CliError> {
    let bytes = bytes(path, LONGEST_INPUT)?;
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes);
    serde_json::from_slice(text).map_err(|error| wrong(path, &format!("it is not JSON: {error}")))
}

fn wrong(path: &Path, why: &str) -> CliError {
    CliError::usage(format!("{}: {why}", path.display()))
}

fn guardrail(text: &str) -> Guardrail {
    // An ARN holds colons itself: a version is a number or DRAFT.
    let version = text
        .rsplit_once(':')
        .filter(|(_, version)| *version == "DRAFT" || version.parse::<u32>().is_ok());
    let (id, version) = version.unwrap_or((text, "DRAFT"));
    Guardrail { id: id.to_owned(), version: version.to_owned() }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("give a number from 0 to 1".to_owned()),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("give KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}
