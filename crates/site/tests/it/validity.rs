//! Every page as a strict parser reads it: valid, in order, usable without scripts, and small. Pages are found as a crawler finds them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use html5ever::tendril::TendrilSink;
use html5ever::tokenizer::TokenizerOpts;
use html5ever::tree_builder::{QuirksMode, TreeBuilderOpts};
use html5ever::{ParseOpts, parse_document};
use http::StatusCode;
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::world::{World, mail, server, tool};

/// The largest page with the style sheet, in bytes.
const LARGEST: usize = 60_000;
/// What a form is filled in with.
const FIELDS: [&str; 3] = ["input", "select", "textarea"];

/// An element with its attributes and the text in it.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// The elements of a page in order, or what is wrong with it.
fn parse(html: &str) -> Result<Vec<Element>, String> {
    let options = ParseOpts {
        tokenizer: TokenizerOpts { exact_errors: true, ..TokenizerOpts::default() },
        tree_builder: TreeBuilderOpts {
            exact_errors: true,
            scripting_enabled: false,
            ..TreeBuilderOpts::default()
        },
    };
    let dom = parse_document(RcDom::default(), options).one(html);
    let errors = dom.errors.borrow();
    if !errors.is_empty() {
        return Err(format!("{errors:?}"));
    }
    if dom.quirks_mode.get() != QuirksMode::NoQuirks {
        return Err("it is shown in the way of old browsers".to_owned());
    }
    let mut elements = Vec::new();
    walk(&dom.document, &mut elements);
    Ok(elements)
}

fn walk(node: &Handle, elements: &mut Vec<Element>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes =
            attrs.borrow().iter().map(|one| (one.name.local.to_string(), one.value.to_string())).collect();
        elements.push(Element { name: name.local.to_string(), attributes, text: text(node) });
    }
    node.children.borrow().iter().for_each(|child| walk(child, elements));
}

fn text(node: &Handle) -> String {
    match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => node.children.borrow().iter().map(text).collect(),
    }
}

/// Everything that is wrong with a page.
fn faults(html: &str, style: usize) -> Vec<String> {
    let elements = match parse(html) {
        Ok(elements) => elements,
        Err(error) => return vec![error],
    };
    let mut faults = Vec::new();
    let mut expect = |holds: bool, what: String| {
        if !holds {
            faults.push(what);
        }
    };
    expect(html.len() + style < LARGEST, format!("{} bytes with its style", html.len() + style));
    let all = |name: &'static str| elements.iter().filter(move |element| element.name == name);
    expect(all("html").all(|html| html.get("lang") == Some("en")), "no language".to_owned());
    expect(all("title").filter(|title| !title.text.trim().is_empty()).count() == 1, "no title".to_owned());
    expect(all("main").count() == 1 && all("h1").count() == 1, "not one main and one h1".to_owned());
    let mut ids = BTreeSet::new();
    for id in elements.iter().filter_map(|element| element.get("id")) {
        expect(ids.insert(id) && !id.contains(' ') && !id.is_empty(), format!("the id {id:?} again"));
    }
    let mut level = 0;
    for heading in elements.iter().filter_map(|element| element.name.strip_prefix('h')?.parse::<u32>().ok()) {
        expect(heading <= level + 1, format!("h{heading} after h{level}"));
        level = heading;
    }
    let labels: BTreeSet<&str> = all("label").filter_map(|label| label.get("for")).collect();
    for element in &elements {
        let Element { name, attributes, .. } = element;
        if FIELDS.contains(&name.as_str()) && element.get("type") != Some("hidden") {
            let labelled = element.get("id").is_some_and(|id| labels.contains(id));
            expect(labelled || element.get("aria-label").is_some(), format!("a {name} without a label"));
        }
        if name == "img" {
            expect(element.get("alt").is_some(), "an image without alt".to_owned());
        }
        if name == "script" {
            let data = element.get("type") == Some("application/ld+json");
            let waited_for = element.get("src").is_some() && element.get("defer").is_none();
            expect(data || element.get("src").is_some(), "a script within the page".to_owned());
            expect(!waited_for, "a script that the page waits for".to_owned());
        }
        if name == "button" || name == "a" {
            let named = !element.text.trim().is_empty() || element.get("aria-label").is_some();
            expect(named, format!("a {name} without a name"));
        }
        for attribute in attributes.keys() {
            let runs = attribute.starts_with("on") || attribute == "style";
            expect(!runs, format!("{attribute} on {name}"));
        }
        let script = ["href", "src", "action"].iter().filter_map(|name| element.get(name));
        expect(script.into_iter().all(|to| !to.starts_with("javascript:")), format!("a script in {name}"));
    }
    faults
}

