-- The processes that serve this database: each writes its row when it starts and twice a minute, and removes it when it stops.
CREATE TABLE hosts (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY, name TEXT NOT NULL, version TEXT COLLATE "C" NOT NULL, started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);
-- No connection that serves a store sees or writes it.
ALTER TABLE hosts ENABLE ROW LEVEL SECURITY;
ALTER TABLE hosts FORCE ROW LEVEL SECURITY;
CREATE POLICY of_host ON hosts USING ((SELECT current_setting('storehand.store', true)) = '*');
