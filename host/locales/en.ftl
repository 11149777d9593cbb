# Every text of the web admin. A key has the same name in each language; what stands in braces is filled in.

## The frame
skip = Skip to content
nav-main = Main
nav-overview = Overview
nav-activity = Activity
nav-store = Store
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

## Signing in, and one's own account
sign-in = Sign in
sign-in-lead = With the address and the password of your account.
sign-in-help = Without an account, or without your password: ask the owner of the store for a link.
sign-out = Sign out
email = E-mail address
password = Password
code-title = Second step
code-lead = Enter the code that your authenticator app shows now, or one of your recovery codes.
code = Code
code-help = Lost the app and the codes? Only somebody on the computer of the host can help: the operator.
code-six = Six-digit code
your-name = Your name
new-password = New password
new-password-help = At least 15 characters, 12 with a second factor. A few words that belong to nothing are good; a password manager is better.
new-password-again = The same once more
setup-title = Set up your store
setup-lead = This makes your first store and your account. Next comes the second factor; together it takes two minutes.
setup-store = The store
setup-store-name = Name of the store
setup-currency = Currency
setup-currency-help = The code of the currency of every price, like EUR or USD. It cannot be changed later.
setup-country = Country, two letters
setup-zone = Time zone
setup-zone-help = When a day of the store begins, for example Europe/Berlin.
setup-you = You, the owner
setup-go = Set up the store
link-title = Your link
invite-title = You are invited to { $store }
invite-lead = The invitation is for { $email }. Choose a password to make your account.
invite-has-account = This address has an account already. Sign in with it; then you can accept the invitation.
invite-go = Accept the invitation
reset-title = Set a new password
reset-lead = For { $email }. Every browser is signed out; your second factor stays as it is.
reset-go = Set the password
enter-title = Sign in as { $name }
enter-lead = This link was printed on the computer of the host. It works once.
enter-go = Sign in
factor-title = Your second factor
factor-lead = A password can be guessed, read or lost. With a code from your phone it is not enough by itself. Owners and operators need one.
factor-replaces = This replaces the second factor you have now, and its recovery codes. Your other browsers are signed out.
factor-scan = Scan this with an authenticator app, such as Aegis, 2FAS, Google Authenticator or your password manager.
factor-qr = QR code of the key below
factor-by-hand = Type the key instead
factor-type = Type the code that the app shows now.
factor-go = Turn on
codes-title = Save your recovery codes
codes-lead = Each lets you in once when you do not have your phone. Print them, or store them in your password manager.
codes-once = They are shown this once.
codes-go = I have saved them
confirm-title = Is it you?
confirm-lead = What you are about to do has weight, and it was a while ago that you showed who you are. Nothing of what you entered is lost.
confirm-proof = Your password, or a code of your authenticator app
confirm-go = Confirm and go on
account-own = Your account
account-about = About you
account-password = Password
account-set-password = Set the password
account-factor = Second factor
account-factor-why = A password alone can be stolen without your noticing.
account-factor-set = Set up
account-factor-anew = Set up anew
account-codes-left = { $count ->
    [one] One recovery code is left.
   *[other] { $count } recovery codes are left.
}
account-stores = Your stores
account-no-stores = Your account belongs to no store. Ask the owner of a store to invite you.
account-sessions = Where you are signed in
language = Language
language-browser = As the browser says
theme = Theme
theme-system = As the system says
theme-light = Light
theme-dark = Dark
save = Save
on = on
off = off
device = Browser
signed-in = Signed in
last-used = Last used
acts = Actions
this-one = this one
end = End
session-end = End the session of { $device }
sessions-end-others = Sign out everywhere else

## Apps
nav-apps = Apps
apps-lead = What works in your store, what each may do, and what else there is.
apps-installed = Installed
apps-none = No app is installed.
apps-none-next = Look one up below; you see what it may do before it is installed.
apps-catalogue = Catalogue
apps-search = Name, or what it does
apps-catalogue-none = Nothing else is here to install.
apps-catalogue-none-next = The operator of this host publishes apps; whoever may install apps can upload the store’s own.
apps-more = Only the first hundred are searched.
search = Search
app = App
state = State
does = What it does
version = Version
installed-by = Installed by
changed = Changed
app-private = your own upload
app-running = running
app-paused = paused
app-stopped = stopped by the operator
app-uninstalled = uninstalled
app-upgrade-waits = upgrade waits
app-install-look = Look and install
app-look = Look
app-stopped-why = The operator of this host stopped this app:
app-pending = Version { $version } asks for more and waits for your consent. The installed one keeps running.
app-pending-look = See what changes
app-cut = It was not told of some events, because it and other apps kept answering each other:
app-runs = Its runs
app-settings = Settings
app-access = What it may do
app-danger = Stop it
app-behind = { $behind } events behind, { $waiting } deliveries wait to be tried again, { $parked } were given up.
permission = Permission
terms = Terms
granted = Granted
grant-ended = has ended
grant-suspended = suspended
grant-review = look at it anew
grant-held = waits for approval
grant-none = not granted
used-today = today { $used }, { $left } left
revoke = Take away
revoke-this = Take away: { $words }
pause = Pause
pause-reason = Why, for the others
pause-means = It stops at once. What happens meanwhile can be caught up on, or skipped.
resume-catch-up = Let it run and catch up
resume-skip = Let it run from now on
uninstall = Uninstall
uninstall-title = Uninstall { $app }?
uninstall-lead = It stops at once and loses every permission. What it changed in the store stays as it is.
uninstall-storage = Its own storage is erased: { $keys } keys, { $bytes } bytes.
uninstall-settings = Its settings are erased: { $n } of them.
uninstall-records = The records of its runs and changes stay, and can be looked at.
uninstall-changes = { $n } records are as this app left them.
uninstall-undo-first = Take its changes back first
undo-app = Take back what it changed…
settings-title = Settings of { $app }
settings-none = This app has no settings.
settings-lines = One on each line.
settings-json = As JSON.
settings-secret = It is set. Leave this empty to leave it as it is.
cancel = Cancel
optional = optional

## Consent
consent-title = Install { $app }?
upgrade-title = Upgrade { $app }?
consent-by = By { $publisher }
consent-private = Your own upload: no publisher stands behind its name
consent-sees = It can see
consent-changes = It can change
consent-spends = It can spend, or do what cannot be undone
consent-nothing-new = It asks for nothing more
consent-nothing-new-why = The new version gets what was granted before, and nothing else.
mark-personal = personal data
mark-money = moves money
mark-irreversible = cannot be undone
consent-no-reason = The developer gives no reason.
consent-not-held = You do not hold this yourself, so you cannot grant it. Somebody who holds it can.
consent-held = waits for approval
consent-ends = ends
ends-never = never
ends-7 = in 7 days
ends-30 = in 30 days
ends-90 = in 90 days
ends-365 = in a year
cap-sum-per-day = at most a day
cap-sum-per-order = at most on one order
cap-per-day = times a day
cap-per-run = records a run
cap-max-change = price change, % a day
cap-max-delta = stock change a day
cap-max-off = % off
cap-window = last days only
consent-text = The text that is recorded with your consent
consent-go = Install with these permissions
upgrade-go = Upgrade with these permissions
consent-try = See what it would have done
consent-look = Show what my choices mean
consent-recorded = What you see here is recorded word for word.
consent-changed = You changed something. Below stands what that means; read it, and press again.
consent-may-not = You may look at apps, but not install them. Somebody with the permission “Install apps” can.
consent-runs = It runs
consent-on = when this happens:
consent-at = by itself, at
consent-press = when somebody presses “{ $label }”
consent-checkout = while a buyer checks out
consent-not-delivered = not told without
consent-cannot = What it cannot do
consent-calls = Servers it calls
consent-calls-means = What it can see, it can send there. Each call stands in the log of its runs.
consent-calls-one = It can call
consent-cannot-reach-others = Reach a server that does not stand here, or another store
consent-cannot-reach = Reach any other server, or another store
consent-cannot-after = Anything at all after you take a permission away, from the very next call
consent-cannot-all = And { $n } more things
tried-title = What it would have done
tried-lead = Tried { $runs } times on what happened in your store, with exactly these permissions. Nothing was changed.
tried-no-changes = Changes
tried-held = Runs that would wait for approval
tried-capped = Stopped at your limit
tried-denied = Denied
tried-unused = Asked for, never used

## Taking back
undo-this = Take this back
undo-run = Take back what this run changed
held-approve = Approve all of it
held-reject = Reject
held-why = Why, in your own words
undo-title = Take changes back?
undo-lead = { $undone } of { $total } changes would be taken back. Nothing has happened yet.
undo-more = There are more than were looked at.
undo-what = What would happen
undo-act = What happens
undo-remove = made by it, goes
undo-bring-back = deleted by it, comes back
undo-restore = becomes what it was
undo-adjust = the stock is counted back
undo-left = What stays as it is
undo-left-why = { $conflicts } were changed by somebody since, { $impossible } cannot be taken back.
undo-keep-running = Leave the app running. Otherwise it is paused, so that it does not do the same again at once.
undo-go = Take them back
undo-nothing = There is nothing that you could take back.
undo-undone = Taking back can be taken back, too.
undo-running = Changes are being taken back
undo-done = The changes were taken back
undo-stopped = Taking back has stopped
undo-count = { $undone } changes on { $records } records; { $skipped } were left.
undo-goes-on = It goes on by itself; you can leave this page.
undo-see-changes = See the changes
undo-the-undo = Take this back…
look-again = Look again
record = Record
how-many = How many
why = Why

