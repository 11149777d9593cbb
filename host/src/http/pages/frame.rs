//! What every page has around it: the store, who is at work, where they are, and how much waits for them.
//!
//! INVARIANT: what somebody may not do is not drawn.

use super::assets::Assets;
use super::parts::address;
use super::words::{Language, Text, Words};
use crate::authz::{Principal, Scope, ScopeSet};
use crate::db::accounts::SignedIn;
use crate::db::{Around, Money, now_ms, parse_ms};
use crate::http::accounts::{cookie, form_value};
use crate::http::{Problem, State};
use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use jiff::tz::TimeZone;

/// A part of the admin that the navigation leads to.
struct Area {
    /// What of a path is the same on all its pages, after the store.
    path: &'static str,
    /// What it is called.
    key: &'static str,
    /// Any of these is enough to see some of it; none, if everybody may.
    scopes: &'static [Scope],
}

/// In the order of the navigation. An area has its line once it has pages.
const AREAS: &[Area] = &[
    Area { path: "", key: "nav-overview", scopes: &[] },
    Area { path: "/apps", key: "nav-apps", scopes: &[Scope::AppsView] },
    Area { path: "/alerts", key: "nav-alerts", scopes: &[Scope::UsageView] },
    Area {
        path: "/activity",
        key: "nav-activity",
        scopes: &[Scope::UsageView, Scope::ChangesView, Scope::ChangesApprove, Scope::AuditView],
    },
    Area {
        path: "/store",
        key: "nav-store",
        scopes: &[
            Scope::OrdersView,
            Scope::ProductsView,
            Scope::InventoryView,
            Scope::CustomersView,
            Scope::CustomersPii,
            Scope::CartsView,
            Scope::DiscountsView,
            Scope::GiftcardsView,
            Scope::CategoriesView,
            Scope::LocationsView,
            Scope::TaxesView,
            Scope::PagesView,
        ],
    },
    Area { path: "/people", key: "nav-people", scopes: &[Scope::StaffView] },
    Area {
        path: "/settings",
        key: "nav-settings",
        scopes: &[
            Scope::SettingsView,
            Scope::UsageView,
            Scope::TokensManage,
            Scope::StaffManage,
            Scope::BillingView,
            Scope::StoreClose,
        ],
    },
];

/// Where the pages of all stores begin, which are the operator's.
pub(super) const HOST: &str = "/host";

/// A place of the navigation.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) href: String,
    pub(super) key: &'static str,
    /// How much waits there.
    pub(super) count: i64,
    /// Whether the page belongs to it.
    pub(super) current: bool,
}

/// What every page has around it. Take it as a handler's first argument.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    /// The language.
    pub(super) words: Words,
    /// When the page was made, in milliseconds.
    pub(super) now: i64,
    /// The time zone of the store.
    pub(super) zone: TimeZone,
    /// `light`, `dark`, or empty for whichever the browser prefers.
    pub(super) theme: &'static str,
    /// What every form carries, to show that it was sent from one of these pages.
    pub(super) csrf: String,
    /// What whoever is signed in is called.
    pub(super) me: Option<String>,
    /// The address they sign in with.
    pub(super) email: Option<String>,
    /// How many stores they belong to.
    pub(super) stores: i64,
    /// Whether they have a passkey.
    pub(super) has_passkey: bool,
    /// Devices of theirs that are new, of which they did not say yet that they are theirs.
    pub(super) new_devices: i64,
    /// Whether they look as somebody else would.
    pub(super) seeing: bool,
    /// What they may do in the store.
    pub(super) held: ScopeSet,
    /// What came of what was just done.
    pub(super) flash: Option<String>,
    /// The files that it loads.
    pub(super) assets: Assets,
    /// The store, and who is at work in it; nothing on a page for strangers.
    pub(super) around: Option<Around>,
    /// Where one can go.
    pub(super) places: Vec<Place>,
    /// What the address of every page of this store begins with.
    pub(super) base: String,
}

