//! The codes that problems with an app carry, and what each means. `storehand help CODE` prints this table.
//!
//! INVARIANT: a code is never reused for another meaning; people find it in old logs and search for it.

use std::fmt;

macro_rules! codes {
    ($($name:ident = $id:literal, $title:literal, $help:literal;)*) => {
        /// What kind of problem it is. `E01` is the manifest, `E02` the component; `W` is a warning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $(#[doc = $title] $name,)* }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// As printed, for example `E0201`.
            pub const fn id(self) -> &'static str {
                match self { $(Code::$name => $id,)* }
            }

            /// The problem in one line.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// Why it is a problem and what to do, in a few sentences.
            pub const fn explanation(self) -> &'static str {
                match self { $(Code::$name => $help,)* }
            }
        }
    };
}

codes! {
    ManifestSyntax = "E0100", "`app.toml` is not valid TOML",
        "The file cannot be read at all. The place named is where the reader gave up; the mistake is there or just before.";
    UnknownKey = "E0101", "`app.toml` has a key that means nothing",
        "Unknown keys are refused, because a mistyped key would otherwise be a wish nobody hears.";
    MissingKey = "E0102", "`app.toml` lacks a key",
        "Every manifest has `manifest`, `id`, `name`, `version` and `summary`; every table has the keys its kind needs.";
    WrongType = "E0103", "a value in `app.toml` has the wrong type",
        "The value is, for example, a number where a text is needed.";
    ManifestFormat = "E0104", "`app.toml` is written in a format this host does not know",
        "`manifest = 1` is the only format so far. A newer one needs a newer `storehand`.";
    BadId = "E0105", "the app's id is not `publisher/name`",
        "Both parts are 3 to 40 characters of a-z, 0-9 and `-`, and neither begins nor ends with `-`.";
    BadText = "E0106", "a text people will read is not plain text",
        "Texts an owner reads are 1 to 80 characters (reasons and the summary 1 to 200) in Unicode's composed form (NFC), \
         without control, formatting or direction-changing characters, without piles of marks, and without space at either \
         end. A name or label mixes no scripts within a word, and holds no word that poses as one in Latin letters.";
    BadVersion = "E0107", "the version is not a semantic version",
        "Write MAJOR.MINOR.PATCH, for example `0.3.0`.";
    UnknownScope = "E0108", "a scope is not one of the host's",
        "`storehand help scopes` lists every scope an app may ask for.";
    PeopleOnlyScope = "E0109", "a scope can only be held by people",
        "Managing apps, staff and records is for people. No owner can give such a scope to an app.";
    ScopeTwice = "E0110", "a scope is asked for twice",
        "A scope is either required or optional. Required: the app cannot be installed without it. Optional: the owner may leave it out.";
    UnknownTopic = "E0111", "a topic is not one of the host's",
        "`storehand help topics` lists every topic and the scope it needs.";
    TopicNeedsScope = "E0112", "an event carries data the app does not ask to see",
        "An event's payload is store data, so listening to a topic needs the view scope of what it carries.";
    MixedWorlds = "E0113", "an app at checkout is nothing else",
        "An app that is called while a buyer waits sees the cart it is given and nothing more. Ask for `checkout:discount` alone, \
         as a required scope, without events, schedules and actions; make a second app for those.";
    TooMany = "E0114", "`app.toml` lists too many of something",
        "The limits keep a consent page readable: 32 topics, 16 schedules, 16 actions, 8 servers, 5 categories, 64 KiB in all.";
    BadCron = "E0115", "a schedule is not a cron expression",
        "Five fields: minute, hour, day of month, month, day of week. `0 7 * * *` is every day at seven, in the store's time zone. \
         There must be a moment at which it comes due: `0 0 30 2 *` never does.";
    BadAction = "E0116", "an action is not well-formed",
        "An action has an `id` of 1 to 40 characters (a-z, 0-9, `-`), a `label` and `on`: `order`, `product` or `customer`.";
    Twice = "E0117", "something is listed twice",
        "Each topic, schedule, action id and category is listed once.";
    BadPath = "E0118", "the settings schema is not a file of the project",
        "Give the path of a `.json` file inside the project folder, relative to `app.toml`, with `/` between folders.";
    BadCategory = "E0119", "a category is not a plain word",
        "A category is 2 to 40 characters of a-z, 0-9 and `-`.";
    BadHost = "E0121", "a server that the app wants to call is not well-formed",
        "`[[http]]` has the whole name of a server as `host`, the `methods`, `paths` and `headers` the app uses there, and a `reason` \
         that the owner reads. It is called by https at port 443; addresses, ports and names of a local network are refused.";

    Unwritten = "E0120", "a text is still the one that `storehand app new` wrote",
        "The summary and every reason are what an owner reads before agreeing. Replace the template's words with your own.";

    NotWasm = "E0200", "not a WebAssembly file",
        "An app is one WebAssembly component, as `storehand app build` writes it; not an archive and not source code.";
    UndeclaredCall = "E0201", "the component calls what `app.toml` does not ask for",
        "What a component imports is the most it can ever ask for, and the owner reads the manifest. Ask for the scope with \
         a reason under [scopes.required] or [scopes.optional], or take the call out.";
    CoreModule = "E0202", "a core module, not a component",
        "The compiler's own output is a core module. `storehand app build` makes the component from it and puts the manifest in.";
    TooLarge = "E0203", "the component is too large",
        "A component is at most 16 MiB. Debug information is the usual cause: build in release mode.";
    TooComplex = "E0204", "the component is too complex",
        "The limits on functions, nesting, types and memories keep checking and compiling quick for everybody on the host.";
    NewerWasi = "E0205", "built for WASI 0.3",
        "The host links WASI 0.2, and that to an empty world. Build for `wasm32-unknown-unknown`, or for WASI 0.2.";
    UnknownImport = "E0206", "the component imports what the host does not have",
        "An app may import the interfaces of the package `storehand:app` that its world has, and WASI 0.2 (io, cli, clocks, random, \
         filesystem, sockets), which is linked to an empty world.";
    NoManifest = "E0207", "the component carries no manifest",
        "An app is one file: `storehand app build` puts `app.toml` into the component.";
    WrongWorld = "E0208", "the component does not export what it should",
        "An app exports either `handler` (events, schedules, actions) or `discounts` (checkout), and the one its manifest means.";
    Invalid = "E0209", "the component is damaged or uses what the host does not run",
        "The host runs components of core WebAssembly with SIMD, bulk memory, reference types and several memories; not threads, \
         64-bit memories, garbage collection, exceptions, stack switching or asynchronous components.";
    BadSchema = "E0210", "the settings schema cannot be used",
        "It is a JSON Schema of an object, at most 64 KiB, with what a form can draw: fields of `type` string (`minLength`, \
         `maxLength`, `enum`, `format` email, uri or date, `writeOnly` for a secret), integer and number (`minimum`, `maximum`, \
         integers also `enum`), boolean, array (`items`, `minItems`, `maxItems`, `uniqueItems`) and object (`properties`, \
         `required`, `additionalProperties: false`, or `additionalProperties` with a field and `maxProperties`), each with \
         `title`, `description` and `default`; at most 200 fields, four deep. References, patterns and combinations \
         (`$ref`, `pattern`, `anyOf`) are not in it: write a field out where it is used, and check the rest in the app.";

    UnusedScope = "W0202", "a scope is asked for and never used",
        "Owners grant less gladly what an app does not need. Take the scope out, or use it.";
    NeverRuns = "W0203", "nothing makes the app run",
        "Without an event, a schedule or an action in `app.toml` the host never calls the app.";
    NotAnswered = "W0204", "the app does not answer what makes it run",
        "The manifest names a topic, a schedule or an action, and the app's code answers that it does not handle it. Write the \
         method for it, or take it out of `app.toml`: owners are shown what makes an app run.";
    ToWrite = "W0205", "a text is still the one that `storehand app new` wrote",
        "`storehand app build` refuses it: the summary and every reason are what an owner reads before agreeing.";
}

impl Code {
    /// Whether it is told and then lived with.
    pub fn is_warning(self) -> bool {
        self.id().starts_with('W')
    }

    /// The code with this id, in either case.
    pub fn find(id: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(id))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_id_of_its_own() {
        let ids: std::collections::BTreeSet<_> = Code::ALL.iter().map(|code| code.id()).collect();
        assert_eq!(ids.len(), Code::ALL.len());
    }
}
