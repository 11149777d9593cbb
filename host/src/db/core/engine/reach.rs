//! Why a PostgreSQL cannot be reached, said with its address and without its password.

use crate::db::core::error::{Error, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use std::io::ErrorKind;
use std::time::Duration;

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(3);

/// Connects once, and says why that is not possible.
pub(super) async fn check(options: &PgConnectOptions) -> Result<()> {
    match tokio::time::timeout(ATTEMPT, options.connect()).await {
        Ok(Ok(conn)) => {
            // Whether it parts politely is of no interest.
            let _ = PgConnection::close(conn).await;
            Ok(())
        }
        Ok(Err(error)) => Err(explained(options, error)),
        Err(_) => Err(silent(options)),
    }
}

/// Why a pool could not be filled. A pool tries until its time is up and then says only that; one more attempt says why.
pub(super) async fn why(options: &PgConnectOptions, error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::PoolTimedOut => check(options).await.err().unwrap_or_else(|| silent(options)),
        error => explained(options, error),
    }
}

fn silent(options: &PgConnectOptions) -> Error {
    let at = address(options);
    Error::invalid(format!("PostgreSQL at {at} does not answer; see whether it runs and can be reached from here"))
}

fn explained(options: &PgConnectOptions, error: sqlx::Error) -> Error {
    let at = address(options);
    match error {
        sqlx::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => Error::invalid(format!(
            "PostgreSQL at {at} refuses connections; start it, or correct STOREHAND_DATABASE_URL"
        )),
        sqlx::Error::Io(error) => Error::invalid(format!(
            "PostgreSQL at {at} cannot be reached: {error}; start it, or correct STOREHAND_DATABASE_URL"
        )),
        error => error.into(),
    }
}

/// The host and port, or the socket.
fn address(options: &PgConnectOptions) -> String {
    let port = options.get_port();
    match (options.get_socket(), options.get_host()) {
        (Some(folder), _) => folder.join(format!(".s.PGSQL.{port}")).display().to_string(),
        (None, host) if host.contains(':') && !host.starts_with('[') => format!("[{host}]:{port}"),
        (None, host) => format!("{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_is_not_there_is_named_by_its_address_and_never_by_its_password() {
        // Bound and let go, so that nothing listens there.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let at = |url: &str| url.parse::<PgConnectOptions>().unwrap();
        let options = at(&format!("postgres://storehand:hunter2@127.0.0.1:{port}/storehand"));
        let told = why(&options, sqlx::Error::PoolTimedOut).await.to_string();
        assert!(told.starts_with(&format!("PostgreSQL at 127.0.0.1:{port} refuses connections; start it")), "{told}");
        assert!(!told.contains("hunter2"), "{told}");

        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().display().to_string();
        let options = at(&format!("postgres:///storehand?host={socket}"));
        let told = why(&options, sqlx::Error::PoolTimedOut).await.to_string();
        assert!(told.contains(&format!("{socket}/.s.PGSQL.5432 cannot be reached")), "{told}");
    }
}
