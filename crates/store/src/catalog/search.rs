//! Finding servers and tools by words. Words are looked up in one index together with the filters, so that both narrow the
//! search at once; of what is found a bounded number is ranked, by how well and where the words fit and by how much a server
//! is used. Words that nobody wrote are replaced by the nearest that somebody did.

use std::fmt;
use std::str::FromStr;

use sqlx::FromRow;

use super::server::{CatalogServer, ServerRow};
use super::tool::{CatalogTool, ToolRow, tool_columns};
use crate::{Error, Store};

/// What to look for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogSearch {
    /// Words in lower case, of letters and digits alone. None: all there is.
    pub words: Vec<String>,
    /// The class of tools, by name.
    pub category: Option<String>,
    /// Their risk.
    pub risk: Option<String>,
    /// How the server is spoken to.
    pub transport: Option<String>,
    /// Who lists the server.
    pub source: Option<String>,
    /// Where to go on.
    pub after: Option<Place>,
    /// Most results.
    pub limit: u32,
}

/// A place in a list of results: after the one of this score and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The score, times a million.
    pub score: i64,
    /// The number.
    pub id: i64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.score, self.id)
    }
}

impl FromStr for Place {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read =
            |(score, id): (&str, &str)| Some(Self { score: score.parse().ok()?, id: id.parse().ok()? });
        text.split_once('-').and_then(read).ok_or("not a place in this list; begin at its first page")
    }
}

/// A page of results.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogFound<T> {
    /// The results, best first.
    pub results: Vec<T>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<Place>,
    /// The words that were looked for instead, where nothing was found for those that were asked.
    pub instead: Option<Vec<String>>,
}

/// How many servers, and tools, are ranked.
const RANKED_SERVERS: i64 = 3000;
const RANKED_TOOLS: i64 = 1500;
/// Most words of a search; further ones are left out.
const MOST_WORDS: usize = 12;

#[derive(FromRow)]
struct ScoredServer {
    #[sqlx(flatten)]
    row: ServerRow,
    score: i64,
}

#[derive(FromRow)]
struct ScoredTool {
    #[sqlx(flatten)]
    row: ToolRow,
    score: i64,
}

impl CatalogSearch {
    /// The words as a query of Postgres: all of them, or any.
    fn query(&self, words: &[String], any: bool) -> String {
        words.iter().take(MOST_WORDS).map(String::as_str).collect::<Vec<_>>().join(if any {
            " | "
        } else {
            " & "
        })
    }

    /// The filters as a query of lexemes that no text contains.
    fn filters(&self, of_servers: bool) -> String {
        let lexeme = |kind: &str, value: &str| {
            let value = value.to_lowercase().replace('\\', "\\\\").replace('\'', "''");
            format!("'~{kind}:{value}'")
        };
        let mut filters = Vec::new();
        if let Some(category) = &self.category {
            filters.push(lexeme("category", category));
        }
        if let Some(risk) = &self.risk {
            // A server has no risk of its own; it has tools of classes.
            let classes = policy::Category::ALL.iter().filter(|category| category.risk() == risk);
            let any: Vec<String> = classes.map(|category| lexeme("category", category.as_str())).collect();
            filters.push(if any.is_empty() {
                lexeme("risk", risk)
            } else {
                format!("({})", any.join(" | "))
            });
        }
        if of_servers {
            filters.extend(self.transport.iter().map(|transport| lexeme("transport", transport)));
            filters.extend(self.source.iter().map(|source| lexeme("source", source)));
        }
        filters.join(" & ")
    }
}

