//! A browser without a screen: it holds the session's cookie, follows where it is sent, and sends the forms it was given.

use std::collections::BTreeMap;
use std::time::Duration;

use ureq::Agent;
use ureq::http::Request;

/// Longer than the host gives any request.
const PATIENCE: Duration = Duration::from_secs(60);
/// More would be a circle.
const REDIRECTS: usize = 6;

/// A browser at one host.
#[derive(Clone)]
pub struct Browser {
    agent: Agent,
    base: String,
    /// What the session's cookie holds.
    pub cookie: Option<String>,
    /// What the cookie holds of a browser that signs in with a passkey.
    pub asked: Option<String>,
    /// What the cookie holds by which the host knows this browser again.
    pub device: Option<String>,
    /// Headers that it sends besides.
    pub headers: Vec<(&'static str, String)>,
}

/// A page, or whatever it was.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status of the last answer.
    pub status: u16,
    /// Where it was sent to in the end.
    pub path: String,
    /// The text.
    pub text: String,
    /// The headers of the last answer.
    pub headers: BTreeMap<String, String>,
}

impl Browser {
    /// Nobody signed in.
    pub fn new(base: &str) -> Browser {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None).timeout_global(Some(PATIENCE));
        let config = config.input_buffer_size(16 << 10).output_buffer_size(8 << 10);
        let agent = config.max_redirects(0).max_idle_connections(0).build().new_agent();
        Browser { agent, base: base.to_owned(), cookie: None, asked: None, device: None, headers: Vec::new() }
    }

    /// The same browser with another cookie.
    pub fn with_cookie(&self, cookie: Option<String>) -> Browser {
        Browser { cookie, ..self.clone() }
    }

    /// Opens a page, and those it is sent on to.
    pub fn open(&mut self, path: &str) -> Page {
        let page = self.once("GET", path, "");
        self.follow(page)
    }

    /// Opens a page, and stays with the first answer.
    pub fn first(&mut self, path: &str) -> Page {
        self.once("GET", path, "")
    }

    /// Sends the form of a page that goes to `action`, with these fields instead of its own; and goes on where it is sent.
    pub fn submit(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.post(action, &page.form(action, fields));
        self.follow(page)
    }

    /// Sends just these fields, and stays with the first answer.
    pub fn post(&mut self, path: &str, fields: &[(String, String)]) -> Page {
        self.once("POST", path, &serde_html_form::to_string(fields).unwrap())
    }

    /// Sends a file with the form of a page that goes to `action`, and goes on where it is sent.
    pub fn send_file(&mut self, page: &Page, action: &str, file: &[u8]) -> Page {
        let mark = page.form(action, &[]).into_iter().find(|(name, _)| name == "_form");
        let page = self.post_file(action, &mark.map(|(_, mark)| mark).unwrap_or_default(), file);
        self.follow(page)
    }

    /// Sends a file with just this mark, and stays with the first answer.
    pub fn post_file(&mut self, path: &str, mark: &str, file: &[u8]) -> Page {
        let (kind, body) = with_file(mark, file);
        self.send("POST", path, (&kind, body))
    }

    fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..REDIRECTS {
            match page.headers.get("location").cloned() {
                Some(location) if page.status == 303 => page = self.once("GET", &location, ""),
                _ => return page,
            }
        }
        panic!("sent in a circle at {}", page.path)
    }

    fn once(&mut self, method: &str, path: &str, body: &str) -> Page {
        self.send(method, path, ("application/x-www-form-urlencoded", body.as_bytes().to_vec()))
    }

    fn send(&mut self, method: &str, path: &str, (kind, body): (&str, Vec<u8>)) -> Page {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in [("sid", &self.cookie), ("asked", &self.asked), ("device", &self.device)] {
            if let Some(value) = value {
                request = request.header("cookie", format!("__Host-{name}={value}"));
            }
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let answer = match method {
            "GET" => self.agent.run(request.body(()).unwrap()),
            _ => self.agent.run(request.header("content-type", kind).body(body).unwrap()),
        };
        let mut answer = answer.unwrap_or_else(|e| panic!("{method} {path}: {e}"));
        for line in answer.headers().get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()) {
            let (name, rest) = line.split_once('=').unwrap_or_default();
            let value = rest.split(';').next().filter(|value| !value.is_empty()).map(str::to_owned);
            match name {
                "__Host-sid" => self.cookie = value,
                "__Host-asked" => self.asked = value,
                "__Host-device" => self.device = value,
                _ => panic!("an unknown cookie: {line}"),
            }
        }
        let headers = answer.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned())).collect();
        let (status, text) = (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap_or_default());
        Page { status, path: path.to_owned(), text, headers }
    }
}