## People
factor-require = Require a second factor of everybody
factor-lift = Require a second factor of owners only
factor-require-means = Whoever has none then sees nothing of the store until they have set one up. Owners always need one.
seeing = You see this as { $name } would. Nothing can be changed meanwhile.
seeing-stop = Stop
see-as = See the admin as they do
nav-people = People
people-lead = Who works in this store, what each may do, and how they get in.
people-add = Add a person
people-add-lead = They do their part of the work and nothing else. You can give nothing that you do not hold.
people-add-go = Add, and make the invitation
person = Person
person-name = What they are called
role = Role
n-permissions = { $n ->
    [one] { $n } permission
   *[other] { $n } permissions
}
n-things = { $n ->
    [one] { $n } thing
   *[other] { $n } things
}
last-sign-in = Last sign-in
never = never
never-signed-in = has never signed in
invited = invited
no-account = no account
start-from-role = Start from a role
role-none = No role, only what is ticked below
not-yours-to-give = not yours to give
invited-title = { $name } is invited
invited-lead = Give this link to { $email }, and to nobody else. With it they choose a password and have an account.
link-until = It is good until
link-once = It works once, and is not shown again. It begins with the address of this page up to the first single slash.
to-person = To this person
reset-for = A new password for { $name }
reset-for-lead = Give them this link. With it they choose a new password; their second factor stays as it is, and every browser of theirs is signed out.
you = you
person-may = What they may do
person-set = Set what they may do
person-at-once = It counts at once, for them and for every app that acts for them.
person-owner = An owner holds every permission. That cannot be narrowed.
person-can = Can
person-can-nothing = Nothing at all.
person-cannot = Cannot
person-way = Their way in
invited-until = Invited until
invite = Make an invitation
reset-start = Start a new password
remove = Remove
remove-means = Their sessions and tokens end at once, and apps stop acting for them. What they granted apps is put up for review.
remove-person = Remove { $name }

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
export-csv = Export as CSV
filter-clear = Show everything
filter-call = Host call
filter-record = Record, by its id
filter-scope = Permission used or refused
filter-version = Version of the app
filter-text = Words in its log or error
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
cause-action = button “{ $name }”
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
audit-checkpoint = Checkpoint of { $at }, up to entry { $seq }.
audit-no-checkpoint = This host has signed no checkpoint of this log yet.
audit-verify = Verify this log
audit-verify-title = Is this log what was written?
audit-verify-lead = Each entry is read anew: whether it is what its hash was made of, and follows the one before it.
audit-verified = Verified up to entry { $last }.
audit-intact = Intact
audit-not-intact = Not intact
audit-not-intact-next = Ask whoever runs this host to keep a copy of the database as it is, and to find out who could write to it.
audit-chained-later = { $n } of the entries read are older than the chain and were not chained when they were written.
audit-unchained = { $n } older entries are not chained yet; the host is working on it.
audit-verify-on = Verify the rest
audit-verify-back = Back to the log
audit-fault-changed = Entry { $seq } ({ $id }) is not what was written, or does not follow the one before it.
audit-fault-detail = The detail of entry { $seq } ({ $id }) is not what was written.
audit-fault-brought-back = Personal data that was erased from entry { $seq } ({ $id }) stands there again.
audit-fault-missing = Entry { $seq } is not there.
audit-fault-added = Something stands at entry { $seq } ({ $id }) that was never written.
audit-fault-cut-off = The log ends at entry { $seq }, before where a signed checkpoint says that it had come to.
audit-fault-rewritten = Entry { $seq } ({ $id }) is not the one that a signed checkpoint says.
audit-fault-end = The end of the log is not where it is recorded to be, at entry { $seq }.
audit-fault-unreadable = What stands at entry { $seq } cannot be read as an entry.

## Store
orders-title = Orders
orders-lead = The newest first. Whose they are is shown to whoever may see that.
orders-none = There is no order yet
orders-none-next = An order shows up here as soon as somebody buys something.
orders-anything = any
filter-tag = Tag
filter-customer = Customer
col-order = Order
col-status = Status
col-payment = Payment
col-fulfillment = Parcels
col-total = Total
col-tags = Tags
col-sku = SKU
col-title = What
col-quantity = Quantity
col-sent = Sent
col-price = Price
order-title = Order { $number }
order-lines = What was bought
order-subtotal = Goods before discounts
order-discount = Discount
order-discounts = What was taken off
order-discount-of = Discount
order-discount-by = Code or app
order-discount-on = On
order-cart = Cart
order-captured = Taken
order-refunded = Given back
order-customer = Customer
order-created = Ordered
order-cancelled = Cancelled because
order-parcels = Parcels
order-refunds = Money given back
order-history = History
order-history-all = All of its history
order-history-hidden = Its history is for whoever holds changes:view.
status-draft = draft
status-open = open
status-cancelled = cancelled
payment-pending = not paid
payment-authorized = authorized
payment-paid = paid
payment-partially-refunded = partly refunded
payment-refunded = refunded
fulfillment-unfulfilled = to send
fulfillment-partial = partly sent
fulfillment-fulfilled = sent

## People: who works here, who owns the store, roles and rules
yes = yes
no = no
suspended = suspended
suspended-means = They can do nothing here until they are reinstated, and apps cannot act for them. What they granted apps is up for review.
suspend = Suspend
suspend-means = They can do nothing here until you reinstate them, from their very next act on. Their account and tokens stay. What they granted apps is put up for review.
suspend-person = Suspend { $name }
reinstate = Reinstate with what they held
rename = Rename
person-until = until
last-day = Last day
last-day-means = At the end of this day they lose what they hold here. Leave it empty if no end is known.
last-day-set = Set the last day
sessions-end-theirs = Sign them out everywhere
ownership = Ownership
ownership-offer = Offer ownership
ownership-offer-means = An owner holds every permission and can remove people, you included. They have seven days to accept, and need a second factor.
ownership-hand-over = Hand the store over: when they accept, I hold what staff can hold, and own it no more
ownership-offer-person = Offer ownership to { $name }
ownership-offered = You can become an owner of { $store }
ownership-offered-by = { $name } offers ownership.
ownership-hands-over = { $name } hands the store over and owns it no more when this is accepted.
ownership-owner-means = An owner holds every permission, and answers for what people and apps do here.
ownership-until = Open until
ownership-accept = Accept
ownership-decline = Decline
ownership-withdraw = Withdraw the offer
ownership-end = End ownership
ownership-end-means = They hold what staff can hold from then on, and can be removed like anybody else. A store has an owner at every moment.
ownership-end-person = End the ownership of { $name }
roles-title = Roles
roles-lead = A role is a starting point: choosing one ticks what it proposes, and nobody changes when it changes.
who-can-what = Who can do what
roles-own = Roles of your own
roles-none = There is none yet. Make one for what several people do.
role-make = Make a role
role-title = Title
role-own = a role of this store
role-delete = Delete { $title }
rules-title = House rules
rules-lead = Everybody but owners reads and accepts these before they work here, at their first sign-in and whenever you change them.
rules-body = The rules
rules-means = Up to 8,000 characters. Leave it empty to have none. Who accepted which version is noted in the audit log.
rules-set = Set the rules
rules-version = This is version { $n }.
welcome-title = Welcome to { $store }
welcome-lead = Before you begin: this is what you may do here, and what you may not.
welcome-begin = Begin
welcome-accept = Accept the rules and begin
welcome-noted = It is noted that you read this.

## E-mail
mail-sent = It is on its way by e-mail. You can also hand this link over yourself.
mail-server = It was not sent: the mail server did not take it. Hand this link over yourself.
mail-address = It was not sent: no e-mail can be sent to this address. Hand this link over yourself.
mail-too-many = It was not sent: too much e-mail was sent in the last hour. Hand this link over yourself.
mail-invite-subject = { $store } invites you
mail-invite-body =
    Hello,

    { $by } invites you to work in { $store }. Open this link to begin; it works once, until { $until }:

    { $link }

    If you expect nothing of the kind, leave it unopened: nothing happens then.
mail-reset-subject = A new password for { $store }
mail-reset-body =
    Hello,

    { $by } started a new password for your account. Open this link to set it; it works once, until { $until }:

    { $link }

    If you did not ask for it, ask { $by } why. Your password stays as it is until the link is used.

## Devices
account-devices = Devices
account-devices-lead = Browsers you have signed in with. One you forget is signed out, and is new again when somebody signs in with it.
account-password-now = Your password now
confirm-lead-all = Changing how you sign in asks for all of it: your password and, if you have one, a code or a passkey. What you typed is still here.
devices-new = { $n ->
    [one] Your account was signed in to with a new device.
   *[other] Your account was signed in to with { $n } new devices.
  }
devices-not-yours = If it was not you, forget the device here and set another password.
devices-mine = That was me
devices-look = Look at your devices
device-new = new
device-first = First signed in
device-forget = Forget { $device }
forget = Forget
device-waiting = waits to be confirmed
person-device-waits = a device waits
device-confirmed = confirmed
device-confirm = Confirm
device-confirm-one = Confirm { $device }
device-withdraw = Withdraw
device-withdraw-one = Withdraw { $device }
devices-require = Let people in only with confirmed devices
devices-lift = Let people in with any device
devices-require-means = With this on, somebody who signs in with a new device sees nothing of the store until whoever manages people confirms it on their page. Devices used so far count as confirmed. Owners are let in with any device.
device-waits-title = This device waits to be confirmed
device-waits-lead = { $store } lets its people in only with devices that somebody there confirmed.
device-waits-ask = Ask whoever manages people in { $store } to open your page under People and to confirm { $device }.
device-waits-again = Try again
refused-device-unconfirmed = this store confirms the devices of its people, and this one is not; have it confirmed first
refused-whole-proof-required = changing how you sign in asks for your password and your second factor, shown within the last five minutes
mail-device-subject = A new device signed in to your account
mail-device-body =
    Hello { $name },

    your account was signed in to with a device that is new to it: { $device }, { $at }.

    If that was you, there is nothing to do. If it was not, open this page, forget the device and set another password:

    { $link }

