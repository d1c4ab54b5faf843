//! Compiles `rules/`, so that a process starts from bytes instead of TOML.

use std::error::Error;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs};

use rockpick_core::Knowledge;
use rockpick_core::source::{RuleFile, read_folder};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=rules");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo names no folder")?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo names no output folder")?);
    let files = read_folder(Path::new("rules")).map_err(|diagnostics| diagnostics.to_string())?;
    let (knowledge, diagnostics) = Knowledge::compile(&files);
    if diagnostics.has_errors() {
        return Err(format!("the bundled rules have mistakes\n{diagnostics}").into());
    }
    let knowledge = knowledge.ok_or("the bundled rules do not compile")?;
    let (catalog, rules) =
        (postcard::to_stdvec(&knowledge.catalog)?, postcard::to_stdvec(&knowledge.rules)?);
    let mut hash = DefaultHasher::new();
    (rockpick_core::BUILD, &catalog, &rules).hash(&mut hash);
    println!("cargo::rustc-env=ROCKPICK_BUILD={:016x}", hash.finish());
    fs::write(out.join("catalog.bin"), catalog)?;
    fs::write(out.join("rules.bin"), rules)?;
    fs::write(out.join("files.rs"), embedded(&root, &files)?)?;
    Ok(())
}

/// The texts of the rules as a Rust expression: people's own rules are laid over them.
fn embedded(root: &Path, files: &[RuleFile]) -> Result<String, std::fmt::Error> {
    let mut code = String::from("&[\n");
    for file in files {
        let path = root.join("rules").join(&file.path);
        writeln!(code, "    ({:?}, include_str!({:?})),", file.path, path.to_string_lossy())?;
    }
    code.push(']');
    Ok(code)
}
