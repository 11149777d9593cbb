//! Built for `wasm32-wasip2`: asks the standard library for environment, arguments, files, input, sockets, clocks and
//! randomness, and prints what it got. What it prints is what an app from such a compiler would leave in its log.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::Read;
use std::time::{Duration, Instant, SystemTime};

use storehand::{Action, App, Context, Error, Result, register_app};

#[derive(Default)]
struct Wasi;

impl App for Wasi {
    fn action(&self, context: &Context, action: Action) -> Result {
        match action.id.as_str() {
            "look-around" => look_around(context),
            "sleep" => std::thread::sleep(Duration::from_secs(3_600)),
            "shout" => (0..300).for_each(|number| println!("line {number}")),
            "end" => std::process::exit(0),
            "give-up" => std::process::exit(3),
            _ => return Err(Error::NotHandled),
        }
        Ok(())
    }
}
register_app!(Wasi);

fn look_around(context: &Context) {
    println!("environment {}", std::env::vars_os().count());
    println!("arguments {}", std::env::args_os().count());
    println!("file {}", std::fs::read("/etc/passwd").is_ok());
    println!("write {}", std::fs::write("left-behind", "here").is_ok());
    println!("folder {}", std::fs::read_dir("/").is_ok());
    println!("input {}", std::io::stdin().read(&mut [0; 8]).unwrap_or(0));
    println!("network {}", std::net::TcpStream::connect("127.0.0.1:1").is_ok());
    println!("name {}", std::net::ToSocketAddrs::to_socket_addrs("localhost:80").is_ok());
    let (wall, steady) = (SystemTime::now(), Instant::now());
    let mut turns = 0_u64;
    for turn in 0..2_000_000_u64 {
        turns = std::hint::black_box(turns.wrapping_add(turn));
    }
    println!("wall clock moved {}", SystemTime::now() != wall);
    println!("steady clock moved {}", steady.elapsed() != Duration::ZERO);
    let since = wall.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    println!("now {} {}", since.as_millis(), context.now());
    // The keys of the standard library's own hash maps come from the host.
    println!("random {}", RandomState::new().hash_one(0));
    eprintln!("and this went to the error stream");
}