/// Where the links and the forms of a page lead, within these pages.
fn leads(html: &str) -> Vec<String> {
    let Ok(elements) = parse(html) else { return Vec::new() };
    let links = elements.iter().filter(|element| element.name == "a").filter_map(|one| one.get("href"));
    let forms = elements.iter().filter(|element| element.name == "form").filter_map(|one| one.get("action"));
    let outside = ["/app", "/v1/", "/catalog-register/"];
    links
        .chain(forms)
        .filter(|to| to.starts_with('/') || to.starts_with('#'))
        .filter(|to| !outside.iter().any(|prefix| to.starts_with(prefix)))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn every_page_that_a_link_leads_to_is_valid_small_and_there() {
    let script = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>";
    let evil =
        server("evil", script, script, vec![tool(script, script), tool("a/b?c#d", "Reads ]]> <!-- -->")]);
    let world = World::new(&[mail(), evil]).await;
    let style = world.get("/site.css").await.1.len();
    let sitemap = world.get("/sitemap/pages-0.xml").await.1;
    let listed =
        sitemap.split("<loc>https://gateway.example").skip(1).filter_map(|part| part.split('<').next());
    let mut waiting: VecDeque<String> = listed.map(str::to_owned).collect();
    waiting.extend(
        ["/stack?s=mail", "/catalog?q=alert", "/catalog?kind=tools&q=nothing+of+it"].map(str::to_owned),
    );
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    let (mut wrong, mut links) = (Vec::new(), Vec::new());
    while let Some(path) = waiting.pop_front() {
        if pages.contains_key(&path) {
            continue;
        }
        let (status, body) = world.get(&path).await;
        if status != StatusCode::OK {
            wrong.push(format!("{path}: {status}"));
        } else if !path.ends_with(".json") {
            wrong.extend(faults(&body, style).into_iter().map(|fault| format!("{path}: {fault}")));
            for to in leads(&body) {
                let to = if to.starts_with('#') { format!("{path}{to}") } else { to };
                let (page, id) = to.split_once('#').unwrap_or((&to, ""));
                waiting.push_back(page.to_owned());
                if !id.is_empty() {
                    links.push((path.clone(), page.to_owned(), id.to_owned()));
                }
            }
        }
        pages.insert(path, body);
    }
    for (from, to, id) in links {
        if !pages.get(&to).is_some_and(|html| html.contains(&format!(" id=\"{id}\""))) {
            wrong.push(format!("{from}: nothing is at {to}#{id}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(pages.len() > 45, "{}", pages.len());
    let (_, lost) = world.get("/nothing").await;
    assert_eq!(faults(&lost, style), Vec::<String>::new());
}

/// What this test looks for, it finds.
#[test]
fn what_is_wrong_is_found() {
    let page = |body: &str| {
        format!(
            "<!doctype html><html lang=\"en\"><head><title>t</title></head><body><main><h1>x</h1>{body}</main></body></html>"
        )
    };
    assert_eq!(faults(&page("<p>fine</p>"), 0), Vec::<String>::new());
    for (body, said) in [
        ("<p><div></div></p>", "No <p> tag to close"),
        ("<b id=\"a\"></b><b id=\"a\"></b>", "the id \"a\" again"),
        ("<h3>y</h3>", "h3 after h1"),
        ("<input>", "without a label"),
        ("<img src=\"x\">", "without alt"),
        ("<script>x</script>", "within the page"),
        ("<script src=\"x\"></script>", "waits for"),
        ("<p onclick=\"x\">y</p>", "onclick"),
        ("<a href=\"javascript:x\">y</a>", "a script in a"),
        ("<a href=\"x\"></a>", "without a name"),
    ] {
        let found = faults(&page(body), 0).join("; ");
        assert!(found.contains(said), "{body}: {found}");
    }
    assert!(faults("<p>x</p>", 0).join("").contains("doctype") || !faults("<p>x</p>", 0).is_empty());
}
