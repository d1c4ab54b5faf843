//! From the files under `rules/` to a catalogue, or to every mistake in them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;

use super::form::Form;
use super::lifecycle::Lifecycle;
use super::model::{Contract, Features, Limits, Model, Provisioned, Retired};
use super::schema::{
    BodyEntry, Entries, FeatureEntry, ModelEntry, PlacesFile, PriceEntry, ProfileEntry, ProviderEntry, RegionEntry, RetiredEntry, SourceEntry,
};
use super::{Catalog, Destinations, FeatureInfo, Offer, PlaceInfo, Price, ProviderInfo, RegionInfo, SourceInfo};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Place, nearest};
use crate::source::RuleFile;
use crate::task::{Feature, ModelIndex, Provider, Region, RegionSet, Retention, Route};

/// Regions are kept as bits of one word.
const MOST_REGIONS: usize = 64;

impl Catalog {
    /// Compiles the catalogue, adding every mistake to `diagnostics`; `None` when something is too broken to go on.
    pub(crate) fn compile(files: &[RuleFile], diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut compiler = Compiler { files, diagnostics, regions: HashMap::new(), sources: BTreeMap::new(), catalog: empty() };
        compiler.sources();
        compiler.regions()?;
        compiler.places();
        compiler.providers();
        compiler.features();
        compiler.bodies();
        let entries = compiler.models();
        let profiles = compiler.profiles(&entries);
        compiler.offers(&entries, &profiles);
        compiler.retired();
        compiler.successors(&entries);
        Some(compiler.catalog)
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
        retired: Vec::new(),
        regions: Vec::new(),
        places: Vec::new(),
        providers: Vec::new(),
        features: Vec::new(),
        forms: Vec::new(),
        sources: Vec::new(),
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
    routes: Vec<(RegionSet, Destinations)>,
}

struct Compiler<'a> {
    files: &'a [RuleFile],
    diagnostics: &'a mut Diagnostics,
    regions: HashMap<String, Region>,
    sources: BTreeMap<String, Date>,
    catalog: Catalog,
}

