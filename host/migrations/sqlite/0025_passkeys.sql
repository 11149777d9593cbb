-- Passkeys of accounts, for the name `rp` of the host, and good at the `origin` where they were made. `moving` is what changes
-- with each use, above all the counter; `alone` is whether one signs in by itself: a new password by link ends that until the
-- passkey was shown beside it.
CREATE TABLE passkeys (
  credential TEXT PRIMARY KEY, account TEXT NOT NULL, rp TEXT NOT NULL, origin TEXT NOT NULL,
  handle TEXT NOT NULL, name TEXT NOT NULL, transports BIGINT NOT NULL, fixed TEXT NOT NULL, moving TEXT NOT NULL,
  alone BIGINT NOT NULL, created_at BIGINT NOT NULL, used_at BIGINT
);
CREATE INDEX passkeys_account ON passkeys (account);
-- How many there are: whoever locks the row of an account knows whether it has a second factor.
ALTER TABLE accounts ADD COLUMN passkeys BIGINT NOT NULL DEFAULT 0;
-- What a browser was asked for, and whose answer is taken: of one session, or of a browser that nobody is signed in with.
-- Each is gone once it was answered.
CREATE TABLE ceremonies (
  challenge TEXT PRIMARY KEY, kind TEXT NOT NULL, asked TEXT NOT NULL, origin TEXT NOT NULL, network TEXT, state TEXT NOT NULL,
  created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX ceremonies_asked ON ceremonies (asked);
CREATE INDEX ceremonies_network ON ceremonies (network);
CREATE INDEX ceremonies_expires ON ceremonies (expires_at);
