//! Apps on pages: the settings that go with a consent, and an app of one's own that is uploaded.

use std::io::Write as _;
use std::net::TcpStream;

use serde_json::{Value, json};

use super::shell::sound;
use super::store::browser;
use crate::support::browser::{Page, with_file};
use crate::support::guests;
use crate::support::host::{Host, both};
use crate::support::tables::execute;

both!(
    an_app_that_needs_settings_is_installed_with_them_from_its_consent,
    an_upgrade_that_needs_more_settings_asks_for_them_and_retains_those_there_are,
    a_file_is_uploaded_on_a_page_and_leads_to_its_consent,
    a_file_without_its_mark_or_from_whoever_may_not_goes_nowhere,
    an_upload_that_is_given_up_takes_no_place_with_it,
);

const APP: &str = "storehand-tests/tagger";

/// Titles that would be markup, and a secret.
fn schema(more: &[&str], required: &[&str]) -> String {
    let mut properties = json!({
        "tag": { "type": "string", "title": "</label><b>Tag", "description": "<i>Which\"", "minLength": 2 },
        "key": { "type": "string", "writeOnly": true, "title": "Key" },
        "count": { "type": "integer", "minimum": 1, "default": 1 },
        "mode": { "type": "string", "enum": ["<script>1", "calm"], "default": "calm" },
    });
    for name in more {
        properties[name] = json!({ "type": "string" });
    }
    json!({ "type": "object", "properties": properties, "required": required }).to_string()
}

fn version(number: &str, schema: &str) -> std::sync::Arc<[u8]> {
    let number = format!("version = \"{number}\"");
    guests::with_schema("tagger", |text| text.replace("version = \"0.1.0\"", &number), schema)
}

/// The field of that name, as far as it goes.
#[track_caller]
fn input(page: &Page, name: &str) -> String {
    page.between(&format!("name=\"s.{name}\""), ">")
}

/// The text that somebody agrees to.
fn shown(page: &Page) -> String {
    let text = page.between("<textarea name=\"shown\" hidden>", "</textarea>");
    let entities = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    entities.iter().fold(text, |text, (entity, character)| text.replace(entity, character))
}

fn installed(host: &Host) -> Value {
    host.owner().get("installations").ok()["items"].clone()
}

fn an_app_that_needs_settings_is_installed_with_them_from_its_consent(host: Host) {
    let owner = host.owner();
    owner.upload("apps", version("0.1.0", &schema(&[], &["tag", "key"]))).ok();
    let mut at = browser(&host, &owner);
    let path = format!("/stores/{}/apps/install", host.store());
    let page = at.open(&format!("{path}?app={APP}"));
    page.is(200).says("<details class=\"card settings\" id=\"settings\" open>").says("&#60;/label&#62;&#60;b&#62;Tag");
    page.hides("<b>Tag").hides("<i>Which").hides("<script>1").says("<option>&#60;script&#62;1</option>");
    assert!(input(&page, "tag").contains("required"), "{}", page.text);
    // Nobody is told off before they send anything; what is only looked at loses nothing.
    page.hides("This has to be filled in");
    let looked = at.submit(&page, &path, &[("act", "look"), ("s.tag", "x"), ("s.key", "sesame"), ("s.count", "7")]);
    looked.is(200).hides("This has to be filled in");
    assert!(input(&looked, "count").contains("value=\"7\""), "{}", looked.text);
    // What is missing or does not fit is said beside its field, each of them, and nothing is installed or tried.
    for act in ["install", "try"] {
        let fields = [("act", act), ("shown", &shown(&page)), ("s.tag", "x"), ("s.count", "many \"><b>")];
        let page = at.submit(&page, &path, &fields);
        page.is(200).says("role=\"alert\"").says("This has to be filled in").says("a whole number is needed");
        page.says("at least 2 characters are needed").hides("many \"><b>");
        let tag = input(&page, "tag");
        assert!(tag.contains("value=\"x\"") && tag.contains("aria-invalid=\"true\""), "{tag}");
    }
    assert_eq!(installed(&host), json!([]));
    let text = shown(&page);
    let fields = [
        ("act", "install"),
        ("shown", &text),
        ("s.tag", "seen \"><b>"),
        ("s.key", "sesame"),
        ("s.count", "7"),
        ("s.mode", "calm"),
    ];
    let made = at.submit(&page, &path, &fields);
    assert!(made.path.contains("/apps/ins_"), "{} {}", made.path, made.text);
    let id = installed(&host)[0]["id"].as_str().expect("an id").to_owned();
    let settings = owner.get(&format!("installations/{id}/settings")).ok();
    let expected = json!({ "tag": "seen \"><b>", "key": "********", "count": 7, "mode": "calm" });
    assert_eq!((&settings["settings"], &settings["revision"]), (&expected, &json!(1)));
    // What an app offers and does not need is there to be opened.
    owner.upload("apps", guests::build("noop")).ok();
    let open = at.open(&format!("{path}?app=storehand-tests/noop"));
    assert!(!open.text.contains("id=\"settings\" open"), "{}", open.text);
}

