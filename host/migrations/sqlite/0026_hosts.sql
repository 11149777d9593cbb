-- The processes that serve this database: each writes its row when it starts and twice a minute, and removes it when it stops.
CREATE TABLE hosts (
  id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, started_at BIGINT NOT NULL, seen_at BIGINT NOT NULL
);
