//! A mail server that takes everything, and the letters it got.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::host::Told;

/// What a mail server was told, line by line.
pub struct Post {
    /// Where it listens on this machine.
    pub port: u16,
    letters: Receiver<String>,
}

/// A mail server at a port of its own.
pub fn post() -> Post {
    Post::at(TcpListener::bind("127.0.0.1:0").unwrap())
}

fn serve(stream: TcpStream, letters: &Sender<String>) -> Option<()> {
    let (mut out, mut lines) = (stream.try_clone().ok()?, BufReader::new(stream).lines());
    out.write_all(b"220 here\r\n").ok()?;
    let mut letter = String::new();
    while let Some(Ok(line)) = lines.next() {
        let answer: &[u8] = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => b"250-here\r\n250 8BITMIME\r\n",
            "DATA" => {
                out.write_all(b"354 go on\r\n").ok()?;
                for line in lines.by_ref().map_while(Result::ok).take_while(|line| line != ".") {
                    letter += &(line + "\n");
                }
                letters.send(std::mem::take(&mut letter)).ok()?;
                b"250 taken\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => {
                letter += &(line.clone() + "\n");
                b"250 ok\r\n"
            }
        };
        out.write_all(answer).ok()?;
    }
    Some(())
}

impl Post {
    /// One that listens there.
    pub fn at(listener: TcpListener) -> Post {
        let (port, (sender, letters)) = (listener.local_addr().unwrap().port(), channel());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                std::thread::spawn(move || serve(stream, &sender));
            }
        });
        Post { port, letters }
    }

    /// What a host is told that sends its e-mail to that port, and this besides.
    pub fn told(port: u16, besides: Told) -> Told {
        let url: &'static str = format!("smtp://127.0.0.1:{port}").leak();
        let mut told = vec![
            ("STOREHAND_SMTP_URL", url),
            ("STOREHAND_MAIL_FROM", "Corner shop <hello@example.com>"),
            ("STOREHAND_PUBLIC_URL", "https://admin.example.com/"),
        ];
        told.extend(besides);
        told.leak()
    }

    /// The next letter, with lines that were too long put together again.
    pub fn letter(&self) -> String {
        let letter = self.letters.recv_timeout(Duration::from_secs(30)).expect("a letter");
        letter.replace("=\n", "").replace("=3D", "=")
    }

    /// Panics if another letter comes within a while.
    #[track_caller]
    pub fn is_quiet(&self) {
        if let Ok(letter) = self.letters.recv_timeout(Duration::from_secs(2)) {
            panic!("a letter that nobody asked for: {letter}");
        }
    }
}