fn an_upgrade_that_needs_more_settings_asks_for_them_and_retains_those_there_are(host: Host) {
    let owner = host.owner();
    owner.upload("apps", version("0.1.0", &schema(&[], &["key"]))).ok();
    let settings = json!({ "tag": "mine", "key": "sesame", "count": 4 });
    let install = json!({ "app": APP, "scopes": ["orders:view", "orders:edit"], "settings": settings });
    let id = owner.post("installations", install).ok()["id"].as_str().expect("an id").to_owned();
    owner.upload("apps", version("0.2.0", &schema(&["shop"], &["key", "shop"]))).ok();
    let mut at = browser(&host, &owner);
    let path = format!("/stores/{}/apps/{id}/upgrade", host.store());
    let page = at.open(&format!("{path}?version=0.2.0"));
    page.is(200).says("id=\"settings\" open").hides("sesame").hides("********");
    assert!(input(&page, "tag").contains("value=\"mine\""), "{}", page.text);
    assert!(!input(&page, "key").contains("required"), "a secret that is set need not be set again: {}", page.text);
    let text = shown(&page);
    let chosen = [("act", "install"), ("shown", text.as_str()), ("s.mode", "calm")];
    at.submit(&page, &path, &chosen).is(200).says("This has to be filled in");
    assert_eq!(installed(&host)[0]["version"], json!("0.1.0"));
    let with_shop = [chosen.as_slice(), &[("s.shop", "corner")]].concat();
    // What somebody else sets meanwhile is not written over.
    let same = json!({ "tag": "theirs", "count": 4 });
    owner.put(&format!("installations/{id}/settings"), same).ok();
    let late = at.submit(&page, &path, &with_shop);
    late.is(200).says("somebody else set them meanwhile");
    assert!(input(&late, "shop").contains("value=\"corner\""), "{}", late.text);
    let page = at.open(&format!("{path}?version=0.2.0"));
    let done = at.submit(&page, &path, &with_shop);
    assert!(done.path.ends_with(&format!("/apps/{id}")), "{} {}", done.path, done.text);
    let settings = owner.get(&format!("installations/{id}/settings")).ok()["settings"].clone();
    let expected = json!({ "tag": "theirs", "key": "********", "count": 4, "mode": "calm", "shop": "corner" });
    assert_eq!(settings, expected);
}

fn a_file_is_uploaded_on_a_page_and_leads_to_its_consent(host: Host) {
    let mut owner = browser(&host, &host.owner());
    let (base, path) = (format!("/stores/{}/apps", host.store()), format!("/stores/{}/apps/upload", host.store()));
    let list = owner.open(&base);
    let page = owner.submit(&list, &path, &[]);
    page.is(200).says("enctype=\"multipart/form-data\"").says("At most 16 MiB");
    sound(&host.owner().look("apps/upload", "fr").is(200).says(&["16 Mio au plus"]));
    // What is no component, or none that is built for this host, is refused on the page.
    for (file, words) in [
        (b"".as_slice(), "this is not a WebAssembly component"),
        (b"<b>hello", "this is not a WebAssembly component"),
        (b"\0asm and no more", "role=\"alert\""),
    ] {
        owner.send_file(&page, &path, file).is(422).says("role=\"alert\"").says(words).says("type=\"file\"");
    }
    let mut large = b"\0asm".to_vec();
    large.resize(16 * 1024 * 1024 + 1, 0);
    owner.send_file(&page, &path, &large).is(413).says("an app has at most 16 MiB").says("type=\"file\"");
    large.resize(17 * 1024 * 1024, 0);
    owner.send_file(&page, &path, &large).is(413).says("an app has at most 16 MiB");
    let app = guests::build("noop");
    for _ in 0..2 {
        let consent = owner.send_file(&page, &path, &app);
        consent.is(200).says("Install ").says("Your own upload");
        assert!(consent.path.contains("/apps/install?app=storehand-tests"), "{}", consent.path);
    }
    // It is this store's alone.
    let there = |person: &crate::support::person::Person| person.get("apps").ok()["items"].as_array().map(Vec::len);
    assert_eq!((there(&host.owner()), there(&host.other_store_owner())), (Some(1), Some(0)));
    // It is an act of weight, and no page holds the file meanwhile.
    execute(&host, "UPDATE sessions SET proved_at = proved_at - 360000");
    owner.send_file(&page, &path, &app).is(403).says("Is it you?");
}

