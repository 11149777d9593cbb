//! What a developer should know about an app that a store would take: said by `check` and by `build` alike.

use super::build::Built;
use super::payload::Payload;
use super::project::Project;
use super::template::{SUMMARY, WHY};
use crate::cli::report;
use crate::runtime::code::Code;
use crate::runtime::component::Inspected;
use crate::runtime::manifest::{World, locate};
use crate::runtime::refused::{Place, Problem};
use crate::runtime::{Event, Trigger, unanswered};

/// Every warning, in the order of `app.toml` where places are known. `app` is the file that was built.
pub(super) fn all(built: &Built, app: &[u8]) -> Vec<Problem> {
    let mut warnings = built.inspected.warnings();
    warnings.extend(not_answered(&built.inspected, app));
    warnings.sort_by_key(|problem| problem.place.as_ref().map_or(usize::MAX, |place| place.span.start));
    warnings
}

/// Shows them on stderr.
pub(super) fn tell(warnings: &[Problem], project: &Project) {
    for warning in warnings {
        eprint!("{}", report::problem(warning, Some(&project.manifest_toml), &project.manifest_file()));
    }
}

/// What `app new` wrote for people to read and nobody has replaced, as a problem of this kind.
pub(super) fn unwritten(project: &Project, code: Code) -> Vec<Problem> {
    let (text, manifest) = (&project.manifest_toml, &project.manifest);
    let mut problems = Vec::new();
    if manifest.summary == SUMMARY {
        let what = "the summary is still the one that `storehand app new` wrote";
        let problem = Problem::new(code, what).help("say in one sentence what the app does: owners read it first");
        problems.push(problem.at(locate(text, &["summary"])));
    }
    let lists = [("required", &manifest.scopes.required), ("optional", &manifest.scopes.optional)];
    for (list, ask) in lists.into_iter().flat_map(|(list, asks)| asks.iter().map(move |ask| (list, ask))) {
        if ask.reason.starts_with(WHY) {
            let what = format!("the reason for `{}` is still the one that `storehand app new` wrote", ask.scope);
            let problem = Problem::new(code, what).help("say why the app needs it: the owner reads it before agreeing");
            problems.push(problem.at(locate(text, &["scopes", list, ask.scope.name()])));
        }
    }
    problems
}

/// What makes the app run by its manifest, and is answered with "not handled" by its code.
fn not_answered(inspected: &Inspected, app: &[u8]) -> Vec<Problem> {
    let (text, manifest) = (&inspected.manifest_toml, &inspected.manifest);
    if manifest.world() != World::App {
        return Vec::new();
    }
    let event = |topic: &crate::db::Topic| Event {
        seq: 1,
        id: "evt_1".to_owned(),
        topic: *topic,
        record: "sample".to_owned(),
        payload: crate::db::Payload::made_up(Payload::of(*topic).json),
        at: crate::db::now_ms(),
        attempt: 1,
        depth: 0,
        chain: None,
    };
    let topics = manifest.on.iter().map(|topic| (Trigger::Event(event(topic)), topic.name(), "topic"));
    let due = || jiff::Timestamp::now().to_string();
    let schedules = manifest
        .schedules
        .iter()
        .map(|cron| (Trigger::Schedule { cron: cron.clone(), due: due() }, cron.as_str(), "schedule"));
    let actions = manifest.actions.iter().map(|action| {
        let (id, kind) = (action.id.clone(), action.on.name().to_owned());
        (Trigger::Action { id, kind, record: "sample".to_owned() }, action.id.as_str(), "button")
    });
    let all: Vec<_> = topics.chain(schedules).chain(actions).collect();
    let triggers: Vec<Trigger> = all.iter().map(|(trigger, ..)| trigger.clone()).collect();
    // What cannot be tried here is no reason to say anything: the host itself will.
    let places = unanswered(app, &triggers).unwrap_or_default();
    let problem = |(_, name, what): &(Trigger, &str, &str)| {
        let quoted = format!("\"{name}\"");
        let place = text.find(&quoted).map(|at| Place::of(text, at..at + quoted.len()));
        Problem::new(Code::NotAnswered, format!("the app does not answer the {what} `{name}`"))
            .help(format!("write the method for it, or take the {what} out of `app.toml`"))
            .at(place)
    };
    places.into_iter().filter_map(|place| all.get(place)).map(problem).collect()
}