impl Frame {
    /// Around a page for whoever may see nothing of a store.
    pub(super) fn bare(words: Words) -> Frame {
        Frame {
            words,
            now: now_ms(),
            zone: TimeZone::UTC,
            theme: "",
            csrf: String::new(),
            me: None,
            email: None,
            stores: 0,
            has_passkey: false,
            new_devices: 0,
            seeing: false,
            held: ScopeSet::EMPTY,
            flash: None,
            assets: Assets::get(),
            around: None,
            places: Vec::new(),
            base: String::new(),
        }
    }

    /// Around a page that belongs to no store, in the language and theme of whoever is signed in.
    pub(super) fn of(parts: &Parts) -> Frame {
        Frame::plain(&parts.headers, parts.extensions.get::<SignedIn>())
    }

    /// The same, of what a handler was given.
    pub(super) fn plain(headers: &HeaderMap, who: Option<&SignedIn>) -> Frame {
        let chosen = who.and_then(|who| who.language.as_deref()).and_then(Language::by_code);
        Frame::bare(Words(chosen.unwrap_or_else(|| super::words::asked(headers)))).signed_in(headers, who)
    }

    /// The same as somebody who is signed in chose, with what their forms carry.
    fn signed_in(mut self, headers: &HeaderMap, who: Option<&SignedIn>) -> Frame {
        self.csrf = cookie(headers).map(form_value).unwrap_or_default();
        self.theme = match who.and_then(|who| who.theme.as_deref()) {
            Some("light") => "light",
            Some("dark") => "dark",
            _ => "",
        };
        self.me = who.map(|who| who.name.clone());
        self.email = who.map(|who| who.email.clone());
        self.stores = who.map_or(0, |who| who.stores);
        self.has_passkey = who.is_some_and(|who| who.has_passkey);
        self.new_devices = who.filter(|who| who.is_whole).map_or(0, |who| who.new_devices);
        self.seeing = who.is_some_and(|who| who.seeing.is_some());
        self
    }

    /// Whether whoever looks holds a permission, by its name.
    pub(super) fn may(&self, scope: &str) -> bool {
        scope.parse().is_ok_and(|scope| self.held.contains(scope))
    }

    /// The address of a page of this store.
    pub(super) fn page(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// The address of what is done with one thing of an area.
    pub(super) fn url(&self, area: &str, id: &impl std::fmt::Display, verb: &str) -> String {
        format!("{}/{area}/{id}/{verb}", self.base)
    }

    /// A key for a form that is carried out once, however often it is sent.
    pub(super) fn once(&self) -> String {
        format!("form-{}", uuid::Uuid::now_v7().simple())
    }

    /// A text by its key, in the language of the page.
    pub(super) fn t<'k>(&self, key: &'k str) -> Text<'k> {
        self.words.t(key)
    }

    /// What a permission allows.
    pub(super) fn scope(&self, scope: &Scope) -> Text<'static> {
        self.words.scope(*scope)
    }

    /// The language, as HTML names it.
    pub(super) fn lang(&self) -> &'static str {
        self.words.0.code()
    }

    /// What the person is called who looks at the page.
    pub(super) fn person(&self) -> &str {
        self.around.as_ref().map_or("", |around| &around.person)
    }

    /// A whole number.
    pub(super) fn number(&self, n: &i64) -> String {
        self.words.number(n)
    }

    /// A time span in microseconds.
    pub(super) fn duration(&self, us: &i64) -> String {
        self.words.duration(us)
    }

    /// An amount of money.
    pub(super) fn money(&self, money: &Money) -> String {
        self.words.money(money.minor, money.currency.code())
    }

    /// The currency of every price of the store; empty on a page of no store.
    pub(super) fn currency(&self) -> &str {
        self.around.as_ref().map_or("", |around| &around.currency)
    }

    /// Whether the language writes a comma before the decimals.
    pub(super) fn decimal_comma(&self) -> bool {
        self.words.0 == Language::French
    }

    /// How long ago a moment (RFC 3339) was.
    pub(super) fn ago(&self, at: &str) -> String {
        parse_ms(at).map_or_else(|_| at.to_owned(), |ms| self.words.ago(ms, self.now).to_string())
    }

    /// Day and time of a moment (RFC 3339), in the store's time zone.
    pub(super) fn moment(&self, at: &str) -> String {
        let full = |ms| format!("{}, {}", self.words.day(ms, &self.zone), self.words.time(ms, &self.zone));
        parse_ms(at).map_or_else(|_| at.to_owned(), full)
    }

    /// The address of the runs of an app.
    pub(super) fn runs_of(&self, app: &str) -> String {
        address(&format!("{}/activity/runs", self.base), [("app", app)].into_iter())
    }

    /// The same for lists: of today the time alone.
    pub(super) fn at(&self, at: &str) -> String {
        let Ok(ms) = parse_ms(at) else { return at.to_owned() };
        let day = self.words.day(ms, &self.zone);
        match day == self.words.day(self.now, &self.zone) {
            true => self.words.time(ms, &self.zone),
            false => format!("{day}, {}", self.words.minute(ms, &self.zone)),
        }
    }

    /// The part of the day, for a greeting.
    pub(super) fn greeting(&self) -> &'static str {
        let now = jiff::Timestamp::from_millisecond(self.now).unwrap_or_default();
        match now.to_zoned(self.zone.clone()).hour() {
            5..12 => "greeting-morning",
            12..18 => "greeting-afternoon",
            _ => "greeting-evening",
        }
    }
}

