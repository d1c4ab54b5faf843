use super::*;

/// A cache in a folder of its own, gone with the test.
fn cache() -> (tempfile::TempDir, Cache) {
    let above = tempfile::tempdir().unwrap();
    let cache = Cache { folder: above.path().join("a").join("rules") };
    (above, cache)
}

fn key(text: &str) -> Key {
    Key::of(&[RuleFile::new("tasks/a.toml", "a.toml", text)])
}

fn entries(cache: &Cache) -> Vec<String> {
    let names = fs::read_dir(&cache.folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn extension(name: &str) -> Option<&str> {
    std::path::Path::new(name).extension().and_then(|extension| extension.to_str())
}

#[test]
fn what_was_kept_is_read_back() {
    let (_above, cache) = cache();
    assert!(cache.read(&key("")).is_none());
    let known = crate::bundled();
    cache.write(&key(""), &known);
    assert_eq!(cache.read(&key("")), Some(known));
    assert!(
        fs::metadata(cache.path(&key(""))).unwrap().len() < 1_000,
        "what is bundled is not kept again"
    );
    assert!(cache.read(&key("x")).is_none(), "another key is another entry");
}

#[test]
fn a_key_is_of_every_file_its_path_and_its_place() {
    let file = |path: &str, text: &str| RuleFile::new(path, "shown", text);
    let lists = [
        vec![],
        vec![file("a", "")],
        vec![file("a", "b")],
        vec![file("ab", "")],
        vec![file("", "ab")],
        vec![file("a", "b"), file("c", "d")],
        vec![file("c", "d"), file("a", "b")],
        vec![file("a", "bc"), file("", "d")],
    ];
    let keys: Vec<Key> = lists.iter().map(|files| Key::of(files)).collect();
    for (place, key) in keys.iter().enumerate() {
        assert!(!keys[..place].contains(key), "{place}");
    }
    let elsewhere = RuleFile::new("a", "another/folder/a", "b");
    assert_eq!(Key::of(&[elsewhere]), keys[2], "where a folder lies makes no difference");
}

/// A knowledge that is not the bundled one, so that its bytes are kept.
fn own() -> Knowledge {
    let mut files = crate::knowledge::bundled_files();
    let own = RuleFile::new(
        "sources.toml",
        "mine",
        "[mine]\nwhat = 'M'\nlicence = 'own'\ndate = 2026-11-01\n",
    );
    files.iter_mut().find(|file| file.path == "sources.toml").unwrap().overlay(own);
    let mut diagnostics = crate::diagnostic::Diagnostics::default();
    let catalog = crate::Catalog::compile(&files, &mut diagnostics).unwrap();
    Knowledge { catalog, rules: crate::bundled().rules }
}

#[test]
fn what_is_damaged_foreign_or_cut_short_is_nothing() {
    let (_above, cache) = cache();
    let (key, other) = (key(""), key("other"));
    let known = own();
    cache.write(&key, &known);
    let path = cache.path(&key);
    let bytes = fs::read(&path).unwrap();
    assert!(bytes.len() > 50_000);
    assert_eq!(cache.read(&key).unwrap(), known);
    let put = |bytes: &[u8]| fs::write(&path, bytes).unwrap();
    for length in (0..=Header::LENGTH + 1).chain([bytes.len() / 2, bytes.len() - 1]) {
        put(&bytes[..length]);
        assert!(cache.read(&key).is_none(), "cut at {length}");
    }
    for place in (0..Header::LENGTH).chain((Header::LENGTH..bytes.len()).step_by(997)) {
        let mut wrong = bytes.clone();
        wrong[place] ^= 1 << (place % 8);
        put(&wrong);
        assert!(cache.read(&key).is_none(), "changed at {place}");
    }
    put(&[bytes.as_slice(), b"more"].concat());
    assert!(cache.read(&key).is_none(), "longer");
    put(&vec![0xff; 4_000]);
    assert!(cache.read(&key).is_none(), "noise");
    put(&bytes);
    assert!(cache.read(&key).is_some());
    fs::copy(&path, cache.path(&other)).unwrap();
    assert!(cache.read(&other).is_none(), "an entry under another name");
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(cache.read(&key).is_none(), "a folder in its place");
    cache.write(&key, &known);
    assert!(
        path.is_dir() && entries(&cache).iter().all(|name| extension(name) != Some("part")),
        "what was begun is gone again"
    );
}

#[test]
fn an_entry_without_end_is_not_read() {
    let (_above, cache) = cache();
    let key = key("");
    cache.write(&key, &crate::bundled());
    File::options().write(true).open(cache.path(&key)).unwrap().set_len(1 << 40).unwrap();
    assert!(cache.read(&key).is_none());
}

#[test]
fn what_cannot_be_kept_is_no_error() {
    let (above, _) = cache();
    fs::write(above.path().join("file"), "").unwrap();
    let cache = Cache { folder: above.path().join("file").join("rules") };
    cache.write(&key(""), &crate::bundled());
    assert!(cache.read(&key("")).is_none());
}

#[test]
fn old_entries_make_room_and_nothing_else_does() {
    let (_above, cache) = cache();
    cache.write(&key("first"), &crate::bundled());
    let old = std::time::SystemTime::UNIX_EPOCH;
    let put = |name: &str, age: u64, length: u64| {
        let file = File::create(cache.folder.join(name)).unwrap();
        file.set_len(length).unwrap();
        file.set_modified(old + std::time::Duration::from_secs(1_000 - age)).unwrap();
    };
    (0..40).for_each(|number| put(&format!("{number:02}.rules"), number, 1));
    put("left-over.part", 900, 1);
    put("notes.txt", 999, 1);
    cache.write(&key("second"), &crate::bundled());
    let left = entries(&cache);
    assert_eq!(
        left.iter().filter(|name| extension(name) == Some("rules")).count(),
        MOST_ENTRIES,
        "{left:?}"
    );
    assert!(
        left.contains(&"notes.txt".to_owned()) && !left.contains(&"left-over.part".to_owned()),
        "{left:?}"
    );
    assert!(
        left.contains(&"00.rules".to_owned()) && !left.contains(&"39.rules".to_owned()),
        "the oldest go first: {left:?}"
    );
    put("large.rules", 500, MOST_BYTES);
    cache.write(&key("third"), &crate::bundled());
    assert!(!entries(&cache).contains(&"large.rules".to_owned()), "all together stay small");
    assert!(cache.read(&key("third")).is_some() && cache.read(&key("second")).is_some());
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_it_and_nobody_else_can_have_written_it() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let (above, cache) = cache();
    let key = key("");
    cache.write(&key, &crate::bundled());
    let path = cache.path(&key);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let set =
        |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!((mode(&cache.folder), mode(&path)), (0o700, 0o600));
    for (what, open, closed) in [
        (path.as_path(), 0o620, 0o600),
        (path.as_path(), 0o602, 0o600),
        (&cache.folder, 0o770, 0o700),
    ] {
        set(what, open);
        assert!(cache.read(&key).is_none(), "{open:o}");
        set(what, closed);
        assert!(cache.read(&key).is_some());
    }
    fs::rename(&path, above.path().join("moved")).unwrap();
    symlink(above.path().join("moved"), &path).unwrap();
    assert!(cache.read(&key).is_none(), "a link");
    cache.write(&key, &crate::bundled());
    assert!(
        !fs::symlink_metadata(&path).unwrap().is_symlink() && cache.read(&key).is_some(),
        "the link is replaced, not followed"
    );
}
