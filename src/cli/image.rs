//! `rockpick image`: a prompt, and perhaps a picture, become a picture in a file.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use clap::Args;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use super::call::prints_json;
use super::job::{self, JobArgs};
use super::{CliError, Exit, Global, call, output};
use crate::catalog::Catalog;
use crate::diagnostic::nearest;
use crate::router::{Job, Media, MediaKind, Reply};
use crate::task::{ModelIndex, Task};

/// How much of a picture may change when a new one is made of it and nothing is said.
const STRENGTH: f64 = 0.7;
/// The ending of what is no picture that is known.
const UNKNOWN_FORMAT: &str = "bin";
/// So many names are tried before one is given up.
const MOST_NAMES: usize = 1_000;
/// What a picture is called when it can have no other name.
const SHORT_NAME: &str = "picture";
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
    /// Picture to start from, or to edit with --edit.
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// What to do to the picture: inpaint, erase, remove-background, upscale-fast … (`--edit list` names all).
    #[arg(long, value_name = "WHAT")]
    edit: Option<String>,
    /// Where to edit: white on black.
    #[arg(long, value_name = "FILE", requires = "image")]
    mask: Option<PathBuf>,
    /// Picture whose style is taken over.
    #[arg(long, value_name = "FILE", requires = "image")]
    style_image: Option<PathBuf>,
    /// What to look for in the picture, for search-replace and search-recolor.
    #[arg(long, value_name = "TEXT", requires = "image")]
    search: Option<String>,
    /// How much of the picture may change, or how closely a sketch, structure or style is followed, 0 to 1.
    #[arg(long, value_name = "SHARE", requires = "image")]
    strength: Option<f64>,
    /// Another value of the model's body (repeatable): left=200, grow-mask=5, style=anime.
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    job: JobArgs,
}

