//! Compiles `rules/` with the library's own code, so that a process starts from bytes instead of TOML.

#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    clippy::pedantic,
    reason = "the library's modules are compiled here for one function only"
)]

mod asks;
mod catalog;
mod classify;
mod diagnostic;
mod money;
mod packed;
mod phrase;
mod rules;
mod source;
mod task;
mod text;
mod vocabulary;
mod words;

use std::error::Error;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use diagnostic::Diagnostics;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=src");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo names no folder")?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no output folder")?);
    let files = source::read_folder(Path::new("rules"))?;
    let mut diagnostics = Diagnostics::default();
    let catalog = catalog::Catalog::compile(&files, &mut diagnostics);
    let rules = catalog.as_ref().and_then(|catalog| rules::RuleSet::compile(&files, catalog, &mut diagnostics));
    if diagnostics.has_errors() {
        diagnostics.sort();
        return Err(format!("the bundled rules have mistakes\n{diagnostics}").into());
    }
    fs::write(out.join("catalog.bin"), postcard::to_stdvec(&catalog.ok_or("no catalogue")?)?)?;
    fs::write(out.join("rules.bin"), postcard::to_stdvec(&rules.ok_or("no rules")?)?)?;
    fs::write(out.join("files.rs"), embedded(&root, &files)?)?;
    println!("cargo::rustc-env=ROCKPICK_BUILD={:016x}", build_hash(&root)?);
    Ok(())
}

/// What tells this build from others: a hash of everything that the compiled form of rules depends on.
fn build_hash(root: &Path) -> io::Result<u64> {
    let mut paths = Vec::new();
    for folder in ["src", "rules"] {
        files_below(&root.join(folder), &mut paths)?;
    }
    let lock = root.join("Cargo.lock");
    if lock.exists() {
        println!("cargo::rerun-if-changed=Cargo.lock");
        paths.push(lock);
    }
    paths.sort();
    let mut hash = DefaultHasher::new();
    env::var("TARGET").unwrap_or_default().hash(&mut hash);
    for path in &paths {
        path.strip_prefix(root).unwrap_or(path).hash(&mut hash);
        fs::read(path)?.hash(&mut hash);
    }
    Ok(hash.finish())
}

fn files_below(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files_below(&path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// The texts of the rules as a Rust expression: people's own rules are laid over them.
fn embedded(root: &Path, files: &[source::RuleFile]) -> Result<String, Box<dyn Error>> {
    let mut code = String::from("&[\n");
    for file in files {
        let path = root.join("rules").join(&file.path);
        writeln!(code, "    ({:?}, include_str!({:?})),", file.path, path)?;
    }
    code.push(']');
    Ok(code)
}
