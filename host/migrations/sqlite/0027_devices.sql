-- Browsers that an account signed in with, each by a hash of what its cookie holds; one that several people use is one of each.
-- `seen_at` is when its person said, on another one, that it is theirs.
CREATE TABLE devices (
  id TEXT PRIMARY KEY, hash TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
  created_at BIGINT NOT NULL, used_at BIGINT NOT NULL, seen_at BIGINT, UNIQUE (account, hash)
);
CREATE INDEX devices_hash ON devices (hash);
-- Those that a store lets one of its people in with, where it confirms them.
CREATE TABLE confirmed_devices (
  staff TEXT NOT NULL, device TEXT NOT NULL, confirmed_by TEXT NOT NULL, confirmed_at BIGINT NOT NULL,
  PRIMARY KEY (staff, device)
);
CREATE INDEX confirmed_devices_device ON confirmed_devices (device);
ALTER TABLE stores ADD COLUMN confirm_devices BIGINT NOT NULL DEFAULT 0;
-- When the password and a second factor were last shown in a session: changing either asks for both.
ALTER TABLE sessions ADD COLUMN device_id TEXT;
ALTER TABLE sessions ADD COLUMN password_at BIGINT;
ALTER TABLE sessions ADD COLUMN factor_at BIGINT;
-- What a browser is asked for that nobody is signed in with it remembers itself.
DROP INDEX ceremonies_network;
ALTER TABLE ceremonies DROP COLUMN network;
