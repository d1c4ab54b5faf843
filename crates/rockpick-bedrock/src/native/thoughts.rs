//! Thoughts that stand between marks in the text of an answer.

use rockpick_router::Event;

/// Tells thoughts from text as it arrives; text that has begun holds no thoughts any more.
#[derive(Debug, Default)]
pub(super) struct Thoughts {
    /// What stands before and after a thought; `None` = there are none.
    marks: Option<(String, String)>,
    /// What may be part of a mark.
    held: String,
    thinking: bool,
    speaking: bool,
}

impl Thoughts {
    pub(super) fn between(marks: Option<(String, String)>) -> Self {
        Self { marks, ..Self::default() }
    }

    /// Some more of the answer's text.
    pub(super) fn split(&mut self, text: &str, events: &mut Vec<Event>) {
        let Some((open, close)) = self.marks.clone().filter(|_| !self.speaking) else {
            return push(events, Event::Text(text.to_owned()));
        };
        self.held.push_str(text);
        loop {
            if self.thinking {
                let Some((thought, rest)) = self.held.split_once(close.as_str()) else {
                    let sure = self.held.len() - tail(&self.held, &close);
                    let rest = self.held.split_off(sure);
                    return push(events, Event::Reasoning(std::mem::replace(&mut self.held, rest)));
                };
                push(events, Event::Reasoning(thought.to_owned()));
                self.held = rest.to_owned();
                self.thinking = false;
            }
            let begins = self.held.trim_start();
            if let Some(rest) = begins.strip_prefix(open.as_str()) {
                self.held = rest.to_owned();
                self.thinking = true;
            } else if open.starts_with(begins) {
                return;
            } else {
                self.speaking = true;
                return self.end(events);
            }
        }
    }

    /// The text has ended: what is held is no part of a mark.
    pub(super) fn end(&mut self, events: &mut Vec<Event>) {
        let held = std::mem::take(&mut self.held);
        push(events, if self.thinking { Event::Reasoning(held) } else { Event::Text(held) });
    }
}

/// How many bytes at the end of a text may begin a mark.
fn tail(text: &str, mark: &str) -> usize {
    let starts = mark.char_indices().map(|(at, _)| at).skip(1);
    starts.filter(|at| text.ends_with(&mark[..*at])).last().unwrap_or(0)
}

/// Pieces of nothing are none.
fn push(events: &mut Vec<Event>, event: Event) {
    if event.is_content() {
        events.push(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rockpick_router::Collected;

    fn split(pieces: &[&str]) -> (String, String) {
        let mut thoughts = Thoughts::between(Some(("<t>".into(), "</t>".into())));
        let mut events = Vec::new();
        for piece in pieces {
            thoughts.split(piece, &mut events);
        }
        thoughts.end(&mut events);
        let mut got = Collected::default();
        events.iter().for_each(|event| got.add(event));
        (got.reasoning, got.text)
    }

    #[test]
    fn thoughts_are_told_from_text_wherever_it_is_cut() {
        let whole = "\n<t>é <b</t><t>c</t>A <t>b</t>";
        let expected = ("é <bc".to_owned(), "A <t>b</t>".to_owned());
        assert_eq!(split(&[whole]), expected);
        let signs: Vec<String> = whole.chars().map(String::from).collect();
        assert_eq!(split(&signs.iter().map(String::as_str).collect::<Vec<_>>()), expected);
        for (at, _) in whole.char_indices() {
            assert_eq!(split(&[&whole[..at], &whole[at..]]), expected, "{at}");
        }
    }

    #[test]
    fn what_only_begins_like_a_mark_is_text() {
        assert_eq!(split(&["<", "p>"]), (String::new(), "<p>".into()));
        assert_eq!(split(&[" <t"]), (String::new(), " <t".into()));
        assert_eq!(split(&["<t>on and on </"]), ("on and on </".into(), String::new()));
    }
}
