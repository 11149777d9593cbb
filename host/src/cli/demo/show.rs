//! The demo as it goes on: one half lets things happen, the other shows what the apps do about it.

use super::screen::{self, Frame, Screen};
use super::{Args, Failure, failed};
use crate::cli::{Global, print};
use crate::db::now_ms;
use crate::demo::apps::App;
use crate::demo::feed::{Feed, Happened};
use crate::demo::report::{Report, Sums};
use crate::demo::runaway::{self, Hand};
use crate::demo::seed::Shop;
use crate::demo::store::Store;
use crate::demo::watch::Watch;
use crate::serve::Serving;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Something happens so often while people watch.
const PACE: Duration = Duration::from_millis(250);
/// A screen is drawn so often.
const DRAW: Duration = Duration::from_millis(400);
/// Where there is no screen, lines are printed so often.
const PRINT: Duration = Duration::from_secs(10);
/// How often the owner looks whether an app was paused.
const OWNER_LOOKS: Duration = Duration::from_secs(1);
/// Deliveries that have not moved for so long never will.
const STANDSTILL: Duration = Duration::from_secs(120);

/// The demo set up: a host, a store in it, and apps in that.
pub(super) struct Demo<'a> {
    pub(super) args: &'a Args,
    pub(super) global: &'a Global,
    pub(super) host: &'a Serving,
    pub(super) store: Store,
    pub(super) shop: Shop,
    pub(super) apps: Vec<App>,
    /// Where the owner gets into the browser, once.
    pub(super) door: String,
    /// The owner's password, which acts of weight ask for.
    pub(super) password: String,
    /// A code of theirs, good once, in place of the second factor.
    pub(super) code: String,
}

/// What the half that lets things happen tells the half that shows them.
struct Told {
    began: Instant,
    /// The same as a moment, in milliseconds: what happened before was set up.
    since: i64,
    /// What apps came to before it in its minute: sums are by the minute.
    before: BTreeMap<String, Sums>,
    happened: Cell<Happened>,
    kind: Cell<usize>,
    paused: Cell<bool>,
}

impl Demo<'_> {
    /// Goes on until there is nothing left to do, which only a demo that is to end ever reaches; then reports.
    pub(super) async fn show(&self) -> Result<(), Failure> {
        let mut watch = Watch::begin(&self.host.db, &self.store, &self.apps).await.map_err(failed)?;
        let since = now_ms();
        let before = Report::sums(&self.host.db, &self.store, since).await.map_err(failed)?;
        let told = Told {
            began: Instant::now(),
            since,
            before,
            happened: Cell::default(),
            kind: Cell::default(),
            paused: Cell::default(),
        };
        let mut screen = if self.global.json { None } else { Screen::open() };
        tokio::select! {
            fed = self.feed(&told) => fed?,
            shown = self.watch(&mut screen, &mut watch, &told) => shown?,
        }
        let took = told.began.elapsed();
        watch.look().await.map_err(failed)?;
        if let Some(screen) = &mut screen {
            return screen.draw(&self.frame(&self.url(), &told), &watch);
        }
        let report = self.report(&watch, &told, took).await?;
        self.global.show(&report, || screen::table(&watch, false))
    }

    /// Lets things happen until there were enough of them. Ends only if the demo is to.
    async fn feed(&self, told: &Told) -> Result<(), Failure> {
        let mut feed = Feed::new(self.host, &self.store, &self.shop, self.args.seed);
        let mut hand = Hand::new(&self.host.db, &self.store, &self.apps);
        let mut looked = Instant::now();
        for i in 0..self.args.events.unwrap_or(u64::MAX) {
            self.turn(i, &mut hand, told).await?;
            feed.next().await.map_err(failed)?;
            told.happened.set(feed.happened);
            if !self.args.exit {
                tokio::time::sleep(PACE).await;
            }
            if looked.elapsed() > OWNER_LOOKS {
                looked = Instant::now();
                told.paused.set(hand.watch().await.map_err(failed)?);
            }
        }
        match self.args.exit {
            true => self.settled().await,
            false => std::future::pending().await,
        }
    }

    /// Sees to it that the app that misbehaves does so in the way whose turn it is.
    async fn turn(&self, i: u64, hand: &mut Hand<'_>, told: &Told) -> Result<(), Failure> {
        let kind = match self.args.events.filter(|_| self.args.exit) {
            Some(all) => runaway::by_share(i, all),
            None => runaway::by_time(told.began.elapsed()),
        };
        if kind == hand.now() {
            return Ok(());
        }
        if self.args.exit {
            // So that each way gets its share of runs, however far behind the deliveries are.
            self.settled().await?;
        }
        told.kind.set(kind);
        hand.set(kind).await.map_err(failed)
    }

    /// Waits until every app has been told of everything that happened. What failed is filed to be tried again, up to
    /// an hour later, and is not waited for: its first attempt was made and recorded, which is what a demo is to show.
    async fn settled(&self) -> Result<(), Failure> {
        // No retry and no schedule is due at the beginning of time, so this asks for cursors alone.
        const BEGINNING: i64 = 0;
        let (mut moved, mut last) = (Instant::now(), 0);
        loop {
            let behind = self.host.db.waiting(BEGINNING).await.map_err(failed)?;
            if behind.is_empty() {
                return Ok(());
            }
            let mut now = 0;
            for (_, installation) in behind {
                now += self.host.db.cursor(installation).await.map_err(failed)?.unwrap_or(0);
            }
            if now != last {
                (moved, last) = (Instant::now(), now);
            } else if moved.elapsed() > STANDSTILL {
                return Err(Failure::failed("the deliveries stand still")
                    .help("`demo.log` in the data folder says why; pass `--data` with a folder, so that it is still there afterwards"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Shows what the apps do until it is stopped.
    async fn watch(&self, screen: &mut Option<Screen>, watch: &mut Watch<'_>, told: &Told) -> Result<(), Failure> {
        let url = self.url();
        if screen.is_none() && !self.args.exit {
            eprintln!(
                "the web admin, once: {}\nthe owner's password, when it asks: {}\na code in place of the second factor, good once: {}\nthe store is at {url}\nthe owner's token is {}",
                self.door, self.password, self.code, self.store.owner_token
            );
        }
        loop {
            tokio::time::sleep(if screen.is_some() { DRAW } else { PRINT }).await;
            watch.look().await.map_err(failed)?;
            match screen {
                Some(screen) => screen.draw(&self.frame(&url, told), watch)?,
                None if self.args.exit => {}
                None if self.global.json => {
                    let report = self.report(watch, told, told.began.elapsed()).await?;
                    print(&serde_json::to_string(&report).map_err(failed)?)?;
                }
                None => print(&screen::lines(watch))?,
            }
        }
    }

    /// Where the store is in the API.
    fn url(&self) -> String {
        format!("http://{}/api/v1/stores/{}", self.host.address, self.store.id)
    }

    fn frame<'b>(&'b self, url: &'b str, told: &Told) -> Frame<'b> {
        Frame {
            url,
            token: &self.store.owner_token,
            door: &self.door,
            password: &self.password,
            code: &self.code,
            happened: told.happened.get(),
            kind: runaway::kind(told.kind.get()),
            paused: told.paused.get(),
            since: told.began.elapsed(),
        }
    }

    async fn report(&self, watch: &Watch<'_>, told: &Told, took: Duration) -> Result<Report, Failure> {
        let events = told.happened.get().all();
        Report::of(&self.host.db, &self.store, &self.apps, watch, events, (told.since, &told.before, took))
            .await
            .map_err(failed)
    }
}
