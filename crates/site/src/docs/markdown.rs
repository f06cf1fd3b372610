//! Markdown of our own as HTML. What could be written but is not needed here (HTML, images, notes) comes out as nothing or as text.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::Serialize;

use crate::json::{self, escaped};

/// A page of documentation.
#[derive(Debug)]
pub(crate) struct Rendered {
    /// Its first heading.
    pub(crate) title: String,
    /// Its first paragraph, as text.
    pub(crate) summary: String,
    /// The same as HTML.
    pub(crate) lead: String,
    /// What comes after these.
    pub(crate) html: String,
    /// Its headings of the second level.
    pub(crate) sections: Vec<Section>,
}

/// A heading that can be linked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) title: String,
}

/// What a heading's address is made of.
pub(crate) fn anchor(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// The page.
pub(crate) fn render(source: &str) -> Rendered {
    let mut writer = Writer::default();
    Parser::new_ext(source, Options::ENABLE_TABLES).for_each(|event| writer.take(event));
    let Writer { title, summary, lead, html, sections, .. } = writer;
    Rendered { title, summary, lead, html, sections }
}

#[derive(Default)]
struct Writer {
    title: String,
    summary: String,
    lead: String,
    html: String,
    sections: Vec<Section>,
    /// Where the block that is being written began, and its text without marks.
    begun: usize,
    plain: String,
    /// What stands behind the marks of the code block that is being read.
    code: Option<String>,
    in_head: bool,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                self.plain.push_str(&code);
                self.write(format_args!("<code>{}</code>", escaped(&code)));
            }
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::Rule => self.html.push_str("<hr>"),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {
                self.begin();
                self.html.push_str("<p>");
            }
            Tag::Heading { .. } => self.begin(),
            Tag::CodeBlock(kind) => {
                self.begin();
                self.code = Some(match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                });
            }
            Tag::List(None) => self.html.push_str("<ul>"),
            Tag::List(Some(_)) => self.html.push_str("<ol>"),
            Tag::Item => self.html.push_str("<li>"),
            Tag::Emphasis => self.html.push_str("<em>"),
            Tag::Strong => self.html.push_str("<strong>"),
            Tag::Link { dest_url, .. } => self.write(format_args!("<a href=\"{}\">", escaped(&dest_url))),
            // Wide tables are moved within themselves, by the keyboard too.
            Tag::Table(_) => {
                self.html.push_str(
                    "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"Table\"><table>",
                );
            }
            Tag::TableHead => {
                self.in_head = true;
                self.html.push_str("<thead><tr>");
            }
            Tag::TableRow => self.html.push_str("<tr>"),
            Tag::TableCell => self.html.push_str(if self.in_head { "<th scope=\"col\">" } else { "<td>" }),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.paragraph(),
            TagEnd::Heading(level) => self.heading(level),
            TagEnd::CodeBlock => {
                let info = self.code.take().unwrap_or_default();
                let text = std::mem::take(&mut self.plain);
                self.html.push_str(&listing(&info, text.trim_end_matches('\n')));
            }
            TagEnd::List(false) => self.html.push_str("</ul>"),
            TagEnd::List(true) => self.html.push_str("</ol>"),
            TagEnd::Item => self.html.push_str("</li>"),
            TagEnd::Emphasis => self.html.push_str("</em>"),
            TagEnd::Strong => self.html.push_str("</strong>"),
            TagEnd::Link => self.html.push_str("</a>"),
            TagEnd::Table => self.html.push_str("</tbody></table></div>"),
            TagEnd::TableHead => {
                self.in_head = false;
                self.html.push_str("</tr></thead><tbody>");
            }
            TagEnd::TableRow => self.html.push_str("</tr>"),
            TagEnd::TableCell => self.html.push_str(if self.in_head { "</th>" } else { "</td>" }),
            _ => {}
        }
    }

    fn begin(&mut self) {
        self.begun = self.html.len();
        self.plain.clear();
    }

    fn text(&mut self, text: &str) {
        self.plain.push_str(text);
        if self.code.is_none() {
            self.html.push_str(&escaped(text));
        }
    }

    /// The first paragraph stands apart.
    fn paragraph(&mut self) {
        self.html.push_str("</p>");
        if self.summary.is_empty() {
            self.lead = self.html.split_off(self.begun).replacen("<p>", "<p class=\"lead\">", 1);
            self.summary = std::mem::take(&mut self.plain);
        }
    }

    fn heading(&mut self, level: HeadingLevel) {
        let inner = self.html.split_off(self.begun);
        let title = std::mem::take(&mut self.plain);
        if level == HeadingLevel::H1 {
            self.title = title;
            return;
        }
        let id = anchor(&title);
        self.write(format_args!(
            "<{level} id=\"{id}\">{inner} <a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to this part\">#</a></{level}>"
        ));
        if level == HeadingLevel::H2 {
            self.sections.push(Section { id, title });
        }
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.html.write_fmt(text);
    }
}

/// A block of code. Behind its marks stands its language and, if it is a file, the file's name.
pub(crate) fn listing(info: &str, text: &str) -> String {
    let (language, name) = info.split_once(' ').unwrap_or((info, ""));
    let caption = match (language, name) {
        ("sh" | "console", "") => "terminal",
        (language, "") => language,
        (_, name) => name,
    };
    let code = match language {
        "json" => json::highlight(text),
        "console" => session(text),
        _ => escaped(text),
    };
    let caption = escaped(caption);
    format!(
        "<figure class=\"listing\"><figcaption>{caption}</figcaption><pre tabindex=\"0\" data-copy><code>{code}</code></pre></figure>"
    )
}

/// A session at a terminal: commands behind a prompt, and what they print.
fn session(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix("$ ") {
        Some(command) => {
            format!("<span class=\"prompt\">$ </span><span class=\"command\">{}</span>", escaped(command))
        }
        None => format!("<span class=\"output\">{}</span>", escaped(line)),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_taken_apart_into_title_lead_and_parts() {
        let page = render(
            "# A & B\n\nWhat *it* is.\n\n## Its parts, all\n\nText with `a<b`.\n\n| x |\n|---|\n| 1 |\n",
        );
        assert_eq!((page.title.as_str(), page.summary.as_str()), ("A & B", "What it is."));
        assert_eq!(page.lead, "<p class=\"lead\">What <em>it</em> is.</p>");
        assert_eq!(
            page.sections,
            [Section { id: "its-parts-all".to_owned(), title: "Its parts, all".to_owned() }]
        );
        assert!(page.html.starts_with("<h2 id=\"its-parts-all\">Its parts, all <a"), "{}", page.html);
        assert!(
            page.html.contains("<code>a&lt;b</code>") && page.html.contains("<td>1</td>"),
            "{}",
            page.html
        );
    }

    #[test]
    fn html_in_a_source_is_left_out_and_code_is_escaped() {
        let page =
            render("# T\n\nLead.\n\n<script>x</script>\n\na <b>c</b>\n\n```console\n$ echo '<'\n<\n```\n");
        assert!(!page.html.contains("<script") && !page.html.contains("<b>"), "{}", page.html);
        assert!(page.html.contains("<span class=\"command\">echo '&lt;'</span>"), "{}", page.html);
    }
}
