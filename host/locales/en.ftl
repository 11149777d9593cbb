# Every text of the web admin. A key has the same name in each language; what stands in braces is filled in.

## The frame
skip = Skip to content
nav-main = Main
nav-overview = Overview
nav-activity = Activity
nav-waiting = waiting
role-owner = owner
role-staff = staff

## Moments
day = { $day } { $month } { $year }
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
ago-now = just now
ago-minutes = { $n ->
    [one] { $n } minute ago
   *[other] { $n } minutes ago
}
ago-hours = { $n ->
    [one] { $n } hour ago
   *[other] { $n } hours ago
}
ago-days = { $n ->
    [one] { $n } day ago
   *[other] { $n } days ago
}
in-minutes = { $n ->
    [one] in { $n } minute
   *[other] in { $n } minutes
}
in-hours = { $n ->
    [one] in { $n } hour
   *[other] in { $n } hours
}
in-days = { $n ->
    [one] in { $n } day
   *[other] in { $n } days
}

## Lists
pager = Pages
pager-first = Back to the beginning
pager-next = Next

## What went wrong
problem-unauthorized = Sign in first
problem-forbidden = This is not yours to see
problem-not-found = There is nothing here
problem-bad-request = That cannot be read
problem-busy = Too much at once
problem-failed = That did not work
problem-home = Go to the overview

## Overview
greeting-morning = Good morning, { $name }
greeting-afternoon = Good afternoon, { $name }
greeting-evening = Good evening, { $name }
overview-calm = Nothing needs a decision. Everything ran by itself.
overview-decide = { $n ->
    [one] One thing needs a decision. Everything else ran by itself.
   *[other] { $n } things need a decision. Everything else ran by itself.
}
overview-yours = What you may see of this store stands on the left.
overview-waiting = Waiting for you
overview-day = Last 24 hours
overview-hours = The same, hour by hour
overview-apps = Apps
overview-no-apps = No app is installed
overview-no-apps-next = An app runs once somebody who may install apps has agreed to what it asks for.
overview-more-apps = The first { $n } apps are shown.
tag-proposal = proposal
tag-upgrade = upgrade
tag-ending = ending
tag-stopped = stopped
tag-paused = paused
tag-failing = failing
tag-parked = given up
decide-proposal = { $n ->
    [one] proposes one change
   *[other] proposes { $n } changes
}
decide-proposal-more = Lapses { $when } if nobody decides
decide-review = Review
decide-upgrade = { $version } asks for your consent
decide-upgrade-more = { $version } keeps running meanwhile
decide-stopped = was stopped by the operator of this host
decide-paused = is paused and does not run
decide-failing = failed in { $failed } of { $runs } runs
decide-failing-more = Within 24 hours; the runs say why
decide-look = Look
decide-ending = may use { $scope } for less than a week
decide-ending-more = Ends { $when }, unless somebody who holds it grants it again
decide-parked = { $n ->
    [one] was not told of one event
   *[other] was not told of { $n } events
}
decide-parked-more = It failed each time it was tried; try again, or drop it
stat-runs = { $apps ->
    [one] runs of one app
   *[other] runs of { $apps } apps
}
stat-changes = changes
stat-changes-undone = changes, { $n } taken back
stat-denied-none = calls refused
stat-denied = { $apps ->
    [one] calls refused, of one app
   *[other] calls refused, of { $apps } apps
}
stat-cpu = CPU, median; p99 { $p99 }
chart-runs = Runs per hour
chart-changes = Changes per hour
chart-denied = Refused calls per hour
chart-cpu = CPU of a median run per hour
state-active = running
state-paused = paused
state-stopped = stopped by the host
state-gone = uninstalled
col-sort = Kind
col-what = What waits
col-go = Where to decide
col-hour = From
col-app = App
col-state = State
col-runs = Runs
col-failed = Failed
col-denied = Refused
col-changes = Changes
col-p99 = p99
col-cpu = Median CPU
col-last = Last run

## Activity
tab-runs = Runs
tab-changes = Changes
tab-held = Held
tab-audit = Audit
crumbs = Where this page belongs
filters = Filters
filter-go = Show
filter-clear = Show everything
filter-call = Host call
filter-record = Record
filter-person = Person
filter-run = Run
filter-denied = refused calls only
filter-act = What was done
filter-subject = To what or whom
since-ever = any time
since-hour = the last hour
since-day = the last 24 hours
since-week = the last 7 days
since-month = the last 30 days
any-app = all apps
any-outcome = any
col-when = When
col-since = Since
col-cause = Why it ran
col-outcome = Outcome
col-calls = Calls
col-took = Took
col-call = Call
col-scope = Permission
col-decision = Decision
col-level = Level
col-text = Text
col-field = Field
col-before = Before
col-after = After
col-who = Who
col-changed = What was changed
col-run = Run
col-act = Act
col-subject = To what or whom
col-detail = Details

