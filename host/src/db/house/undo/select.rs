//! Which changes are to be taken back, and the records they touched: newest first, so that what was made last goes
//! first, and page by page, so that memory is bounded.
//!
//! INVARIANT: a selection is settled when the undo begins. What an app changes later is not in it.

use super::record::chain::{Entry, Spot};
use crate::authz::{ChangeSetId, InstallationId, Scope, StoreId, UndoId};
use crate::db::core::engine::conn::{Conn, Row, args};
use crate::db::core::error::Result;
use crate::db::core::kinds::Kind;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A record with more changes than this since the first chosen one is left as it is.
const MAX_CHANGES: i64 = 20_000;

/// Which changes, as resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A change set, or one change of it.
    Set(ChangeSetId, Option<i64>),
    /// An app's, from one change set id on and before another.
    App { installation: InstallationId, since: String, until: String },
    /// Those an undo made, between two change set ids.
    Undo { undo: UndoId, since: String, until: String },
}

/// Which changes of which store.
#[derive(Debug, Clone)]
pub(super) struct Selection {
    pub(super) store: StoreId,
    pub(super) what: What,
    /// Only records of these kinds; all if none are named.
    pub(super) kinds: Vec<Kind>,
}

/// A record that was touched, as the journal names it.
#[derive(Debug, Clone)]
pub(super) enum Found {
    /// One that this version knows how to take back.
    Known(Touched),
    /// One of a kind that a newer version of the host has.
    Unknown {
        /// What the journal calls the kind.
        kind: String,
        id: String,
        first: Spot,
    },
}

impl Found {
    /// Where the first of its chosen changes stands.
    pub(super) fn first(&self) -> &Spot {
        match self {
            Found::Known(Touched { first, .. }) | Found::Unknown { first, .. } => first,
        }
    }
}

/// A record, with the first of its chosen changes.
#[derive(Debug, Clone)]
pub(super) struct Touched {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) first: Spot,
}

// `$1` the store, `$2` to `$4` which changes, `$5` the kinds, `$6` and `$7` the place reached, `$8` how many. Written so
// that both engines walk down the journal from the place reached, and look up each record by itself.
macro_rules! touched {
    ($chosen:literal, $same:literal) => {
        concat!(
            "SELECT j.change_set, j.n, j.kind, j.id FROM journal j WHERE j.store = $1 AND ",
            $chosen,
            " AND (CAST($5 AS TEXT) IS NULL OR $5 LIKE '%,' || j.kind || ',%')",
            " AND j.change_set <= $6 AND NOT (j.change_set = $6 AND j.n >= $7)",
            " AND NOT EXISTS (SELECT 1 FROM journal e WHERE e.store = j.store AND e.kind = j.kind AND e.id = j.id",
            " AND e.change_set <= j.change_set AND NOT (e.change_set = j.change_set AND e.n >= j.n) AND ",
            $same,
            ") ORDER BY j.change_set DESC, j.n DESC LIMIT $8"
        )
    };
}
macro_rules! total {
    ($chosen:literal) => {
        concat!(
            "SELECT COUNT(*) FROM journal j WHERE j.store = $1 AND ",
            $chosen,
            " AND (CAST($5 AS TEXT) IS NULL OR $5 LIKE '%,' || j.kind || ',%')"
        )
    };
}
macro_rules! of_set {
    ($with:ident $(, $same:literal)?) => {
        $with!("j.change_set = $2 AND j.change_set >= $2 AND (CAST($3 AS BIGINT) IS NULL OR j.n = $3) \
            AND CAST($4 AS TEXT) IS NULL" $(, $same)?)
    };
}
macro_rules! of_app {
    ($with:ident $(, $same:literal)?) => {
        $with!("j.installation = $2 AND j.change_set >= $3 AND j.change_set || '' < $4" $(, $same)?)
    };
}
macro_rules! of_undo {
    ($with:ident $(, $same:literal)?) => {
        $with!("EXISTS (SELECT 1 FROM undo_sets s WHERE s.store = j.store AND s.change_set = j.change_set \
            AND s.undo = $2) AND j.change_set >= $3 AND j.change_set || '' < $4" $(, $same)?)
    };
}