## Settings of a store
nav-settings = Settings
tab-retention = How long records stay
tab-tokens = Your tokens
tab-storefront = The shop's front
n-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
store-title = Settings
store-lead = What this store is. It was chosen when the store was made.
store-country = Country
store-low-stock = Stock is low below
store-id = Id, for the API
store-factor-all = Everybody who works here needs a second factor.
store-factor-owners = Owners need a second factor; for staff it is a choice.
store-factor-change = Change it under People
email-title = E-mail
email-on = Invitations and links to a new password go by e-mail, and are shown to whoever makes them.
email-off = No mail server is known: links are shown to whoever makes them, to hand over. The operator names one when the host is started.
retention-lead = How many days this store's records are kept. What is older goes by itself.
retention-usage = Runs of apps
retention-usage-means = What apps did, call by call, with their logs.
retention-journal = Changes of store data
retention-journal-means = Who changed what. A change that is gone cannot be undone any more.
retention-events = Events
retention-events-means = What apps are told of. They are told first; then it goes.
retention-hold = Changes that wait for approval
retention-hold-means = What apps propose. What nobody decides on by then lapses.
retention-shorter = A shorter time erases what is older, for good.
retention-owner = Only an owner of the store can change this.
retention-no-number = “{ $what }” takes a whole number of days, and “{ $typed }” is none; write one like 90
tokens-lead = A token lets a program act as you, through the API. It can never do more than you can, and it ends with you.
tokens-none = There is no token
tokens-none-next = Make one when a program, a script or the command line is to work for you.
tokens-nothing-ticked = Nothing is ticked, so the token could do nothing; tick what it is to do, or let it do all that you may
token-name = Name
token-name-help = What it is for, so that you know later which one to end.
token-lives = It ends after
token-can = What it can do
token-all = all that you may
token-all-mine = All that I may do, also what I am given later
token-only = Only what is ticked below
token-choose = Choose permissions
token-make = Make the token
token-new = Make a token
token-ends = Ends
token-forever = It does not end by itself
token-end = End { $name }
fresh-title = Token { $name }
fresh-lead = Give it to the program that it is for, and to nobody else.
fresh-once = It is shown this once. Whoever has it can use it until it ends.
storefront-lead = The shop's own front records carts and paid orders with such a token, and asks apps at checkout. It can do nothing else.
storefront-none-next = Make one when you connect the site on which people buy.

## All stores, for the operator
nav-host = All stores
nav-switch = Switch store
nav-own-store = Your store
role-operator = operator
host-stores = Stores
host-stores-lead = Every store on this host. What is in them is for their own people: you never see it here.
host-new-store = New store
host-new-store-lead = You make it and invite its owner, who decides everything else.
host-no-stores = There is no store
host-no-stores-next = Make the first one and invite its owner.
host-owner = Its owner
host-make-store = Make the store
host-made = { $store } is there
host-to-store = To the store
host-awaited = { $name }, its owner, has not come in yet
host-link-ended = Their link has ended.
host-invite-anew = Invite anew
host-one-store = Store
store-open = open
store-suspended = suspended
store-suspended-why = This store is suspended:
col-made = Made
col-id = Id
host-day = Runs of the last 24 hours
host-store-no-apps = No app is installed here
host-store-no-apps-next = Its owner installs apps under Apps, in the store.
host-private = its own upload
host-stopped = stopped by you
host-paused = paused by the store
host-pending = { $version } waits for consent
host-stop-store = Suspend the store
host-suspend-means = Its people and its shop's front are refused, and its apps stop, at once. Nothing is lost: when you resume it, everybody goes on where they were.
host-suspend-why = Why; everybody who is refused is told
host-suspend = Suspend the store
host-resume-means = Everybody goes on with what they have. Apps are told of what happened meanwhile.
host-resume = Resume the store
host-apps-lead = Every app on this host, whoever uploaded it, and how it fares in all stores together.
host-no-apps = Nobody has uploaded an app yet
host-no-apps-next = Give a publisher a token, under Publishers. They upload with it, and you decide here what stores can install.
host-newest = Newest
host-visible = Seen by stores
host-in-stores = Installed in
host-uploaded-by = uploaded by { $store }
host-uploader = uploaded by a store for itself
host-uploaded = Uploaded
host-not-published = not published
host-published = published
n-of-versions = { $n } of { $all } versions
n-stopped = stopped in { $n }
n-paused = paused in { $n }
host-versions = Versions
host-every-version = every version
host-asks-for = Asks for
host-asks-nothing = no permission
host-publish = Publish
host-withdraw = Withdraw
host-publish-means = Every store can see and install what is published. What is withdrawn can no longer be installed, and keeps running where it is.
host-where = Where it is installed
host-nowhere = No store has installed it
host-nowhere-next = Once a version is published, stores find it under Apps.
host-stop-app = Stop it everywhere
host-stop-means = No run begins, none in progress changes anything, and it cannot be installed, until you let it run again. What stores decided stays as it is.
host-stop-why = Why; the owners are told
host-stop = Stop it everywhere
host-start = Let it run again
host-app-is-stopped = You stopped every version of it:
host-version-is-stopped = You stopped version { $version }:
host-stops = Stops
host-stops-lead = What you stopped because it is bad, and why. To let something run again, open it.
host-stops-now = Only what is stopped now
host-stops-all = Show those that ended, too
host-no-stops = Nothing is stopped
host-no-stops-next = An app is stopped on its page under Apps, a store on its page under Stores.
host-what = What
host-ended = ended
host-publishers = Publishers
host-publishers-lead = Who develops apps for this host. They upload with a token, and what they upload is seen by stores once you publish it.
host-publisher = Publisher
host-no-publishers = There is no publisher
host-no-publishers-next = Make the first one below, and give the token to whoever develops the apps.
host-store-has-name = a store has this name
host-no-token = no valid token
host-until = until
host-new-publisher = Make a token for a publisher
host-publisher-name = Name of the publisher
host-publisher-help = 3 to 40 of a-z, 0-9 and hyphens. The ids of their apps begin with it. A new name makes a new publisher.
host-tokens = Tokens
host-tokens-lead = A token lets a program operate this host as you do, through the API. People sign in with their account instead.
host-tokens-none-next = Make one when a program or the command line is to operate the host.
host-audit = Audit
host-audit-lead = What was done with the powers of this host: stores, apps, publishers and tokens. Entries are never changed.
host-health = Health
health-lead = Whether this host is well, as of this moment.
health-good = good
health-bad = needs you
health-work = Work
health-well = The database answers, and the host can write what it needs.
health-silent = The database does not answer: { $cause }
health-silent-help = Check that it runs and can be reached; the host goes on by itself once it answers.
health-full = The disk is full: { $left } MiB are left.
health-full-help = Make room on the disk of the data folder.
health-unwritable = The host cannot write: { $cause }
health-unwritable-help = Check the disk, and who may write to the data folder.
health-about-database = Database
health-database = { $engine }, tables at step { $step }
health-unsafe = { $engine } runs with { $setting }: a power failure could lose acknowledged data.
health-unsafe-help = Turn it on in the configuration of the server.
health-step = { $engine }: tables at step { $step }, and this version knows step { $newest }.
health-step-help = Run the same version on every host of this database.
health-apart = The database itself separates the rows of each store.
health-unbound = “{ $role }” is a superuser or has BYPASSRLS, so the database itself does not separate stores.
health-unbound-help = Use an ordinary role that owns the tables; on the computer of the host, doctor says how.
health-backups = Backups
health-backup = The newest was taken at { $at }.
health-backup-none = None was taken yet.
health-backup-failed = The last one failed: { $cause }.
health-backup-help = It is tried again every minute; the log says when it works.
health-backup-late = No backup was taken since; the log of the host says why.
health-more = On the computer of the host, `storehand doctor` checks files, memory and addresses, too.
## Store: what all of its pages say
sheet-acts = What you can do
sheet-changed-by = Last changed by { $who }
sheet-run = run { $run }
sheet-never-changed = The journal holds no change of it. What is older than the store retains is gone.
sheet-none-other = Whoever may create one does it here.
sheet-done = Done.
sheet-same = Nothing changed: it was so already.
sheet-see-change = See the change
sheet-undo = Take it back
sheet-once = This is shown only once. Copy it before you leave this page.
sheet-to-it = To its page
fact-created = Created
fact-updated = Last changed
field-tags = Tags, one on each line
act-tag = Add a tag
act-untag = Remove a tag
usable-yes = usable
usable-no = not usable
open-yes = open
open-no = closed
consent-yes = may be written to
consent-no = no offers
buyer-title = Whose it is
buyer-means = Name, e-mail, telephone and address. That you looked is recorded in the audit log.
buyer-show = Show personal data
buyer-noted = That you looked at this is recorded in the audit log.
buyer-nothing = Nothing is known
buyer-name = Name
buyer-phone = Telephone
buyer-address = Address
buyer-street = Street and number
buyer-postcode = Postcode
buyer-city = City
buyer-region = State or region, if there is one
buyer-country = Country, two letters such as DE
find-title = Search
find-lead = Orders by their number; products by a part of their title or SKU.
find-what = What you are looking for
find-go = Search
find-customers = Also customers, by name or e-mail. That you looked is recorded in the audit log.
find-none = Nothing was found.
find-more = There may be more. Type more of it to narrow the search.
find-not-customers = Customers were not searched. Tick the box above to search their names and e-mail addresses too.
find-wrong = Type 1 to 100 characters of what you are looking for.

## Store: orders
col-amount = Amount
col-goods = What was in it
col-carrier = Carrier
col-tracking = Tracking number
tracking-url = Tracking link, beginning with https
order-fulfill = Mark as sent
order-fulfill-means = Records a parcel. The apps that tell buyers about it run then. Set a number to 0 to send that line later.
order-send-line = How many of { $sku }
order-tag-means = Tags help you to find orders. Buyers do not see them.
order-untag-means = The order stays as it is otherwise.
order-note = Staff note
order-note-set = Write the staff note
order-note-means = Buyers do not see it. An empty note removes it.
order-note-unseen-means = Replaces the note that is there, if there is one; an empty note removes it. Buyers do not see it.
order-capture = Take the payment
order-capture-means = Records that this much of the total was taken.
order-refund = Give money back
order-refund-means = At most { $left } can still be given back. Money that has gone out does not come back by itself.
order-cancel = Cancel the order
order-cancel-means = Nothing of it will be sent. A cancelled order does not open again. Money that was taken is not given back by this: refund it as well.
order-restock = Put its goods back on stock
order-delete = Delete the order
order-delete-means = The order and the personal data in it are deleted.
print-slip = Packing slip
print-picks = Pick list
print-label = Address label
print-back = Back to the order
print-go = Print
print-how = Print it with your browser
print-done = Picked
print-nothing = There is nothing left to send
print-nothing-next = Everything in this order was sent. The packing slip lists all of it.
print-no-address = No address is known for this order.
col-left = To send

