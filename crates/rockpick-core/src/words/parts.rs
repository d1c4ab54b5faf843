//! Which list of `words.toml` gives its words which part.

use super::meaning::Roles;
use super::schema::{Words, WordsFile};

/// Every list of words that have a part and no value.
pub(super) fn parts(words: &WordsFile) -> Vec<(Roles, &Words)> {
    [place(words), negation(words), money(words), size(words)].concat()
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
    ]
}

fn negation(words: &WordsFile) -> Vec<(Roles, &Words)> {
    let negation = &words.negation;
    vec![
        (Roles::NEGATION, &negation.words),
        (Roles::NOT_NEGATION, &negation.not_negation),
        (Roles::NEGATION_AFTER, &negation.after),
        (Roles::BREAK, &negation.breaks),
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