impl What {
    /// The place from which all of it is below.
    pub(super) fn end(&self) -> Spot {
        match self {
            What::Set(set, _) => (set.to_string(), i64::MAX),
            What::App { until, .. } | What::Undo { until, .. } => (until.clone(), 0),
        }
    }
}

impl Selection {
    /// The kinds as a row stores them: none, or `,order,product,`.
    pub(super) fn kinds_text(&self) -> Option<String> {
        let names: Vec<&str> = self.kinds.iter().map(|kind| kind.name()).collect();
        (!names.is_empty()).then(|| format!(",{},", names.join(",")))
    }

    /// Reads kinds as a row stores them; none, if this version does not know one of them: without it more would be taken
    /// back than was asked for.
    pub(super) fn read_kinds(text: Option<&str>) -> Option<Vec<Kind>> {
        text.unwrap_or_default().split(',').filter(|name| !name.is_empty()).map(Kind::named).collect()
    }

    /// Records touched, by the first chosen change of each, newest first, below a place.
    pub(super) async fn touched(&self, conn: &mut Conn, below: &Spot, limit: usize) -> Result<Vec<Found>> {
        const SET: &str = of_set!(touched, "e.change_set = $2 AND (CAST($3 AS BIGINT) IS NULL OR e.n = $3)");
        const APP: &str = of_app!(touched, "COALESCE(e.installation, '') = $2 AND e.change_set >= $3");
        const UNDO: &str = of_undo!(
            touched,
            "EXISTS (SELECT 1 FROM undo_sets s WHERE s.store = e.store AND s.change_set = e.change_set AND s.undo = $2)"
        );
        let (store, kinds, limit) = (self.store.to_string(), self.kinds_text(), limit as i64);
        let read = |r: Row<'_>| {
            let (kind, id, first) = (r.text(2)?, r.text(3)?, (r.text(0)?, r.int(1)?));
            Ok(match Kind::named(&kind) {
                Some(kind) => Found::Known(Touched { kind, id, first }),
                None => Found::Unknown { kind, id, first },
            })
        };
        let none = None::<&str>;
        match &self.what {
            What::Set(set, n) => {
                let set = set.to_string();
                let values = args![&store, &set, *n, none, &kinds, &below.0, below.1, limit];
                conn.rows(SET, values, read).await
            }
            What::App { installation, since, until } => {
                let app = installation.to_string();
                let values = args![&store, &app, since, until, &kinds, &below.0, below.1, limit];
                conn.rows(APP, values, read).await
            }
            What::Undo { undo, since, until } => {
                let undo = undo.to_string();
                let values = args![&store, &undo, since, until, &kinds, &below.0, below.1, limit];
                conn.rows(UNDO, values, read).await
            }
        }
    }

    /// How many changes there are, whether in force or not.
    pub(super) async fn total(&self, conn: &mut Conn) -> Result<i64> {
        const SET: &str = of_set!(total);
        const APP: &str = of_app!(total);
        const UNDO: &str = of_undo!(total);
        let (store, kinds, none) = (self.store.to_string(), self.kinds_text(), None::<&str>);
        let read = |r: Row<'_>| r.int(0);
        let found = match &self.what {
            What::Set(set, n) => conn.row(SET, args![&store, &set.to_string(), *n, none, &kinds], read).await?,
            What::App { installation, since, until } => {
                conn.row(APP, args![&store, &installation.to_string(), since, until, &kinds], read).await?
            }
            What::Undo { undo, since, until } => {
                conn.row(UNDO, args![&store, &undo.to_string(), since, until, &kinds], read).await?
            }
        };
        Ok(found.unwrap_or(0))
    }

    /// Whether a change is one of them; its record's kind is.
    fn chooses(&self, at: &Spot, installation: Option<&str>, undo: Option<&str>) -> bool {
        match &self.what {
            What::Set(set, n) => at.0 == set.to_string() && n.is_none_or(|n| n == at.1),
            What::App { installation: of, since, until } => {
                installation == Some(&*of.to_string()) && at.0 >= *since && at.0 < *until
            }
            What::Undo { undo: of, .. } => undo == Some(&*of.to_string()),
        }
    }

    /// All changes of a record from one on, oldest first. None, if there are too many to look through.
    pub(super) async fn history(
        &self,
        conn: &mut Conn,
        kind: Kind,
        id: &str,
        from: &Spot,
    ) -> Result<Option<Vec<Entry>>> {
        const SQL: &str = "SELECT w.change_set, w.n, w.rev, CAST(CASE WHEN w.after IS NULL THEN 1 ELSE 0 END AS BIGINT), w.actor, \
            w.installation, w.scopes, u.by_set, u.by_n, s.undo, CASE WHEN s.undo IS NULL THEN 0 ELSE (SELECT COUNT(*) \
            FROM undone d WHERE d.store = w.store AND d.by_set = w.change_set AND d.by_n = w.n) END, \
            CASE WHEN w.kind = 'stock' THEN w.before END, CASE WHEN w.kind = 'stock' THEN w.after END FROM journal w \
            LEFT JOIN undone u ON u.store = w.store AND u.change_set = w.change_set AND u.n = w.n \
            LEFT JOIN undo_sets s ON s.store = w.store AND s.change_set = w.change_set \
            WHERE w.store = $1 AND w.kind = $2 AND w.id = $3 AND w.change_set >= $4 \
            AND NOT (w.change_set = $4 AND w.n < $5) LIMIT $6";
        let store = self.store.to_string();
        let values = args![&store, kind.name(), id, &from.0, from.1, MAX_CHANGES + 1];
        let mut found = conn.rows(SQL, values, |r| self.entry(&r)).await?;
        // Sorted here: asked to sort, SQLite would walk the whole journal in this order.
        found.sort_by(|one, other| one.at.cmp(&other.at));
        Ok((found.len() as i64 <= MAX_CHANGES).then_some(found))
    }

    fn entry(&self, r: &Row<'_>) -> Result<Entry> {
        let at = (r.text(0)?, r.int(1)?);
        let (installation, undo) = (r.opt_text(5)?, r.opt_text(9)?);
        let scopes: Vec<String> = r.doc(6)?;
        let (before, after) = (level(r.opt_json(11)?)?, level(r.opt_json(12)?)?);
        let ended = r.int(3)? == 1;
        Ok(Entry {
            chosen: self.chooses(&at, installation.as_deref(), undo.as_deref()),
            at,
            rev: r.int(2)?,
            ended,
            undone_by: r.opt_text(7)?.zip(r.opt_int(8)?),
            undoes: usize::try_from(r.int(10)?).unwrap_or(0),
            actor: r.text(4)?,
            scopes: scopes.iter().filter_map(|name| name.parse().ok()).collect(),
            unknown: scopes.iter().find(|name| name.parse::<Scope>().is_err()).cloned(),
            delta: after.available - before.available - after.with_orders,
            follows: after.with_orders != 0 && after.available - before.available == after.with_orders,
            counted: after.counted || ended,
        })
    }
}

/// A stock level as the journal shows it.
#[derive(Debug, Default, Deserialize)]
struct Level {
    available: i64,
    #[serde(default)]
    counted: bool,
    #[serde(default)]
    with_orders: i64,
}

/// Whether a change of a level moved with orders alone.
pub(super) fn follows(before: Option<Box<RawValue>>, after: Option<Box<RawValue>>) -> Result<bool> {
    let (before, after) = (level(before)?, level(after)?);
    Ok(after.with_orders != 0 && after.available - before.available == after.with_orders)
}

fn level(image: Option<Box<RawValue>>) -> Result<Level> {
    let level = image.map(|image| crate::db::core::kinds::from_json(&image)).transpose()?;
    Ok(level.unwrap_or_default())
}
