//! From the files under `rules/` to a catalog, or to every mistake in them.

mod claims;
mod families;
mod life;
mod offers;
mod overlays;
mod places;
mod sanity;
mod sources;
mod thinking;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;

use super::form::{Dialect, Form};
use super::lifecycle::{End, Lifecycle};
use super::model::{ByApi, Contract, Features, Limits, Model, Provisioned};
use super::schema::{
    BodyEntry, ByApiEntry, Entries, FeatureEntry, ModelEntry, PlacesFile, ProfileEntry,
    ProviderEntry, RegionEntry, SourceEntry,
};
use super::thinking::Thinking;
use super::{Catalog, Destinations, FeatureInfo, PlaceInfo, ProviderInfo, RegionInfo, SourceInfo};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::RuleFile;
use crate::task::{Feature, Interface, Provider, Region, RegionSet, Retention};

/// Regions are kept as bits of one word.
const MOST_REGIONS: usize = 64;

impl Catalog {
    /// Compiles the catalog, adding every mistake to `diagnostics`; `None` when something is too broken to go on.
    #[must_use]
    pub fn compile(files: &[RuleFile], diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut compiler = Compiler {
            files,
            diagnostics,
            regions: HashMap::new(),
            sources: BTreeMap::new(),
            mended: BTreeSet::new(),
            catalog: empty(),
        };
        compiler.regions()?;
        compiler.sources();
        compiler.places();
        compiler.providers();
        compiler.features();
        compiler.bodies();
        compiler.thinking_fields();
        compiler.quirks();
        let entries = compiler.models();
        compiler.thinking();
        // What follows counts models in 16 bits.
        if !compiler.within_limits() {
            return None;
        }
        let profiles = compiler.profiles(&entries);
        compiler.offers(&entries, &profiles);
        compiler.retired();
        compiler.successors(&entries);
        compiler.families();
        compiler.within_limits().then_some(compiler.catalog)
    }
}

fn empty() -> Catalog {
    Catalog {
        models: Vec::new(),
        offers: Vec::new(),
        pair_starts: vec![0],
        reach_of: Vec::new(),
        prices: Vec::new(),
        prefixes: Vec::new(),
        retired: Vec::new().into(),
        families: Vec::new().into(),
        regions: Vec::new(),
        places: Vec::new().into(),
        providers: Vec::new().into(),
        features: Vec::new().into(),
        forms: Vec::new().into(),
        thinking: Vec::new().into(),
        quirks: Vec::new().into(),
        sources: Vec::new().into(),
        profiles: 0,
        reach: Vec::new(),
        as_of: Date::MIN,
    }
}

/// The models of all files, sorted by id, each with the file it stands in.
type ModelEntries<'a> = BTreeMap<String, (&'a RuleFile, Range<usize>, ModelEntry)>;

/// One profile's routes: the place of its prefix, source Regions, destinations.
struct ProfileRoutes {
    prefix: u8,
    global: bool,
    inferred: bool,
    routes: Vec<(RegionSet, Destinations)>,
}

struct Compiler<'a> {
    files: &'a [RuleFile],
    diagnostics: &'a mut Diagnostics,
    regions: HashMap<String, Region>,
    sources: BTreeMap<String, Date>,
    /// The files of models that had mistakes of shape, which were mended to read on.
    mended: BTreeSet<&'a str>,
    catalog: Catalog,
}