## Store: products and stock
products-title = Products
products-lead = What is sold, at which price, and whether buyers see it.
products-none = There is no product yet
products-none-next = Create the first one below. Buyers do not see it before you publish it.
col-product = Product
col-variant = Variant
col-former-price = Former price
col-category = Category
product-published = published
product-draft = hidden
product-variants = Variants and prices
product-stock = See the stock
product-description = Description
product-create = Create a product
product-create-means = With one variant. Buyers do not see it before you publish it.
product-price = Change a price
product-price-means = Buyers pay it from now on; orders that were placed keep theirs. The former price is shown struck through; leave it empty to show none.
product-update = Change title, description and tags
product-update-means = Buyers read title and description at once, if the product is published.
product-publish = Publish
product-publish-means = Buyers see it and can buy it from now on.
product-unpublish = Hide from buyers
product-unpublish-means = Buyers do not see it any more. Orders are not touched.
product-assign = Choose its categories
product-assign-means = The product is in those that are ticked, and in no other.
product-delete = Delete the product
product-delete-means = Its stock levels are deleted with it. Orders keep their lines.
price-from = from { $price }
n-variants = { $n ->
    [one] 1 variant
   *[other] { $n } variants
}
inventory-title = Stock
inventory-lead = How much of each SKU there is at each location.
inventory-none = No stock is recorded yet
inventory-none-next = Open a product, choose a variant and count how much of it there is.
col-location = Location
col-available = Available
filter-below = Fewer than
level-title = { $sku } at { $place }
level-adjust = Adjust by a difference
level-adjust-means = For what came in, broke or got lost. Sales that happen meanwhile count as well.
level-delta = Difference, such as 5 or -2
level-count = Set to what was counted
level-count-means = The level is this number from now on, whatever it was before.
level-new = Count { $sku } at { $place }

## Store: customers and carts
customers-title = Customers
customers-lead = The oldest first. Who they are is shown on their own pages, to whoever may see it.
customers-none = There is no customer yet
customers-none-next = A customer shows up here once somebody makes an account in the shop. You can also create one below.
col-customer = Customer
customer-consent = Offers
customer-consent-set = Record consent to offers
customer-consent-means = Record only what the customer said. Apps that send offers go by it.
customer-agreed = Agreed to receive offers
customer-create = Create a customer
customer-create-means = Fill in what you know. An e-mail address belongs to one customer at most.
customer-contact = Change personal data
customer-contact-means = Replaces all of it: a field left empty is removed. Orders that were placed keep the address they were placed with.
customer-tag-means = Tags help you to find customers. They do not see them.
customer-untag-means = The customer stays as they are otherwise.
customer-delete = Delete the customer
customer-delete-means = With the personal data. Orders stay, without the customer.
carts-title = Carts
carts-lead = What buyers put together, and what they left.
carts-none = There is no cart yet
carts-none-next = A cart shows up here as soon as a buyer puts something into one.
col-cart = Cart
cart-title = Cart { $id }
cart-open = open
cart-abandoned = left
cart-ordered = ordered
cart-things = Things
cart-lines = What is in it
cart-discounts = Discounts
cart-left = Left
cart-discount = Add a discount
cart-discount-means = The buyer finds the discount in the cart when they come back.
cart-restore = Make a link to it
cart-restore-means = The link leads its buyer back to the cart; whoever has the link sees it. An abandoned cart opens again when its buyer comes back.
cart-link = Send this path below the shop's address to the buyer:

## Store: gift cards, discounts, categories, locations, taxes, pages
giftcards-title = Gift cards
giftcards-lead = What is left on each. A code is shown once, when its card is issued.
giftcards-none = There is no gift card yet
giftcards-none-next = Issue the first one below.
col-card = Card
card-title = Gift card …{ $last }
card-balance = Left on it
card-initial = Worth at first
card-expires = Ends
card-code = The code of the new gift card:
card-issued = Gift card issued
card-issue = Issue a gift card
card-issue-means = The code is money: whoever has it can spend it. It is shown once, on the page that follows.
card-deactivate = Deactivate the card
card-deactivate-means = Nobody can use it any more. What was on it stays on record.
discounts-title = Discounts
discounts-lead = Codes that buyers type in, and what each takes off.
discounts-none = There is no discount yet
discounts-none-next = Create the first one below.
discount-code = Code
discount-name = Title
discount-off = Takes off
discount-percent = Percent off, 1 to 100
discount-amount = Or an amount off
discount-percent-off = { $n } %
discount-max-uses = How many orders may use it
discount-max-uses-each = How many orders of one customer may use it
discount-minimum = From a sum of goods of
discount-products = Products it applies to, an id on each line
discount-categories = Categories it applies to, an id on each line
discount-combines = Goes together with other discounts
discount-alone = Does not go together with other discounts
discount-enabled = Buyers can use it at once
discount-starts = Begins
discount-ends = Ends
discount-create = Create a discount
discount-create-means = Fill in a percentage or an amount.
discount-update = Change the discount
discount-update-means = Carts that have its code get the new one.
discount-enable = Enable
discount-enable-means = Buyers can use the code from now on.
discount-disable = Disable
discount-disable-means = Buyers cannot use the code any more. Orders that were placed with it are not touched.
discount-delete = Delete the discount
discount-delete-means = Carts that have its code keep it.
categories-title = Categories
categories-lead = How products are grouped. A category can stand below another one.
categories-none = There is no category yet
categories-none-next = Create the first one below, then put products into it from their own pages.
category-parent = Below
category-top = at the top
category-below = Categories below it
category-products = Products in it
category-create = Create a category
category-create-means = It is empty at first.
category-update = Rename or move
category-update-means = Products and categories in it come along.
category-delete = Delete the category
category-delete-means = Only an empty one can be deleted: without products, and without categories below it.
locations-title = Locations
locations-lead = Where goods are stored.
locations-none = There is no location yet
locations-none-next = Create the first one below.
location-name = Name
location-active = In use
location-default = Goods that come back
location-is-default = go here
location-stock = Stock at this location
location-create = Create a location
location-create-means = Its stock is empty at first.
location-update = Rename, close or open
location-update-means = No stock can be adjusted at a closed location. What lies there stays on record.
taxes-title = Taxes
taxes-lead = One rate for each zone and class.
taxes-none = There is no tax rate yet
taxes-none-next = Create the first one below. Ask your accountant which ones you need.
tax-name = Name
tax-zone = Zone, such as DE or US-CA
tax-class = Class, such as standard
tax-rate = Percent
tax-create = Create a tax rate
tax-create-means = The shop's front and the apps go by it from now on.
tax-update = Change the tax rate
tax-update-means = The shop's front and the apps go by it from now on; orders that were placed keep what they were charged.
tax-delete = Delete the tax rate
tax-delete-means = Its zone and class are free again.
webpages-title = Pages
webpages-lead = Pages of the website: about the shop, delivery, returns.
webpages-none = There is no page yet
webpages-none-next = Create the first one below.
webpage-name = Title
webpage-path = Address below the shop's own, such as about
webpage-body = Text, in Markdown
webpage-published = Buyers can read it
webpage-create = Create a page
webpage-create-means = Buyers read it once it is published.
webpage-update = Change the page
webpage-update-means = Buyers see the change at once, if it is published.
webpage-delete = Delete the page
webpage-delete-means = Its address is free again.
## Passkeys
passkeys = Passkeys
passkeys-why = A passkey is held by your phone, your computer or a security key, and opened with a fingerprint, a face or a PIN. It signs you in by itself, and no page that poses as this one can use it.
passkey-made = Made
passkey-used = last used
passkey-unused = never used
passkey-name = Name of a new passkey
passkey-name-such = My phone
passkey-add = Add a passkey
passkey-remove = Remove the passkey { $name }
passkey-nowhere = Passkeys belong to a name, and this page was opened by an address: open it by the name of this host, over https or as localhost.
passkey-make = Create a passkey
passkey-make-lead = It will be called “{ $name }”. Your browser asks where to store it. Your other browsers are signed out.
passkey-make-go = Create it now
passkey-script = Passkeys need JavaScript, which your browser does not run here. An authenticator app works without.
passkey-not-made = No passkey was created. Try again, or choose another device.
passkey-use = Use a passkey
passkey-failed = That did not work: no passkey was shown, or this host could not ask for one. Try again, or use another way.
sign-in-passkey = Sign in with a passkey
factor-or-passkey = Use a passkey instead
factor-beside = Your passkeys stay. You get new recovery codes, and those you have now end. Your other browsers are signed out.
account-factor-app = Set up an authenticator app
## What permissions allow, by the table of scopes: the English is that of the table
scope-orders-view = See orders, without customer details
scope-orders-pii = See names, e-mails, phones and addresses on orders
scope-orders-create = Create orders and drafts
scope-orders-edit = Change orders: notes, tags, line items before payment
scope-orders-fulfill = Mark orders fulfilled, add tracking
scope-orders-cancel = Cancel orders
scope-orders-capture = Capture payments
scope-orders-refund = Refund payments
scope-orders-delete = Delete orders
scope-carts-view = See open and abandoned carts, without customer details
scope-carts-edit = Change carts: add a discount, restore
scope-customers-view = See customers, without personal details
scope-customers-pii = See customers' names, e-mails, phones and addresses
scope-customers-edit = Create and change customers
scope-customers-delete = Delete customers
scope-products-view = See products and prices
scope-products-edit = Create products; change titles, texts, pictures, status
scope-products-price = Change prices
scope-products-delete = Delete products
scope-categories-view = See categories
scope-categories-edit = Change categories
scope-inventory-view = See stock levels
scope-inventory-adjust = Adjust stock levels
scope-giftcards-view = See gift cards and balances
scope-giftcards-issue = Issue and deactivate gift cards
scope-discounts-view = See discounts and coupons
scope-discounts-edit = Create and change discounts
scope-discounts-delete = Delete discounts
scope-reports-sales = See sales reports
scope-pages-view = See pages
scope-pages-edit = Create, change and delete pages
scope-settings-view = See store settings
scope-taxes-view = See tax rates
scope-taxes-edit = Create, change and delete tax rates
scope-locations-view = See stock locations
scope-locations-edit = Change stock locations
scope-checkout-discount = Discount carts at checkout
scope-apps-view = See installed apps and what they may do
scope-apps-install = Install, upgrade, configure and remove apps; grant and revoke
scope-apps-pause = Pause and resume apps
scope-apps-run = Press an app's buttons
scope-usage-view = See app usage logs
scope-changes-view = See the change journal
scope-changes-undo = Take changes back, as far as one could make them oneself
scope-changes-approve = Approve or reject what apps propose, as far as one could do it oneself
scope-audit-view = See the audit log
scope-tokens-manage = Create and revoke own API tokens
scope-staff-view = See staff and what they may do
scope-staff-manage = Add and remove staff, grant permissions
scope-billing-view = See the plan, and what was used of it
scope-plan-change = Ask for another plan
scope-store-close = Download everything, and close the store
scope-storefront-intake = Record carts and paid orders of buyers
scope-storefront-checkout = Ask apps at checkout
group-sales = Sales
group-catalog = Catalog
group-marketing = Marketing
group-reports-analytics = Reports & analytics
group-website = Website
group-store-settings = Store settings
group-at-checkout = At checkout
group-apps-and-their-records = Apps and their records
group-the-owner-s-own = The owner's own
group-the-shop-s-front = The shop's front

