//! E-mail: invitations and links to a new password arrive, and where they do not, the page says so.

use std::net::TcpListener;
use std::process::Command;

use super::staff::{AGENT, invite, page_of};
use super::who::{OWNER, PASSWORD, set_up, sign_in};
use crate::support::browser::Browser;
use crate::support::host::{Host, both_fresh};
use crate::support::letters::{Post, post};

both_fresh!(
    an_invitation_and_a_new_password_arrive_by_e_mail_with_whole_links,
    what_the_mail_server_does_not_take_is_handed_over_by_whoever_made_it,
    somebody_is_told_by_e_mail_of_a_device_that_is_new,
);

/// The host, told where to send e-mail.
fn with_mail(mut host: Host, port: u16) -> Host {
    host.restart_with(Post::told(port, &[]));
    host
}

fn path_in(letter: &str) -> String {
    let rest = letter.split("https://admin.example.com").nth(1).unwrap_or_else(|| panic!("no link in {letter}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

fn an_invitation_and_a_new_password_arrive_by_e_mail_with_whole_links(host: Host) {
    let post = post();
    let mut signed = set_up(with_mail(host, post.port));
    let link = invite(&mut signed, "Jonas Weber", AGENT, "fulfilment-agent");
    let letter = post.letter();
    assert!(
        letter.contains(&format!("RCPT TO:<{AGENT}>")) && letter.contains("MAIL FROM:<hello@example.com>"),
        "{letter}"
    );
    assert!(letter.contains("Subject: Corner shop invites you") && letter.contains("Ana Berg invites you"), "{letter}");
    assert_eq!(path_in(&letter), link);
    let mut agent = Browser::new(&signed.host.url());
    let page = agent.open(&path_in(&letter));
    agent.submit(&page, "/link", &[("password", PASSWORD), ("again", PASSWORD)]).is(200).says("Welcome to Corner shop");
    let path = page_of(&mut signed, "Jonas Weber");
    let page = signed.owner.open(&path);
    let page = signed.owner.submit(&page, &format!("{path}/reset"), &[]);
    page.is(200).says("on its way by e-mail");
    let letter = post.letter();
    assert!(letter.contains("A new password for Corner shop"), "{letter}");
    Browser::new(&signed.host.url()).open(&path_in(&letter)).is(200);
}

fn what_the_mail_server_does_not_take_is_handed_over_by_whoever_made_it(host: Host) {
    // Nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut signed = set_up(with_mail(host, port));
    let add = format!("/stores/{}/people/add", signed.store);
    let page = signed.owner.open(&add);
    let page = signed.owner.submit(&page, &add, &[("name", "Jonas"), ("email", AGENT), ("role", "accountant")]);
    page.is(200).says("the mail server did not take it").says("/link?s=");
}

#[test]
fn a_host_that_would_send_passwords_unencrypted_does_not_start_and_shows_none() {
    let folder = tempfile::tempdir().unwrap();
    let serve = |url: &str, from: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_storehand"));
        command.args(["serve", "--data-dir"]).arg(folder.path()).args(["--listen", "127.0.0.1:0", "--mail-from", from]);
        let output = command.env("STOREHAND_SMTP_URL", url).output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = serve("smtp://shop:hunter2@smtp.example.com", "a@example.com");
    assert!(said.contains("unencrypted") && said.contains("smtps://") && !said.contains("hunter2"), "{said}");
    let said = serve("smtps://shop:hunter2@smtp.example.com", "nobody");
    assert!(said.contains("--mail-from") && !said.contains("hunter2"), "{said}");
    let said = serve("smtps://shop:hunter2@smtp.example.com", "a@example.com");
    assert!(said.contains("--public-url"), "{said}");
}

fn somebody_is_told_by_e_mail_of_a_device_that_is_new(host: Host) {
    let post = post();
    let signed = set_up(with_mail(host, post.port));
    let mut phone = Browser::new(&signed.host.url());
    phone.headers.push(("user-agent", "Mozilla/5.0 (iPhone) Safari/600".to_owned()));
    phone.headers.push(("accept-language", "fr".to_owned()));
    sign_in(&mut phone, OWNER, PASSWORD, Some(&signed.codes[0])).is(200);
    // The first one it was, of an account that had none, is told to nobody.
    let letter = post.letter();
    assert!(letter.contains(&format!("To: {OWNER}")), "{letter}");
    for part in ["Safari on iPhone", "https://admin.example.com/account", "Ana Berg"] {
        assert!(letter.contains(part), "no {part}: {letter}");
    }
    // The same browser once more is no news.
    let page = phone.open("/account");
    phone.submit(&page, "/sign-out", &[]);
    sign_in(&mut phone, OWNER, PASSWORD, Some(&signed.codes[1])).is(200);
    post.is_quiet();
}
