//! `rockpick image`: a prompt, and perhaps a picture, become a picture in a file.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::call::prints_json;
use super::job::{self, JobArgs};
use super::request::file;
use super::{CliError, Exit, Global, output};
use crate::bedrock::base64;
use crate::router::{Job, Media, MediaKind, Reply};

/// The category of its tasks.
const CATEGORY: &str = "images";

#[derive(Clone, Debug, Args)]
pub(super) struct ImageArgs {
    /// What the picture shows; some edits need none.
    #[arg(value_name = "PROMPT", required_unless_present = "image")]
    words: Vec<String>,
    /// File to write; `-o` is short for it here.
    #[arg(long, value_name = "FILE", required = true)]
    out: PathBuf,
    /// Overwrite the file.
    #[arg(long)]
    force: bool,
    /// What the picture must not show.
    #[arg(long, value_name = "TEXT")]
    negative: Option<String>,
    /// Width to height: 1:1, 16:9, 2:3 …
    #[arg(long, value_name = "W:H")]
    aspect_ratio: Option<String>,
    /// The number that makes a picture come out again.
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
    /// Picture to start from, or to edit with --model.
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Where to edit: white on black.
    #[arg(long, value_name = "FILE", requires = "image")]
    mask: Option<PathBuf>,
    /// How much of the picture may change, 0 to 1.
    #[arg(long, value_name = "SHARE", requires = "image")]
    strength: Option<f64>,
    /// Another value of the model's body (repeatable): search=cat, left=200.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    job: JobArgs,
}

pub(super) fn run(args: &ImageArgs, global: &Global) -> Result<Exit, CliError> {
    free(&args.out, args.force)?;
    let job = args.job()?;
    let knowledge = JobArgs::knowledge(global)?;
    job::block_on(async {
        let caller = args.job.caller(CATEGORY, &knowledge, global, |_| {}).await?;
        let (pictures, reply) = caller.run(caller.plan.clone(), job).await?;
        let path = args.save(&pictures[0])?;
        if prints_json(global) {
            output::json(document(&path, &reply), global)?;
        } else {
            caller.tell(&reply, CATEGORY);
            let mut out = output::stdout();
            writeln!(out, "{}", path.display())?;
            out.flush()?;
        }
        Ok(Exit::Answer)
    })
}

impl ImageArgs {
    fn job(&self) -> Result<Job, CliError> {
        let prompt = self.words.join(" ");
        // A picture alone is edited; with a strength it is what a new one starts from.
        let mode = self.strength.map(|_| "image-to-image");
        let mut job = Job { images: 1, ..Job::default() }
            .with("PROMPT", (!prompt.is_empty()).then_some(prompt))
            .with("NEGATIVE", self.negative.as_deref())
            .with("ASPECT", self.aspect_ratio.as_deref())
            .with("SEED", self.seed)
            .with("FORMAT", Some(format_of(&self.out)))
            .with("IMAGE", self.image.as_deref().map(picture).transpose()?)
            .with("MASK", self.mask.as_deref().map(picture).transpose()?)
            .with("MODE", mode)
            .with("STRENGTH", self.strength);
        for pair in &self.set {
            let (name, value) = pair.split_once('=').ok_or_else(|| CliError::usage(format!("`{pair}` is not NAME=VALUE")))?;
            let value = serde_json::from_str::<Value>(value).unwrap_or_else(|_| value.into());
            job = job.with(&name.to_uppercase(), Some(value));
        }
        Ok(job)
    }

    /// Writes the picture; its ending says what it is.
    fn save(&self, picture: &Value) -> Result<PathBuf, CliError> {
        let bytes = picture.as_str().and_then(|text| base64::decode(text).ok());
        let bytes = bytes.ok_or_else(|| CliError::new("the answer holds no picture", Exit::Unavailable))?;
        let media = Media::new("", bytes).ok().filter(|media| media.kind == MediaKind::Image);
        let media = media.ok_or_else(|| CliError::new("the answer holds no picture that is known", Exit::Unavailable))?;
        let path = if format_of(&self.out) == media.format && self.out.extension().is_some() {
            self.out.clone()
        } else {
            self.out.with_extension(&media.format)
        };
        free(&path, self.force)?;
        let unwritable = |error: std::io::Error| CliError::usage(format!("cannot write {}: {error}", path.display()));
        let mut open = OpenOptions::new();
        open.write(true).create(true).truncate(self.force).create_new(!self.force);
        open.open(&path).map_err(unwritable)?.write_all(&media.bytes).map_err(unwritable)?;
        Ok(path)
    }
}

/// That a file may be written is known before anything is paid for.
fn free(path: &Path, force: bool) -> Result<(), CliError> {
    if !force && path.exists() {
        return Err(CliError::usage(format!("{} is there already", path.display())).help("--force overwrites it"));
    }
    Ok(())
}

/// The format that the ending of a file asks for.
fn format_of(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("jpg" | "jpeg") => "jpeg",
        Some("webp") => "webp",
        _ => "png",
    }
}

fn picture(path: &Path) -> Result<String, CliError> {
    let media = file(path)?;
    if media.kind == MediaKind::Image {
        return Ok(base64::encode(&media.bytes));
    }
    Err(CliError::usage(format!("{}: not a picture", path.display())))
}

fn document(path: &Path, reply: &Reply) -> Value {
    json!({
        "schema": "rockpick.image.v1", "file": path.to_string_lossy(), "model": reply.model, "invoke_id": reply.invoke_id,
        "region": reply.region, "cost_usd": reply.cost, "ms": reply.took.as_millis() as u64,
    })
}