## Roles to start from
role-store-manager = Store manager
role-store-manager-does = Everyday work with orders, customers, products and stock; deletes and refunds nothing, and sees the apps without changing them
role-fulfilment-agent = Fulfilment agent
role-fulfilment-agent-does = Sees orders with addresses and sends them; changes nothing else
role-marketing-manager = Marketing manager
role-marketing-manager-does = Looks after discounts and reads sales reports; sees carts and products
role-accountant = Accountant
role-accountant-does = Reads orders, reports and tax rates; changes nothing
role-designer = Designer
role-designer-does = Looks after the website and its pages; sees products, and changes none
role-developer = Developer
role-developer-does = Works on the website, presses the buttons of apps, reads what they did, and makes tokens for programs; installs nothing
role-app-manager = App manager
role-app-manager-does = Installs apps and looks after them, and gives them what touches no personal data, no money and nothing final; what an app needs beyond that, the owner gives
role-app-operator = App operator
role-app-operator-does = Pauses and resumes apps, reads what they did and takes it back as far as they could do it themselves; installs nothing

## Terms of a grant, and what caps count
bound-a-day = { $amount } a day
bound-on-one-order = { $amount } on one order
bound-in-one-run = { $amount } in one run
bound-on-a-price = { $amount } up or down on a price in a day
bound-on-a-stock-level = { $amount } up or down on a stock level in a day
bound-off = { $amount } off
bound-the-last = the last { $amount }
amount-times = { $n ->
    [one] { $n } time
   *[other] { $n } times
}
amount-records = { $n ->
    [one] { $n } record
   *[other] { $n } records
}
amount-percent = { $n } %
amount-pieces = { $n ->
    [one] { $n } piece
   *[other] { $n } pieces
}
amount-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
term-at-most = at most { $bound }
term-of-only = of { $bound } only
term-no-cap = as much as it wants
term-held = only once a person has approved it
term-until = until { $moment }

## The text that is recorded with a consent, and why a consent is refused
given-install = Install { $name } { $version } ({ $app })
given-upgrade = Upgrade to { $name } { $version } ({ $app })
given-allow = Allow { $name } { $version } ({ $app })
given-private = Private: this store uploaded it for itself, and no publisher stands behind its name
given-sees = It can see:
given-changes = It can change:
given-spends = It can spend, or do what cannot be undone:
given-more-sees = In addition it can see:
given-more-changes = In addition it can change:
given-more-spends = In addition it can spend, or do what cannot be undone:
given-not-granted = It asks for these too, and does not get them:
given-more-not-granted = It newly asks for these, and does not get them:
given-events = Events it will receive: { $list }
given-events-unseen = Events it will not receive, because you did not grant the permission: { $list }
given-more-events = Events it will receive in addition, if it has the permission: { $list }
given-schedules = It runs by itself at: { $list }
given-more-schedules = In addition it runs by itself at: { $list }
given-buttons = It adds the buttons: { $list }
given-lost = It no longer asks for these, and loses them:
given-lost-events = Events it will no longer receive: { $list }
given-lost-schedules = It no longer runs by itself at: { $list }
given-lost-buttons = It removes the buttons: { $list }
given-retained = This version gets what was granted before:
given-hosts = It can call these servers outside the store, and send them what it can see:
given-more-hosts = In addition it can call these servers outside the store, and send them what it can see:
given-lost-hosts = It can no longer call these servers:
given-all-hosts = All servers outside the store that it can call then:
given-nothing-else-outside = It can do nothing else in this store, and reaches nothing else outside it.
given-nothing-else = It can do nothing else in this store, and reaches nothing outside it.
given-rest-stays = Everything else stays as it was granted before.
consent-not-asked = the app does not ask for `{ $scope }`; only what it asks for can be granted
consent-required = the app cannot do without `{ $scope }`; grant it, or leave the app as it is
consent-not-a-person = only a person of the store can grant permissions
consent-not-theirs = `{ $scope }` is not yours to grant: nobody can grant what they, or the token they use, do not have; { $remedy }
consent-waits = the app has `{ $scope }`, which you do not hold, and a new version is new code: it waits for somebody who holds all that the app has
consent-other-text = what you were shown is not what would be granted; ask for the plan again, or open the page again
consent-other-code = the version is not the one you looked at; ask for the plan again, or open the page again
consent-installed-already = `{ $app }` is installed already; upgrade it or uninstall it first
consent-checkout-alone = `{ $app }` works at checkout alone; it needs `checkout:discount`
tried-stopped = It took too long, so only a part of what happened was tried.

## Permissions that are missing, and what would lift that
denied-never = `{ $scope }` can never be granted to an app
denied-not-granted = the app was not granted `{ $scope }`
denied-not-held = you do not have the permission `{ $scope }`
denied-another-person = the person who started this run, or the token they used, does not have the permission `{ $scope }`
denied-owner-alone = only the owner of the store has the permission `{ $scope }`
denied-storefront-alone = only a storefront token has the permission `{ $scope }`
denied-no-storefront = a storefront token cannot have the permission `{ $scope }`
denied-narrow-token = you have the permission `{ $scope }`, but this token was limited to less
denied-old-token = you have the permission `{ $scope }`, but this token was made before you were given it
denied-ended = the grant of `{ $scope }` ended at { $moment }
denied-suspended = the grant of `{ $scope }` is suspended: whoever gave it can no longer give it, and its review was due on { $moment }
denied-paused = the app is paused or removed
denied-no-longer-staff = the person is no longer on the staff of this store
denied-app-stopped = the app is stopped on this host
denied-store-suspended = the operator of this host suspended this store
denied-store-closing = this store is being closed, and nothing can be changed in it
remedy-grant = grant `{ $scope }` to the app{ $command }
remedy-ask-owner = ask the owner for the permission `{ $scope }`
remedy-owner-alone = ask the owner to do this
remedy-storefront-token = use a storefront token
remedy-owner-token = use the owner's token
remedy-staff-token = use the token of a person of the store
remedy-wider-token = use a token of yours that includes `{ $scope }`
remedy-newer-token = use a newer token of yours, or ask the owner for one that includes `{ $scope }`
remedy-renew = { $why }; renew it{ $command }
remedy-review = { $why }; ask somebody who holds `{ $scope }` to renew it{ $command }
remedy-resume = { $why }{ $command }
remedy-ask-why-stopped = { $why }; ask the operator why{ $command }
remedy-ask-why-suspended = { $why }; ask the operator
remedy-reopen = { $why }; its owner can keep it: under Settings, or with `storehand store reopen`

## Passwords that are not taken: what is wrong, and what helps
weak-short = { $is ->
    [one] the password has { $is } character, and needs at least { $least }; add a few words
   *[other] the password has { $is } characters, and needs at least { $least }; add a few words
}
weak-long = the password has more than { $most } characters; choose a shorter one
weak-common = many people have used this password, so it is tried first; choose another, such as four words that have nothing to do with each other
weak-context = the password is little more than `{ $word }`, which anybody who knows you or the shop would try; add words that have nothing to do with either
weak-guessable = { $what }; { $helps }
weak-keys = the password follows keys that lie beside each other, which is guessed early
weak-repeats = the password repeats itself, which makes it longer but hardly harder to guess
weak-sequences = the password goes through letters or digits in their order, which is guessed early
weak-dates = the password is built on a date or a year, of which there are few
weak-words = the password is a word or a name, which stand in lists that are tried first
weak-near-common = the password is close to one that many people have used, which is tried first
weak-few-attempts = the password would be guessed in too few attempts
weak-help-words = add two or three more words that have nothing to do with it
weak-help = choose four words that have nothing to do with each other, or let a password manager make one

