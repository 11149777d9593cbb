//! What a run is for: the part of its record that is known before it begins.

use crate::authz::{InstallationId, StaffId, StoreId};
use crate::db::core::topic::Topic;

/// What a run was for.
#[derive(Debug, Clone)]
pub struct Run {
    /// In which store.
    pub store: StoreId,
    /// Of which installation.
    pub installation: InstallationId,
    /// The app's id.
    pub app: std::sync::Arc<str>,
    /// The app's version.
    pub version: std::sync::Arc<str>,
    /// event, schedule, action or checkout.
    pub trigger: &'static str,
    /// The event's topic.
    pub topic: Option<Topic>,
    /// The event's or action's record, or the schedule.
    pub record: Option<String>,
    /// Of an event its place in the store's order, of a schedule when it was due, in milliseconds.
    pub cause: Option<i64>,
    /// The staff member for whom it ran.
    pub on_behalf_of: Option<StaffId>,
    /// 1 for the first attempt.
    pub attempt: i64,
}