impl<'a> Compiler<'a> {
    fn file(&self, path: &str) -> Option<&'a RuleFile> {
        self.files.iter().find(|file| file.path == path)
    }

    fn table<T: serde::de::DeserializeOwned>(
        &mut self,
        path: &str,
    ) -> Option<(&'a RuleFile, Entries<T>)> {
        let Some(file) = self.file(path) else {
            self.diagnostics.push(Diagnostic::error(
                Code::Unreadable,
                format!("there is no {path} among the rules"),
            ));
            return None;
        };
        file.parse(self.diagnostics).map(|entries| (file, entries))
    }

    fn sources(&mut self) {
        let Some((file, entries)) = self.table::<SourceEntry>("sources.toml") else { return };
        for (key, entry) in entries {
            let key = key.into_inner();
            let date = entry.date.get_ref().0;
            self.sources.insert(key.clone(), date);
            let scans = entry.scans.iter().filter_map(|region| self.region(file, region)).collect();
            self.catalog.sources.push(SourceInfo {
                key,
                what: entry.what,
                licence: entry.licence,
                date,
                scans,
            });
        }
    }

    fn regions(&mut self) -> Option<()> {
        let (file, entries) = self.table::<RegionEntry>("regions.toml")?;
        if entries.len() > MOST_REGIONS {
            let place = file.place(0..0);
            let message =
                format!("{} Regions, more than the {MOST_REGIONS} that fit", entries.len());
            self.diagnostics.push(Diagnostic::error(Code::TooLarge, message).at(place));
            return None;
        }
        for (index, (code, entry)) in (0..).zip(entries) {
            self.partition(file, &code, &entry.partition);
            let code = code.into_inner();
            self.regions.insert(code.clone(), Region(index));
            let commercial = entry.partition == "aws";
            let RegionEntry { name, country, partition, .. } = entry;
            self.catalog.regions.push(RegionInfo { code, name, country, partition, commercial });
        }
        Some(())
    }

    fn places(&mut self) {
        let Some(file) = self.file("places.toml") else { return };
        let Some(places) = file.parse::<PlacesFile>(self.diagnostics) else { return };
        let of = |catalog: &Catalog, wanted: &dyn Fn(&str) -> bool| -> RegionSet {
            (0..)
                .zip(&catalog.regions)
                .filter(|(_, info)| wanted(&info.country))
                .map(|(index, _)| Region(index))
                .collect()
        };
        for (code, country) in &places.countries {
            let regions = of(&self.catalog, &|own| own == code.get_ref());
            self.catalog.places.push(PlaceInfo {
                code: code.get_ref().clone(),
                name: country.name.clone(),
                regions,
            });
        }
        self.place_sanity(file, &places);
        for (code, area) in &places.areas {
            let member = |own: &str| match (
                area.member_of.as_deref(),
                places.countries.iter().find(|(key, _)| key.get_ref() == own),
            ) {
                (Some("eu"), Some((_, country))) => country.eu,
                (Some("eea"), Some((_, country))) => country.eea || country.eu,
                _ => area.countries.iter().any(|country| country == own),
            };
            let named: RegionSet =
                area.regions.iter().filter_map(|region| self.region(file, region)).collect();
            let regions = of(&self.catalog, &member).or(named);
            // A country and an area may share a code (`us`): the country is meant.
            if !self.catalog.places.iter().any(|place| place.code == *code.get_ref()) {
                self.catalog.places.push(PlaceInfo {
                    code: code.get_ref().clone(),
                    name: area.name.clone(),
                    regions,
                });
            }
        }
    }

    fn providers(&mut self) {
        let Some((_, entries)) = self.table::<ProviderEntry>("providers.toml") else { return };
        for (key, entry) in entries {
            self.catalog.providers.push(ProviderInfo {
                key: key.into_inner(),
                name: entry.name,
                prefixes: entry.prefixes,
            });
        }
    }

    fn features(&mut self) {
        let Some((file, entries)) = self.table::<FeatureEntry>("features.toml") else { return };
        for (key, entry) in entries {
            let Some(feature) = Feature::named(key.get_ref()) else {
                let known = Feature::ALL.iter().map(|feature| feature.name());
                self.diagnostics.push(file.unknown(Code::UnknownFeature, "feature", &key, known));
                continue;
            };
            self.catalog.features.push(FeatureInfo {
                feature,
                title: entry.title,
                aliases: entry.aliases,
            });
        }
    }

    fn bodies(&mut self) {
        let Some((file, entries)) = self.table::<BodyEntry>("bodies.toml") else { return };
        for (name, entry) in entries {
            let missing = match entry.talk {
                None => entry.result.is_empty().then_some("result"),
                Some(Dialect::Prompt) => entry.turns.is_none().then_some("turns"),
                Some(_) => None,
            };
            if let Some(missing) = missing {
                let message = format!("the key `{missing}` is missing in `[{}]`", name.get_ref());
                self.diagnostics
                    .push(Diagnostic::error(Code::MissingKey, message).at(file.place(name.span())));
                continue;
            }
            self.catalog.forms.push(Form::compile(name.into_inner(), entry));
        }
    }

    fn models(&mut self) -> ModelEntries<'a> {
        let mut all = ModelEntries::new();
        for file in self.files.iter().filter(|file| file.path.starts_with("models/")) {
            let Some(entries) = file.parse::<Entries<ModelEntry>>(self.diagnostics) else {
                continue;
            };
            if file.is_told_of(self.diagnostics) {
                self.mended.insert(&file.path);
            }
            for (id, entry) in entries {
                let place = file.place(id.span());
                if let Some((other, span, _)) = all.get(id.get_ref()) {
                    let message = format!("the model `{}` stands in two files", id.get_ref());
                    let related = other.place(span.clone());
                    self.diagnostics.push(
                        Diagnostic::error(Code::Duplicate, message)
                            .at(place)
                            .related(related, "here as well"),
                    );
                    continue;
                }
                let span = id.span();
                all.insert(id.into_inner(), (file, span, entry));
            }
        }
        for (id, (file, span, entry)) in &all {
            let model = self.model(id, file, span, entry);
            self.catalog.models.push(model);
        }
        all
    }

    fn model(
        &mut self,
        id: &str,
        file: &'a RuleFile,
        span: &Range<usize>,
        entry: &ModelEntry,
    ) -> Model {
        for source in entry.sources() {
            self.check_source(file, source);
        }
        self.sanity(file, span, entry);
        self.claims(file, span, entry);
        let provider = self.provider_of(id).unwrap_or_else(|| {
            let message = format!("no provider in providers.toml has the prefix of `{id}`");
            let diagnostic =
                Diagnostic::error(Code::UnknownProvider, message).at(file.place(span.clone()));
            self.diagnostics.push(
                diagnostic.help("add the provider to providers.toml, with the prefix of its ids"),
            );
            Provider(0)
        });
        let provisioned = entry.provisioned.iter().map(|variant| Provisioned {
            id: variant.id.clone(),
            regions: variant
                .regions
                .iter()
                .filter_map(|region| self.region(file, region))
                .collect(),
        });
        let provisioned = provisioned.collect();
        let ends = entry.lifecycle.eol_in.iter().map(|end| End {
            eol: end.eol.0,
            regions: end.regions.iter().filter_map(|region| self.region(file, region)).collect(),
        });
        let eol_in = ends.collect();
        Model {
            id: id.to_owned(),
            name: entry.name.clone(),
            provider,
            kind: entry.kind,
            input: entry.input.iter().copied().collect(),
            output: entry.output.iter().copied().collect(),
            launched: entry.launched.map(|day| day.0),
            alias_of: entry.alias_of.as_ref().map(|alias| alias.get_ref().clone()),
            limits: entry
                .limits
                .as_ref()
                .map(|limits| Limits {
                    context: limits.context,
                    max_output: limits.max_output,
                    source: limits.source.get_ref().clone(),
                })
                .unwrap_or_default(),
            features: entry
                .features
                .as_ref()
                .map(|features| Features {
                    yes: features.yes.iter().map(|feature| *feature.get_ref()).collect(),
                    no: features.no.iter().map(|feature| *feature.get_ref()).collect(),
                    efforts: features.efforts.clone(),
                    by_api: features.by_api.iter().map(by_api).collect(),
                    source: features.source.get_ref().clone(),
                })
                .unwrap_or_default(),
            contract: entry
                .contract
                .as_ref()
                .map(|contract| Contract {
                    refuses: contract.refuses.clone(),
                    exclusive: contract.exclusive.clone(),
                    source: contract.source.get_ref().clone(),
                })
                .unwrap_or_default(),
            retention: entry
                .retention
                .as_ref()
                .map_or(Retention::None, |retention| retention.keeps),
            lifecycle: Lifecycle::compile(&entry.lifecycle, eol_in),
            mantle_apis: entry
                .access
                .as_ref()
                .map(|access| access.mantle_apis.clone())
                .unwrap_or_default(),
            provisioned,
            thinking: Thinking::default(),
            unpriced: entry.unpriced.as_ref().map(|source| source.get_ref().clone()),
            source: entry.source.get_ref().clone(),
        }
    }

    fn provider_of(&self, id: &str) -> Option<Provider> {
        let prefix = id.split('.').next()?;
        let found = self
            .catalog
            .providers
            .iter()
            .position(|provider| provider.prefixes.iter().any(|own| own == prefix))?;
        u8::try_from(found).ok().map(Provider)
    }

    fn profiles(&mut self, models: &ModelEntries<'a>) -> HashMap<String, Vec<ProfileRoutes>> {
        let mut all: HashMap<String, Vec<ProfileRoutes>> = HashMap::new();
        let Some((file, entries)) = self.table::<ProfileEntry>("profiles.toml") else { return all };
        self.destinations(file, &entries);
        for entry in entries.values() {
            self.check_source(file, &entry.source);
            let prefix = self.prefix(&entry.prefix);
            let global =
                entry.routes.iter().any(|route| route.to.iter().any(|to| to.get_ref() == "*"));
            let mut routes = Vec::new();
            for route in &entry.routes {
                let from: RegionSet =
                    route.from.iter().filter_map(|region| self.region(file, region)).collect();
                let to = if global {
                    Destinations::AnyCommercial
                } else if route.to.is_empty() {
                    Destinations::Unknown
                } else {
                    Destinations::Regions(
                        route.to.iter().filter_map(|region| self.region(file, region)).collect(),
                    )
                };
                routes.push((from, to));
            }
            for model in &entry.models {
                self.catalog.profiles += 1;
                if !models.contains_key(model.get_ref()) {
                    self.unknown_model(file, model, models.keys().map(String::as_str));
                    continue;
                }
                let profile = ProfileRoutes {
                    prefix,
                    global,
                    inferred: entry.inferred,
                    routes: routes.clone(),
                };
                all.entry(model.get_ref().clone()).or_default().push(profile);
            }
        }
        all
    }

    fn prefix(&mut self, prefix: &str) -> u8 {
        let known = self.catalog.prefixes.iter().position(|own| own == prefix);
        let at = known.unwrap_or_else(|| {
            self.catalog.prefixes.push(prefix.to_owned());
            self.catalog.prefixes.len() - 1
        });
        at as u8
    }

    fn unknown_model<'k>(
        &mut self,
        file: &RuleFile,
        id: &Spanned<String>,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        self.diagnostics.push(file.unknown(Code::UnknownModel, "model", id, known));
    }

    fn region(&mut self, file: &RuleFile, code: &Spanned<String>) -> Option<Region> {
        let found = self.regions.get(code.get_ref()).copied();
        if found.is_none() {
            let known = self.catalog.regions.iter().map(|region| region.code.as_str());
            self.diagnostics.push(file.unknown(Code::UnknownRegion, "Region", code, known));
        }
        found
    }
}

fn by_api((api, entry): (&Interface, &ByApiEntry)) -> ByApi {
    ByApi {
        api: *api,
        yes: entry.yes.iter().copied().collect(),
        no: entry.no.iter().copied().collect(),
        source: entry.source.get_ref().clone(),
    }
}