## Refusals, each in one sentence that says what would help
refused-not-found = there is no such thing, or not in this store; the navigation leads to what there is
refused-unauthorized = nobody is signed in here, or not any more; sign in
refused-forbidden = this is not for whoever asks:
refused-unreadable = what was sent cannot be read; go back, open the page again and send it from there
refused-too-large = what was sent is too large; send less at once
refused-invalid = this was not accepted; what is wrong is said in English:
refused-limit = this would go over a limit; which one is said in English:
refused-taken = something that must be unique is taken already; what it is is said in English:
refused-outdated = what this would change was changed since the app proposed it, so it cannot be approved as it is; reject it, or let the app propose it anew
refused-conflict = somebody else was changing the same; look at how it is now, and try again
refused-share = the store's share of what this host does at once is used up; wait a moment and try again
refused-busy = everything this host can do at once is taken; try again in a moment
refused-too-many-reads = as many long lists of this store are being read as may be at once; wait until one has ended, or ask for less
refused-too-long = reading this takes too long; narrow the time or the filter
refused-too-slow = the host did not finish in time, and whether it was done is not known; look before you try again
refused-stopping = the host is being stopped; try again in a moment
refused-disk = the host cannot write, so nothing was changed; the operator has to mend it
refused-database = the database does not answer; try again soon, and if that lasts, tell the operator
refused-internal = the host could not carry this out; the operator finds the cause in its log
refused-store-suspended = the operator of this host suspended this store: { $reason }; ask the operator
refused-store-closing = this store is being closed, and will be erased on { $at }; until then its owner can keep it
refused-proof-required = this needs a proof of who you are that is not older than five minutes; enter your password or a code
refused-only-looks = you look at this store as somebody else would, and nothing can be changed meanwhile; stop that first
refused-other-site = this form was sent from a page of another site; open it here and send it again
refused-other-session = this form belongs to a session that has ended, because you signed in anew; open its page again and send it from there
refused-plain-http = signing in works over https, or on the computer the host runs on: over plain http a password could be read on its way; ask the operator to give the host a certificate (`storehand serve --tls-cert --tls-key`)
refused-link-gone = this link was used already, or has expired; ask whoever gave it to you for another one
refused-setup-gone = this link was used already, or is older than 15 minutes; start the host again for a new one, or sign in
refused-sign-in = the address or the password is not right; check both and try again
refused-proof-wrong = that was not right; check it and try again
refused-passkey = that passkey was not accepted; try again, or use your password or a code instead
refused-codes-locked = too many codes were wrong; wait 15 minutes, or use a recovery code
refused-attempts-wait = too many attempts were wrong; wait { $n } seconds and try again
refused-signed-in-often = this account was signed in to { $n } times within ten minutes; wait, and use the sessions there are
refused-passwords-differ = the two are not the same; type the password twice
refused-no-email = this is no e-mail address; write one like `ana@example.com`
refused-has-account = this address has an account already; sign in with it instead
refused-person-has-account = this person has an account already, and signs in with it
refused-person-no-account = this person has no account yet; invite them instead
refused-signs-out-elsewhere = this person owns the store, works in another one as well, or operates the host, and would be signed out there too; suspend them here instead, or have them end their sessions under their account
refused-operator-resets = this account is an owner's, or belongs to another store as well, so only the operator of the host can start a new password for it
refused-link-sets-no-password = this account belongs to another store by now, or to an owner, so this link cannot set its password
refused-invited-another = this invitation is for `{ $email }`; sign in with that address to accept it
refused-belongs-already = this account belongs to the store already
refused-owner-stays = the owner of a store always holds every permission and cannot be removed
refused-not-for-staff = `{ $scope }` cannot be given to a staff member
refused-no-permission = there is no permission `{ $text }`; open the page again
refused-no-role = there is no role `{ $text }`
refused-no-number = `{ $text }` is not a whole number; the bound of `{ $scope }` needs one
refused-days = a permission can end in 1 to 3,660 days; choose one of those on the page
refused-ends-in-the-past = `{ $scope }` cannot end in the past ({ $at }); give a later moment, or revoke it
refused-cap-range = `{ $name }` of `{ $scope }` is 1 to { $most }; to allow nothing revoke `{ $scope }`, to allow everything leave it empty (null in the API)
refused-no-amount = `{ $amount }` is not an amount of { $code }; write it like `{ $like }`
refused-amount-too-large = `{ $amount }` is too large
refused-not-more-than-zero = `{ $amount }` must be more than zero
refused-paused-already = the app is paused already
refused-not-paused = the app is not paused
refused-paused-by-breaker = nobody paused `{ $app }`: the circuit breaker stopped it at { $since }, when { $failed } of { $runs } runs had failed within { $minutes } minutes; let it run again with “Let it run now” on its page, or with `storehand breaker close { $app }`
refused-tried-by-breaker = nobody paused `{ $app }`: the circuit breaker stopped it at { $since }, when { $failed } of { $runs } runs had failed within { $minutes } minutes, and is letting a few runs through to try it again; lift that with “Let it run now” on its page, or with `storehand breaker close { $app }`
refused-paused-no-approval = `{ $app }` is paused or gone, so nothing of it can be approved; resume it first
refused-paused-no-rerun = `{ $app }` is paused or gone, so it cannot propose anything anew; resume it first, or reject this
refused-event-gone = the event that started this run is no longer stored, so it cannot run again; reject what it proposed
refused-holds-no-more = `{ $app }` does not hold `{ $scope }` any more; grant it again, or reject this
refused-waits-no-more = `{ $id }` does not wait any more; it was decided, or has lapsed
refused-undo-at-work = undo `{ $undo }` is still at work; wait until it is done
refused-run-changed-nothing = run `{ $run }` changed nothing
refused-since = `since` is one of `hour`, `day`, `week` and `month`
refused-outcome = `outcome` is not a way in which a run can end
refused-no-person-id = `{ $text }` is not the id of a person
refused-no-permission-name = `{ $text }` is not the name of a permission, such as `orders:view`
refused-no-run-id = `{ $text }` is not the id of a run
refused-no-day = `{ $text }` is no day; give one as in 2027-01-31
refused-suspended-already = { $name } is suspended already
refused-last-day = somebody's last day lies ahead, and at most five years
refused-owner-in-person = only an owner in person can offer ownership
refused-owner-offers = only an owner of the store can offer ownership
refused-owns-already = this person owns the store already
refused-owner-no-account = an owner signs in with an account, and this person has none here or is suspended; invite or reinstate them first
refused-owns-not = this person does not own the store
refused-last-owner = a store has an owner at every moment; offer ownership to somebody else first
refused-owner-factor = an owner needs a second factor; set one up first, then accept
refused-offer-gone = this offer was withdrawn or has expired; ask the owner for another one
refused-role-there = there is a role `{ $title }` already; choose another title
refused-role-empty = a role proposes at least one permission; tick what it is for
refused-many-roles = a store has at most { $n } roles of its own; delete one first
refused-rules-changed = somebody changed the rules meanwhile; look at them and change them again
refused-rules-changed-meanwhile = the rules changed while you read them; read them again and accept them
settings-changed = somebody else set them meanwhile; look at what they are now, and set them again
factor-other-session = you signed in anew meanwhile; scan this key instead of the one before
factor-wrong-code = that code is not right; check that the app has this key, and that the clock of its phone is right

## Why an undo leaves a record as it is
left-changed = somebody else changed it since
left-taken = a sku, code or address it had is somebody else's now
left-in-use = others use it since, so it cannot go
left-missing = what it belonged to is gone
left-together = it was brought back together with changes that are to stay
left-unknown = the journal no longer holds everything that happened to it
left-not-held = you lack `{ $scope }`, with which it was changed
left-erased = its personal data was erased from the journal, and stays erased
left-money = money was taken or paid out with it, which cannot be undone here
left-failed = it could not be written

## What a proposal reserves, and what can be taken from an app
held-reserves = Reserves
held-reserved = { $amount }: { $scope }
run-revoke = Take away what it used
run-revoke-means = It counts from the very next call of the app. What it has changed stays as it is.

## Apps: settings with the consent, and uploads
settings-needed = This has to be filled in.
settings-unfit = Some settings do not fit yet; what is wrong stands beside each.
consent-settings = Settings
consent-settings-why = They are set together with your consent. You can change them later on the app’s page.
upload-title = Upload an app
upload-own = You have the file of an app?
upload-lead = The file that “storehand app build” writes. Nothing of it runs before you have read what it asks for and agreed to that.
upload-file = File
upload-what = At most { $n } MiB.
upload-go = Upload
upload-private = Only this store sees it, until the operator of this host publishes it. It is checked first, which takes a few seconds.
refused-app-too-large = an app has at most { $n } MiB; `storehand app build` without `--debug` makes a smaller one
refused-no-component = this is not a WebAssembly component; upload the one file that `storehand app build` writes

## Store: orders by hand, and words of its lists
order-create = Create an order
order-create-means = For a sale by telephone or over the counter. It is unpaid, at today’s prices, and takes nothing off the stock; apps that work on new orders run then.
order-for = Customer, by their id; empty for nobody
order-line-sku = Line { $n }: SKU
order-line-quantity = Line { $n }: how many
order-line-of = How many of { $sku }; 0 takes it off
order-change-lines = Change the lines
order-change-lines-means = Every line gets today’s price. Only before the order is paid or sent.
order-tracking = Change a tracking number
order-tracking-means = Replaces how a parcel is followed.
order-parcel = Parcel
webpage-shown = published
webpage-hidden = hidden

## Running again, dry, side by side
rerun-heading = Run it again, dry
rerun-means = The same cause once more, on today's data, by version { $ran }. Nothing is changed, and that you asked stands in the audit log.
rerun-means-both = The same cause once more, on today's data: by version { $ran }, which ran then, and by version { $now }, which is installed now. Nothing is changed, and that you asked stands in the audit log.
rerun-go = Run it again, dry
rerun-other = Compare with another version
rerun-compare = Compare
rerun-installed = { $version }, installed now
rerun-checkout = A run at the checkout cannot be repeated: what the buyer had in the cart is not recorded.
rerun-title = { $app }, run again
rerun-lead = { $cause }, on today's data. Nothing was changed.
rerun-then = then
rerun-today = today
rerun-same = Both versions do the same.
rerun-same-as-then = It does today what it did then.
rerun-differ = { $n ->
    [one] The two versions differ in one line, marked below.
   *[other] The two versions differ in { $n } lines, marked below.
}
rerun-differ-from-then = { $n ->
    [one] Today it differs from then in one line, marked below.
   *[other] Today it differs from then in { $n } lines, marked below.
}
rerun-differs = differs
rerun-sides = Side by side
rerun-why = Why it ended so
rerun-refused = Refused calls
rerun-failed = Failed calls
rerun-cpu = CPU
rerun-n-failed = { $n ->
    [one] one failed
   *[other] { $n } failed
}
rerun-no-scope = none needed
rerun-no-calls = No run made any call
rerun-changes = What would be changed
rerun-no-changes = Nothing would be changed.
rerun-untouched = left as it is
rerun-becomes = What becomes of it
rerun-more = { $n ->
    [one] One record more would be changed.
   *[other] { $n } records more would be changed.
}
rerun-back = Back to the run
refused-rerun-world = it is of another world than the app that ran; try a version that is called in the same way
refused-rerun-gone = the event of `{ $run }` is no longer stored, because the store's retention has removed it; try the app on later events: `storehand apps dry-run { $app }`
refused-rerun-old = `{ $run }` is from before it was recorded which event a run is for; try the app on the latest events: `storehand apps dry-run { $app }`
refused-rerun-checkout = `{ $run }` was asked while a buyer paid, and what the buyer had in the cart is not recorded, so it cannot be run again; try the app on sample carts: `storehand apps dry-run { $app }`

