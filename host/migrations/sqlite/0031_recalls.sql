-- A recall is a stop of one version that says how bad it is and what mends it. It holds for all that has the same code, whoever
-- uploaded it. `severity` is `info`, `warning` or `critical`, and none for a stop. `pauses` is 0 where it only withdraws;
-- `withdrew` is 1 where it took the version out of the catalogue, so that its end puts it back.
ALTER TABLE stops ADD COLUMN severity TEXT;
ALTER TABLE stops ADD COLUMN mended_by TEXT;
ALTER TABLE stops ADD COLUMN digest TEXT;
ALTER TABLE stops ADD COLUMN pauses BIGINT NOT NULL DEFAULT 1;
ALTER TABLE stops ADD COLUMN withdrew BIGINT NOT NULL DEFAULT 0;
CREATE INDEX stops_digest ON stops (digest) WHERE ended_at IS NULL;
CREATE INDEX installations_digest ON installations (digest);
-- Installations that go on in spite of a recall, with the reason that their store gave.
CREATE TABLE goes_on (
  stop TEXT NOT NULL, installation TEXT NOT NULL, store TEXT NOT NULL, reason TEXT NOT NULL, decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL, PRIMARY KEY (stop, installation)
);
-- On which day, counted from 1970 in UTC, an app last used what it was granted. Written once a day at most for each.
CREATE TABLE scope_uses (
  store TEXT NOT NULL, installation TEXT NOT NULL, scope TEXT NOT NULL, first_day BIGINT NOT NULL, last_day BIGINT NOT NULL,
  PRIMARY KEY (installation, scope)
);
CREATE INDEX scope_uses_store ON scope_uses (store);
-- Up to which run that was read, in the order of commits, and since when.
CREATE TABLE scope_watch (
  id BIGINT PRIMARY KEY, tx BIGINT NOT NULL, n BIGINT NOT NULL, since BIGINT NOT NULL
);
-- When a store last reviewed who may do what in it.
ALTER TABLE stores ADD COLUMN reviewed_at BIGINT;
ALTER TABLE stores ADD COLUMN reviewed_by TEXT;