impl FromRequestParts<State> for Frame {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Frame, Problem> {
        let who = Principal::from_request_parts(parts, state).await?;
        if who.as_staff().is_none() {
            return Err(Problem::forbidden("these pages are for people; a shop's front uses the API"));
        }
        let around = state.db.around(&who).await?;
        let base = format!("/stores/{}", around.store);
        let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let here = path.strip_prefix("/stores/{store}").unwrap_or_default();
        let area = here.match_indices('/').nth(1).map_or(here, |(end, _)| here.get(..end).unwrap_or(here));
        // Whoever looks as somebody else would operates nothing meanwhile.
        let operates =
            parts.extensions.get::<SignedIn>().filter(|who| who.seeing.is_none()).and_then(SignedIn::operator);
        let host = || Place { href: HOST.to_owned(), key: "nav-host", count: 0, current: false };
        let mut places: Vec<Place> = operates.map(|_| host()).into_iter().collect();
        for one in
            AREAS.iter().filter(|area| area.scopes.is_empty() || area.scopes.iter().any(|s| who.holds(*s).is_ok()))
        {
            let count = waiting(one, &who, state).await?;
            let (href, current) = (format!("{base}{}", one.path), one.path == area);
            places.push(Place { href, key: one.key, count, current });
        }
        Ok(Frame {
            held: who.held(),
            zone: TimeZone::get(&around.time_zone).unwrap_or(TimeZone::UTC),
            around: Some(around),
            places,
            base,
            ..Frame::of(parts)
        })
    }
}

/// How much waits in an area for whoever asks.
async fn waiting(area: &Area, who: &Principal, state: &State) -> Result<i64, Problem> {
    use crate::authz::scope::kind::{AppsView, ChangesApprove, UsageView};
    match area.path {
        "/activity" => match who.permit::<ChangesApprove>() {
            Ok(approve) => Ok(approve.held_waiting(&state.db).await?),
            Err(_) => Ok(0),
        },
        "/alerts" => match who.permit::<UsageView>() {
            Ok(usage) => Ok(usage.alerts_waiting(&state.db).await?),
            Err(_) => Ok(0),
        },
        "/apps" => match who.permit::<AppsView>() {
            Ok(apps) => Ok(apps.apps_waiting(&state.db).await?.all()),
            Err(_) => Ok(0),
        },
        _ => Ok(0),
    }
}