## All stores: runs one by one, and hosts
host-runs = Runs of all stores
host-runs-lead = Each run of an app, in whichever store. What it was for, what it did and what it wrote is the store's own, and does not stand here.
host-runs-none = No app has run yet
host-runs-none-next = A run shows up here as soon as an app runs in one of the stores.
host-runs-none-yet = None so far
host-runs-none-yet-next = Ten thousand runs were looked at, and none of them fits these filters. Go on to look further back, or choose one store.
host-runs-of-store = Its runs
host-filter-store = Store (its id)
host-refused-calls = Refused
cause-button = button
refused-no-store-id = `{ $text }` is not the id of a store
hosts-title = Hosts
hosts-lead = The processes that serve this database. Each says twice a minute that it is there.
hosts-none = No host has said yet that it is there
hosts-none-next = Look again in a moment; if there is still none, this host cannot write to its database.
hosts-machine = Machine
hosts-unnamed = unnamed
hosts-started = Started
hosts-seen = Last seen
hosts-at-work = at work
hosts-silent = silent
hosts-other-version = another version than this host
hosts-more = There are more than a hundred; the API lists all of them.

tab-usage = Usage
usage-title = Usage
usage-lead = How often apps ran, how their runs ended, how long they took and what they cost.
usage-runs = runs
usage-denied-runs = refused, or with a refused call
usage-failed-runs = failed
usage-took = time of a run: half stayed within the first, 99 of 100 within the second
usage-cpu = processor time of all runs
usage-bytes = written
usage-chart-runs = Runs: done, refused, failed
usage-chart-took = Time of a run: median, 99 of 100
usage-chart-cpu = Processor time
usage-most = highest: { $figure }
usage-points = The same as a table
usage-part = From { $from } to { $until }.
usage-whole = The whole time
usage-stores = By store, the one that took most of the processor first
usage-more-stores = The first hundred stores are shown; `storehand usage --by store` lists all of them.
usage-versions = What each version came to
usage-calls = Host calls, those refused most first
usage-col-p50 = Median
usage-col-cpu = CPU
usage-col-bytes = Written
usage-col-memory = Memory
usage-col-made = Made
usage-none = No app ran in that time
usage-none-next = Choose a longer time, or look at the apps of the store.
host-usage = Usage across stores
host-usage-lead = What apps came to in all stores together. What they were for, did or wrote is the stores' own, and does not stand here.
# Recalls
app-recalled = recalled
severity-info = recall: info
severity-warning = recall: warning
severity-critical = recall: critical
recall-severity = Severity
recall-of = The operator of this host recalled version { $version }:
recall-mended-by = Version { $version } mends it.
recall-upgrade = Look at { $version }
recall-pauses = It does not run. Nothing was uninstalled, and its settings and permissions stay.
recall-withdraws = It was taken out of the catalogue and runs on here.
recall-goes-on = { $name } decided to go on with it:
recall-critical = What is critical runs nowhere until the operator ends the recall, or another version takes its place.
recall-go-on = Go on with it
recall-go-on-why = Why you go on; the operator reads it
recall-radius = { $version } made { $n ->
    [one] one change
   *[other] { $n } changes
  } in your store since { $when }; { $undone } can be taken back now, { $since ->
    [0] no record was
    [one] one record was
   *[other] { $since } records were
  } changed since.
recall-radius-more = { $version } made { $n } changes to { $records } records in your store since { $when }. Of the latest { $looked } of these records, { $undone } changes can be taken back now.
recall-undo = Look at taking back what { $version } did
recall-made = It made { $n ->
    [one] one change
   *[other] { $n } changes
  } here since { $when }.
recall-made-more = It made more than { $n } changes here since { $when }.
decide-recalled = { $version } was recalled by the operator of this host
more-than = more than { $n }
host-recalled = recalled by you
host-recall = Recall one version
host-recall-means = It leaves the catalogue, and nothing that has its code runs, unless it is only withdrawn. Owners see why, what it changed in their store and what mends it. Where it is not critical, a store may go on with a reason, which you read. Recalling a version again replaces its recall.
host-recall-go = Recall it
host-recall-end = End the recall
host-recall-reach = How far it reaches
host-recall-title = Recall of { $version }
host-recall-pauses = What has this code does not run.
host-recall-withdraws = It is withdrawn, and runs on where it is installed.
host-recall-app = The app
host-recall-nowhere = No store runs it
host-recall-counts = How many changes it made since it was installed; which ones, only the store sees
host-version-is-recalled = You recalled version { $version }:
host-mended-by = The version that mends it
host-mended-by-none = none yet
host-withdraw-only = Only withdraw it: it runs on where it is installed, and owners are warned
host-goes-on = Goes on because
host-runs-not = does not run
refused-not-recalled = what runs here was not recalled, or somebody decided to go on already
refused-recall-critical = what is critical runs nowhere; upgrade to another version, or ask the operator of this host

# The access review
review-title = Review access
review-lead = { $apps ->
    [one] one app
   *[other] { $apps } apps
  } and { $people ->
    [one] one person
   *[other] { $people } people
  } looked at. What was not used for { $days } days counts as unused.
review-watched = What apps use has been recorded since { $when }; what they used before that is not known.
review-people-watched = What people use has been recorded since { $when }.
review-unused = does not use everything they may do
review-not-watched = What apps use is not recorded yet.
review-was = Access was last reviewed on { $when } by { $name }.
review-never = Nobody has reviewed access yet.
review-next = The next review is due on { $when }.
review-due = a review is due
review-done = I went through this
review-no-apps = No app has more than it uses
review-no-apps-next = Permissions that were not used for a long time, end soon or wait for a decision are listed here.
review-found = What was found
review-required = required
review-last-used = last used on { $day }
review-never-used = never used
review-as-far-as-known = (as far as is known)
review-over-asks = The app cannot be installed without it, and has never needed it.
review-ends = ends on { $when }
review-tighter = At most { $bound } a day, and never more than { $most } was needed; { $proposed } would do.
review-tighten = Tighten
review-no-people = Everybody has signed in lately
review-no-people-next = People who never signed in, have not signed in for a long time, or whose last day is over are listed here.
review-never-seen = never signed in
review-not-seen = has not signed in for a long time
review-last-day-over = the last day is over
review-last-seen = Last seen
review-remove = Remove
review-tokens = Tokens
review-no-tokens = Every token is used
review-no-tokens-next = Tokens that were never used, or not for a long time, are listed here.
review-front = the shop’s front
review-more = There is more than was looked at; decide on this, then open the page again.
review-keep = Print this page for your records, or save what `storehand review --json` prints.

