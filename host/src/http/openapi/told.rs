//! What the host enforces of what it is sent, by the names of fields and parameters.
//!
//! INVARIANT: a bound stands here only if what breaks it is refused. Where the code that refuses it changes its number,
//! the number here changes with it.

use super::bounds::{Bounds, at_least, chars, id, items, moment, named, shaped, some, whole};
use super::choices::{CAPS, CURRENCY, KIND, ROLE, SCOPE, TERMS, TOPIC};
use crate::authz::{ChangeSetId, HeldId, InstallationId, InvocationId, StaffId, StoreId, TokenId, UndoId};

/// A name that people read.
const NAME: Bounds = chars(1, 80);
const TITLE: Bounds = chars(1, 200);
/// Of what is recorded for those who come later.
const REASON: Bounds = chars(1, 500);
/// Of what stops something.
const SHORT_REASON: Bounds = chars(1, 200);
const TAG: Bounds = chars(1, 64);
const COUNTRY: Bounds = shaped("^[A-Z]{2}$");
const SKU: Bounds = chars(1, 64).shaped(r"^[^\s@]+$");
/// Either part of an app's id.
const PART: Bounds = shaped("^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$");
const ADDRESS: Bounds = chars(9, 500).shaped("^https://");
const LEVEL: Bounds = whole(-1_000_000_000, 1_000_000_000);

/// Of every schema.
pub(super) const EVERYWHERE: &str = "*";

/// Schemas, fields of theirs, and what those must be.
pub(super) const FIELDS: &[(&str, &str, Bounds)] = &[
    (EVERYWHERE, "since until expires_at starts_at ends_at", moment()),
    (EVERYWHERE, "scopes", named(SCOPE)),
    ("Money", "amount", shaped(r"^-?\d+(\.\d+)?$")),
    ("Money NewStore CheckoutCart", "currency", named(CURRENCY)),
    // Orders and carts.
    ("QuantityOf", "sku", SKU),
    ("QuantityOf", "quantity", whole(1, 10_000)),
    ("NewOrder NewLines CheckoutCart", "lines", items(1, 200)),
    // Of a paid order, none are those of its cart.
    ("PaidOrder NewCart CartPatch NewFulfillment", "lines", items(0, 200)),
    ("CheckoutCartLine", "id", chars(1, 64)),
    ("CheckoutCartLine", "quantity", at_least(1)),
    ("NewOrder PaidOrder NewCustomer NewProduct ProductPatch", "tags", TAG.at_most(100)),
    ("NewTag NewCustomerTag", "tag", TAG),
    ("NewNote", "note", chars(0, 2_000)),
    ("Cancellation NewRefund ToReject", "reason", REASON),
    ("Tracking", "carrier number", NAME),
    ("Tracking", "url", ADDRESS),
    // Personal data.
    ("Contact", "name", chars(1, 200)),
    ("Contact", "email", chars(1, 254).email()),
    ("Contact", "phone", chars(1, 40)),
    ("Address", "street city postcode region", chars(1, 200)),
    ("Address NewStore", "country", COUNTRY),
    // The catalogue.
    ("NewProduct ProductPatch CategoryInput DiscountInput", "title", TITLE),
    ("NewProduct ProductPatch", "description", chars(0, 20_000)),
    ("NewProduct ProductPatch", "pictures", ADDRESS.at_most(50)),
    ("NewProduct", "variants", items(1, 100)),
    ("NewVariant", "sku", SKU),
    ("NewVariant", "title", chars(0, 200)),
    ("NewAssignment", "categories", items(0, 50)),
    ("DiscountInput", "code", chars(1, 40).shaped(r"^\S+$")),
    ("DiscountValue", "percent", whole(1, 100)),
    ("Adjustment", "delta", LEVEL),
    ("Adjustment", "reason", SHORT_REASON),
    ("Counted", "available", LEVEL),
    // Stores and people.
    ("NewStore", "name owner", NAME),
    ("NewStore", "low_stock", whole(0, 1_000_000)),
    ("NewLocation LocationInput ToAdd NewToken NewOperatorToken NewStorefrontToken", "name", NAME),
    ("NewPublisherToken", "publisher", PART),
    ("NewToken NewOperatorToken NewPublisherToken NewStorefrontToken", "days", whole(1, 366)),
    ("ToAdd NewScopes", "roles", named(ROLE)),
    ("RetentionChange", "usage_days journal_days events_days hold_days", whole(1, 3_660)),
    // Apps.
    ("Whose Withdrawal Starting Stopping Recalling", "store", id(StoreId::PREFIX)),
    ("Stopping Suspending Pausing Recalling GoingOn", "reason", SHORT_REASON),
    ("Withdrawal", "stop", SHORT_REASON),
    ("FileToPlan", "manifest settings_schema", chars(0, 64 * 1024)),
    ("FileToPlan", "digest", shaped("^[0-9a-fA-F]{64}$")),
    ("FileToPlan ToInstall ToPlan ToTry ToUpgrade", "terms", named(TERMS)),
    ("TermsChange", "caps", named(CAPS)),
    ("Pressed", "record", chars(1, 200)),
    ("LatestEvents", "last", whole(1, 1_000)),
    ("LatestEvents", "topic", named(TOPIC)),
    // Alerts.
    ("Snoozing", "hours", whole(1, 672)),
    ("BreakerChange", "runs", whole(10, 100_000)),
    ("BreakerChange", "percent", whole(1, 100)),
    ("BreakerChange", "minutes", whole(1, 60)),
    ("BreakerChange", "cooldown", whole(10, 86_400)),
    ("BreakerChange", "trials", whole(1, 100)),
    // Undo.
    ("UndoOf", "change_set", id(ChangeSetId::PREFIX)),
    ("UndoOf", "invocation", id(InvocationId::PREFIX)),
    ("UndoOf", "installation", id(InstallationId::PREFIX)),
    ("UndoOf", "undo", id(UndoId::PREFIX)),
    ("UndoOf", "kinds", named(KIND)),
];