impl<'a> Compiler<'a> {
    fn file(&self, path: &str) -> Option<&'a RuleFile> {
        self.files.iter().find(|file| file.path == path)
    }

    fn table<T: serde::de::DeserializeOwned>(&mut self, path: &str) -> Option<(&'a RuleFile, Entries<T>)> {
        let Some(file) = self.file(path) else {
            self.diagnostics.push(Diagnostic::error(Code::Unreadable, format!("there is no {path} among the rules")));
            return None;
        };
        file.parse(self.diagnostics).map(|entries| (file, entries))
    }

    fn sources(&mut self) {
        let Some((_, entries)) = self.table::<SourceEntry>("sources.toml") else { return };
        for (key, entry) in entries {
            let key = key.into_inner();
            self.sources.insert(key.clone(), entry.date.0);
            self.catalog.sources.push(SourceInfo { key, what: entry.what, licence: entry.licence, date: entry.date.0 });
        }
    }

    fn regions(&mut self) -> Option<()> {
        let (file, entries) = self.table::<RegionEntry>("regions.toml")?;
        if entries.len() > MOST_REGIONS {
            let place = file.place(0..0);
            let message = format!("{} Regions, more than the {MOST_REGIONS} that fit", entries.len());
            self.diagnostics.push(Diagnostic::error(Code::TooLarge, message).at(place));
            return None;
        }
        for (index, (code, entry)) in (0..).zip(entries) {
            let code = code.into_inner();
            self.regions.insert(code.clone(), Region(index));
            let commercial = entry.partition == "aws";
            self.catalog.regions.push(RegionInfo { code, name: entry.name, country: entry.country, commercial });
        }
        Some(())
    }

    fn places(&mut self) {
        let Some(file) = self.file("places.toml") else { return };
        let Some(places) = file.parse::<PlacesFile>(self.diagnostics) else { return };
        let of = |catalog: &Catalog, wanted: &dyn Fn(&str) -> bool| -> RegionSet {
            (0..).zip(&catalog.regions).filter(|(_, info)| wanted(&info.country)).map(|(index, _)| Region(index)).collect()
        };
        for (code, country) in &places.countries {
            let regions = of(&self.catalog, &|own| own == code.get_ref());
            self.catalog.places.push(PlaceInfo { code: code.get_ref().clone(), name: country.name.clone(), regions });
        }
        for (code, area) in &places.areas {
            let member = |own: &str| match (area.member_of.as_deref(), places.countries.iter().find(|(key, _)| key.get_ref() == own)) {
                (Some("eu"), Some((_, country))) => country.eu,
                (Some("eea"), Some((_, country))) => country.eea || country.eu,
                _ => area.countries.iter().any(|country| country == own),
            };
            let named: RegionSet = area.regions.iter().filter_map(|region| self.region(file, region)).collect();
            let regions = of(&self.catalog, &member).or(named);
            // A country and an area may share a code (`us`): the country is meant.
            if !self.catalog.places.iter().any(|place| place.code == *code.get_ref()) {
                self.catalog.places.push(PlaceInfo { code: code.get_ref().clone(), name: area.name.clone(), regions });
            }
        }
    }

    fn providers(&mut self) {
        let Some((_, entries)) = self.table::<ProviderEntry>("providers.toml") else { return };
        for (key, entry) in entries {
            self.catalog.providers.push(ProviderInfo { key: key.into_inner(), name: entry.name, prefixes: entry.prefixes, effort: entry.effort });
        }
    }

    fn features(&mut self) {
        let Some((file, entries)) = self.table::<FeatureEntry>("features.toml") else { return };
        for (key, entry) in entries {
            let Some(feature) = Feature::named(key.get_ref()) else {
                let known = Feature::ALL.iter().map(|feature| feature.name());
                let replacement = nearest(key.get_ref(), known).map(str::to_owned);
                let message = format!("there is no feature `{}`", key.get_ref());
                let place = file.place(key.span());
                self.diagnostics.push(Diagnostic::error(Code::UnknownKey, message).at(place).replace_with(replacement));
                continue;
            };
            self.catalog.features.push(FeatureInfo { feature, title: entry.title, aliases: entry.aliases });
        }
    }

    fn bodies(&mut self) {
        let Some((_, entries)) = self.table::<BodyEntry>("bodies.toml") else { return };
        self.catalog.forms.extend(entries.into_iter().map(|(name, entry)| Form::compile(name.into_inner(), entry)));
    }

    fn models(&mut self) -> ModelEntries<'a> {
        let mut all = ModelEntries::new();
        for file in self.files.iter().filter(|file| file.path.starts_with("models/")) {
            let Some(entries) = file.parse::<Entries<ModelEntry>>(self.diagnostics) else { continue };
            for (id, entry) in entries {
                let place = file.place(id.span());
                if let Some((other, span, _)) = all.get(id.get_ref()) {
                    let message = format!("the model `{}` stands in two files", id.get_ref());
                    let related = other.place(span.clone());
                    self.diagnostics.push(Diagnostic::error(Code::Duplicate, message).at(place).related(related, "here as well"));
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

    fn model(&mut self, id: &str, file: &'a RuleFile, span: &Range<usize>, entry: &ModelEntry) -> Model {
        for source in entry.sources() {
            self.check_source(file, source);
        }
        let provider = self.provider_of(id).unwrap_or_else(|| {
            let message = format!("no provider in providers.toml has the prefix of `{id}`");
            self.diagnostics.push(Diagnostic::error(Code::UnknownProvider, message).at(file.place(span.clone())));
            Provider(0)
        });
        let provisioned = entry.provisioned.iter().map(|variant| Provisioned {
            id: variant.id.clone(),
            regions: variant.regions.iter().filter_map(|region| self.region(file, region)).collect(),
        });
        let provisioned = provisioned.collect();
        Model {
            id: id.to_owned(),
            name: entry.name.clone(),
            provider,
            kind: entry.kind,
            input: entry.input.iter().copied().collect(),
            output: entry.output.iter().copied().collect(),
            launched: entry.launched.map(|day| day.0),
            alias_of: entry.alias_of.as_ref().map(|alias| alias.get_ref().clone()),
            limits: entry.limits.as_ref().map(|limits| Limits {
                context: limits.context,
                max_output: limits.max_output,
                source: limits.source.get_ref().clone(),
            }).unwrap_or_default(),
            features: entry.features.as_ref().map(|features| Features {
                yes: features.yes.iter().copied().collect(),
                no: features.no.iter().copied().collect(),
                efforts: features.efforts.clone(),
                source: features.source.get_ref().clone(),
            }).unwrap_or_default(),
            contract: entry.contract.as_ref().map(|contract| Contract {
                refuses: contract.refuses.clone(),
                exclusive: contract.exclusive.clone(),
            }).unwrap_or_default(),
            retention: entry.retention.as_ref().map_or(Retention::None, |retention| retention.keeps),
            lifecycle: Lifecycle::compile(&entry.lifecycle),
            mantle_apis: entry.access.as_ref().map(|access| access.mantle_apis.clone()).unwrap_or_default(),
            provisioned,
            source: entry.source.get_ref().clone(),
        }
    }

    fn provider_of(&self, id: &str) -> Option<Provider> {
        let prefix = id.split('.').next()?;
        let found = self.catalog.providers.iter().position(|provider| provider.prefixes.iter().any(|own| own == prefix))?;
        u8::try_from(found).ok().map(Provider)
    }

    fn profiles(&mut self, models: &ModelEntries<'a>) -> HashMap<String, Vec<ProfileRoutes>> {
        let mut all: HashMap<String, Vec<ProfileRoutes>> = HashMap::new();
        let Some((file, entries)) = self.table::<ProfileEntry>("profiles.toml") else { return all };
        for entry in entries.values() {
            self.check_source(file, &entry.source);
            let prefix = self.prefix(&entry.prefix);
            let global = entry.routes.iter().any(|route| route.to.iter().any(|to| to.get_ref() == "*"));
            let mut routes = Vec::new();
            for route in &entry.routes {
                let from: RegionSet = route.from.iter().filter_map(|region| self.region(file, region)).collect();
                let to = if global {
                    Destinations::AnyCommercial
                } else if route.to.is_empty() {
                    Destinations::Unknown
                } else {
                    Destinations::Regions(route.to.iter().filter_map(|region| self.region(file, region)).collect())
                };
                routes.push((from, to));
            }
            for model in &entry.models {
                self.catalog.profiles += 1;
                if !models.contains_key(model.get_ref()) {
                    self.unknown_model(file, model, models.keys().map(String::as_str));
                    continue;
                }
                all.entry(model.get_ref().clone()).or_default().push(ProfileRoutes { prefix, global, routes: routes.clone() });
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

    fn offers(&mut self, models: &ModelEntries<'a>, profiles: &HashMap<String, Vec<ProfileRoutes>>) {
        let mut known: HashMap<String, u16> = HashMap::new();
        for (index, (id, (file, _, entry))) in (0..).zip(models) {
            let mut offers = self.bare_offers(ModelIndex(index), file, entry);
            for profile in profiles.get(id).into_iter().flatten() {
                offers.extend(profile_offers(ModelIndex(index), profile));
            }
            offers.sort_by_key(|offer| (offer.region, offer.route, offer.prefix));
            offers.dedup();
            for offer in &mut offers {
                offer.price = self.price(offer, entry, &mut known);
            }
            self.keep(&offers);
            for row in &entry.price {
                for region in &row.regions {
                    self.region(file, region);
                }
            }
        }
        self.catalog.reach = vec![0; self.catalog.regions.len()];
        for (_, regions) in &self.catalog.reach_of {
            for region in regions.iter() {
                self.catalog.reach[usize::from(region.0)] += 1;
            }
        }
        let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, _, entry) in models.values() {
            *sources.entry(entry.source.get_ref()).or_default() += 1;
        }
        let main = sources.into_iter().max_by_key(|(_, count)| *count).and_then(|(source, _)| self.sources.get(source));
        self.catalog.as_of = main.copied().unwrap_or(Date::MIN);
    }

    /// Keeps the offers of one model, which are sorted by Region.
    fn keep(&mut self, offers: &[Offer]) {
        let catalog = &mut self.catalog;
        let regions = offers.iter().map(|offer| offer.region).collect();
        catalog.reach_of.push((catalog.pair_starts.len() as u16 - 1, regions));
        for pair in offers.chunk_by(|a, b| a.region == b.region) {
            catalog.offers.extend(pair);
            catalog.pair_starts.push(catalog.offers.len() as u16);
        }
    }

    fn bare_offers(&mut self, model: ModelIndex, file: &'a RuleFile, entry: &ModelEntry) -> Vec<Offer> {
        let Some(access) = &entry.access else { return Vec::new() };
        let mut offers = Vec::new();
        for (regions, route) in [(&access.in_region, Route::InRegion), (&access.mantle, Route::Mantle)] {
            for region in regions.iter().filter_map(|region| self.region(file, region)) {
                let destinations = Destinations::Regions(RegionSet::only(region));
                offers.push(Offer { model, region, route, prefix: None, destinations, price: None });
            }
        }
        for region in &access.in_region_unknown {
            self.region(file, region);
        }
        offers
    }

    /// The price of an offer: its place among the catalogue's prices, where equal prices stand once.
    fn price(&mut self, offer: &Offer, entry: &ModelEntry, known: &mut HashMap<String, u16>) -> Option<u16> {
        let rows = exact_rows(&self.catalog, offer, &entry.price);
        let first = rows.first()?;
        let as_of = self.sources.get(first.source.get_ref()).copied().unwrap_or(Date::MIN);
        let price = Price::compile(&rows, as_of);
        let key = format!("{price:?}");
        if let Some(at) = known.get(&key) {
            return Some(*at);
        }
        let at = u16::try_from(self.catalog.prices.len()).ok()?;
        self.catalog.prices.push(price);
        known.insert(key, at);
        Some(at)
    }

    fn retired(&mut self) {
        let Some((file, entries)) = self.table::<RetiredEntry>("retired.toml") else { return };
        for (id, entry) in entries {
            self.check_source(file, &entry.source);
            if self.catalog.models.iter().any(|model| model.id == *id.get_ref()) {
                let message = format!("`{}` is among the models as well as among the retired ids", id.get_ref());
                self.diagnostics.push(Diagnostic::error(Code::Duplicate, message).at(file.place(id.span())));
            }
            if let Some(successor) = &entry.successor {
                self.check_model(file, successor);
            }
            self.catalog.retired.push(Retired {
                id: id.into_inner(),
                name: entry.name,
                eol: entry.eol.map(|day| day.0),
                successor: entry.successor.map(Spanned::into_inner),
                successor_is: entry.successor_is,
                source: entry.source.into_inner(),
            });
        }
    }

    /// Every successor is a model, and no chain of successors leads back to where it began.
    fn successors(&mut self, models: &ModelEntries<'a>) {
        for (id, (file, span, entry)) in models {
            if let Some(alias) = &entry.alias_of {
                self.check_model(file, alias);
            }
            let Some(successor) = &entry.lifecycle.successor else { continue };
            self.check_model(file, successor);
            let next = |id: &str| models.get(id).and_then(|(_, _, entry)| entry.lifecycle.successor.as_ref());
            let mut at = Some(successor);
            for _ in 0..models.len() {
                match at {
                    Some(reached) if reached.get_ref() == id => {
                        let message = format!("the successors of `{id}` lead back to it");
                        let place = file.place(successor.span());
                        self.diagnostics.push(Diagnostic::error(Code::SuccessorCycle, message).at(place).related(file.place(span.clone()), "begins here"));
                        break;
                    }
                    Some(reached) => at = next(reached.get_ref()),
                    None => break,
                }
            }
        }
    }

    fn check_model(&mut self, file: &RuleFile, id: &Spanned<String>) {
        if !self.catalog.models.iter().any(|model| model.id == *id.get_ref()) {
            let known: Vec<String> = self.catalog.models.iter().map(|model| model.id.clone()).collect();
            self.unknown_model(file, id, known.iter().map(String::as_str));
        }
    }

    fn unknown_model<'k>(&mut self, file: &RuleFile, id: &Spanned<String>, known: impl IntoIterator<Item = &'k str>) {
        let replacement = nearest(id.get_ref(), known).map(|name| format!("\"{name}\""));
        let message = format!("there is no model `{}` in the catalogue", id.get_ref());
        let place = file.place(id.span());
        self.diagnostics.push(Diagnostic::error(Code::UnknownModel, message).at(place).replace_with(replacement));
    }

    fn region(&mut self, file: &RuleFile, code: &Spanned<String>) -> Option<Region> {
        let found = self.regions.get(code.get_ref()).copied();
        if found.is_none() {
            let known = self.catalog.regions.iter().map(|region| region.code.as_str());
            let replacement = nearest(code.get_ref(), known).map(|name| format!("\"{name}\""));
            let message = format!("there is no Region `{}`", code.get_ref());
            let place: Place = file.place(code.span());
            self.diagnostics.push(Diagnostic::error(Code::UnknownRegion, message).at(place).replace_with(replacement));
        }
        found
    }

    fn check_source(&mut self, file: &RuleFile, key: &Spanned<String>) {
        if !self.sources.contains_key(key.get_ref()) {
            let known = self.sources.keys().map(String::as_str);
            let replacement = nearest(key.get_ref(), known).map(|name| format!("\"{name}\""));
            let message = format!("there is no source `{}` in sources.toml", key.get_ref());
            let place = file.place(key.span());
            self.diagnostics.push(Diagnostic::error(Code::UnknownSource, message).at(place).replace_with(replacement));
        }
    }
}

impl ModelEntry {
    fn sources(&self) -> impl Iterator<Item = &Spanned<String>> {
        let groups = [
            Some(&self.source),
            self.limits.as_ref().map(|group| &group.source),
            self.features.as_ref().map(|group| &group.source),
            self.contract.as_ref().map(|group| &group.source),
            self.retention.as_ref().map(|group| &group.source),
            Some(&self.lifecycle.source),
            self.access.as_ref().map(|group| &group.source),
        ];
        groups.into_iter().flatten().chain(self.price.iter().map(|row| &row.source))
    }
}

fn profile_offers(model: ModelIndex, profile: &ProfileRoutes) -> impl Iterator<Item = Offer> + '_ {
    let route = if profile.global { Route::Global } else { Route::Geo };
    profile.routes.iter().flat_map(move |(from, destinations)| {
        from.iter().map(move |region| Offer {
            model,
            region,
            route,
            prefix: Some(profile.prefix),
            destinations: *destinations,
            price: None,
        })
    })
}

/// The rows of prices that fit an offer most exactly; several only when they are variants of one another.
fn exact_rows<'e>(catalog: &Catalog, offer: &Offer, rows: &'e [PriceEntry]) -> Vec<&'e PriceEntry> {
    let code = catalog.code(offer.region);
    let prefix = catalog.prefix(offer);
    let fits = |row: &&PriceEntry| {
        (row.routes.is_empty() || row.routes.contains(&offer.route))
            && (row.regions.is_empty() || row.regions.iter().any(|region| region.get_ref() == code))
            && (row.prefix.is_none() || row.prefix.as_deref() == prefix)
    };
    let exactness = |row: &PriceEntry| {
        4 * u8::from(!row.routes.is_empty()) + 2 * u8::from(!row.regions.is_empty()) + u8::from(row.prefix.is_some())
    };
    let fitting: Vec<&PriceEntry> = rows.iter().filter(fits).collect();
    let best = fitting.iter().map(|row| exactness(row)).max();
    fitting.into_iter().filter(|row| Some(exactness(row)) == best).collect()
}
