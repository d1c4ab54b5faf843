//! Turns: who begins, who follows, what is blank, and tools that are called and answer.

use serde_json::{Value, json};

use super::super::{Block, Request, Role, Turn};

/// What stands where a conversation that begins with the model lacks the user's turn.
const BEFORE: &str = "(The conversation so far.)";
/// What a tool is said to have answered whose answer is missing.
const NO_ANSWER: &str = "(No result was kept.)";

pub(super) fn mend(request: &mut Request, notes: &mut Vec<String>) -> Result<(), String> {
    let mut mending = Mending { request, notes };
    mending.blanks();
    mending.joined();
    if mending.request.turns.is_empty() {
        return Err("there is no turn with anything in it: give a prompt".to_owned());
    }
    mending.begins_with_the_user();
    mending.calls_and_results();
    mending.trailing_blank();
    Ok(())
}

struct Mending<'a> {
    request: &'a mut Request,
    notes: &'a mut Vec<String>,
}

impl Mending<'_> {
    fn note(&mut self, note: &str) {
        self.notes.push(note.to_owned());
    }

    /// Blank texts, empty blocks, and turns in which nothing else is left.
    fn blanks(&mut self) {
        let count = |request: &Request| request.blocks().count() + request.turns.len();
        let before = count(self.request);
        self.request.system.retain(|block| !is_nothing(block));
        for turn in &mut self.request.turns {
            turn.blocks.retain(|block| !is_nothing(block));
        }
        self.request
            .turns
            .retain(|turn| turn.blocks.iter().any(|block| !matches!(block, Block::CachePoint(_))));
        if count(self.request) < before {
            self.note("blank pieces of text are not sent: Bedrock refuses them");
        }
    }

    fn joined(&mut self) {
        let turns = std::mem::take(&mut self.request.turns);
        let before = turns.len();
        for turn in turns {
            match self.request.turns.last_mut().filter(|last| last.role == turn.role) {
                Some(last) => last.blocks.extend(turn.blocks),
                None => self.request.turns.push(turn),
            }
        }
        if self.request.turns.len() < before {
            self.note("turns of the same side are joined: Bedrock wants them to alternate");
        }
    }

    fn begins_with_the_user(&mut self) {
        if self.request.turns.first().is_some_and(|turn| turn.role != Role::User) {
            let blocks = vec![Block::Text(BEFORE.to_owned())];
            self.request.turns.insert(0, Turn { role: Role::User, blocks });
            self.note(
                "a turn of the user stands before the model's: Bedrock wants the user to begin",
            );
        }
    }

    /// Every call of a tool is answered in the next turn, and nothing else answers.
    fn calls_and_results(&mut self) {
        let (mut lacking, mut stray) = (0, 0);
        let mut open: Vec<String> = Vec::new();
        for turn in &mut self.request.turns {
            let answered: Vec<String> = turn
                .blocks
                .iter()
                .filter_map(|block| block.tool_result().map(str::to_owned))
                .collect();
            let called: Vec<String> = turn
                .blocks
                .iter()
                .filter_map(|block| block.tool_use().map(|(id, _)| id.to_owned()))
                .collect();
            // Tools that Bedrock runs itself answer in the turn that calls them.
            let known = |id: &str| open.iter().chain(&called).any(|own| own == id);
            for block in &mut turn.blocks {
                if block.tool_result().is_some_and(|id| !known(id)) {
                    *block = Block::Text(format!("Result of a tool: {}", result_text(block)));
                    stray += 1;
                }
            }
            let missing: Vec<Block> =
                open.iter().filter(|id| !answered.contains(id)).map(|id| no_answer(id)).collect();
            lacking += missing.len();
            turn.blocks.splice(0..0, missing);
            open = called.into_iter().filter(|id| !answered.contains(id)).collect();
        }
        if !open.is_empty() {
            lacking += open.len();
            let blocks = open.iter().map(|id| no_answer(id)).collect();
            self.request.turns.push(Turn { role: Role::User, blocks });
        }
        if lacking > 0 {
            self.note("a result stands in for a tool's answer that is missing: Bedrock wants one for every call");
        }
        if stray > 0 {
            self.note(
                "a tool's result without its call is sent as text: Bedrock refuses it otherwise",
            );
        }
    }

    /// A beginning of the answer ends with a word.
    fn trailing_blank(&mut self) {
        let last = self.request.turns.last_mut().filter(|turn| turn.role == Role::Assistant);
        let Some(Block::Text(text)) = last.and_then(|turn| turn.blocks.last_mut()) else { return };
        let length = text.trim_end().len();
        if length < text.len() {
            text.truncate(length);
            self.note(
                "blanks at the end of the answer's beginning are not sent: Bedrock refuses them",
            );
        }
    }
}

