//! Compiled rules of people's own, kept in their cache folder: compiling takes half a second, reading the result a millisecond.
//!
//! An entry is named by what it was made of: the rule files of all layers, and the build of the program. So it is never out of date,
//! and whatever is damaged, foreign or cut short is compiled again. What cannot be kept is no error.

use std::fs::{self, DirBuilder, File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use sha2::{Digest as _, Sha256};

use crate::Knowledge;
use crate::knowledge::{BUILD, PARTS, pack, unpack};
use crate::source::RuleFile;

/// What an entry begins with; the digit changes with the layout of the header.
const MAGIC: &[u8; 9] = b"rockpick1";
/// The largest entry that is written or read, in bytes; one of the bundled size has 2 MB.
const LARGEST: u64 = 64 << 20;
/// The most entries that are kept, and the most bytes of all together.
const MOST_ENTRIES: usize = 32;
const MOST_BYTES: u64 = 128 << 20;
/// The endings of entries, and of those that are being written.
const ENDINGS: [&str; 2] = ["rules", "part"];

/// The hash of everything that an entry is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key([u8; 32]);

impl Key {
    /// The key of what these rule files make, laid over the bundled ones in this order.
    pub fn of(overlays: &[RuleFile]) -> Self {
        let mut hash = Sha256::new();
        // Lengths go first, so that no two lists of texts run together to the same bytes.
        let mut add = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        };
        add(BUILD);
        for file in overlays {
            add(&file.path);
            file.texts().for_each(|(_, text)| add(text));
        }
        Self(hash.finalize().into())
    }

    fn name(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A folder of compiled rules.
#[derive(Clone, Debug)]
pub(super) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// That of the user, below `XDG_CACHE_HOME` or `~/.cache`; `None` without a home, as in many services.
    pub fn of_user() -> Option<Self> {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if cfg!(unix) && !is_set("HOME") && !is_set("XDG_CACHE_HOME") {
            return None;
        }
        let places = etcetera::choose_base_strategy().ok()?;
        Some(Self { folder: places.cache_dir().join("rockpick").join("rules") })
    }

    /// What was kept under a key; `None` when there is nothing, or nothing that can be trusted.
    ///
    /// The bytes stay in memory to the end of the process, which uses them where they lie: a command reads one entry.
    pub fn read(&self, key: &Key) -> Option<Knowledge> {
        let path = self.path(key);
        let (folder, found) =
            (fs::symlink_metadata(&self.folder).ok()?, fs::symlink_metadata(&path).ok()?);
        if !found.is_file() || found.len() > LARGEST || !is_private(&found, &folder) {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(found.len()).ok()?);
        File::open(&path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
        let lengths = sound(&bytes, key)?;
        let mut rest: &'static [u8] = bytes.leak().get(Header::LENGTH..)?;
        let parts = lengths.map(|length| rest.split_off(..length).unwrap_or_default());
        unpack(parts)
    }

    /// Keeps what was compiled under a key, and drops old entries. A cache that cannot be written is none.
    pub fn write(&self, key: &Key, knowledge: &Knowledge) {
        if self.try_write(key, &pack(knowledge)).is_ok() {
            let _ = self.prune(&self.path(key));
        }
    }

    fn try_write(&self, key: &Key, parts: &[Vec<u8>; PARTS]) -> io::Result<()> {
        make_private(&self.folder)?;
        let folder = fs::symlink_metadata(&self.folder)?;
        let header = Header::new(key, parts);
        let length = Header::LENGTH + parts.iter().map(Vec::len).sum::<usize>();
        if !is_private(&folder, &folder) || length as u64 > LARGEST {
            return Err(io::ErrorKind::Unsupported.into());
        }
        // Readable by its owner alone, and gone again when anything goes wrong.
        let mut file = tempfile::Builder::new()
            .prefix(&key.name()[..8])
            .suffix(".part")
            .tempfile_in(&self.folder)?;
        file.write_all(&header.0)?;
        for part in parts {
            file.write_all(part)?;
        }
        file.persist(self.path(key)).map(drop).map_err(|error| error.error)
    }

    /// Removes the oldest entries beyond what is kept, never the one just written and nothing but entries.
    fn prune(&self, own: &Path) -> io::Result<()> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let (path, found) = (entry.path(), entry.metadata()?);
            let is_entry =
                path.extension().is_some_and(|ending| ENDINGS.iter().any(|own| ending == *own));
            if found.is_file() && is_entry && path != own {
                entries.push((found.modified()?, found.len(), path));
            }
        }
        entries.sort();
        let (mut count, mut bytes) = (1, fs::metadata(own)?.len());
        for (_, length, path) in entries.into_iter().rev() {
            count += 1;
            bytes += length;
            if count > MOST_ENTRIES || bytes > MOST_BYTES {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn path(&self, key: &Key) -> PathBuf {
        self.folder.join(key.name()).with_extension(ENDINGS[0])
    }
}

/// What stands before the parts of an entry: the magic, the key, the length of each part, and a checksum of all that and the parts.
struct Header([u8; Self::LENGTH]);

impl Header {
    const SUM: usize = MAGIC.len() + 32 + 8 * PARTS;
    const LENGTH: usize = Self::SUM + 4;

    fn new(key: &Key, parts: &[Vec<u8>; PARTS]) -> Self {
        let lengths = parts.each_ref().map(Vec::len);
        let mut header = Self::without_sum(key, lengths);
        let mut sum = crc32fast::Hasher::new();
        sum.update(&header.0[..Self::SUM]);
        parts.iter().for_each(|part| sum.update(part));
        header.0[Self::SUM..].copy_from_slice(&sum.finalize().to_le_bytes());
        header
    }

    fn without_sum(key: &Key, lengths: [usize; PARTS]) -> Self {
        let mut bytes = [0; Self::LENGTH];
        let fields = MAGIC.iter().chain(&key.0).copied();
        let lengths = lengths.into_iter().flat_map(|length| (length as u64).to_le_bytes());
        bytes.iter_mut().zip(fields.chain(lengths)).for_each(|(byte, field)| *byte = field);
        Self(bytes)
    }
}

/// The lengths of an entry's parts, when it is whole, of this key and unchanged since it was written.
fn sound(bytes: &[u8], key: &Key) -> Option<[usize; PARTS]> {
    let (header, parts) = bytes.split_at_checked(Header::LENGTH)?;
    let (fields, sum) = header.split_at(Header::SUM);
    let mut lengths = fields[MAGIC.len() + key.0.len()..].chunks(8).map(|length| {
        let length = <[u8; 8]>::try_from(length).ok()?;
        usize::try_from(u64::from_le_bytes(length)).ok()
    });
    let mut own = [0; PARTS];
    for length in &mut own {
        *length = lengths.next()??;
    }
    let all = own.iter().try_fold(0_usize, |sum, length| sum.checked_add(*length))?;
    let is_own = all == parts.len() && fields == &Header::without_sum(key, own).0[..Header::SUM];
    let mut found = crc32fast::Hasher::new();
    (is_own && {
        found.update(fields);
        found.update(parts);
        found.finalize().to_le_bytes() == sum
    })
    .then_some(own)
}

/// Makes a folder that is its owner's alone, with those above it where they are missing.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whether nobody but the owner of the folder can have written a file or changed the folder.
#[cfg(unix)]
fn is_private(file: &Metadata, folder: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    const OTHERS_WRITE: u32 = 0o022;
    (file.mode() | folder.mode()) & OTHERS_WRITE == 0
        && file.uid() == folder.uid()
        && folder.is_dir()
}

/// Elsewhere the user's own folders are the user's alone.
#[cfg(not(unix))]
fn is_private(_: &Metadata, folder: &Metadata) -> bool {
    folder.is_dir()
}

#[cfg(test)]
mod tests;
