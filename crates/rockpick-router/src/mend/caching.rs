//! Cache points: where they may stand, how long they live, how many there are.

use super::super::{Block, Life, Request, Tool};

/// The most cache points of a request.
const MOST: usize = 4;

pub(super) fn mend(request: &mut Request, notes: &mut Vec<String>) {
    let before = places(request).len();
    let cached = matches!(request.system.last(), None | Some(Block::CachePoint(_)));
    if request.cache_system && !cached {
        request.system.push(Block::CachePoint(Life::Minutes));
    }
    request.cache_system = false;
    // One more is no change: it was asked for.
    let added = places(request).len() - before;
    tidy_tools(&mut request.tools);
    tidy(&mut request.system);
    let mut within = false;
    for turn in &mut request.turns {
        for block in &mut turn.blocks {
            within |= within_results(block);
        }
        tidy(&mut turn.blocks);
    }
    bounded(request);
    if within || places(request).len() < before + added {
        notes.push("cache points are left out: Bedrock takes four, each behind something that can be cached".to_owned());
    }
    if ordered(request) {
        notes.push("an earlier cache point lives for an hour as well: Bedrock wants those that live longer first".to_owned());
    }
}

/// Nothing stands before a first point, a second one in a row caches nothing more, and thoughts are not cached.
fn tidy(blocks: &mut Vec<Block>) {
    let mut kept: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in std::mem::take(blocks) {
        match (&block, kept.last_mut()) {
            (Block::CachePoint(_), None) => {}
            (Block::CachePoint(life), Some(Block::CachePoint(before))) => {
                *before = (*before).max(*life);
            }
            (Block::CachePoint(_), Some(last)) if last.name() == "reasoningContent" => {}
            _ => kept.push(block),
        }
    }
    *blocks = kept;
}

fn tidy_tools(tools: &mut Vec<Tool>) {
    let mut kept: Vec<Tool> = Vec::with_capacity(tools.len());
    for tool in std::mem::take(tools) {
        match (&tool, kept.last_mut()) {
            (Tool::CachePoint(_), None) => {}
            (Tool::CachePoint(life), Some(Tool::CachePoint(before))) => {
                *before = (*before).max(*life);
            }
            _ => kept.push(tool),
        }
    }
    *tools = kept;
}

/// Results of tools hold no points; says whether one did.
fn within_results(block: &mut Block) -> bool {
    let Block::Native(value) = block else { return false };
    let Some(parts) =
        value.pointer_mut("/toolResult/content").and_then(serde_json::Value::as_array_mut)
    else {
        return false;
    };
    let before = parts.len();
    parts.retain(|part| part.get("cachePoint").is_none());
    parts.len() < before
}

/// The lives of all points, in the order in which Bedrock reads them.
fn places(request: &mut Request) -> Vec<&mut Life> {
    let turns = request.turns.iter_mut().flat_map(|turn| &mut turn.blocks);
    let blocks = request.system.iter_mut().chain(turns).filter_map(of_block);
    request.tools.iter_mut().filter_map(of_tool).chain(blocks).collect()
}

fn of_tool(tool: &mut Tool) -> Option<&mut Life> {
    if let Tool::CachePoint(life) = tool { Some(life) } else { None }
}

fn of_block(block: &mut Block) -> Option<&mut Life> {
    if let Block::CachePoint(life) = block { Some(life) } else { None }
}

/// Of too many the last ones stay: what they cache includes what stands before.
fn bounded(request: &mut Request) {
    let mut surplus = places(request).len().saturating_sub(MOST);
    for turn in &mut request.turns {
        turn.blocks.retain(|block| {
            !(surplus > 0 && matches!(block, Block::CachePoint(_)) && {
                surplus -= 1;
                true
            })
        });
    }
    request.system.retain(|block| {
        !(surplus > 0 && matches!(block, Block::CachePoint(_)) && {
            surplus -= 1;
            true
        })
    });
    request.tools.retain(|tool| {
        !(surplus > 0 && matches!(tool, Tool::CachePoint(_)) && {
            surplus -= 1;
            true
        })
    });
}

/// A point lives at least as long as those behind it; says whether one had to be made longer.
fn ordered(request: &mut Request) -> bool {
    let (mut longest, mut changed) = (Life::Minutes, false);
    for life in places(request).into_iter().rev() {
        changed |= *life < longest;
        longest = longest.max(*life);
        *life = longest;
    }
    changed
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(text: &str) -> Block {
        Block::Text(text.to_owned())
    }

    fn lives(request: &mut Request) -> Vec<Life> {
        places(request).into_iter().map(|life| *life).collect()
    }

    fn mended(request: &mut Request) -> usize {
        let mut notes = Vec::new();
        mend(request, &mut notes);
        notes.len()
    }

    #[test]
    fn those_that_live_longer_come_first() {
        let mut request = Request {
            system: vec![text("you are x")],
            cache_system: true,
            ..Request::new("hello")
        };
        request.turns[0].blocks.push(Block::CachePoint(Life::Hour));
        assert_eq!(mended(&mut request), 1);
        assert_eq!(lives(&mut request), [Life::Hour, Life::Hour]);
    }

    #[test]
    fn none_is_doubled_and_the_one_that_was_asked_for_is_no_change() {
        let mut request = Request {
            system: vec![text("x"), Block::CachePoint(Life::Minutes)],
            ..Request::new("hi")
        };
        request.cache_system = true;
        assert_eq!((mended(&mut request), lives(&mut request).len()), (0, 1));
        let mut request =
            Request { system: vec![text("x")], cache_system: true, ..Request::new("hi") };
        assert_eq!((mended(&mut request), lives(&mut request).len()), (0, 1));
    }

    #[test]
    fn there_are_four_at_the_most_and_none_where_nothing_can_be_cached() {
        let mut request = Request::new("a");
        request.turns[0].blocks.insert(0, Block::CachePoint(Life::Minutes));
        let thought = Block::Native(json!({"reasoningContent": {"reasoningText": {"text": "…"}}}));
        let more = [thought, Block::CachePoint(Life::Minutes)];
        request.turns[0].blocks.extend(more);
        for word in ["b", "c", "d", "e", "f"] {
            request.turns[0].blocks.extend([text(word), Block::CachePoint(Life::Minutes)]);
        }
        assert_eq!((mended(&mut request), lives(&mut request).len()), (1, 4));
        assert!(matches!(request.turns[0].blocks.last(), Some(Block::CachePoint(_))));
        let inner = json!({"toolResult": {"toolUseId": "t", "content": [{"text": "x"}, {"cachePoint": {"type": "default"}}]}});
        let mut request = Request::new("hi");
        request.turns[0].blocks.push(Block::Native(inner));
        mended(&mut request);
        let Block::Native(result) = &request.turns[0].blocks[1] else { panic!("a result") };
        assert_eq!(result["toolResult"]["content"], json!([{"text": "x"}]));
    }
}