fn is_nothing(block: &Block) -> bool {
    block.is_blank()
        || matches!(block, Block::Native(value) if value.as_object().is_some_and(|block| block.is_empty()))
}

fn no_answer(id: &str) -> Block {
    Block::ToolResult { id: id.to_owned(), text: NO_ANSWER.to_owned(), failed: true }
}

/// What a tool answered, as text.
fn result_text(block: &Block) -> String {
    match block {
        Block::ToolResult { text, .. } => text.clone(),
        Block::Native(value) => {
            let parts = value.pointer("/toolResult/content").and_then(Value::as_array);
            let part = |part: &Value| {
                part.get("text")
                    .and_then(Value::as_str)
                    .map_or_else(|| part.to_string(), str::to_owned)
            };
            parts.into_iter().flatten().map(part).collect::<Vec<_>>().join("\n")
        }
        _ => json!(null).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(role: Role, text: &str) -> Turn {
        Turn { role, blocks: vec![Block::Text(text.to_owned())] }
    }

    fn mended(turns: Vec<Turn>) -> (Vec<Turn>, usize) {
        let mut request = Request { turns, ..Request::default() };
        let mut notes = Vec::new();
        mend(&mut request, &mut notes).expect("a conversation");
        (request.turns, notes.len())
    }

    #[test]
    fn the_user_begins_whatever_is_blank() {
        let turns =
            vec![said(Role::User, " "), said(Role::Assistant, "Hello"), said(Role::User, "go on")];
        let (turns, notes) = mended(turns);
        assert_eq!(
            turns.iter().map(|turn| turn.role).collect::<Vec<_>>(),
            [Role::User, Role::Assistant, Role::User]
        );
        assert_eq!(notes, 2);
        assert!(
            mend(
                &mut Request { turns: vec![said(Role::User, " ")], ..Request::default() },
                &mut Vec::new()
            )
            .is_err()
        );
    }

    #[test]
    fn what_is_blank_goes_and_roles_alternate() {
        let (turns, notes) =
            mended(vec![said(Role::User, "a"), said(Role::User, " \n"), said(Role::User, "b")]);
        assert_eq!((turns.len(), turns[0].blocks.len(), notes), (1, 2, 2));
    }

    #[test]
    fn every_call_is_answered_and_nothing_else_answers() {
        let call = |id: &str| {
            Block::Native(json!({"toolUse": {"toolUseId": id, "name": "ls", "input": {}}}))
        };
        let answer =
            |id: &str| Block::ToolResult { id: id.to_owned(), text: "x".to_owned(), failed: false };
        let turn = |role, blocks| Turn { role, blocks };
        let (turns, notes) = mended(vec![
            said(Role::User, "list"),
            turn(Role::Assistant, vec![call("a"), call("b")]),
            turn(Role::User, vec![answer("b"), answer("z")]),
            turn(Role::Assistant, vec![call("c")]),
        ]);
        let results: Vec<Option<&str>> = turns[2].blocks.iter().map(Block::tool_result).collect();
        assert_eq!(results, [Some("a"), Some("b"), None]);
        assert_eq!(turns[4].blocks[0].tool_result(), Some("c"));
        assert_eq!(notes, 2);
    }

    #[test]
    fn a_beginning_of_the_answer_ends_with_a_word() {
        let (turns, notes) = mended(vec![said(Role::User, "JSON"), said(Role::Assistant, "{ ")]);
        assert_eq!((turns[1].blocks[0].text(), notes), (Some("{"), 1));
    }
}
