//! What the host says went wrong, as a failure of the verb: its words, what would help, and the exit code.

use serde::Deserialize;
use ureq::Error;

use super::Failure;
use super::show::{line, text};

/// The parts of a problem document (RFC 9457) that people are shown.
#[derive(Debug, Deserialize)]
struct Problem {
    detail: String,
    #[serde(default)]
    remedy: Option<String>,
}

/// The failure that a line of a list stands for, if the host could not go on with it.
pub(super) fn in_the_middle(line: &[u8]) -> Option<Failure> {
    #[derive(Deserialize)]
    struct Told {
        problem: Problem,
    }
    let told = line.starts_with(b"{\"problem\":").then(|| serde_json::from_slice::<Told>(line).ok()).flatten()?;
    let failure = Failure::failed(format!("the host did not go on with the list: {}", text(&told.problem.detail)));
    Some(failure.help("what was written before is whole; ask again, or narrow the list"))
}

/// The failure that an answer stands for.
pub(super) fn failure(status: u16, body: &str, base: &str) -> Failure {
    let Ok(Problem { detail, remedy }) = serde_json::from_str::<Problem>(body) else {
        return foreign(status, base);
    };
    let detail = text(&detail);
    let failure = match status {
        400 => Failure::usage(detail),
        401 | 403 => Failure::not_permitted(detail),
        404 => Failure::not_found(detail),
        422 => Failure::not_accepted(detail),
        _ => Failure::failed(detail),
    };
    match (status, remedy) {
        (_, Some(remedy)) => failure.help(line(&remedy)),
        (401, None) => {
            failure.help("STOREHAND_TOKEN must hold a token of this host that is neither expired nor revoked")
        }
        _ => failure,
    }
}

/// An answer that no host gives: something else listens there, or stands in between.
fn foreign(status: u16, base: &str) -> Failure {
    Failure::failed(format!("what answers at {base} is not a Storehand host: it answered {status}"))
        .help("name the host with --url or STOREHAND_URL")
}

/// The failure of not getting an answer at all.
pub(super) fn unreachable(error: &Error, base: &str) -> Failure {
    let start = "start one with `storehand serve`, or name another with --url or STOREHAND_URL";
    match error {
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Failure::failed(format!("no host answers at {base}: the connection was refused")).help(start)
        }
        Error::HostNotFound | Error::ConnectionFailed => {
            Failure::failed(format!("no host answers at {base}: {error}")).help(start)
        }
        Error::Timeout(what) => Failure::failed(format!("the host at {base} does not answer in time ({what})"))
            .help("`storehand doctor` on that machine says what is wrong with it"),
        Error::Io(error) => Failure::failed(format!("the connection to {base} broke: {error}")),
        error => Failure::failed(format!("cannot speak to {base}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Exit;

    #[test]
    fn every_kind_of_answer_has_its_exit_code() {
        let exit = |status| failure(status, r#"{"detail":"no"}"#, "http://a").exit();
        for (status, code) in [
            (400, Exit::Usage),
            (401, Exit::NotPermitted),
            (403, Exit::NotPermitted),
            (404, Exit::NotFound),
            (409, Exit::Failed),
            (422, Exit::Refused),
            (503, Exit::Failed),
        ] {
            assert_eq!(exit(status), code, "{status}");
        }
    }

    #[test]
    fn the_words_of_the_host_steer_no_terminal() {
        let failure = failure(422, "{\"detail\":\"`a\\u001b[2Jb` is wrong\"}", "http://a");
        assert_eq!(failure.to_string(), "`a\\u{1b}[2Jb` is wrong");
    }

    #[test]
    fn what_is_no_host_is_told_so() {
        assert!(failure(502, "<html>", "http://a").to_string().contains("not a Storehand host"));
    }
}
