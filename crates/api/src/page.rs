//! Lists in pages: how many, from where, and whether there is more.

use model::Id;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{Problem, cursor};

/// Things of a page unless told otherwise.
const DEFAULT: u32 = 50;
/// Most things of a page.
const MOST: u32 = 200;

/// Which page of a list without filters.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Most things of the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
}

impl PageQuery {
    /// The last thing of the page before.
    pub(crate) fn after<K>(&self) -> Result<Option<Id<K>>, Problem> {
        after(self.cursor.as_deref(), cursor::read)
    }

    /// The name of the last thing of the page before, in a list that goes by names.
    pub(crate) fn after_name(&self) -> Result<Option<String>, Problem> {
        after(self.cursor.as_deref(), cursor::read_text)
    }

    /// The page of a list that was read whole; `name` tells its things apart. What is added or removed between two pages
    /// shifts nothing, unless it was the last thing of the page before.
    pub(crate) fn of<T>(
        &self,
        mut all: Vec<T>,
        name: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>), Problem> {
        let limit = self.limit()?;
        let start = match after(self.cursor.as_deref(), cursor::read_place)? {
            None => 0,
            Some((place, last)) => {
                let found = all.iter().position(|thing| name(thing) == last);
                // Without it, what follows has moved up by one.
                found.map_or(place.saturating_sub(1), |at| at + 1)
            }
        };
        let rest = all.split_off(start.min(all.len()));
        let end = start + limit.shown() as usize;
        Ok(limit.cut(rest, |last| cursor::after_place(end, &name(last))))
    }

    /// How many.
    pub(crate) fn limit(&self) -> Result<Limit, Problem> {
        Limit::of(self.limit)
    }
}

/// Where the page before ended, read from its cursor.
pub(crate) fn after<T>(cursor: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Problem> {
    let unknown = || Problem::field("", "query: `cursor` is not one that a page of this list gave");
    cursor.map(|text| read(text).ok_or_else(unknown)).transpose()
}

/// Most things of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit(u32);

impl Limit {
    /// What a query asks for.
    pub(crate) fn of(asked: Option<u32>) -> Result<Self, Problem> {
        Self::within(asked, DEFAULT, MOST)
    }

    /// The same for a list with bounds of its own.
    pub(crate) fn within(asked: Option<u32>, default: u32, most: u32) -> Result<Self, Problem> {
        let limit = asked.unwrap_or(default);
        if (1..=most).contains(&limit) {
            return Ok(Self(limit));
        }
        Err(Problem::field("", format!("query: `limit` is 1 to {most}")))
    }

    /// How many are shown.
    pub(crate) const fn shown(self) -> u32 {
        self.0
    }

    /// How many to read: one more than is shown tells whether there is another page.
    pub(crate) const fn asked(self) -> u32 {
        self.0 + 1
    }

    /// The page, and the cursor after it where there is more.
    pub(crate) fn cut<T>(self, mut found: Vec<T>, cursor: impl Fn(&T) -> String) -> (Vec<T>, Option<String>) {
        let more = found.len() > self.0 as usize;
        found.truncate(self.0 as usize);
        let next = found.last().filter(|_| more).map(cursor);
        (found, next)
    }
}

#[cfg(test)]
mod tests {
    use model::EventId;

    use super::*;

    #[test]
    fn a_page_has_a_cursor_exactly_when_there_is_more() {
        let ids = |count: u8| (0..count).map(|n| EventId::mint(1, [n; 10])).collect::<Vec<_>>();
        let limit = Limit::of(Some(3)).unwrap();
        assert_eq!(limit.asked(), 4);
        assert_eq!(limit.cut(ids(3), |id| cursor::after(*id)), (ids(3), None));
        let (page, next) = limit.cut(ids(4), |id| cursor::after(*id));
        assert_eq!(page, ids(3));
        assert_eq!(after(next.as_deref(), cursor::read).unwrap(), page.last().copied());
    }

    #[test]
    fn pages_of_a_list_read_whole_follow_each_other_whatever_is_removed_between() {
        let page = |cursor: Option<String>, all: &[&str]| {
            let all = all.iter().map(|name| (*name).to_owned()).collect();
            PageQuery { cursor, limit: Some(2) }.of(all, Clone::clone)
        };
        let (first, next) = page(None, &["a", "b", "c", "d"]).unwrap();
        assert_eq!(first, ["a", "b"]);
        for (left, expected) in [
            (&["a", "b", "c", "d"][..], &["c", "d"][..]),
            (&["b", "c", "d"], &["c", "d"]),
            (&["a", "c", "d"], &["c", "d"]),
            (&["a", "aa", "b", "c"], &["c"]),
            (&[], &[]),
        ] {
            assert_eq!(
                page(next.clone(), left).unwrap(),
                (expected.iter().map(ToString::to_string).collect(), None)
            );
        }
        assert_eq!(page(None, &["a", "b"]).unwrap().1, None);
        assert_eq!(page(None, &[]).unwrap(), (Vec::new(), None));
        assert!(page(Some("AAAA".to_owned()), &["a"]).is_err());
    }

    #[test]
    fn a_page_has_at_least_one_and_at_most_two_hundred_things() {
        for (asked, fits) in [(None, true), (Some(0), false), (Some(200), true), (Some(201), false)] {
            assert_eq!(Limit::of(asked).is_ok(), fits, "{asked:?}");
        }
    }
}