pub(super) fn run(args: &ImageArgs, global: &Global) -> Result<Exit, CliError> {
    let target = args.target()?;
    let job = args.job()?;
    let knowledge = JobArgs::knowledge(global)?;
    let editors = args.editors(&knowledge.catalog)?;
    job::block_on(async {
        let fit = |task: &mut Task| {
            if task.constraints.models.is_empty() {
                task.constraints.models = editors;
            }
        };
        let caller = args.job.caller(CATEGORY, &knowledge, global, fit).await?;
        let (pictures, reply) = caller.run(caller.plan.clone(), job).await?;
        let path = args.save(&pictures[0], target)?;
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
        // What a picture is made of by a model that makes one; those that edit one have no place for a mode.
        let mode = self.image.as_ref().map(|_| "image-to-image");
        let makes_one = mode.is_some() && self.edit.is_none() && !self.job.names_models();
        let half_new = makes_one.then_some(STRENGTH);
        let (image, mask, style) = (
            part(self.image.as_deref())?,
            part(self.mask.as_deref())?,
            part(self.style_image.as_deref())?,
        );
        let mut job = Job { images: 1, ..Job::default() }
            .demand("PROMPT", (!prompt.is_empty()).then_some(prompt))
            .demand("NEGATIVE", self.negative.as_deref())
            .demand("ASPECT", self.aspect_ratio.as_deref())
            .demand("SEED", self.seed)
            .with("FORMAT", Some(format_of(&self.out)))
            .demand("IMAGE", image)
            .demand("MASK", mask)
            .demand("STYLE_IMAGE", style)
            .demand("SEARCH", self.search.as_deref())
            .with("MODE", mode)
            .with("STRENGTH", half_new)
            .demand("STRENGTH", self.strength);
        for pair in &self.set {
            let (name, value) = job::setting(pair)?;
            job = job.demand(&name, Some(value));
        }
        Ok(job)
    }

    /// The models that do what is to be done to the picture; none when it is not said.
    fn editors(&self, catalog: &Catalog) -> Result<Vec<ModelIndex>, CliError> {
        let Some(wanted) = &self.edit else { return Ok(Vec::new()) };
        let edits: BTreeSet<&str> =
            catalog.forms().iter().filter_map(|form| form.edit.as_deref()).collect();
        if !edits.contains(wanted.as_str()) {
            let error = CliError::usage(format!("there is no edit `{wanted}`"))
                .meant(nearest(wanted, edits.iter().copied()));
            return Err(error.help(format!(
                "the edits are {}",
                edits.into_iter().collect::<Vec<_>>().join(", ")
            )));
        }
        if self.image.is_none() {
            return Err(CliError::usage(format!("--edit {wanted} needs a picture"))
                .help("give it with --image FILE"));
        }
        let does =
            |id: &str| catalog.form(id).is_some_and(|form| form.edit.as_ref() == Some(wanted));
        let models = catalog.models().iter().filter(|model| does(&model.id));
        Ok(models.filter_map(|model| catalog.index_of(&model.id)).collect())
    }

    /// Writes the picture; its ending says what it is. What was paid for is written in any case, under a free name where needed.
    fn save(&self, picture: &Value, target: NamedTempFile) -> Result<PathBuf, CliError> {
        let bytes = picture.as_str().and_then(|text| BASE64.decode(text).ok());
        let bytes =
            bytes.ok_or_else(|| CliError::new("the answer holds no picture", Exit::Unavailable))?;
        let media =
            Media::new("", bytes.clone()).ok().filter(|media| media.kind == MediaKind::Image);
        let format = media.as_ref().map_or(UNKNOWN_FORMAT, |media| media.format.as_str());
        let meant = format_of(&self.out) == format && self.out.extension().is_some();
        let path = if meant { self.out.clone() } else { self.out.with_extension(format) };
        let unwritable =
            |error: io::Error| CliError::usage(format!("cannot write {}: {error}", path.display()));
        let mut target = target;
        target.write_all(&bytes).map_err(unwritable)?;
        let over = if meant && self.force {
            target.persist(&path).map(|_| path.clone()).map_err(|error| error.file)
        } else {
            Err(target)
        };
        let path = match over {
            Ok(path) => path,
            Err(target) => keep(target, &path).map_err(unwritable)?,
        };
        if path != self.out {
            call::warn(&format!("the picture is {format} and is written to {}", path.display()));
        }
        Ok(path)
    }

    /// A temporary file of our own in the target's folder: that it can be made, and that the target can have its name, is known
    /// before anything is paid for.
    fn target(&self) -> Result<NamedTempFile, CliError> {
        let out = self.out.display();
        if is_folder(&self.out) {
            return Err(CliError::usage(format!("{out} is a folder")).help("name a file"));
        }
        if self.out.as_os_str() == "-" {
            return Err(CliError::usage("a picture is not written to stdout")
                .help("name a file: --out picture.png"));
        }
        let is_there = self.out.symlink_metadata().is_ok();
        if !self.force && is_there {
            return Err(
                CliError::usage(format!("{out} is there already")).help("--force overwrites it")
            );
        }
        let folder = self
            .out
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        // What is said of our own file would tell nobody anything.
        let told = |error: &io::Error| {
            error.raw_os_error().map_or_else(|| error.kind().to_string(), reason)
        };
        let refused = |error: io::Error, place: &Path| {
            CliError::usage(format!("cannot write into {}: {}", place.display(), told(&error)))
                .help("name a file in a folder that is there and can be written to")
        };
        let temporary = temporary(folder).map_err(|error| refused(error, folder))?;
        if !is_there {
            can_be_named(&self.out).map_err(|error| {
                CliError::usage(format!("cannot write {out}: {}", told(&error)))
            })?;
        }
        Ok(temporary)
    }
}

/// Whether a path can only be a folder's.
fn is_folder(path: &Path) -> bool {
    let text = path.to_string_lossy();
    path.is_dir()
        || path.file_name().is_none()
        || text.ends_with(std::path::is_separator)
        || text.ends_with("/.")
}

fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rockpick-").suffix(".part");
    // As any other new file: the user's mask decides who may read it.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Tries a name, which may be too long for its folder or hold what is not allowed there; nothing is left behind.
fn can_be_named(path: &Path) -> io::Result<()> {
    File::options().write(true).create_new(true).open(path)?;
    fs::remove_file(path)
}

/// What the system says of an error, without the path that others put behind it.
fn reason(code: i32) -> String {
    io::Error::from_raw_os_error(code).to_string()
}

/// Gives a file its name, or the first free one with a number; a short one where those cannot be given.
fn keep(mut file: NamedTempFile, path: &Path) -> io::Result<PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let ending =
        path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    let numbered =
        |stem: &str, number: usize| path.with_file_name(format!("{stem}-{number}{ending}"));
    let own = (1..MOST_NAMES).map(|number| numbered(&stem, number));
    let short = (1..MOST_NAMES).map(|number| numbered(SHORT_NAME, number));
    let mut last = io::ErrorKind::AlreadyExists.into();
    for name in std::iter::once(path.to_owned()).chain(own).chain(short) {
        match file.persist_noclobber(&name) {
            Ok(_) => return Ok(name),
            Err(error) => (file, last) = (error.file, error.error),
        }
    }
    Err(last)
}

/// The format that the ending of a file asks for.
fn format_of(path: &Path) -> &'static str {
    match path
        .extension()
        .and_then(|ending| ending.to_str())
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("jpg" | "jpeg") => "jpeg",
        Some("webp") => "webp",
        _ => "png",
    }
}

/// A picture to send, if there is one.
fn part(path: Option<&Path>) -> Result<Option<String>, CliError> {
    path.map(|path| job::picture(path).map(|(bytes, _)| bytes)).transpose()
}

fn document(path: &Path, reply: &Reply) -> Value {
    json!({
        "schema": "rockpick.image.v1", "file": path.to_string_lossy(), "model": reply.model, "invoke_id": reply.invoke_id,
        "region": reply.region, "cost_usd": reply.cost, "ms": reply.took.as_millis() as u64,
    })
}
