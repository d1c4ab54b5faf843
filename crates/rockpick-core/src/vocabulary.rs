//! Two shapes of type that many modules share: an enum with one list of names, and a small set kept as bits.

/// Declares an enum whose names in TOML, JSON and flags are one list.
#[macro_export]
#[doc(hidden)]
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$about])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in TOML, JSON and flags.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of that name.
            #[must_use]
            pub fn named(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use vocabulary;

/// Declares a small set over a vocabulary or an index, kept as bits.
#[macro_export]
#[doc(hidden)]
macro_rules! bit_set {
    ($(#[$meta:meta])* $set:ident($bits:ty) of $item:ty, $index:expr, $from:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub struct $set($bits);

        impl $set {
            /// The empty set.
            pub const EMPTY: Self = Self(0);

            /// The set of one.
            #[must_use]
            pub fn only(item: $item) -> Self {
                Self(1 << $index(item))
            }

            /// Adds an item.
            pub fn insert(&mut self, item: $item) {
                self.0 |= 1 << $index(item);
            }

            /// Whether the item is in.
            #[must_use]
            pub fn contains(self, item: $item) -> bool {
                self.0 & (1 << $index(item)) != 0
            }

            /// Whether nothing is in.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// How many of the set come before an item.
            #[must_use]
            pub fn rank(self, item: $item) -> usize {
                (self.0 & ((1 << $index(item)) - 1)).count_ones() as usize
            }

            /// How many are in.
            #[must_use]
            pub const fn len(self) -> usize {
                self.0.count_ones() as usize
            }

            /// What is in both.
            #[must_use]
            pub const fn and(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }

            /// What is in either.
            #[must_use]
            pub const fn or(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// What is in this one only.
            #[must_use]
            pub const fn without(self, other: Self) -> Self {
                Self(self.0 & !other.0)
            }

            /// Whether all of this set is in the other.
            #[must_use]
            pub const fn is_within(self, other: Self) -> bool {
                self.0 & !other.0 == 0
            }

            /// The items in order.
            pub fn iter(self) -> impl Iterator<Item = $item> {
                let mut left = self.0;
                let indices = std::iter::from_fn(move || {
                    let index = left.trailing_zeros() as usize;
                    (left != 0).then(|| {
                        left &= left - 1;
                        index
                    })
                });
                indices.filter_map($from)
            }
        }

        impl Extend<$item> for $set {
            fn extend<I: IntoIterator<Item = $item>>(&mut self, items: I) {
                for item in items {
                    self.insert(item);
                }
            }
        }

        impl FromIterator<$item> for $set {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                items.into_iter().fold(Self::EMPTY, |set, item| set.or(Self::only(item)))
            }
        }
    };
}
pub(crate) use bit_set;
