//! From models and profiles to offers, each with the price that fits it most exactly.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::{Compiler, ModelEntries, ProfileRoutes};
use crate::catalog::schema::{ModelEntry, PriceEntry};
use crate::catalog::{Catalog, Destinations, Offer, Price};
use crate::source::RuleFile;
use crate::task::{ModelIndex, Region, RegionSet, Route};

impl<'a> Compiler<'a> {
    pub(super) fn offers(
        &mut self,
        models: &ModelEntries<'a>,
        profiles: &HashMap<String, Vec<ProfileRoutes>>,
    ) {
        let mut known: HashMap<String, u16> = HashMap::new();
        for (index, (id, (file, _, entry))) in (0..).zip(models) {
            let mut offers = self.bare_offers(ModelIndex(index), file, entry);
            offers.extend(self.inferred_offers(ModelIndex(index), file, entry));
            for profile in profiles.get(id).into_iter().flatten() {
                offers.extend(profile_offers(ModelIndex(index), profile));
            }
            offers.sort_by_key(|offer| (offer.region, offer.route, offer.prefix, offer.inferred));
            offers.dedup_by_key(|offer| (offer.region, offer.route, offer.prefix));
            let rows = Layered::new(file, &entry.price);
            for offer in &mut offers {
                offer.price = self.price(offer, &rows, &mut known);
            }
            self.rivals(file, &offers, &rows);
            self.shadows(file, &offers, &rows);
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
        let main = sources
            .into_iter()
            .max_by_key(|(_, count)| *count)
            .and_then(|(source, _)| self.sources.get(source));
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

    fn bare_offers(
        &mut self,
        model: ModelIndex,
        file: &'a RuleFile,
        entry: &ModelEntry,
    ) -> Vec<Offer> {
        let Some(access) = &entry.access else { return Vec::new() };
        let mut offers = Vec::new();
        for (regions, route) in
            [(&access.in_region, Route::InRegion), (&access.mantle, Route::Mantle)]
        {
            for region in regions.iter().filter_map(|region| self.region(file, region)) {
                offers.push(bare_offer(model, region, route, false));
            }
        }
        for region in &access.in_region_unknown {
            self.region(file, region);
        }
        offers
    }

    /// What only a price speaks for; where a scan lists the same offer, that one holds.
    fn inferred_offers(
        &mut self,
        model: ModelIndex,
        file: &'a RuleFile,
        entry: &ModelEntry,
    ) -> Vec<Offer> {
        let Some(inferred) = &entry.inferred else { return Vec::new() };
        let mut offers = Vec::new();
        for (regions, route) in
            [(&inferred.in_region, Route::InRegion), (&inferred.mantle, Route::Mantle)]
        {
            let regions = regions.iter().filter_map(|region| self.region(file, region));
            offers.extend(regions.map(|region| bare_offer(model, region, route, true)));
        }
        offers
    }

    /// The price of an offer: its place among the catalog's prices, where equal prices stand once.
    fn price(
        &mut self,
        offer: &Offer,
        rows: &Layered<'_>,
        known: &mut HashMap<String, u16>,
    ) -> Option<u16> {
        let date =
            |row: &PriceEntry| self.sources.get(row.source.get_ref()).copied().unwrap_or(Date::MIN);
        let layers = rows.of(&self.catalog, offer).map(|rows| Price::compile(&rows, date(rows[0])));
        let price = layers.reduce(Price::over)?;
        let key = format!("{price:?}");
        if let Some(at) = known.get(&key) {
            return Some(*at);
        }
        let at = u16::try_from(self.catalog.prices.len()).ok()?;
        self.catalog.prices.push(price.into());
        known.insert(key, at);
        Some(at)
    }
}

/// The rows of prices of one model, layer by layer, the topmost first: what an overlay says goes before all that stands below it.
pub(super) struct Layered<'e> {
    pub layers: Vec<Vec<&'e PriceEntry>>,
}

impl<'e> Layered<'e> {
    fn new(file: &RuleFile, rows: &'e [PriceEntry]) -> Self {
        let mut layers: BTreeMap<usize, Vec<&PriceEntry>> = BTreeMap::new();
        for row in rows {
            layers.entry(file.layer_at(&row.source.span())).or_default().push(row);
        }
        Self { layers: layers.into_values().rev().collect() }
    }

    /// The rows that count for an offer, layer by layer; none of a layer without any that fits.
    pub fn of(
        &self,
        catalog: &Catalog,
        offer: &Offer,
    ) -> impl Iterator<Item = Vec<&'e PriceEntry>> {
        self.layers
            .iter()
            .map(move |rows| exact_rows(catalog, offer, rows))
            .filter(|rows| !rows.is_empty())
    }
}

fn bare_offer(model: ModelIndex, region: Region, route: Route, inferred: bool) -> Offer {
    let destinations = Destinations::Regions(RegionSet::only(region));
    Offer { model, region, route, prefix: None, destinations, inferred, price: None }
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
            inferred: profile.inferred,
            price: None,
        })
    })
}

/// The rows of one layer that fit an offer most exactly; several only when they are variants of one another.
pub(super) fn exact_rows<'e>(
    catalog: &Catalog,
    offer: &Offer,
    rows: &[&'e PriceEntry],
) -> Vec<&'e PriceEntry> {
    let code = catalog.code(offer.region);
    let prefix = catalog.prefix(offer);
    let fits = |row: &&PriceEntry| {
        (row.routes.is_empty() || row.routes.contains(&offer.route))
            && (row.regions.is_empty() || row.regions.iter().any(|region| region.get_ref() == code))
            && (row.prefix.is_none() || row.prefix.as_deref() == prefix)
    };
    let exactness = |row: &PriceEntry| {
        4 * u8::from(!row.routes.is_empty())
            + 2 * u8::from(!row.regions.is_empty())
            + u8::from(row.prefix.is_some())
    };
    let fitting: Vec<&PriceEntry> = rows.iter().copied().filter(fits).collect();
    let best = fitting.iter().map(|row| exactness(row)).max();
    fitting.into_iter().filter(|row| Some(exactness(row)) == best).collect()
}
