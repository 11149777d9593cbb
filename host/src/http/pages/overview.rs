//! The overview: what needs a decision, then what happened in 24 hours.

use super::frame::Frame;
use super::show::{Shown, show};
use askama::Template;

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    frame: Frame,
}

pub(super) async fn page(frame: Frame) -> Shown {
    show(&Overview { frame })
}