impl Store {
    /// Servers, best first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search_servers(&self, search: &CatalogSearch) -> Result<CatalogFound<CatalogServer>, Error> {
        let (rows, instead) = self.attempts(search, |query| self.servers_once(search, query)).await?;
        let next = next(&rows, search, |scored: &ScoredServer| (scored.score, scored.row.id));
        let results = rows.into_iter().take(taken(search)).map(|scored| scored.row.into()).collect();
        Ok(CatalogFound { results, next, instead })
    }

    /// Tools, best first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn search_tools(&self, search: &CatalogSearch) -> Result<CatalogFound<CatalogTool>, Error> {
        let (rows, instead) = self.attempts(search, |query| self.tools_once(search, query)).await?;
        let next = next(&rows, search, |scored: &ScoredTool| (scored.score, scored.row.id));
        let results = rows
            .into_iter()
            .take(taken(search))
            .map(|scored| scored.row.try_into())
            .collect::<Result<_, Error>>()?;
        Ok(CatalogFound { results, next, instead })
    }

    /// All words; if nothing has them all, what was probably meant; if nothing has that either, any of them.
    async fn attempts<T, F: Future<Output = Result<Vec<T>, Error>>>(
        &self,
        search: &CatalogSearch,
        once: impl Fn(String) -> F,
    ) -> Result<(Vec<T>, Option<Vec<String>>), Error> {
        let rows = once(search.query(&search.words, false)).await?;
        if !rows.is_empty() || search.words.is_empty() {
            return Ok((rows, None));
        }
        let meant = self.meant(&search.words).await?;
        if meant != search.words {
            let rows = once(search.query(&meant, false)).await?;
            if !rows.is_empty() {
                return Ok((rows, Some(meant)));
            }
        }
        if meant.len() > 1 {
            let rows = once(search.query(&meant, true)).await?;
            if !rows.is_empty() {
                return Ok((rows, Some(meant)));
            }
        }
        Ok((Vec::new(), None))
    }

    async fn servers_once(&self, search: &CatalogSearch, query: String) -> Result<Vec<ScoredServer>, Error> {
        let after = search.after.unwrap_or(Place { score: i64::MAX, id: 0 });
        Ok(sqlx::query_as(
            "with asked as (
               select to_tsquery('english', $1) as words,
                 case when $2 = '' then to_tsquery('english', $1)
                   when $1 = '' then $2::tsquery
                   else to_tsquery('english', $1) && $2::tsquery end as all_of_it
             ), fitting as (
               select server.id, server.terms, server.name, server.uses, server.tokens, server.listed_in
               from catalog.server, asked
               where ($1 = '' and $2 = '') or server.terms @@ asked.all_of_it
               order by case when $1 = '' and $2 = '' then server.id end
               limit $3
             ), scored as (
               select fitting.id,
                 (1000000 * (
                   case when $1 = '' then 0 else ts_rank('{0.05, 0.1, 0.4, 1.0}', fitting.terms, asked.words, 1) end
                     * (1 + 0.1 * ln(1 + fitting.uses) + 0.1 * least(cardinality(fitting.listed_in), 5)
                          + case when fitting.tokens > 0 then 0.5 else 0 end)
                   + case when lower(fitting.name) = $4 then 2 else 0 end
                   + case when $1 = '' then 0.001 * ln(1 + fitting.uses)
                       + case when fitting.tokens > 0 then 0.5 else 0 end else 0 end
                 ))::bigint as score
               from fitting, asked
             ), best as (
               select id, score
               from scored
               where score < $5 or (score = $5 and id > $6)
               order by score desc, id
               limit $7
             )
             select server.*, best.score
             from best
             join catalog.server
               on server.id = best.id
             order by best.score desc, best.id",
        )
        .bind(query)
        .bind(search.filters(true))
        .bind(RANKED_SERVERS)
        .bind(search.words.join(" "))
        .bind(after.score)
        .bind(after.id)
        .bind(i64::from(search.limit) + 1)
        .fetch_all(self.pool())
        .await?)
    }

    async fn tools_once(&self, search: &CatalogSearch, query: String) -> Result<Vec<ScoredTool>, Error> {
        let after = search.after.unwrap_or(Place { score: i64::MAX, id: 0 });
        Ok(sqlx::query_as(concat!(
            "with asked as (
               select to_tsquery('english', $1) as words,
                 case when $2 = '' then to_tsquery('english', $1)
                   when $1 = '' then $2::tsquery
                   else to_tsquery('english', $1) && $2::tsquery end as all_of_it
             ), fitting as (
               select tool.id, tool.server_id, tool.terms, tool.name
               from catalog.tool, asked
               where tool.terms @@ asked.all_of_it
                 and ($8::text is null or exists (
                   select from catalog.server where server.id = tool.server_id and $8 = any (server.transports)
                 ))
                 and ($9::text is null or exists (
                   select from catalog.server where server.id = tool.server_id and $9 = any (server.listed_in)
                 ))
               limit $3
             ), scored as (
               select fitting.id,
                 (1000000 * (
                   case when $1 = '' then 0 else ts_rank('{0.05, 0.1, 0.4, 1.0}', fitting.terms, asked.words, 1) end
                   + case when lower(fitting.name) = $4 then 2 else 0 end
                 ))::bigint as score
               from fitting, asked
             ), best as (
               select id, score
               from scored
               where score < $5 or (score = $5 and id > $6)
               order by score desc, id
               limit $7
             )
             select ",
            tool_columns!(),
            ", best.score
             from best
             join catalog.tool
               on tool.id = best.id
             join catalog.server
               on server.id = tool.server_id
             order by best.score desc, best.id",
        ))
        .bind(query)
        .bind(search.filters(false))
        .bind(RANKED_TOOLS)
        .bind(search.words.join("_"))
        .bind(after.score)
        .bind(after.id)
        .bind(i64::from(search.limit) + 1)
        .bind(&search.transport)
        .bind(&search.source)
        .fetch_all(self.pool())
        .await?)
    }

    /// Each word, or the nearest one that is in the catalogue where it is not.
    async fn meant(&self, words: &[String]) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar(
            "select coalesce(
               (select word.word from catalog.word where word.word = asked.word),
               (
                 select word.word
                 from catalog.word
                 where word.word % asked.word
                 order by similarity(word.word, asked.word) desc, word.word
                 limit 1
               ),
               asked.word
             )
             from unnest($1::text[]) with ordinality as asked (word, number)
             order by asked.number",
        )
        .bind(words.iter().take(MOST_WORDS).collect::<Vec<_>>())
        .fetch_all(self.pool())
        .await?)
    }

    /// Servers whose names begin so, those that are used most first, and words that begin so.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn suggest_catalog(
        &self,
        begun: &str,
        limit: u32,
    ) -> Result<(Vec<(String, String)>, Vec<String>), Error> {
        let begun = begun.to_lowercase();
        let pattern = format!("{}%", begun.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let servers = sqlx::query_as(
            "select slug, name
             from (
               select slug, name, uses, tokens
               from catalog.server
               where lower(name) like $1
               limit 200
             ) as begun
             order by uses desc, tokens > 0 desc, length(name), slug
             limit $2",
        )
        .bind(&pattern)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        let words = sqlx::query_scalar(
            "select word from catalog.word where word like $1 order by length(word), word limit $2",
        )
        .bind(&pattern)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        Ok((servers, words))
    }
}

fn taken(search: &CatalogSearch) -> usize {
    usize::try_from(search.limit).unwrap_or(usize::MAX)
}

/// Where the page after begins: one result more than asked for says that there is one.
fn next<T>(rows: &[T], search: &CatalogSearch, place: impl Fn(&T) -> (i64, i64)) -> Option<Place> {
    let limit = taken(search);
    if rows.len() <= limit {
        return None;
    }
    let (score, id) = place(rows.get(limit.checked_sub(1)?)?);
    Some(Place { score, id })
}