alerts-title = Alerts
nav-alerts = Alerts
alerts-lead = What somebody should look at, found by rules. Each is resolved by itself once its cause is gone.
alerts-all = Show those that are resolved, too
alerts-now = Only what is open
alerts-none = Nothing to look at
alerts-none-next = When something is unusual, it is listed here.
alerts-what = What happened
alerts-critical = critical
alerts-warning = warning
alerts-info = for information
alerts-resolved = resolved
alerts-acknowledged = acknowledged
alerts-snoozed = snoozed
alerts-times = { $n } times within an hour
alerts-acknowledge = Acknowledge
alerts-snooze = Snooze for a day
alerts-rules = Rules
alerts-rules-lead = What is looked for, and from where on.
alerts-rule = Rule
alerts-threshold = From
alerts-enabled = Looked for
alerts-off = off
alerts-on = on
alerts-default = { $n } by default
alerts-no-number = “{ $typed }” is not a whole number; type one.
alerts-set = Set
alerts-with-stores = Show those of stores, too
alerts-without-stores = Only those about the host
rule-denials = Calls are denied: percent of calls
rule-failures = Runs fail: percent of runs
rule-latency = Runs take long: percent of the time they may take
rule-cpu = Runs take much processor time: percent of what they may take
rule-spend = A limit is nearly used up: percent of a day’s limit
rule-volume = Unusually many runs: times the busiest such hour
rule-hours = Runs at an unusual hour: runs in it
rule-silence = No runs at a usual hour: weeks in which there were some
rule-parked = Deliveries were given up: deliveries
rule-lag = An app is not told of what happens: minutes
rule-breaker = The circuit breaker pauses an app
rule-disk = A disk is nearly full: MiB left
rule-host = A host is silent: minutes
rule-backup = A backup failed or is late
rule-checkpoints = Checkpoints of the audit logs are not written: minutes
rule-version = A version keeps failing in several stores
alert-denials = { $app } is often denied what it tries
alert-denials-what = { $n } of { $of } calls were denied within 15 minutes ({ $percent } %).
alert-denials-do = Look at its runs for what it lacks, then grant it or pause the app.
alert-failures = { $app } keeps failing
alert-failures-what = { $n } of { $of } runs failed within 15 minutes ({ $percent } %).
alert-failures-do = Look at its runs for why, then change its settings, upgrade it or pause it.
alert-latency = { $app } takes long
alert-latency-what = 5 in 100 runs take { $ms } ms or more, of the { $limit } ms that they may take ({ $percent } %).
alert-latency-do = Look at its runs for what they wait for, or tell its publisher.
alert-cpu = { $app } takes much processor time
alert-cpu-what = 5 in 100 runs take { $ms } ms of processor time or more, of the { $limit } ms that they may take ({ $percent } %).
alert-cpu-do = Look at its runs for which those are, or tell its publisher.
alert-spend = { $app } has nearly used up a limit
alert-spend-what = { $percent } % of today’s limit of { $scope } is used.
alert-spend-do = Look whether that is as it should be, then raise the limit or pause the app.
alert-volume = { $app } runs unusually often
alert-volume-what = { $n } runs in this hour; in the last four weeks there were { $of } at most at this time of day.
alert-volume-do = Look at its runs for what causes them, and pause it if nobody wanted that.
alert-hours = { $app } runs at an unusual hour
alert-hours-what = { $n } runs in this hour; in the last four weeks there were none at this time of day.
alert-hours-do = Look at its runs for what causes them.
alert-silence = { $app } does not run any more
alert-silence-what = There were no runs for three hours; at this time of the week there were { $n } an hour before, for { $weeks } weeks.
alert-silence-do = Look whether what makes it run still happens, and whether the app is up to date.
alert-parked = Deliveries to { $app } were given up
alert-parked-what = { $n } deliveries wait for a decision.
alert-parked-do = Look at why they failed, then try them again or drop them.
alert-lag = { $app } is not told of what happens
alert-lag-what = It is { $n } events behind; the first of them happened { $minutes } minutes ago.
alert-lag-do = Look at its runs; if they take long, pause it or skip what waits.
alert-breaker = { $app } was paused because it kept failing
alert-breaker-what = { $n } of { $of } runs failed within { $minutes } minutes.
alert-breaker-do = It is tried again by itself. Look at its runs for why it failed; let it run at once if you know better.
alert-breaker-report = { $app } keeps failing so often that it could be paused
alert-breaker-report-do = The circuit breaker only reports here. Look at its runs for why it fails, and pause it if need be.
alert-disk = A disk is nearly full
alert-disk-what = { $n } MiB are left; the rule asks for { $of } MiB.
alert-disk-do = Make room on the disk of { $app }, or give it a larger one.
alert-host = A host is silent
alert-host-what = { $name } was not heard of for { $minutes } minutes.
alert-host-do = Look whether it runs and reaches the database.
alert-backup = A backup failed
alert-backup-what = { $app } could not take it: { $cause }
alert-backup-do = Look whether the folder of backups can be written and has room.
alert-backup-late = A backup is late
alert-backup-late-what = { $app } did not take the last ones.
alert-checkpoints = Checkpoints of the audit logs are not written
alert-checkpoints-what = For { $minutes } minutes { $app } could not write them, or they were not taken where they are sent: { $cause }
alert-checkpoints-do = Make their file writable, and look whether the syslog or the webhook answers.
alert-version = { $app } { $version } was stopped because it keeps failing
alert-version-what = { $n } of { $of } runs failed within { $minutes } minutes; it fails in { $failing } of { $stores } stores that ran it.
alert-version-stopped = It runs in no store until you let it.
alert-version-do = Tell its publisher, and let it run again, or recall it, once you know more.
alert-version-report = { $app } { $version } keeps failing in several stores
alert-version-report-do = The circuit breaker only reports here. Tell its publisher, and stop or recall the version if need be.
alert-other = Something is to be looked at: { $app }
alert-other-what = A newer version of the host found it.
alert-other-do = Look at the alerts on that host.
alert-mail-subject = Storehand: { $title }
alert-mail-body =
    { $what }
    Since { $since }.

    { $do }

    { $link }

    Alerts are acknowledged and snoozed, and rules are set, in the web admin under Alerts.
breaker-title = Circuit breaker
breaker-lead = It pauses what keeps failing and tries it again with a few runs after a while. An owner can let an app back at once.
breaker-apps = An app that keeps failing in a store
breaker-versions = A version that keeps failing in several stores
breaker-off = Do nothing
breaker-report = Only report
breaker-act = Pause it
breaker-runs = Runs at least
breaker-percent = Percent of them that failed
breaker-minutes = Within how many minutes
breaker-cooldown = Seconds until it is tried again, doubled with each time in a row
breaker-trials = Runs to try it with
breaker-open = The circuit breaker paused this app: { $failed } of { $runs } runs failed within { $minutes } minutes.
breaker-until = It is tried again { $when }.
breaker-half = It is being tried again: { $trials } of { $max } runs were let through.
breaker-close = Let it run now
app-breaker = paused by the circuit breaker
app-trial = being tried again
decide-breaker = was paused because it kept failing
decide-breaker-more = { $failed } of { $runs } runs failed; it is tried again by itself
## Plans, statements and the end of a store
tab-plan = Plan and statement
plan-is = Your plan is { $title }. It says what this store may use; nothing that is there is taken away by it.
plan-none = This store has no plan: it may use what the host allows every store.
plan-used = What was used
plan-month-until = { $month } ({ $zone }), until
plan-what = What
plan-used-so-far = So far
plan-at-most = At most
plan-used-up = used up
plan-used-up-means = When the runs or the processor time of a month are used up, apps wait for the next month; checkout goes on. When there are as many apps or people as may be, another is refused.
plan-allows = What it allows
plan-runs = Runs of apps in a month
plan-runs-at-once = Runs of apps at once, besides checkout
plan-checkout-runs = of them at checkout
plan-cpu = Seconds of processor time in a month
plan-mib = MiB an app may write in a day
plan-usage-days = Days for which runs may be kept
plan-journal-days = Days for which changes may be kept
plan-statement = Statement for { $month }
plan-month = Month
plan-show-month = Show
plan-no-runs = No app ran in this month
plan-no-runs-next = A line shows up here as soon as an app has run.
plan-cpu-ms = Processor, ms
plan-bytes = Written, bytes
plan-more-lines = There are more lines; the file has all of them.
plan-ask = Ask for another plan
plan-asked = You asked for { $plan }
plan-waits = waits
plan-accepted = accepted
plan-declined = declined
plan-withdrawn = withdrawn
plan-withdraw = Withdraw it
plan-no-offers = The operator of this host offers no other plan at the moment.
plan-which = Which plan
plan-why = Why; the operator reads it
plan-why-short = Why
plan-ask-go = Ask for it
plan-title = Title
plan-name = Name
plan-name-help = 3 to 40 of a-z, 0-9 and hyphens. It never changes.
plan-empty-bound = An empty field bounds nothing: stores may use what the host allows every store.
plan-standard = Every store has it that is given no other
plan-offered = Owners can ask for it
plan-is-standard = standard
plan-is-hidden = not offered
plan-bounds-nothing = nothing is bounded
plan-no-number = “{ $what }” takes a whole number, and “{ $typed }” is not one; leave it empty to bound nothing
plan-standard-choice = The standard plan, if there is one
refused-plan-note = what you write to the operator has at most { $n } characters; write less
refused-no-plan = there is no plan `{ $plan }` that can be asked for; choose one of those that are offered
refused-plan-standard = `{ $plan }` is the standard plan, which every store has that is given no other; make another plan the standard one, then delete this one
refused-plan-given = { $n ->
    [one] one store has the plan `{ $plan }`; give it another plan, then delete this one
   *[other] { $n } stores have the plan `{ $plan }`; give them another plan, then delete this one
}
refused-plan-asked = { $n ->
    [one] an owner asks for the plan `{ $plan }`; accept or decline that, then delete the plan
   *[other] { $n } owners ask for the plan `{ $plan }`; accept or decline that, then delete the plan
}
refused-nothing-asked = nothing that you asked for waits any more
tab-close = Close the store
close-is-closing = being closed
close-lead = How this store ends: download everything, then close it. For thirty days you can change your mind.
close-erased-at = This store is being closed, and nothing can be changed in it. It will be erased:
close-archive = Download everything
close-archive-means = One file with everything of this store: records with the personal data of customers, changes, runs, people and the audit log. Keep it where only you can read it.
close-archived = Last downloaded
close-never-archived = Nothing has been downloaded yet.
close-archive-go = Download everything
close-title = Close it
close-means = Staff, the shop's front and apps stop at once. You can look at everything for thirty days, and keep the store after all; then it is erased, with its audit log. Download everything first: that may be a day old at most.
close-name = The name of this store, to be sure
close-go = Close the store…
close-keep = Keep the store
close-keep-means = Everybody goes on with what they had. Apps are told of what happened meanwhile.
close-operators = The operator of this host deletes this store. Ask them if it is to stay.
refused-closing-already = this store is being closed already, and will be erased on { $at }
refused-close-name = that is not what the store is called; type “{ $name }”
refused-close-archive = download everything first, to its end; that may be a day old at most when you close the store
refused-not-closing = this store is not being closed
refused-closing-operators = the operator of this host deletes this store, so only they can keep it; ask them
store-closing = being closed
host-plans = Plans
host-plans-lead = What stores may use, under names that you give. A plan refuses more than it allows; it takes nothing away.
host-no-plans = There is no plan
host-no-plans-next = Every store may use what the host allows. Make a plan below, then give it to stores on their pages.
host-plan-stores = Given to
host-new-plan = Make a plan
host-make-plan = Make the plan
host-plan-change-means = It holds for every store that has the plan, from now on. What is over it already stays: more is refused.
host-plan-delete = Delete the plan
host-plan-delete-means = Only a plan that no store has and no owner asks for can be deleted, and not the standard plan.
host-plan-requests = Owners ask for another plan
host-plan-has = Has
host-plan-asks = Asks for
host-plan = Plan
host-plan-asked = Its owner asks for { $plan }
host-plan-word = A word to the owner
host-plan-accept = Accept
host-plan-decline = Decline
host-plan-of-store = The plan of this store
host-plan-give = Give it this plan
host-rename-store = Rename the store
host-rename-means = What it is called in lists of this host. What the store calls itself is its own.
host-store-name = Name
host-closing-until = Its owner closed it. It will be erased:
host-deleted-until = You deleted it. It will be erased:
host-keep-store = Keep the store
host-keep-means = It is no longer going to be erased. If it is suspended, it stays suspended.
host-delete-store = Delete the store
host-delete-means = In thirty days everything of it is erased, also its audit log; until then you can keep it. This host's own log notes it.
host-delete-name = Its name, to be sure
host-delete-now = At once; nothing can be brought back
host-delete-go = Delete the store…