/// The type and the body of a form with this mark and this file.
pub fn with_file(mark: &str, file: &[u8]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "----a-browser-chose-this";
    let before = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"_form\"\r\n\r\n{mark}\r\n--{BOUNDARY}\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"app.wasm\"\r\nContent-Type: application/wasm\r\n\r\n"
    );
    let after = format!("\r\n--{BOUNDARY}--\r\n");
    let body = [before.as_bytes(), file, after.as_bytes()].concat();
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

impl Page {
    /// What the form that goes to `action` sends, with these fields instead of its own.
    pub fn form(&self, action: &str, fields: &[(&str, &str)]) -> Vec<(String, String)> {
        // A list has a form that searches it as well, to the same address.
        let sent = self.text.find(&format!("<form method=\"post\" action=\"{action}\""));
        let start = sent.or_else(|| self.text.find(&format!("action=\"{action}\"")));
        let start =
            start.unwrap_or_else(|| panic!("no form to {action} on {} ({}):\n{}", self.path, self.status, self.text));
        let form = &self.text[start..];
        let form = &form[..form.find("</form>").unwrap_or(form.len())];
        let mut sent: Vec<(String, String)> = Vec::new();
        for input in form.split("<input ").skip(1).map(|input| input.split('>').next().unwrap_or_default()) {
            let unticked = input.contains("type=\"checkbox\"") && !input.contains(" checked");
            if let Some(name) = attribute(input, "name").filter(|_| !unticked) {
                sent.push((name, attribute(input, "value").unwrap_or_default()));
            }
        }
        sent.retain(|(name, _)| !fields.iter().any(|(field, _)| field == name));
        sent.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        sent
    }

    /// An attribute of the first element that has it.
    pub fn attribute(&self, name: &str) -> String {
        attribute(&self.text, name).unwrap_or_else(|| panic!("no `{name}` on {}:\n{}", self.path, self.text))
    }

    /// Panics unless the page has this text.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Page {
        assert!(self.text.contains(text), "`{text}` is not on {} ({}):\n{}", self.path, self.status, self.text);
        self
    }

    /// Panics if the page has this text.
    #[track_caller]
    pub fn hides(&self, text: &str) -> &Page {
        assert!(!self.text.contains(text), "`{text}` is on {}:\n{}", self.path, self.text);
        self
    }

    /// Panics unless it was answered so.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Page {
        assert_eq!(self.status, status, "{}:\n{}", self.path, self.text);
        self
    }

    /// What stands between two texts of the page.
    #[track_caller]
    pub fn between(&self, from: &str, to: &str) -> String {
        let rest =
            self.text.split_once(from).unwrap_or_else(|| panic!("`{from}` is not on {}:\n{}", self.path, self.text)).1;
        rest.split_once(to).unwrap_or_else(|| panic!("`{to}` is not after `{from}`")).0.to_owned()
    }
}

/// An attribute of an element, with its entities resolved.
fn attribute(element: &str, name: &str) -> Option<String> {
    let value = element.split_once(&format!("{name}=\""))?.1.split('"').next()?;
    Some(
        value
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#38;", "&"),
    )
}
