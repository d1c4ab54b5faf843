//! The table of places: Regions, countries, areas, cities.

use super::compile::{Builder, read};
use super::meaning::Meaning;
use super::vocabulary::{Extent, PlaceRow};
use crate::catalog::Catalog;
use crate::catalog::schema::{AreaEntry, CountryEntry, Entries, PlacesFile, RegionEntry};
use crate::source::RuleFile;
use crate::task::{Region, RegionSet};

/// Adds every place with its words.
pub(super) fn places(builder: &mut Builder, files: &[RuleFile], catalog: &Catalog) -> Option<()> {
    let entries: Entries<RegionEntry> = read(files, "regions.toml")?;
    let file: PlacesFile = read(files, "places.toml")?;
    for (index, info) in (0..).zip(catalog.regions()) {
        let words = entries
            .iter()
            .find(|(code, _)| *code.get_ref() == info.code)
            .map(|(_, entry)| &entry.words);
        region(builder, Region(index), info, words);
    }
    for (code, entry) in &file.countries {
        country(builder, catalog, code.get_ref(), entry);
    }
    countries_of_regions(builder, catalog);
    for (code, entry) in &file.areas {
        area(builder, catalog, &file, code.get_ref(), entry);
    }
    for (name, entry) in &file.cities {
        let nearest = by_code(catalog, &[entry.nearest.get_ref()]);
        let country = index_of(builder, &entry.country);
        let row = PlaceRow {
            country,
            callable: nearest,
            ..row(name.get_ref(), name.get_ref(), Extent::City)
        };
        builder.add_place(row, &entry.words, &[]);
    }
    Some(())
}

fn row(code: &str, name: &str, extent: Extent) -> PlaceRow {
    PlaceRow {
        code: code.to_owned(),
        name: name.to_owned(),
        extent,
        regions: RegionSet::EMPTY,
        callable: RegionSet::EMPTY,
        main: RegionSet::EMPTY,
        country: None,
        residency: false,
    }
}

fn region(
    builder: &mut Builder,
    region: Region,
    info: &crate::catalog::RegionInfo,
    words: Option<&Vec<String>>,
) {
    let only = RegionSet::only(region);
    let row =
        PlaceRow { regions: only, callable: only, ..row(&info.code, &info.name, Extent::Region) };
    let index = builder.add_place(row, words.map_or(&[], Vec::as_slice), &[]);
    builder.add(Meaning::Code(index), [&info.code, &info.name]);
}

fn country(builder: &mut Builder, catalog: &Catalog, code: &str, entry: &CountryEntry) {
    let regions = of_countries(catalog, |own| own == code);
    let callable = regions.and(catalog.commercial());
    let row = PlaceRow {
        regions,
        callable,
        main: main(catalog, entry.main.as_ref()),
        ..row(code, &entry.name, Extent::Country)
    };
    builder.add_place(row, &entry.words, &entry.adjectives);
}

/// Regions stand before their countries in the table and learn their places afterwards.
fn countries_of_regions(builder: &mut Builder, catalog: &Catalog) {
    for (index, info) in catalog.regions().iter().enumerate() {
        builder.vocabulary.places[index].country = index_of(builder, &info.country);
    }
}

fn area(
    builder: &mut Builder,
    catalog: &Catalog,
    file: &PlacesFile,
    code: &str,
    entry: &AreaEntry,
) {
    let known = |own: &str| {
        file.countries.iter().find(|(key, _)| key.get_ref() == own).map(|(_, country)| country)
    };
    let member = |own: &str| match entry.member_of.as_deref() {
        Some("eu") => known(own).is_some_and(|country| country.eu),
        Some(_) => known(own).is_some_and(|country| country.eea || country.eu),
        None => entry.countries.iter().any(|country| country == own),
    };
    let named: Vec<&String> = entry.regions.iter().map(toml::Spanned::get_ref).collect();
    let of_members = of_countries(catalog, member);
    let named = by_code(catalog, &named);
    let row = PlaceRow {
        regions: of_members.or(named),
        callable: of_members.and(catalog.commercial()).or(named),
        main: main(catalog, entry.main.as_ref()),
        residency: entry.plain.as_deref() == Some("residency"),
        ..row(code, &entry.name, Extent::Area)
    };
    builder.add_place(row, &entry.words, &entry.adjectives);
}

fn main(catalog: &Catalog, code: Option<&toml::Spanned<String>>) -> RegionSet {
    code.map_or(RegionSet::EMPTY, |code| by_code(catalog, &[code.get_ref()]))
}

fn of_countries(catalog: &Catalog, wanted: impl Fn(&str) -> bool) -> RegionSet {
    (0..)
        .zip(catalog.regions())
        .filter(|(_, info)| wanted(&info.country))
        .map(|(index, _)| Region(index))
        .collect()
}

fn by_code(catalog: &Catalog, codes: &[&String]) -> RegionSet {
    (0..)
        .zip(catalog.regions())
        .filter(|(_, info)| codes.contains(&&info.code))
        .map(|(index, _)| Region(index))
        .collect()
}

fn index_of(builder: &Builder, code: &str) -> Option<u16> {
    builder.vocabulary.places.iter().position(|place| place.code == code).map(|index| index as u16)
}

impl Builder {
    fn add_place(&mut self, row: PlaceRow, words: &[String], adjectives: &[String]) -> u16 {
        let index = self.vocabulary.places.len() as u16;
        self.vocabulary.places.push(row);
        self.add(Meaning::Place(index), words);
        self.add(Meaning::Adjective(index), adjectives);
        index
    }
}
