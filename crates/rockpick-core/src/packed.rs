//! What was compiled before, when the program was built or by an earlier run, used where it lies or read when it is first wanted.

pub(crate) mod day;

use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that are not copied when they are read back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bytes(#[serde(borrow)] Cow<'static, [u8]>);

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

/// A value that stays bytes until somebody looks at it: most of what is known no single answer needs.
pub struct Packed<T> {
    bytes: &'static [u8],
    /// Behind a pointer, so that what nobody looks at takes little room.
    value: OnceLock<Box<T>>,
}

impl<T> From<T> for Packed<T> {
    fn from(value: T) -> Self {
        Self { bytes: &[], value: Box::new(value).into() }
    }
}

impl<T: Default> Default for Packed<T> {
    fn default() -> Self {
        T::default().into()
    }
}

impl<T: Deserialize<'static>> Deref for Packed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| Box::new(read(self.bytes)))
    }
}

impl<T: Deserialize<'static>> DerefMut for Packed<T> {
    #[allow(clippy::expect_used, reason = "it has just been read")]
    fn deref_mut(&mut self) -> &mut T {
        self.value.get_or_init(|| Box::new(read(self.bytes)));
        self.value.get_mut().expect("a value that was read")
    }
}

/// # Panics
/// Never: the bytes were written by the same code, at build time or into the cache of this build, which checks what it reads. A test
/// reads them all.
#[allow(clippy::expect_used, reason = "the bytes come from this crate's own code")]
fn read<T: Deserialize<'static>>(bytes: &'static [u8]) -> T {
    postcard::from_bytes(bytes).expect("a value packed by this build")
}

impl<T: Clone> Clone for Packed<T> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes, value: self.value.clone() }
    }
}

impl<T: Deserialize<'static> + PartialEq> PartialEq for Packed<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Deserialize<'static> + fmt::Debug> fmt::Debug for Packed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Deserialize<'static> + Serialize> Serialize for Packed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&pack(&**self))
    }
}

impl<'de: 'static, T> Deserialize<'de> for Packed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { bytes: Deserialize::deserialize(deserializer)?, value: OnceLock::new() })
    }
}

/// A value as bytes.
///
/// # Panics
/// Never, for what is derived: only a type's own refusal, or a list of unknown length, cannot be written.
#[must_use]
#[allow(clippy::expect_used, reason = "numbers, letters and lists of them can be written")]
pub fn pack(value: &impl Serialize) -> Vec<u8> {
    postcard::to_stdvec(value).expect("numbers, letters and lists of them")
}

/// Cuts the first of several packed runs of bytes off; `None` at their end. It is what postcard does, without its detours:
/// phrases are read so, hundreds of times in a decision.
#[inline]
pub fn cut<'b>(packed: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = match *packed.split_off_first()? {
        short @ ..0x80 => usize::from(short),
        low => long(packed, low)?,
    };
    packed.split_off(..length)
}

/// The rest of a length that takes more than a byte: seven bits each, the lowest first.
fn long(packed: &mut &[u8], low: u8) -> Option<usize> {
    let mut length = usize::from(low & 0x7f);
    for place in (7..usize::BITS).step_by(7) {
        let byte = *packed.split_off_first()?;
        length |= usize::from(byte & 0x7f) << place;
        if byte < 0x80 {
            return Some(length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_reads_back_the_same_and_not_before_it_is_wanted() {
        let packed = Packed::from(vec!["one".to_owned(), "two".to_owned()]);
        let read: Packed<Vec<String>> = postcard::from_bytes(pack(&packed).leak()).unwrap();
        assert!(read.value.get().is_none());
        assert_eq!(read, packed);
    }

    #[test]
    fn runs_of_bytes_are_cut_off_one_by_one() {
        let (short, long) = ([7; 3], [8; 300]);
        let bytes = [pack(&&short[..]), pack(&&long[..])].concat();
        let mut left = bytes.as_slice();
        assert_eq!(cut(&mut left), Some(&short[..]));
        assert_eq!(cut(&mut left), Some(&long[..]));
        assert_eq!(cut(&mut left), None);
        assert_eq!(cut(&mut &bytes[..2]), None, "what is cut short is nothing");
        assert_eq!(cut(&mut &[0xff; 20][..]), None);
    }
}