fn a_file_without_its_mark_or_from_whoever_may_not_goes_nowhere(host: Host) {
    // What is refused at its beginning is not read to its end, so it is short here.
    let (app, path) = (guests::build("noop")[..64].to_vec(), format!("/stores/{}/apps/upload", host.store()));
    let mark = |browser: &crate::support::browser::Browser| {
        let form = browser.clone().open("/account").form("/sign-out", &[]);
        form.into_iter().find(|(name, _)| name == "_form").expect("a mark").1
    };
    let mut owner = browser(&host, &host.owner());
    let own = mark(&owner);
    let mut staff = browser(&host, &host.staff(&["apps:view"]));
    let staffs = mark(&staff);
    owner.post_file(&path, "", &app).is(403);
    owner.post_file(&path, &staffs, &app).is(403).says("a session that has ended");
    staff.post_file(&path, &staffs, &app).is(403).says("apps:install");
    staff.open(&path).is(403).says("apps:install");
    staff.open(&path.replace("/upload", "")).is(200).hides("apps/upload");
    let mut other = browser(&host, &host.other_store_owner());
    let others = mark(&other);
    other.post_file(&path, &others, &app).is(404);
    crate::support::browser::Browser::new(&host.url()).post_file(&path, "", &app).is(401);
    // A file goes to that page alone.
    owner.post_file(&path.replace("upload", "install"), &own, &app).is(415);
    // The mark stands before the file, whoever made the form.
    let (kind, body) = with_file(&own, &app);
    let swapped = String::from_utf8_lossy(&body).replacen("name=\"_form\"", "name=\"other\"", 1);
    assert_eq!(raw(&host, &owner, &path, (&kind, swapped.as_bytes()), swapped.len()), 403);
    owner.headers = vec![("origin", "https://evil.example".to_owned()), ("sec-fetch-site", "cross-site".to_owned())];
    owner.post_file(&path, &own, &app).is(403).says("another site");
    assert_eq!(host.owner().get("apps").ok()["items"], json!([]));
}

fn an_upload_that_is_given_up_takes_no_place_with_it(host: Host) {
    let mut owner = browser(&host, &host.owner());
    let path = format!("/stores/{}/apps/upload", host.store());
    let page = owner.open(&path);
    let mark = page.attribute("name=\"_form\" value");
    let app = guests::build("noop");
    let (kind, body) = with_file(&mark, &app);
    // More than a store has on the way at once: each sends half, and goes.
    for _ in 0..6 {
        raw(&host, &owner, &path, (&kind, &body[..body.len() / 2]), body.len());
    }
    // One that says it is whole and is cut off is no upload either.
    let cut = &body[..body.len() - 40];
    let send = || raw(&host, &owner, &path, (&kind, cut), cut.len());
    // The host learns that somebody has gone when it reads on.
    let answered = (0..200).map(|_| send()).find(|status| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        *status != 429
    });
    assert_eq!(answered, Some(400));
    assert_eq!(host.owner().get("apps").ok()["items"], json!([]));
    owner.send_file(&page, &path, &app).is(200).says("Your own upload");
}

/// Sends these bytes of a form that says it has so many; the status, or 0 where the sender does not wait for one.
fn raw(
    host: &Host,
    browser: &crate::support::browser::Browser,
    path: &str,
    (kind, body): (&str, &[u8]),
    length: usize,
) -> u16 {
    use std::io::Read as _;
    let (url, cookie) = (host.url(), browser.cookie.clone().expect("a session"));
    let address = url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(address).expect("the host listens");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncookie: __Host-sid={cookie}\r\ncontent-type: {kind}\r\n\
         content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).expect("the head is sent");
    let _ = socket.write_all(body);
    if body.len() < length {
        return 0;
    }
    let mut answer = String::new();
    let _ = socket.read_to_string(&mut answer);
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default()
}
