//! A report's Markdown as data, so that the window shows it without ever making markup of it.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::contract::{Block, Inline, ListItem};

/// The blocks of `markdown`. What is no text, list, table, code or quotation in it is shown as the text that it is.
pub(crate) fn blocks(markdown: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader { stack: vec![Frame::default()], strong: 0, emphasis: 0 };
    for event in Parser::new_ext(markdown, options) {
        reader.take(event);
    }
    reader.stack.into_iter().next().map(Frame::whole).unwrap_or_default()
}

/// A list that is being read: where its numbers begin, and its items.
type OpenList = (Option<u32>, Vec<ListItem>);

/// What is being read at one level.
#[derive(Default)]
struct Frame {
    blocks: Vec<Block>,
    text: Vec<Inline>,
    ticked: Option<bool>,
    list: Option<OpenList>,
    code: Option<String>,
    head: Vec<Vec<Inline>>,
    rows: Vec<Vec<Vec<Inline>>>,
    cells: Vec<Vec<Inline>>,
}

impl Frame {
    /// Text that stands without a paragraph, as in a tight list, becomes one.
    fn settle(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.blocks.push(Block::Paragraph { text });
        }
    }

    fn whole(mut self) -> Vec<Block> {
        self.settle();
        self.blocks
    }
}

struct Reader {
    stack: Vec<Frame>,
    strong: u32,
    emphasis: u32,
}

impl Reader {
    fn top(&mut self) -> Option<&mut Frame> {
        self.stack.last_mut()
    }

    fn say(&mut self, text: &str, code: bool) {
        let (strong, emphasis) = (self.strong > 0, self.emphasis > 0);
        let Some(top) = self.top() else { return };
        if let Some(block) = &mut top.code {
            block.push_str(text);
            return;
        }
        match top.text.last_mut().filter(|l| (l.strong, l.emphasis, l.code) == (strong, emphasis, code)) {
            Some(last) => last.text.push_str(text),
            None => top.text.push(Inline { text: text.to_owned(), strong, emphasis, code }),
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.begin(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.say(&text, false),
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.say(&text, true),
            Event::Html(text) | Event::InlineHtml(text) => {
                // The report's own seal stands in a comment; it is of no use to a reader.
                if !text.trim_start().starts_with("<!--") {
                    self.say(&text, false);
                }
            }
            Event::SoftBreak => self.say(" ", false),
            Event::HardBreak => self.say("\n", false),
            Event::Rule => {
                if let Some(top) = self.top() {
                    top.settle();
                    top.blocks.push(Block::Rule);
                }
            }
            Event::TaskListMarker(ticked) => {
                if let Some(top) = self.top() {
                    top.ticked = Some(ticked);
                }
            }
            Event::FootnoteReference(text) => self.say(&text, false),
        }
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Paragraph | Tag::Heading { .. } => {
                if let Some(top) = self.top() {
                    top.settle();
                }
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                if let Some(top) = self.top() {
                    top.settle();
                    top.code = Some(String::new());
                }
            }
            Tag::List(from) => {
                if let Some(top) = self.top() {
                    top.settle();
                }
                let from = from.map(|n| u32::try_from(n).unwrap_or(u32::MAX));
                self.stack.push(Frame { list: Some((from, Vec::new())), ..Frame::default() });
            }
            Tag::Item | Tag::BlockQuote(_) | Tag::Table(_) => self.stack.push(Frame::default()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Paragraph => {
                if let Some(top) = self.top() {
                    top.settle();
                }
            }
            TagEnd::Heading(level) => {
                if let Some(top) = self.top() {
                    let text = std::mem::take(&mut top.text);
                    top.blocks.push(Block::Heading { level: level as u8, text });
                }
            }
            TagEnd::CodeBlock => {
                if let Some(top) = self.top()
                    && let Some(text) = top.code.take()
                {
                    top.blocks.push(Block::Code { text });
                }
            }
            TagEnd::TableCell => {
                if let Some(top) = self.top() {
                    let text = std::mem::take(&mut top.text);
                    top.cells.push(text);
                }
            }
            TagEnd::TableHead => {
                if let Some(top) = self.top() {
                    top.head = std::mem::take(&mut top.cells);
                }
            }
            TagEnd::TableRow => {
                if let Some(top) = self.top() {
                    let row = std::mem::take(&mut top.cells);
                    top.rows.push(row);
                }
            }
            TagEnd::Item => {
                let Some(frame) = self.stack.pop() else { return };
                let ticked = frame.ticked;
                let blocks = frame.whole();
                if let Some((_, items)) = self.top().and_then(|t| t.list.as_mut()) {
                    items.push(ListItem { ticked, blocks });
                }
            }
            TagEnd::List(_) => {
                let Some(Frame { list: Some((from, items)), .. }) = self.stack.pop() else { return };
                if let Some(top) = self.top() {
                    top.blocks.push(Block::List { from, items });
                }
            }
            TagEnd::BlockQuote(_) => {
                let Some(frame) = self.stack.pop() else { return };
                let blocks = frame.whole();
                if let Some(top) = self.top() {
                    top.blocks.push(Block::Quote { blocks });
                }
            }
            TagEnd::Table => {
                let Some(frame) = self.stack.pop() else { return };
                if let Some(top) = self.top() {
                    top.blocks.push(Block::Table { head: frame.head, rows: frame.rows });
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<Inline> {
        vec![Inline { text: text.into(), strong: false, emphasis: false, code: false }]
    }

    fn paragraph(text: &str) -> Block {
        Block::Paragraph { text: plain(text) }
    }

    #[test]
    fn a_reports_parts_become_blocks() {
        let item = |ticked, text| ListItem { ticked, blocks: vec![paragraph(text)] };
        for (markdown, expected) in [
            (
                "## A *b*",
                vec![Block::Heading {
                    level: 2,
                    text: vec![
                        plain("A ").remove(0),
                        Inline { text: "b".into(), strong: false, emphasis: true, code: false },
                    ],
                }],
            ),
            ("a\nb", vec![paragraph("a b")]),
            (
                "- [x] a\n- [ ] b\n- c",
                vec![Block::List {
                    from: None,
                    items: vec![item(Some(true), "a"), item(Some(false), "b"), item(None, "c")],
                }],
            ),
            ("3. a", vec![Block::List { from: Some(3), items: vec![item(None, "a")] }]),
            (
                "|a|b|\n|-|-|\n|1|2|",
                vec![Block::Table {
                    head: vec![plain("a"), plain("b")],
                    rows: vec![vec![plain("1"), plain("2")]],
                }],
            ),
            ("```\n<b>\n```", vec![Block::Code { text: "<b>\n".into() }]),
            ("> a", vec![Block::Quote { blocks: vec![paragraph("a")] }]),
            ("---", vec![Block::Rule]),
            ("<script>alert(1)</script>", vec![paragraph("<script>alert(1)</script>")]),
            ("a <b>c</b>", vec![paragraph("a <b>c</b>")]),
            ("<!-- seal -->\n\na", vec![paragraph("a")]),
        ] {
            assert_eq!(blocks(markdown), expected, "{markdown}");
        }
    }
}
