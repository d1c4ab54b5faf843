//! From what people write for a model, a Region, a place or a feature to what it is in the catalog.

use super::{Catalog, Retired};
use crate::diagnostic::nearest;
use crate::task::{Feature, ModelIndex, Provider, Region, RegionSet, Residency};
use crate::text::fold;

/// What a name of a model stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Named<'a> {
    /// A model of the catalog.
    Model(ModelIndex),
    /// An id that is gone.
    Retired(&'a Retired),
    /// Several models: their indices.
    Several(Vec<ModelIndex>),
    /// Nothing known, and the id most like it.
    Unknown(Option<&'a str>),
}

/// What tools write before an ID to say whose it is.
const TOOLS: [&str; 6] = [
    "bedrock:",
    "bedrock_converse:",
    "bedrock-converse:",
    "amazon-bedrock:",
    "aws-bedrock:",
    "aws:",
];

impl Catalog {
    /// What an id, a profile's id, an ARN or a name stands for.
    #[must_use]
    pub fn find(&self, name: &str) -> Named<'_> {
        self.resolve(name).unwrap_or_else(|| Named::Unknown(self.nearest_model(name)))
    }

    fn resolve(&self, name: &str) -> Option<Named<'_>> {
        let id = self.written(name.trim().rsplit('/').next().unwrap_or(name));
        for candidate in [id, self.bare(id)] {
            if let Some(index) = self.index_of(candidate) {
                return Some(Named::Model(index));
            }
            if let Some(retired) =
                self.retired.iter().find(|retired| retired.id.eq_ignore_ascii_case(candidate))
            {
                return Some(Named::Retired(retired));
            }
        }
        self.behind_prefix(id).map(Named::Model).or_else(|| self.by_name(id))
    }

    /// An ID without what tools write around it: `bedrock:` before, `[1m]`, `@default`, `:1m` behind.
    #[must_use]
    pub fn written<'i>(&self, id: &'i str) -> &'i str {
        let id = id.trim();
        let start = TOOLS
            .iter()
            .find_map(|tool| id.get(..tool.len()).filter(|start| start.eq_ignore_ascii_case(tool)));
        let id = start.map_or(id, |start| &id[start.len()..]);
        let id =
            id.strip_suffix(']').and_then(|inner| inner.rsplit_once('[')).map_or(id, |(id, _)| id);
        let id = id.split_once('@').map_or(id, |(id, _)| id);
        // A variant for provisioned throughput ends like a context window as well.
        let window = |end: &str| {
            let digits = end.trim_end_matches(['k', 'K', 'm', 'M']);
            digits.len() < end.len()
                && !digits.is_empty()
                && digits.bytes().all(|digit| digit.is_ascii_digit())
        };
        let known = || self.index_of(self.bare(id)).is_some();
        match id.rsplit_once(':') {
            Some((start, end)) if window(end) && !known() => start,
            _ => id,
        }
    }

    /// A model by exactly its id.
    #[must_use]
    pub fn index_of(&self, id: &str) -> Option<ModelIndex> {
        let exact = self.models.binary_search_by(|model| model.id.as_str().cmp(id)).ok();
        let exact = exact
            .or_else(|| self.models.iter().position(|model| model.id.eq_ignore_ascii_case(id)));
        let provisioned = |model: &super::Model| {
            model.provisioned.iter().any(|variant| variant.id.eq_ignore_ascii_case(id))
        };
        let found = exact.or_else(|| self.models.iter().position(provisioned));
        found.and_then(|at| u16::try_from(at).ok()).map(ModelIndex)
    }

    /// The model of a profile's ID, and that ID as it is called; `None` where it names no profile of a known model.
    #[must_use]
    pub fn pinned(&self, given: &str) -> Option<(ModelIndex, String)> {
        let id = self.written(given.rsplit('/').next().unwrap_or(given));
        let model =
            Some(self.bare(id)).filter(|bare| *bare != id).and_then(|bare| self.index_of(bare))?;
        Some((model, id.to_owned()))
    }

    /// An id without the prefix of a profile.
    #[must_use]
    pub fn bare<'i>(&self, id: &'i str) -> &'i str {
        let strip = |prefix: &String| {
            id.strip_prefix(prefix.as_str()).and_then(|rest| rest.strip_prefix('.'))
        };
        self.prefixes.iter().find_map(strip).unwrap_or(id)
    }

    fn by_name(&self, name: &str) -> Option<Named<'_>> {
        let wanted = fold(name);
        let short = |id: &str| fold(id.split_once('.').map_or(id, |(_, rest)| rest));
        let is_named =
            |model: &&super::Model| fold(&model.name) == wanted || short(&model.id) == wanted;
        let found = self.matching(|model| is_named(&model));
        // A family stands for all its members: one of them whose name happens to end in its word is not what is meant.
        if let Some(members) = found.is_empty().then(|| self.named_family(name)).flatten() {
            // "Cohere Command" is Command, not the first of those whose names begin so.
            let retired =
                || members.retired.iter().filter_map(|gone| self.retired.get(usize::from(*gone)));
            let is_whole = |retired: &&Retired| {
                retired.name.as_ref().is_some_and(|own| wanted.ends_with(&fold(own)))
            };
            let retired = retired().find(is_whole).or_else(|| retired().next());
            match (members.models.as_slice(), retired) {
                ([one], _) => return Some(Named::Model(*one)),
                ([], Some(retired)) => return Some(Named::Retired(retired)),
                _ => return Some(Named::Several(members.models)),
            }
        }
        let found = if found.is_empty() && !wanted.is_empty() {
            self.matching(|model| {
                fold(&model.name).ends_with(&format!(" {wanted}"))
                    || short(&model.id).starts_with(&wanted)
            })
        } else {
            found
        };
        // "sonnet" ends the names of a few, and is a word in those of more.
        let found = if found.len() == 1 || wanted.is_empty() {
            found
        } else {
            self.matching(|model| {
                found.iter().any(|index| self.model(*index).id == model.id)
                    || format!(" {} ", fold(&model.name)).contains(&format!(" {wanted} "))
            })
        };
        match found.as_slice() {
            [one] => return Some(Named::Model(*one)),
            [_, ..] => return Some(Named::Several(found)),
            [] => {}
        }
        let is_it = |retired: &&Retired| {
            short(&retired.id) == wanted
                || retired.name.as_ref().is_some_and(|own| fold(own) == wanted)
        };
        self.retired.iter().find(is_it).map(Named::Retired)
    }

    /// The id or name most like one that stands for nothing; it stands for something itself.
    fn nearest_model(&self, name: &str) -> Option<&str> {
        let id = name.trim().rsplit('/').next().unwrap_or(name).trim();
        let ids = || {
            self.models
                .iter()
                .map(|model| model.id.as_str())
                .chain(self.retired.iter().map(|retired| retired.id.as_str()))
        };
        // People leave the provider and the version out.
        let without_provider = || ids().filter_map(|id| id.split_once('.').map(|(_, rest)| rest));
        let without_version =
            without_provider().filter_map(|id| id.rsplit_once("-v").map(|(rest, _)| rest));
        let bare = self.bare(id);
        // The version and the date of an older ID: newer IDs have neither.
        let unversioned = bare.rsplit_once("-v").map_or(bare, |(rest, _)| rest);
        let undated = unversioned.trim_end_matches(|sign: char| sign.is_ascii_digit());
        let undated = undated.strip_suffix('-').unwrap_or(unversioned);
        let exact = [unversioned, undated].into_iter().find_map(|id| self.index_of(id));
        if let Some(index) = exact.filter(|index| self.model(*index).id != bare) {
            return Some(&self.model(index).id);
        }
        let near = nearest(bare, ids().chain(without_provider()).chain(without_version))?;
        self.resolve(near).is_some().then_some(near)
    }

    /// Models that a test picks; those that are but names on bedrock-mantle stand for the model on bedrock-runtime.
    fn matching(&self, test: impl Fn(&super::Model) -> bool) -> Vec<ModelIndex> {
        let found: Vec<ModelIndex> =
            self.indices().filter(|index| test(self.model(*index))).collect();
        let own: Vec<ModelIndex> =
            found.iter().copied().filter(|index| self.model(*index).alias_of.is_none()).collect();
        if !own.is_empty() {
            return own;
        }
        let meant = |index: ModelIndex| {
            self.model(index).alias_of.as_ref().and_then(|id| self.index_of(id)).unwrap_or(index)
        };
        let mut meant: Vec<ModelIndex> = found.into_iter().map(meant).collect();
        meant.dedup();
        meant
    }

    /// A Region by its code.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<Region> {
        let at = self.regions.iter().position(|region| region.code.eq_ignore_ascii_case(code))?;
        u8::try_from(at).ok().map(Region)
    }

    /// A Region by its code, by its name (`Europe (Frankfurt)`), or by the city in it.
    #[must_use]
    pub fn region_named(&self, name: &str) -> Option<Region> {
        let wanted = fold(name);
        let is_named = |info: &super::RegionInfo| {
            let city = info.name.split_once('(').map_or("", |(_, city)| city.trim_end_matches(')'));
            let city = fold(city);
            fold(&info.name) == wanted
                || info.commercial && (city == wanted || city.ends_with(&format!(" {wanted}")))
        };
        self.region(name.trim()).or_else(|| {
            let at = self.regions.iter().position(is_named).filter(|_| !wanted.is_empty())?;
            u8::try_from(at).ok().map(Region)
        })
    }

    /// The code most like one that is not known.
    #[must_use]
    pub fn nearest_region(&self, code: &str) -> Option<&str> {
        nearest(code, self.regions.iter().map(|region| region.code.as_str()))
    }

    /// A place in which data can be kept: `eu`, `de`, `eu-central-1`. A Region outside the commercial partition stands for its
    /// partition: accounts there reach no other Regions, and profiles there use all of them.
    #[must_use]
    pub fn residency(&self, name: &str) -> Option<Residency> {
        let name = name.to_lowercase();
        if let Some(region) = self.region(&name) {
            let info = self.region_info(region);
            let regions = if info.commercial {
                RegionSet::only(region)
            } else {
                self.partition(&info.partition)
            };
            return Some(Residency { name, regions });
        }
        let place = self
            .places
            .iter()
            .find(|place| place.code == name || fold(&place.name) == fold(&name))?;
        Some(Residency { name: place.code.clone(), regions: place.regions })
    }

    /// The name for people of a place that data is kept in.
    #[must_use]
    pub fn place_name<'a>(&'a self, residency: &'a Residency) -> &'a str {
        let place = self.places.iter().find(|place| place.code == residency.name);
        place.map_or(residency.name.as_str(), |place| place.name.as_str())
    }

    /// A provider by its key or its name.
    #[must_use]
    pub fn provider_named(&self, name: &str) -> Option<Provider> {
        let wanted = fold(name);
        let is = |own: &str| fold(own) == wanted;
        let found = self.providers.iter().position(|provider| {
            is(&provider.key)
                || is(&provider.name)
                || provider.prefixes.iter().any(|prefix| is(prefix))
        })?;
        u8::try_from(found).ok().map(Provider)
    }

    /// A feature by its name or another name of it.
    #[must_use]
    pub fn feature_named(&self, name: &str) -> Option<Feature> {
        let wanted = name.to_lowercase().replace('_', "-");
        let by_alias = || {
            self.features
                .iter()
                .find(|info| info.aliases.contains(&wanted))
                .map(|info| info.feature)
        };
        Feature::named(&wanted).or_else(by_alias)
    }

    /// A feature's name for people.
    #[must_use]
    pub fn feature_title(&self, feature: Feature) -> &str {
        let info = self.features.iter().find(|info| info.feature == feature);
        info.map_or(feature.name(), |info| info.title.as_str())
    }
}

#[cfg(test)]
mod tests {

    #[test]
    fn what_tools_write_around_an_id_is_left_out() {
        let catalog = crate::bundled::knowledge().catalog.clone();
        for (written, id) in [
            (
                "anthropic.claude-3-haiku-20240307-v1:0:200k",
                "anthropic.claude-3-haiku-20240307-v1:0",
            ),
            ("anthropic.claude-sonnet-5[1m]", "anthropic.claude-sonnet-5"),
            ("anthropic.claude-opus-4-6-v1:1m", "anthropic.claude-opus-4-6-v1"),
            ("bedrock:amazon.nova-lite-v1:0@default", "amazon.nova-lite-v1:0"),
            ("amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"),
            ("cohere.embed-english-v3:0:512", "cohere.embed-english-v3:0:512"),
            ("k", "k"),
            (":k", ":k"),
        ] {
            assert_eq!(catalog.written(written), id);
        }
    }
}
