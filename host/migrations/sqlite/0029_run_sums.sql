-- How much memory a run held at most, and how much it wrote, in bytes; not known of runs recorded before.
ALTER TABLE invocations ADD COLUMN memory BIGINT;
ALTER TABLE invocations ADD COLUMN bytes BIGINT;
-- Runs summed up by the minute and by the hour, `span` in seconds: of each store, and with an empty store of all of them,
-- where `installation` stands for the name space of the app. `cpu_times` and `wall_times` are counts by length.
CREATE TABLE run_sums (
  store TEXT NOT NULL, span BIGINT NOT NULL, at BIGINT NOT NULL, installation TEXT NOT NULL, app TEXT NOT NULL,
  app_version TEXT NOT NULL, trigger_kind TEXT NOT NULL, runs BIGINT NOT NULL, ok BIGINT NOT NULL,
  denied_runs BIGINT NOT NULL, failed BIGINT NOT NULL, faults BIGINT NOT NULL, host_calls BIGINT NOT NULL,
  denied_calls BIGINT NOT NULL, failed_calls BIGINT NOT NULL, changes BIGINT NOT NULL, cpu_us BIGINT NOT NULL,
  wall_us BIGINT NOT NULL, memory BIGINT NOT NULL, bytes BIGINT NOT NULL, last_at BIGINT NOT NULL,
  cpu_times BLOB NOT NULL, wall_times BLOB NOT NULL,
  PRIMARY KEY (store, span, at, installation, app, app_version, trigger_kind)
) WITHOUT ROWID;
-- Their host calls, likewise.
CREATE TABLE call_sums (
  store TEXT NOT NULL, span BIGINT NOT NULL, at BIGINT NOT NULL, installation TEXT NOT NULL, app TEXT NOT NULL,
  call TEXT NOT NULL, runs BIGINT NOT NULL, ok BIGINT NOT NULL, denied BIGINT NOT NULL, failed BIGINT NOT NULL,
  PRIMARY KEY (store, span, at, installation, app, call)
) WITHOUT ROWID;
-- What runs are found by, day by day: a hash of store and term, and the run's id in two halves.
CREATE TABLE run_terms (
  day BIGINT NOT NULL, term BIGINT NOT NULL, hi BIGINT NOT NULL, lo BIGINT NOT NULL,
  PRIMARY KEY (day, term, hi, lo)
) WITHOUT ROWID;
-- How far the log of runs is in those three, in the order of commits, with the run that was last.
CREATE TABLE folded (
  log TEXT NOT NULL PRIMARY KEY, tx BIGINT NOT NULL, n BIGINT NOT NULL, last_store TEXT, last_id TEXT, at BIGINT NOT NULL
);
INSERT INTO folded (log, tx, n, at) VALUES ('runs', 0, 0, 0);
-- They are found by terms now, and each index cost every run a page.
DROP INDEX invocations_installation;
DROP INDEX invocations_denied;
DROP INDEX invocations_ended;
-- Whether the changes of what waited for a person are in the sums by themselves, and not with those of its run.
ALTER TABLE held ADD COLUMN summed BIGINT NOT NULL DEFAULT 0;
