-- A recall is a stop of one version that says how bad it is and what mends it. It holds for all that has the same code, whoever
-- uploaded it. `severity` is `info`, `warning` or `critical`, and none for a stop. `pauses` is 0 where it only withdraws;
-- `withdrew` is 1 where it took the version out of the catalogue, so that its end puts it back.
ALTER TABLE stops ADD COLUMN severity TEXT COLLATE "C";
ALTER TABLE stops ADD COLUMN mended_by TEXT COLLATE "C";
ALTER TABLE stops ADD COLUMN digest TEXT COLLATE "C";
ALTER TABLE stops ADD COLUMN pauses BIGINT NOT NULL DEFAULT 1;
ALTER TABLE stops ADD COLUMN withdrew BIGINT NOT NULL DEFAULT 0;
CREATE INDEX stops_digest ON stops (digest) WHERE ended_at IS NULL;
CREATE INDEX installations_digest ON installations (digest);
-- Installations that go on in spite of a recall, with the reason that their store gave.
CREATE TABLE goes_on (
  stop TEXT COLLATE "C" NOT NULL, installation TEXT COLLATE "C" NOT NULL, store TEXT COLLATE "C" NOT NULL, reason TEXT NOT NULL,
  decided_by TEXT COLLATE "C" NOT NULL, decided_at BIGINT NOT NULL, PRIMARY KEY (stop, installation)
);
-- On which day, counted from 1970 in UTC, an app last used what it was granted. Written once a day at most for each.
CREATE TABLE scope_uses (
  store TEXT COLLATE "C" NOT NULL, installation TEXT COLLATE "C" NOT NULL, scope TEXT COLLATE "C" NOT NULL,
  first_day BIGINT NOT NULL, last_day BIGINT NOT NULL, PRIMARY KEY (installation, scope)
);
CREATE INDEX scope_uses_store ON scope_uses (store);
-- Up to which run that was read, in the order of commits, and since when.
CREATE TABLE scope_watch (
  id BIGINT PRIMARY KEY, tx BIGINT NOT NULL, n BIGINT NOT NULL, since BIGINT NOT NULL
);
-- When a store last reviewed who may do what in it.
ALTER TABLE stores ADD COLUMN reviewed_at BIGINT;
ALTER TABLE stores ADD COLUMN reviewed_by TEXT COLLATE "C";
-- Each store sees its own.
DO $$
DECLARE
  of_store TEXT;
BEGIN
  FOREACH of_store IN ARRAY ARRAY['goes_on', 'scope_uses'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_store);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_store);
    EXECUTE format('CREATE POLICY of_store ON %I USING (CASE WHEN (SELECT current_setting(''storehand.store'', true)) = ''*'' '
      'THEN true ELSE store = (SELECT current_setting(''storehand.store'', true)) END)', of_store);
  END LOOP;
END
$$;
-- How far the host has read, and since when, is no store's; since when, each may know.
ALTER TABLE scope_watch ENABLE ROW LEVEL SECURITY;
ALTER TABLE scope_watch FORCE ROW LEVEL SECURITY;
CREATE POLICY of_host ON scope_watch USING ((SELECT current_setting('storehand.store', true)) = '*');
CREATE POLICY of_all ON scope_watch FOR SELECT USING (true);