## Runs
runs-title = Runs of apps
runs-lead = Each time an app ran: why, how it ended, and what it did.
runs-none = No app has run yet
runs-none-next = A run shows up here as soon as something happens that an installed app listens to.
runs-none-such = Nothing fits these filters
runs-none-such-next = Leave one of them out, or look further back.
run-for = for { $name }
cause-schedule = schedule
cause-action = button
cause-checkout = checkout
outcome-ok = done
outcome-not-handled = nothing to do
outcome-denied = refused
outcome-failed = failed
outcome-trapped = crashed
outcome-timeout = out of time
outcome-limit = over a limit
outcome-conflict = conflict
outcome-cut = cut off
outcome-busy = had no turn
outcome-host-error = the host failed
tag-denied = { $n ->
    [one] one call refused
   *[other] { $n } calls refused
}
live-pause = Pause
live-go = Go on
live-lost = The connection was lost; the browser is connecting again.

## One run
run-sentence = { $app } ran
run-sentence-subject = { $app } ran for { $subject }
run-sentence-person = { $app } ran for { $person }
run-sentence-both = { $app } ran for { $subject }, asked by { $person }
subject-order = order { $number }
run-version = version { $version }
run-took = { $wall }, { $cpu } of CPU
run-attempt = attempt { $n }
run-held = What it proposed waits, or waited, for somebody
run-calls = Calls
run-no-calls = It made no calls
run-no-calls-next = An app can end without touching the store.
run-more-calls = { $n ->
    [one] One call more was made; of each run the first hundred are recorded.
   *[other] { $n } calls more were made; of each run the first hundred are recorded.
}
run-log = What it wrote
run-dropped-lines = { $n ->
    [one] One line more was dropped.
   *[other] { $n } lines more were dropped.
}
run-changes = Changes
run-no-changes = It changed nothing.
run-changes-hidden = { $n ->
    [one] It changed one record. Whoever holds changes:view sees which.
   *[other] It changed { $n } records. Whoever holds changes:view sees which.
}
run-changes-waiting = { $n ->
    [one] One change is not in the journal: it waits, was not approved, or is older than the journal.
   *[other] { $n } changes are not in the journal: they wait, were not approved, or are older than the journal.
}
run-all-changes = All of its changes
run-json = The same as JSON
copy = Copy
copied = Copied
call-ok = allowed
call-denied = refused
call-denied-why = not granted
call-limit = limited
call-limit-why = over a cap or a limit
call-interrupted = cut off
call-interrupted-why = the run ended first
call-failed = failed
call-began = Began after { $when }

## Changes
changes-title = Changes of store data
changes-lead = What apps and people changed. Most of it can be taken back.
changes-none = Nothing was changed yet
changes-none-next = Whatever an app or a person changes shows up here, before and after.
changes-none-such = Nothing fits these filters
changes-and-more = { $n ->
    [one] { $record } and one record more
   *[other] { $record } and { $n } records more
}
change-sentence = { $n ->
    [one] { $who } changed one record
   *[other] { $who } changed { $n } records
}
change-run = See the run
change-nothing = No field differs.
change-hidden = Personal data: shown to who holds { $scope }
change-erased = The personal data in this was erased.
change-undone = This change was taken back since.
change-undoes = This took an earlier change back.
change-stale = Somebody changed this record since, so the proposal cannot be approved as it is.
change-more-fields = { $n ->
    [one] One field more differs.
   *[other] { $n } fields more differ.
}
tag-undo = takes back
tag-undone = taken back
tag-undone-some = { $n } of { $all } taken back
who-app-for = { $app } for { $person }
who-host = the host
act-created = created
act-changed = changed
act-deleted = deleted
act-create = would be created
act-change = would be changed
act-delete = would be deleted
kind-order = Order
kind-order-contact = Personal data of order
kind-customer = Customer
kind-customer-contact = Personal data of customer
kind-product = Product
kind-stock = Stock of
kind-cart = Cart
kind-cart-contact = Personal data of cart
kind-cart-links = Links of cart
kind-category = Category
kind-gift-card = Gift card
kind-discount = Discount
kind-location = Location
kind-tax-rate = Tax rate
kind-page = Page
kind-settings = Settings of the store
record-lead = Every change of it, the newest first.
record-none = The journal has no change of it
record-none-next = It may be older than what the journal retains, or its address is mistyped.

## Held
held-title = What waits for somebody
held-lead = Changes that apps propose and may not make by themselves. Nothing of them is done until somebody approves.
held-none = Nothing waits
held-none-next = An app proposes, and does not do, what it was granted with “hold for approval”.
held-none-such = There are none of these
held-waiting = waiting
held-approved = approved
held-rejected = rejected
held-lapsed = lapsed
held-until = lapses { $when }
held-approved-by = approved by { $by }, { $when }
held-rejected-by = rejected by { $by }, { $when }
held-lapsed-at = lapsed { $when }
held-by = Proposed by
held-made = Since
held-then = Until
held-for = Held permission
held-needs = To approve it one needs
held-reason = Reason
held-sentence = { $n ->
    [one] { $app } proposes one change
   *[other] { $app } proposes { $n } changes
}
held-whole = It is approved or rejected whole.
held-set = See what was changed
held-over = Approving it goes over what this app may do today. Only an owner can let that pass:
held-changes = What would change
held-changes-none = It was decided, so what it proposed is not held any more.

## Audit
audit-title = Changes of power
audit-lead = Who installed, granted, revoked, added or removed what. Entries are never changed.
audit-none = There is no such entry
