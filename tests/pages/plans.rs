//! Plans on pages: made and given by the operator, asked for by an owner; and a store that is renamed and deleted there.

use super::host::{browser, operator};
use crate::support::host::{Host, both};

both!(a_plan_is_made_asked_for_and_given_and_a_store_is_renamed_and_deleted,);

fn a_plan_is_made_asked_for_and_given_and_a_store_is_renamed_and_deleted(host: Host) {
    let (mut operator, _) = operator(&host);
    let (mut owner, store) = (browser(&host, &host.owner()), host.store().to_owned());
    let page = operator.open("/host/plans");
    page.says("There is no plan");
    let fields = [("name", "starter"), ("title", "Starter <b>"), ("runs", "1000"), ("apps", "five"), ("offered", "1")];
    operator.submit(&page, "/host/plans", &fields).says("takes a whole number").says("five");
    let fields = [("name", "starter"), ("title", "Starter <b>"), ("runs", "1000"), ("apps", "5"), ("offered", "1")];
    let page = operator.submit(&page, "/host/plans", &fields);
    page.says("Starter &#60;b&#62;").says("Runs of apps in a month: 1,000");
    operator.submit(&page, "/host/plans", &fields).says("is taken");
    let page = operator.open("/host/plans/starter");
    let fields = [("title", "Starter"), ("runs", ""), ("apps", "3"), ("offered", "1")];
    operator.submit(&page, "/host/plans/starter/change", &fields).says("Apps: 3");

    let at = format!("/stores/{store}/settings/plan");
    let page = owner.open(&at);
    page.says("This store has no plan").says("Starter");
    owner.submit(&page, &at, &[("plan", "starter"), ("note", "we grow")]).says("You asked for starter").says("waits");
    operator.open("/host/plans").says("we grow");
    let at_host = format!("/host/stores/{store}");
    let page = operator.open(&at_host);
    page.says("Its owner asks for starter").says("we grow");
    let decide = [("word", "welcome"), ("accept", "1")];
    operator.submit(&page, &format!("{at_host}/plan/decide"), &decide);
    owner.open(&at).says("Your plan is Starter").says("welcome").says("accepted");

    // A plan that a store has stays, and one that nobody has is deleted.
    let page = operator.open("/host/plans/starter");
    operator.submit(&page, "/host/plans/starter/delete", &[]).says("one store has the plan `starter`");
    let fields = [("name", "spare"), ("title", "Spare"), ("offered", "1")];
    let page = operator.open("/host/plans");
    operator.submit(&page, "/host/plans", &fields).says("Spare");
    let page = operator.open("/host/plans/spare");
    operator.submit(&page, "/host/plans/spare/delete", &[]).hides("Spare");

    let page = operator.open(&at_host);
    page.hides("Delete the store");
    operator.submit(&page, &format!("{at_host}/name"), &[("name", "Old corner")]).says("Old corner");
    operator.submit(&page, &format!("{at_host}/suspend"), &[("reason", "unpaid")]).says("unpaid");
    let page = operator.open(&at_host);
    operator.submit(&page, &format!("{at_host}/delete"), &[("name", "Corner shop")]).says("is not the name");
    operator.submit(&page, &format!("{at_host}/delete"), &[("name", "Old corner")]).says("You deleted it");
    operator.open("/host").says("being closed");
    let page = operator.open(&at_host);
    operator.submit(&page, &format!("{at_host}/keep"), &[]).hides("You deleted it");
}
