//! Regions, places and profiles that lean on what is not there, or contradict one another: residency rests on them.

use std::collections::HashMap;

use toml::Spanned;

use super::Compiler;
use crate::catalog::schema::{Entries, PlacesFile, ProfileEntry};
use crate::diagnostic::{Code, Diagnostic, nearest};
use crate::source::RuleFile;

/// The partition of the commercial Regions; the names of the others begin with it.
const PARTITION: &str = "aws";

/// Who claims a name, and where.
type Claim<'a> = (Vec<&'a str>, &'a Spanned<String>);

impl Compiler<'_> {
    /// Whether a name can be that of a partition; only the commercial one is open to everybody.
    pub(super) fn partition(&mut self, file: &RuleFile, region: &Spanned<String>, partition: &str) {
        let rest = partition.strip_prefix(PARTITION);
        if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-')) {
            let message = format!("the partition `{partition}` of this Region is none of AWS's");
            let diagnostic =
                Diagnostic::error(Code::WrongValue, message).at(file.place(region.span()));
            self.diagnostics.push(
                diagnostic.help(
                    "commercial Regions leave the key out; others are such as \"aws-us-gov\"",
                ),
            );
        }
    }

    /// Places lean on countries and Regions: what leans on nothing would hold no Region, and say so to nobody.
    pub(super) fn place_sanity(&mut self, file: &RuleFile, places: &PlacesFile) {
        let countries = || places.countries.keys().map(|code| code.get_ref().as_str());
        let of_areas = places
            .areas
            .iter()
            .flat_map(|(code, area)| area.countries.iter().map(move |country| (code, country)));
        let of_cities = places.cities.iter().map(|(code, city)| (code, &city.country));
        for (code, country) in of_areas.chain(of_cities) {
            if !countries().any(|known| known == country) {
                let message = format!(
                    "`{}` lies in `{country}`, which is no country of this file",
                    code.get_ref()
                );
                let near = nearest(country, countries())
                    .map_or(String::new(), |near| format!("did you mean `{near}`? "));
                let diagnostic =
                    Diagnostic::error(Code::UnknownCountry, message).at(file.place(code.span()));
                self.diagnostics.push(diagnostic.help(near + "countries stand in [countries]"));
            }
        }
        for (code, area) in &places.areas {
            if let Some(union) =
                area.member_of.as_deref().filter(|union| !matches!(*union, "eu" | "eea"))
            {
                let message = format!(
                    "`member-of` of `{}` is `{union}`, but only eu and eea have members",
                    code.get_ref()
                );
                let diagnostic =
                    Diagnostic::error(Code::WrongValue, message).at(file.place(code.span()));
                self.diagnostics.push(diagnostic.help("list the `countries` of other areas"));
            }
        }
        let mains = places.countries.values().map(|country| &country.main);
        let mains = mains.chain(places.areas.values().map(|area| &area.main)).flatten();
        for region in mains.chain(places.cities.values().map(|city| &city.nearest)) {
            self.region(file, region);
        }
    }

    /// One profile from one Region leads to one set of Regions: two of them would make residency a matter of luck.
    pub(super) fn destinations(&mut self, file: &RuleFile, entries: &Entries<ProfileEntry>) {
        let mut seen: HashMap<(&str, &str, &str), Claim<'_>> = HashMap::new();
        for (name, entry) in entries {
            for route in &entry.routes {
                let mut to: Vec<&str> =
                    route.to.iter().map(|region| region.get_ref().as_str()).collect();
                to.sort_unstable();
                for (model, from) in entry
                    .models
                    .iter()
                    .flat_map(|model| route.from.iter().map(move |from| (model, from)))
                {
                    let key =
                        (entry.prefix.as_str(), model.get_ref().as_str(), from.get_ref().as_str());
                    let (first, other) = seen.entry(key).or_insert_with(|| (to.clone(), name));
                    if *first == to {
                        continue;
                    }
                    let (prefix, id, region) = key;
                    let message = format!(
                        "`{prefix}.{id}` from {region} leads to other Regions in `{}`",
                        other.get_ref()
                    );
                    let related = file.place(other.span());
                    let diagnostic =
                        Diagnostic::error(Code::Contradiction, message).at(file.place(from.span()));
                    self.diagnostics.push(diagnostic.related(related, "in this table"));
                }
            }
        }
    }
}
