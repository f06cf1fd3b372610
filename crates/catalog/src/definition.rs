//! What is classified: a tool's definition as its server gave it, and what is known of the server.

/// A tool's definition. Everything in it is the server's own word.
#[derive(Debug, Clone, Copy, Default)]
pub struct Definition<'a> {
    /// Its exact name.
    pub name: &'a str,
    /// What it is said to do.
    pub description: Option<&'a str>,
    /// The schema of its arguments, the text of a JSON object; what cannot be read as one says nothing.
    pub input_schema: Option<&'a str>,
    /// The server's hints, the text of a JSON object; they raise a class and never lower it.
    pub annotations: Option<&'a str>,
}

/// What is known of a tool's server.
#[derive(Debug, Clone, Copy, Default)]
pub struct Server<'a> {
    /// Its name or slug. Words of it in front of a tool's name say nothing about the tool.
    pub name: Option<&'a str>,
}
