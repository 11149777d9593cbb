//! Prints failures: for people with the lines of `app.toml` they point at, for programs as a problem document
//! in the manner of RFC 9457.

use std::fmt;
use std::io::IsTerminal;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, Severity, SourceCode, SourceSpan,
};
use serde::Serialize;

use super::Failure;
use crate::runtime::refused::Problem;
use crate::text::quotable;

/// The failure for a person.
pub fn human(failure: &Failure) -> String {
    match failure {
        Failure::Refused { refused, file } => {
            let text = refused.manifest_toml.as_deref();
            refused.problems.iter().map(|problem| self::problem(problem, text, file)).collect()
        }
        Failure::Told { what, help, .. } => {
            render(&Shown { what, code: None, help: help.as_deref(), severity: Severity::Error, source: None })
        }
    }
}

/// One problem or warning for a person. `text` is the `app.toml` it may point into, `file` what that was read from.
pub fn problem(problem: &Problem, text: Option<&str>, file: &str) -> String {
    let source = problem.place.as_ref().zip(text).map(|(place, text)| {
        let span = SourceSpan::from((place.span.start, place.span.len()));
        (NamedSource::new(file, quotable(text)), span)
    });
    render(&Shown {
        what: &problem.what,
        code: Some(problem.code.id()),
        help: problem.help.as_deref(),
        severity: if problem.code.is_warning() { Severity::Warning } else { Severity::Error },
        source,
    })
}

/// The failure for a program, on one line.
pub fn json(failure: &Failure) -> String {
    let (help, refused) = match failure {
        Failure::Told { help, .. } => (help.as_deref(), None),
        Failure::Refused { refused, file } => (None, Some((file.as_str(), refused.problems.as_slice()))),
    };
    let document = Document {
        of_type: "about:blank",
        title: failure.exit().title(),
        detail: failure.to_string(),
        exit: failure.exit() as u8,
        help,
        file: refused.map(|(file, _)| file),
        problems: refused.map(|(_, problems)| problems),
    };
    serde_json::to_string(&document).unwrap_or_else(|error| error.to_string())
}

/// A problem document (RFC 9457) with what a program wants beside it.
#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    of_type: &'static str,
    title: &'static str,
    detail: String,
    /// The exit code.
    exit: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// What was read when an app was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    problems: Option<&'a [Problem]>,
}

/// Whether stderr may be coloured: a terminal, and nobody said `NO_COLOR`.
pub fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn render(shown: &Shown<'_>) -> String {
    let theme = if colours() { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_links(false).with_width(110).with_context_lines(0);
    match handler.render_report(&mut text, shown) {
        Ok(()) => text,
        Err(fmt::Error) => format!("{shown}\n"),
    }
}

/// A problem as miette wants it.
#[derive(Debug)]
struct Shown<'a> {
    what: &'a str,
    code: Option<&'static str>,
    help: Option<&'a str>,
    severity: Severity,
    source: Option<(NamedSource<String>, SourceSpan)>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        self.code.map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    /// What helps stands beside the line it is about, where there is one.
    fn help<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        self.help.filter(|_| self.source.is_none()).map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|(source, _)| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, span) = self.source.as_ref()?;
        let label = self.help.unwrap_or("here").to_owned();
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some(label), *span))))
    }
}
