//! JSON as a plain tree, with number texts kept as they are written. Reads nothing but what it is given whole.

use std::fmt;
use std::iter::Peekable;
use std::str::Chars;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// `None` for what is no JSON.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut rest = text.chars().peekable();
        let value = value(&mut rest)?;
        blank(&mut rest);
        rest.next().is_none().then_some(value)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn elements(&self) -> &[Self] {
        match self {
            Self::List(elements) => elements,
            _ => &[],
        }
    }

    /// The elements of the list of that name; none where there is no such list.
    pub(crate) fn list(&self, name: &str) -> &[Self] {
        self.get(name).map_or(&[], Self::elements)
    }
}

fn blank(rest: &mut Peekable<Chars<'_>>) {
    while rest.next_if(|next| matches!(next, ' ' | '\t' | '\n' | '\r')).is_some() {}
}

fn value(rest: &mut Peekable<Chars<'_>>) -> Option<Json> {
    blank(rest);
    match *rest.peek()? {
        '"' => text(rest).map(Json::Text),
        '[' => list(rest),
        '{' => object(rest),
        'n' => word(rest, "null", Json::Null),
        't' => word(rest, "true", Json::Bool(true)),
        'f' => word(rest, "false", Json::Bool(false)),
        _ => {
            let mut number = String::new();
            while let Some(next) =
                rest.next_if(|next| matches!(next, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'))
            {
                number.push(next);
            }
            (!number.is_empty()).then_some(Json::Number(number))
        }
    }
}

fn word(rest: &mut Peekable<Chars<'_>>, word: &str, value: Json) -> Option<Json> {
    word.chars().all(|letter| rest.next() == Some(letter)).then_some(value)
}

fn list(rest: &mut Peekable<Chars<'_>>) -> Option<Json> {
    let mut elements = Vec::new();
    rest.next();
    blank(rest);
    if rest.next_if_eq(&']').is_some() {
        return Some(Json::List(elements));
    }
    loop {
        elements.push(value(rest)?);
        blank(rest);
        match rest.next()? {
            ',' => {}
            ']' => return Some(Json::List(elements)),
            _ => return None,
        }
    }
}

fn object(rest: &mut Peekable<Chars<'_>>) -> Option<Json> {
    let mut members = Vec::new();
    rest.next();
    blank(rest);
    if rest.next_if_eq(&'}').is_some() {
        return Some(Json::Object(members));
    }
    loop {
        blank(rest);
        let key = text(rest)?;
        blank(rest);
        rest.next_if_eq(&':')?;
        members.push((key, value(rest)?));
        blank(rest);
        match rest.next()? {
            ',' => {}
            '}' => return Some(Json::Object(members)),
            _ => return None,
        }
    }
}

fn text(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut read = String::new();
    rest.next_if_eq(&'"')?;
    loop {
        match rest.next()? {
            '"' => return Some(read),
            '\\' => read.push(match rest.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => {
                    let code: String = (0..4).filter_map(|_| rest.next()).collect();
                    char::from_u32(u32::from_str_radix(&code, 16).ok()?)?
                }
                other => other,
            }),
            other => read.push(other),
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(text) => f.write_str(text),
            Self::Text(text) => quoted(f, text),
            Self::List(elements) => {
                f.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    write!(f, "{}{element}", if index > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Object(members) => {
                f.write_str("{")?;
                for (index, (key, value)) in members.iter().enumerate() {
                    f.write_str(if index > 0 { ", " } else { "" })?;
                    quoted(f, key)?;
                    write!(f, ": {value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for letter in text.chars() {
        match letter {
            '"' | '\\' => write!(f, "\\{letter}")?,
            '\0'..='\x1f' => write!(f, "\\u{:04x}", letter as u32)?,
            _ => write!(f, "{letter}")?,
        }
    }
    f.write_str("\"")
}
