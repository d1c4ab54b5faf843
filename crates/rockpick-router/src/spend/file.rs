//! The file of a history: ours alone, no link, no other program's database.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::HistoryError;

/// What marks a database as a history: "rock" in ASCII.
pub(super) const APPLICATION: i32 = 0x726F_636B;
/// What every database begins with.
const SIGN: &[u8] = b"SQLite format 3\0";
/// Where the mark stands in the file.
const MARK_AT: usize = 68;
/// The length of the head of a database, in bytes.
const HEAD: usize = 100;

/// Makes sure that a path is a file of ours, or that there is nothing yet; an empty one is made for its user alone.
pub(super) fn prepare(path: &Path) -> Result<(), HistoryError> {
    if check(path)? { keep_private(path) } else { create(path) }
}

/// Whether there is a file of ours, or nothing yet; nothing is changed.
pub(super) fn check(path: &Path) -> Result<bool, HistoryError> {
    let wrong = |why: &str| HistoryError::NotOurs { path: path.to_owned(), why: why.to_owned() };
    let name = path.to_string_lossy();
    if name.is_empty() || name == ":memory:" || name.starts_with("file:") {
        return Err(wrong("a history is a file, named by its path"));
    }
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(unreadable(path, cause)),
        Ok(found) if found.file_type().is_symlink() => {
            Err(wrong("it is a link; name the file itself"))
        }
        Ok(found) if !found.is_file() => Err(wrong("it is not a file")),
        Ok(found) if found.len() == 0 => Ok(true),
        Ok(_) => ours(path).map(|()| true),
    }
}

fn create(path: &Path) -> Result<(), HistoryError> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)
            .map_err(|cause| HistoryError::Folder { path: path.to_owned(), cause })?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // Another process was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        opened => opened.map(drop).map_err(|cause| unreadable(path, cause)),
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// What is in the file is nobody else's business.
fn keep_private(path: &Path) -> Result<(), HistoryError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let found = fs::metadata(path).map_err(|cause| unreadable(path, cause))?;
        if found.permissions().mode() & 0o077 != 0 {
            // Somebody else's file is read as it is, if it may be.
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o600));
        }
    }
    Ok(())
}

/// Whether a database bears our mark, or is one of ours from before there was one; nothing is written.
fn ours(path: &Path) -> Result<(), HistoryError> {
    let not = || HistoryError::NotOurs {
        path: path.to_owned(),
        why: "it is another program's file".to_owned(),
    };
    let mut head = [0; HEAD];
    let file = File::open(path).map_err(|cause| unreadable(path, cause))?;
    let mut read = 0;
    let mut file = file.take(HEAD as u64);
    while read < HEAD {
        match file.read(&mut head[read..]).map_err(|cause| unreadable(path, cause))? {
            0 => break,
            more => read += more,
        }
    }
    if !head.starts_with(SIGN) {
        return Err(not());
    }
    let mark =
        head[MARK_AT..MARK_AT + 4].iter().fold(0i32, |mark, byte| mark << 8 | i32::from(*byte));
    if mark == APPLICATION {
        return Ok(());
    }
    let looks_ours = || -> rusqlite::Result<bool> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let mark: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        let others = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name <> 'call'";
        let others: i64 = connection.query_row(others, [], |row| row.get(0))?;
        let columns = "SELECT COUNT(*) FROM pragma_table_info('call') WHERE name IN ('invoke_id', 'reserved', 'outcome')";
        let columns: i64 = connection.query_row(columns, [], |row| row.get(0))?;
        let tables: i64 =
            connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |row| row.get(0))?;
        Ok(mark == APPLICATION || mark == 0 && others == 0 && (columns == 3 || tables == 0))
    };
    match looks_ours() {
        Ok(true) => Ok(()),
        Ok(false) => Err(not()),
        Err(cause) => Err(HistoryError::File { path: path.to_owned(), cause }),
    }
}

fn unreadable(path: &Path, cause: io::Error) -> HistoryError {
    HistoryError::Unreadable { path: path.to_owned(), cause }
}
