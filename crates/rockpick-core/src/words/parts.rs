//! Which list of `words.toml` gives its words which part.

use super::meaning::Roles;
use super::schema::{Words, WordsFile};

/// Every list of words that have a part and no value.
pub(super) fn parts(words: &WordsFile) -> Vec<(Roles, &Words)> {
    [place(words), residency(words), provider(words), money(words), size(words)].concat()
}

fn place(words: &WordsFile) -> Vec<(Roles, &Words)> {
    let place = &words.place;
    vec![
        (Roles::IN, &place.r#in),
        (Roles::WITHIN, &place.within),
        (Roles::LINK, &place.links),
        (Roles::FILLER, &place.fillers),
        (Roles::ANY, &place.any),
        (Roles::BELONGS, &place.of),
        (Roles::OR, &place.or),
        (Roles::PEOPLE, &place.people),
    ]
}

fn residency(words: &WordsFile) -> Vec<(Roles, &Words)> {
    let (residency, negation) = (&words.residency, &words.negation);
    vec![
        (Roles::STAY, &residency.stay),
        (Roles::LEAVE, &residency.leave),
        (Roles::ABROAD, &residency.abroad),
        (Roles::AT_HOME, &residency.at_home),
        (Roles::STAY_VERB, &residency.verbs),
        (Roles::DATA, &residency.data),
        (Roles::STAY_AFTER, &residency.after),
        (Roles::RESIDENCY_NOUN, &residency.nouns),
        (Roles::LAW_AFTER, &residency.law_after),
        (Roles::LAW_ADJECTIVE, &residency.law_adjectives),
        (Roles::NEGATION, &negation.words),
        (Roles::NOT_NEGATION, &negation.not_negation),
        (Roles::NEGATION_AFTER, &negation.after),
        (Roles::BREAK, &negation.breaks),
    ]
}

fn provider(words: &WordsFile) -> Vec<(Roles, &Words)> {
    let provider = &words.provider;
    vec![
        (Roles::WANT, &provider.want),
        (Roles::LOOSE, &provider.loose),
        (Roles::PROVIDER_FILLER, &provider.fillers),
        (Roles::BAR, &provider.bar),
        (Roles::BAR_AFTER, &provider.bar_after),
        (Roles::ONLY_AFTER, &provider.only_after),
        (Roles::MODEL, &provider.models),
        (Roles::OWN, &provider.own),
        (Roles::APPROVED, &provider.approved),
        (Roles::VERDICT_LINK, &provider.verdict_links),
        (Roles::EITHER, &provider.either),
        (Roles::NOT_A_WISH, &provider.not_a_wish),
    ]
}

fn money(words: &WordsFile) -> Vec<(Roles, &Words)> {
    let (money, volume) = (&words.money, &words.volume);
    vec![
        (Roles::EACH, &money.each),
        (Roles::EACH_ONE, &money.each_one),
        (Roles::APIECE, &money.apiece),
        (Roles::ARTICLE, &money.articles),
        (Roles::AT_MOST, &money.at_most),
        (Roles::NOT_REQUESTS, &volume.not_requests),
        (Roles::VOLUME, &volume.volume),
    ]
}

fn size(words: &WordsFile) -> Vec<(Roles, &Words)> {
    let direction = &words.direction;
    vec![
        (Roles::SPOKEN, &direction.spoken),
        (Roles::OUTPUT_NOUN, &direction.output_nouns),
        (Roles::INPUT_NOUN, &direction.input_nouns),
        (Roles::PRODUCE, &direction.produce),
        (Roles::CONSUME, &direction.consume),
        (Roles::INTO, &direction.into),
        (Roles::OF, &direction.of),
        (Roles::OUTPUT, &direction.output),
        (Roles::INPUT, &direction.input),
        (Roles::CONTEXT, &words.context.words),
        (Roles::MAKE, &words.picturing.make),
        (Roles::MADE, &words.picturing.made),
        (Roles::READ, &words.picturing.read),
        (Roles::APART, &words.picturing.apart),
        (Roles::NOT_PICTURE, &words.picturing.not_pictures),
        (Roles::SECONDS, &words.latency.seconds),
        (Roles::MILLISECONDS, &words.latency.milliseconds),
    ]
}
