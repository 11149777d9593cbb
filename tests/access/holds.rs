//! What must hold of every row before it may be drawn, so that redrawing the table cannot make a hole the rule.
//!
//! The rules follow from what a route says it needs. What differs stands in a list here, with what must hold instead.

use storehand_host::authz::{Scope, ScopeSet};

use super::records::STORE;
use crate::support::person::Answer;

/// One row as it was answered: a column, what was answered there (if anybody can ask), and what is drawn of it.
pub type Cells = Vec<(&'static str, Option<Answer>, String)>;

/// Below a store, what needs none of its scopes: the operator's alone.
const OPERATORS: [&str; 8] = [
    "/api/v1/stores/{store}/resume",
    "/api/v1/stores/{store}/suspend",
    "/api/v1/stores/{store}/name",
    "/api/v1/stores/{store}/delete",
    "/api/v1/stores/{store}/keep",
    "/api/v1/stores/{store}/plan/give",
    "/api/v1/stores/{store}/plan/accept",
    "/api/v1/stores/{store}/plan/decline",
];

/// What everybody with a token may ask.
const ANYBODYS: [(&str, &str); 1] = [("GET", "/api/v1/me")];

/// Changes nothing in the store, for all that it is posted; so a scope that only looks is enough.
const LOOKS: [(&str, &str); 3] =
    [("POST", "customers/find-by-email"), ("POST", "installations/plan"), ("POST", "installations/plan-file")];

/// Let through by the route, and refused for what the request gives away or decides about: more than the route needs.
const NEEDS_MORE: [(&str, &str); 9] = [
    ("POST", "held/{held}/approve"),
    ("POST", "held/{held}/reject"),
    ("POST", "held/{held}/rerun"),
    ("POST", "installations"),
    ("POST", "installations/dry-run-file"),
    ("PUT", "installations/{installation}/grants/{scope}"),
    ("PUT", "installations/{installation}/settings"),
    ("POST", "roles"),
    ("PUT", "roles/{role}"),
];

/// Let through, and told that no delivery is parked.
const NOTHING_PARKED: [(&str, &str); 2] = [
    ("DELETE", "installations/{installation}/deliveries/{delivery}"),
    ("POST", "installations/{installation}/deliveries/{delivery}/retry"),
];

/// Let through, and told what is missing: closed for good, the store would be gone for all other rows.
const NOT_CLOSED: [(&str, &str); 2] = [("POST", "close"), ("POST", "reopen")];

/// Fails where a row shows a hole. Without `needs` there is no such operation.
pub fn check(method: &str, path: &str, needs: Option<&[String]>, cells: &Cells) {
    let row = Row { method, path, cells };
    for column in ["nobody", "ended"] {
        row.is(column, "!");
    }
    match needs {
        None => row.is_no_operation(),
        Some([]) => {
            assert!(ANYBODYS.contains(&(method, path)), "{method} {path} needs nothing but a token; who said so?");
            row.asked().for_each(|column| row.is(column, "✔"));
        }
        Some(needs) => match needs.iter().map(|name| name.parse::<Scope>().ok()).collect::<Option<ScopeSet>>() {
            Some(scopes) => row.needs_scopes(scopes, needs),
            None => row.needs_a_kind(needs),
        },
    }
}

struct Row<'a> {
    method: &'a str,
    path: &'a str,
    cells: &'a Cells,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> (&Option<Answer>, &str) {
        let found = self.cells.iter().find(|(name, ..)| *name == column).expect("a column");
        (&found.1, &found.2)
    }

    fn is(&self, column: &str, wanted: &str) {
        let (answer, cell) = self.cell(column);
        assert_eq!(cell, wanted, "{} {} as `{column}`, who was answered {answer:#?}", self.method, self.path);
    }

    /// The columns of those who have a token.
    fn asked(&self) -> impl Iterator<Item = &'static str> {
        let all = self.cells.iter().filter(|(column, _, cell)| cell != "·" && !["nobody", "ended"].contains(column));
        all.map(|(column, ..)| *column)
    }

    fn is_no_operation(&self) {
        self.asked().for_each(|column| self.is(column, "–"));
    }

    /// The scopes of a store: `only` is let through, `but` and whoever holds nothing are denied, and to everybody from
    /// outside the store is not there.
    fn needs_scopes(&self, scopes: ScopeSet, needs: &[String]) {
        let Row { method, path, .. } = self;
        let place =
            path.strip_prefix(STORE).unwrap_or_else(|| panic!("{path} needs a store's scope outside of a store"));
        let here = (*method, place);
        let looking = scopes.iter().all(|scope| scope.name().ends_with(":view") || scope.name().ends_with(":pii"));
        assert!(
            *method == "GET" || !looking || LOOKS.contains(&here),
            "{method} {path} changes what {needs:?} may only see"
        );

        for column in ["operator", "none"] {
            self.is(column, "✘");
        }
        for column in ["publish", "other"] {
            self.is(column, "∅");
        }
        if !scopes.minus(ScopeSet::owner()).is_empty() {
            // The storefront's alone.
            for (column, wanted) in [("front", "✔"), ("owner", "✘"), ("staff", "✘"), ("only", "·"), ("but", "·")]
            {
                self.is(column, wanted);
            }
            assert!(["·", "✘", "∅"].contains(&self.cell("abroad").1), "{method} {path} reached another store");
            return;
        }
        let through = match here {
            _ if NOTHING_PARKED.contains(&here) => "404",
            _ if NOT_CLOSED.contains(&here) => "422",
            _ => "✔",
        };
        let of_staff = scopes.minus(ScopeSet::staff()).is_empty();
        for (column, wanted) in [
            ("front", "✘"),
            ("owner", through),
            ("staff", if of_staff { through } else { "✘" }),
            ("only", if NEEDS_MORE.contains(&here) { "✘" } else { through }),
            ("but", "✘"),
            ("abroad", if place.contains('{') { "∅" } else { "·" }),
        ] {
            self.is(column, wanted);
        }
        self.lacks("only", |scope| !needs.contains(&scope.to_owned()));
        self.lacks("but", |scope| needs.contains(&scope.to_owned()));
    }

    /// What a denial names as lacking, if that column was denied.
    fn lacks(&self, column: &str, as_wanted: impl Fn(&str) -> bool) {
        let (Some(answer), "✘") = self.cell(column) else { return };
        let lacking = answer.body["scope"].as_str().unwrap_or_default();
        assert!(as_wanted(lacking), "{} {}: `{column}` is denied for lack of `{lacking}`", self.method, self.path);
    }

    /// A kind of token: all others are denied, or see nothing.
    fn needs_a_kind(&self, needs: &[String]) {
        let Row { method, path, .. } = self;
        let inside = path.strip_prefix(STORE).is_some();
        assert!(!inside || OPERATORS.contains(path), "{method} {path} in a store needs none of its scopes");
        for column in self.asked() {
            let kind = if column == "publish" { "publisher" } else { column };
            self.is(column, if needs.iter().any(|need| need == kind) { "✔" } else { "✘" });
        }
    }
}
