//! Hashes the sources, so that a cache of compiled rules knows by which build it was written.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src");
    let mut paths = Vec::new();
    files_below(Path::new("src"), &mut paths)?;
    paths.sort();
    let mut hash = DefaultHasher::new();
    env::var("TARGET").unwrap_or_default().hash(&mut hash);
    for path in &paths {
        path.hash(&mut hash);
        fs::read(path)?.hash(&mut hash);
    }
    println!("cargo::rustc-env=ROCKPICK_CORE_BUILD={:016x}", hash.finish());
    Ok(())
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