/// Fields that may be left out for their type, and are refused if they are.
pub(super) const REQUIRED: &[(&str, &str)] = &[("NewOrder", "lines")];

/// Choices of which each alternative has one field and no other.
pub(super) const CHOICES: &[&str] = &["DiscountValue", "TryOn"];

/// Parameters of queries and headers.
pub(super) const PARAMETERS: &[(&str, Bounds)] = &[
    ("limit", whole(1, 100)),
    ("cursor", some()),
    ("since until abandoned_since", moment()),
    ("days", whole(1, 366)),
    ("installation", id(InstallationId::PREFIX)),
    ("staff person", id(StaffId::PREFIX)),
    ("run", id(InvocationId::PREFIX)),
    ("record", some()),
    ("token", id(TokenId::PREFIX)),
    ("kind", named(KIND)),
    ("role", named(ROLE)),
    ("call", chars(1, 80).shaped("^[a-z0-9.:-]+$")),
    ("scope", named(SCOPE)),
    ("text", chars(3, 80)),
    (super::KEY, chars(1, 255).shaped(r"^[\x20-\x7e]+$")),
];

/// Parameters of paths that name no record, and what they are. What is none of these finds nothing.
pub(super) const IN_PATHS: &[(&str, &str, Bounds)] = &[
    ("store", "The store's id", id(StoreId::PREFIX)),
    ("installation", "The installation's id", id(InstallationId::PREFIX)),
    ("invocation", "The run's id", id(InvocationId::PREFIX)),
    ("staff", "The staff member's id", id(StaffId::PREFIX)),
    ("token", "The token's id, not its text", id(TokenId::PREFIX)),
    ("change_set", "The change set's id", id(ChangeSetId::PREFIX)),
    ("undo", "The undo's id", id(UndoId::PREFIX)),
    ("held", "The held change set's id", id(HeldId::PREFIX)),
    ("sku", "The sku", SKU),
    ("tag", "The tag", some()),
    ("scope", "The permission", named(SCOPE)),
    ("publisher", "The first part of the app's id", PART),
    ("name", "The second part of the app's id", PART),
    ("version", "The version, for example `0.3.0`", some()),
    ("action", "The button's id, as in the manifest", some()),
    ("recall", "The recall's id", some()),
    ("alert", "The alert's id", some()),
    ("delivery", "The delivery's id", some()),
    ("fulfillment", "The fulfilment's id", some()),
];
