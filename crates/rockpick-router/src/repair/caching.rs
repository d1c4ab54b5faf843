//! Cache points that a model does not take.

use super::super::lesson::Lesson;
use super::super::{Block, Life, MediaKind, Tool};
use super::Fitting;
use rockpick_core::catalog::Quirk;
use rockpick_core::task::Feature;

impl Fitting<'_> {
    pub(super) fn caching(&mut self) {
        let among_tools = self.request.tools.iter().any(|tool| matches!(tool, Tool::CachePoint(_)));
        if !among_tools && !self.request.blocks().any(|block| matches!(block, Block::CachePoint(_)))
        {
            return;
        }
        if self.lacks_or_unknown(Feature::Caching) || self.taught(&Lesson::NoCache) {
            self.without_points();
            self.note("nothing is cached", "is not known to cache prompts");
            return;
        }
        if self.has(Quirk::CachePoints) {
            self.without_points();
            self.note("cache points are left out", "takes none");
            return;
        }
        if among_tools && self.has(Quirk::CachedTools) {
            self.request.tools.retain(|tool| !matches!(tool, Tool::CachePoint(_)));
            self.note("the tools are not cached", "takes no cache point among them");
        }
        if self.has(Quirk::CachedDocuments) && self.behind_texts() {
            self.note(
                "a cache point is left out",
                "takes none behind a document that is not a PDF",
            );
        }
    }

    fn without_points(&mut self) {
        self.request.tools.retain(|tool| !matches!(tool, Tool::CachePoint(_)));
        let turns = self.request.turns.iter_mut().map(|turn| &mut turn.blocks);
        for blocks in turns.chain([&mut self.request.system]) {
            blocks.retain(|block| !matches!(block, Block::CachePoint(_)));
        }
    }

    /// Takes away points behind documents that are not PDFs; says whether there were any.
    fn behind_texts(&mut self) -> bool {
        let mut found = false;
        for turn in &mut self.request.turns {
            let mut behind = false;
            turn.blocks.retain(|block| {
                let goes = behind && matches!(block, Block::CachePoint(Life::Minutes | Life::Hour));
                behind = is_text_document(block);
                found |= goes;
                !goes
            });
        }
        found
    }
}

fn is_text_document(block: &Block) -> bool {
    match block {
        Block::Media(media) => media.kind == MediaKind::Document && media.format != "pdf",
        Block::Native(value) => {
            value.get("document").is_some_and(|document| document["format"] != "pdf")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::{Facts, Request, fit};
    use super::*;
    use rockpick_core::catalog::QuirkSet;

    fn request() -> Request {
        let function = Tool::Function {
            name: "ls".into(),
            description: None,
            schema: json!({"type": "object"}),
            strict: None,
        };
        let mut request = Request {
            tools: vec![function, Tool::CachePoint(Life::Minutes)],
            ..Request::new("hi")
        };
        let document = Block::Native(
            json!({"document": {"format": "txt", "name": "a", "source": {"text": "b"}}}),
        );
        request.turns[0].blocks.extend([document, Block::CachePoint(Life::Hour)]);
        request
    }

    #[test]
    fn points_go_where_a_model_refuses_them() {
        let points = |quirks: QuirkSet, lessons: &[Lesson]| {
            let (request, repairs) =
                fit(&request(), &Facts { lessons, quirks, ..Facts::default() }).expect("it fits");
            (request.tools.len(), request.turns[0].blocks.len(), repairs.len())
        };
        assert_eq!(points(QuirkSet::EMPTY, &[]), (2, 3, 0));
        assert_eq!(points(QuirkSet::only(Quirk::CachePoints), &[]), (1, 2, 1));
        assert_eq!(points(QuirkSet::only(Quirk::CachedTools), &[]), (1, 3, 1));
        assert_eq!(points(QuirkSet::only(Quirk::CachedDocuments), &[]), (2, 2, 1));
        assert_eq!(points(QuirkSet::EMPTY, &[Lesson::NoCache]), (1, 2, 1));
    }
}
