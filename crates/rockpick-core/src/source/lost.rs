//! What a layer takes away from those below it, for `rules check`.

use std::ops::Range;

use super::RuleFile;
use super::merge::{Loss, Merger, Vain};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};

/// So many of what is gone are named.
const MOST_NAMED: usize = 5;
/// A name is cut after so many characters.
const LONGEST_NAME: usize = 40;

impl RuleFile {
    /// A warning for every list of an overlay that takes the place of one below without all that stood there.
    pub(crate) fn lost(&self) -> Diagnostics {
        let mut merger = Merger::default();
        let _ = self.merged(&self.padded(), &mut merger, &mut Diagnostics::default());
        let losses = merger.losses.iter().map(|loss| self.loss(loss));
        Diagnostics(losses.chain(merger.vain.iter().map(|vain| self.vain(vain))).collect())
    }

    fn loss(&self, loss: &Loss) -> Diagnostic {
        let Loss { path, key, stood, gone, .. } = loss;
        let mut names: Vec<String> =
            gone.iter().take(MOST_NAMED).map(|span| self.named(span.clone())).collect();
        if gone.len() > MOST_NAMED {
            names.push("…".to_owned());
        }
        let message = format!(
            "`{path}` drops {} of the {stood} entries below it: {}",
            gone.len(),
            names.join(", ")
        );
        Diagnostic::warning(Code::OverlayDrops, message)
            .at(self.place(loss.over.clone()))
            .related(self.place(loss.below.clone()), "this list no longer counts")
            .help(format!("repeat what should stay; where the loss is meant, write `replaces = [\"{key}\"]` in the same table"))
    }

    /// An entry as its author wrote it, in one line.
    fn named(&self, span: Range<usize>) -> String {
        let text = self.text_at(span).unwrap_or_default();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(LONGEST_NAME) {
            Some((at, _)) => format!("{}…", &line[..at]),
            None => line,
        }
    }

    fn vain(&self, vain: &Vain) -> Diagnostic {
        let key = vain.key.get_ref();
        let message =
            format!("`replaces` names `{key}`, which this table does not have in any layer below");
        let near =
            nearest(key, vain.known.iter().map(String::as_str)).map(|near| format!("\"{near}\""));
        Diagnostic::warning(Code::OverlayDrops, message)
            .at(self.place(vain.key.span()))
            .replace_with(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(below: &str, over: &str) -> Vec<String> {
        let mut file = RuleFile::new("a.toml", "below.toml", below);
        file.overlay(RuleFile::new("a.toml", "over.toml", over));
        file.lost().0.into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn a_list_that_loses_nothing_is_not_told() {
        for (below, over) in [
            ("a = [1, 2]", "a = [2, 3, 1]"),
            ("[t]\na = ['x']", "[t]\na = [\"x\", 'y']"),
            ("a = []", "a = [1]"),
            ("a = 1", "a = 2"),
            ("a = [{ b = 1, c = 2 }]", "a = [{ c = 2, b = 1 }]"),
            ("[[price]]\nb = 1", "[[price]]\nb = 2"),
            (
                "[x]\nrows = [{ model = 'a', value = 1 }]",
                "[x]\nrows = [{ model = 'b', value = 1 }]",
            ),
            ("a = [1, 2]", "replaces = ['a']\na = [3]"),
            ("[t]\na = [1, 2]\nb = 1", "[t]\nreplaces = ['a', 'b']"),
        ] {
            assert_eq!(lost(below, over), Vec::<String>::new(), "{over} over {below}");
        }
    }

    #[test]
    fn what_is_gone_is_named() {
        assert_eq!(
            lost("a = [1, 2, 3]", "a = [2]"),
            ["`a` drops 2 of the 3 entries below it: 1, 3"]
        );
        assert_eq!(
            lost("[\"x.y\".t]\na = ['k']\n", "[\"x.y\".t]\na = []\n"),
            ["`\"x.y\".t.a` drops 1 of the 1 entries below it: 'k'"]
        );
        assert_eq!(
            lost("[[price]]\nb = 1", "price = []").len(),
            1,
            "an empty list of rows is no way to say nothing"
        );
        let many: String = (0..9).map(|number| format!("'number {number}',")).collect();
        let told = lost(&format!("a = [{many}]"), "a = []");
        assert!(told[0].ends_with("'number 4', …"), "{told:?}");
    }

    #[test]
    fn replacing_what_is_not_there_is_told() {
        let told = lost("[t]\nprice = [1]", "[t]\nreplaces = ['prcie']");
        assert_eq!(
            told,
            ["`replaces` names `prcie`, which this table does not have in any layer below"]
        );
    }
}
