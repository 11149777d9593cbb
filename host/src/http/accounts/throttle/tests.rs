//! Guesses against one account, from one network, from many at once, and tables that stay small.

use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn throttle() -> Arc<Throttle> {
    Arc::default()
}

/// An address of a network of its own.
fn from(n: usize) -> IpAddr {
    let [_, b, c, d] = u32::try_from(n).unwrap().to_be_bytes();
    IpAddr::from([b + 1, c, d, 9])
}

/// Tries and fails; how long to wait otherwise.
fn fails(throttle: &Arc<Throttle>, email: &str, from: IpAddr, now: Instant) -> Result<(), u64> {
    throttle.begin(email, from, now).map(drop).map_err(|wait| wait.seconds)
}

#[test]
fn after_five_failures_an_account_waits_a_minute_and_then_twice_as_long_up_to_a_quarter_of_an_hour() {
    let (throttle, mut now) = (throttle(), Instant::now());
    for n in 0..5 {
        assert_eq!(fails(&throttle, "anna@example.com", from(n), now), Ok(()));
    }
    for (n, wait) in [60, 120, 240, 480, 900, 900, 900].into_iter().enumerate() {
        assert_eq!(fails(&throttle, "anna@example.com", from(99), now), Err(wait));
        now += SECOND * (u32::try_from(wait).unwrap() - 1);
        assert_eq!(fails(&throttle, "anna@example.com", from(99), now), Err(1));
        now += SECOND;
        assert_eq!(fails(&throttle, "anna@example.com", from(100 + n), now), Ok(()));
    }
    assert_eq!(fails(&throttle, "ben@example.com", from(99), now), Ok(()), "another account has nothing to do with it");
}

#[test]
fn ten_thousand_guesses_in_an_hour_are_at_most_a_hundred_that_are_tried() {
    let (throttle, start) = (throttle(), Instant::now());
    let tried = (0..10_000_u32)
        .filter(|n| {
            let now = start + Duration::from_millis(360) * *n;
            fails(&throttle, "anna@example.com", from(usize::try_from(*n).unwrap()), now).is_ok()
        })
        .count();
    assert!((5..=100).contains(&tried), "{tried}");
}

#[test]
fn it_is_the_same_account_however_it_is_written() {
    let (throttle, now) = (throttle(), Instant::now());
    let written =
        ["anna@example.com", "Anna@Example.com", " anna@example.com", "ANNA@EXAMPLE.COM\n", "anna@example.com "];
    for (n, email) in written.into_iter().enumerate() {
        assert_eq!(fails(&throttle, email, from(n), now), Ok(()));
    }
    assert_eq!(fails(&throttle, "aNNa@example.com", from(9), now), Err(60));
}

#[test]
fn who_knows_the_password_begins_anew() {
    let (throttle, now) = (throttle(), Instant::now());
    for _ in 0..100 {
        for n in 0..4 {
            assert_eq!(fails(&throttle, "anna@example.com", from(n), now), Ok(()));
        }
        throttle.begin("anna@example.com", from(5), now).unwrap().succeeded();
        throttle.tried.lock().networks.clear();
    }
}

#[test]
fn a_network_fails_twenty_times_in_five_minutes_and_gets_one_back_every_fifteen_seconds() {
    let (throttle, now) = (throttle(), Instant::now());
    let address = |n: u8| IpAddr::from([192, 0, 2, n]);
    for n in 0..20 {
        assert_eq!(fails(&throttle, &format!("{n}@example.com"), address(n), now), Ok(()));
    }
    assert_eq!(fails(&throttle, "next@example.com", address(200), now), Err(15));
    assert_eq!(fails(&throttle, "next@example.com", IpAddr::from([192, 0, 3, 1]), now), Ok(()));
    assert_eq!(fails(&throttle, "other@example.com", address(200), now + SECOND * 15), Ok(()));
    assert_eq!(fails(&throttle, "other@example.com", address(200), now + SECOND * 15), Err(15));
    let later = now + WITHIN * 2;
    assert!((0..20).all(|n| fails(&throttle, &format!("late{n}@example.com"), address(n), later).is_ok()));
}

#[test]
fn a_customer_with_ipv6_is_one_network() {
    let (throttle, now) = (throttle(), Instant::now());
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    for n in 0..20 {
        assert_eq!(
            fails(&throttle, &format!("{n}@example.com"), address(&format!("2001:db8:0:1{n:02}::{n}")), now),
            Ok(())
        );
    }
    assert_eq!(fails(&throttle, "next@example.com", address("2001:db8:0:1ff::1"), now), Err(15));
    assert_eq!(fails(&throttle, "next@example.com", address("2001:db8:0:200::1"), now), Ok(()));
    let mapped = address("::ffff:203.0.113.9");
    assert_eq!(network(mapped), address("203.0.113.0"));
}

#[test]
fn an_office_where_many_sign_in_is_not_stopped() {
    let (throttle, now) = (throttle(), Instant::now());
    for n in 0..200 {
        throttle.begin(&format!("{n}@example.com"), from(1), now).unwrap().succeeded();
    }
}

#[test]
fn guesses_that_are_under_way_at_once_are_counted_like_guesses_in_a_row() {
    let (throttle, now) = (throttle(), Instant::now());
    let under_way: Vec<Attempt> =
        (0..64).filter_map(|n| throttle.begin("anna@example.com", from(n), now).ok()).collect();
    assert_eq!(under_way.len(), 5);
}

#[test]
fn what_the_host_did_not_even_try_does_not_count() {
    let (throttle, now) = (throttle(), Instant::now());
    for _ in 0..200 {
        throttle.begin("anna@example.com", from(1), now).unwrap().not_made();
    }
    assert!(throttle.tried.lock().accounts.is_empty());
    for n in 0..4 {
        assert_eq!(fails(&throttle, "anna@example.com", from(n), now), Ok(()));
    }
    throttle.begin("anna@example.com", from(1), now).unwrap().not_made();
    assert_eq!(fails(&throttle, "anna@example.com", from(1), now), Ok(()), "the fifth");
    assert_eq!(fails(&throttle, "anna@example.com", from(1), now), Err(60));
}

#[test]
fn after_a_day_without_failures_an_account_begins_anew() {
    let (throttle, now) = (throttle(), Instant::now());
    for n in 0..5 {
        assert_eq!(fails(&throttle, "anna@example.com", from(n), now), Ok(()));
    }
    for n in 0..5 {
        assert_eq!(fails(&throttle, "anna@example.com", from(n), now + FORGET), Ok(()));
    }
    assert_eq!(fails(&throttle, "anna@example.com", from(9), now + FORGET), Err(60));
}

#[test]
fn however_many_come_the_tables_stay_small_and_an_account_under_attack_is_not_forgotten() {
    let (throttle, now) = (throttle(), Instant::now());
    for n in 0..5 {
        assert_eq!(fails(&throttle, "anna@example.com", from(n), now), Ok(()));
    }
    for n in 0..MOST * 2 {
        assert_eq!(fails(&throttle, &format!("{n}@example.com"), from(100 + n), now + SECOND), Ok(()));
    }
    let tried = throttle.tried.lock();
    assert!(tried.accounts.len() <= MOST && tried.networks.len() <= MOST);
    drop(tried);
    assert_eq!(fails(&throttle, "anna@example.com", from(99), now + SECOND), Err(59));
}
