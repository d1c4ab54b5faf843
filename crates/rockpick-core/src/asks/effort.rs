//! A reasoning effort in words: "with high reasoning effort", "without thinking".

use super::Meaning;
use super::sentence::Sentence;
use crate::task::{Effort, Feature, FeatureSet};
use crate::words::{Reading, Said};

/// How many words may stand between "not" and an effort.
const NEGATION_REACH: usize = 4;

/// Reads the effort that is asked for. Several different ones are a comparison and ask for none.
pub(super) fn read(sentence: &Sentence<'_, '_>, read: &mut Reading) {
    let mut asked = sentence.hits.iter().filter_map(|hit| match hit.meaning {
        Meaning::Effort(effort) if !sentence.negated(hit.first, NEGATION_REACH) => {
            Some((effort, hit.first..hit.end))
        }
        _ => None,
    });
    let Some((effort, words)) =
        asked.next().filter(|(effort, _)| asked.all(|(other, _)| other == *effort))
    else {
        return;
    };
    let span = sentence.text.span(words);
    if effort == Effort::None {
        // "Extended thinking off" asks for no model that thinks.
        let thinks =
            |said: &Said| said.field == "features" && said.value == Feature::Reasoning.name();
        if read
            .found
            .iter()
            .any(|said| thinks(said) && said.span.start < span.end && span.start < said.span.end)
        {
            let features = read.constraints.features;
            read.constraints.features = features.without(FeatureSet::only(Feature::Reasoning));
            read.found.retain(|said| !thinks(said));
        }
    }
    read.constraints.effort = Some(effort);
    read.found.push(Said { field: "effort", value: effort.name().to_owned(), span });
}
