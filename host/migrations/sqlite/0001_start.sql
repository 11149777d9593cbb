-- Times are milliseconds since 1970 UTC. Documents are JSON. Nothing here is read or written outside `db`.

-- The tenants. `seq` counters live apart, because their rows are locked last and longest.
CREATE TABLE stores (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, retention TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE TABLE counters (
  store TEXT PRIMARY KEY, seq BIGINT NOT NULL
);
CREATE TABLE numbers (
  store TEXT PRIMARY KEY, orders BIGINT NOT NULL
);

-- One row per resource of a store.
CREATE TABLE records (
  store TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, rev BIGINT NOT NULL,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (store, kind, id)
);
CREATE INDEX records_status ON records (store, kind, (doc ->> 'status'), id);
CREATE INDEX records_created ON records (store, kind, created_at, id);
CREATE INDEX records_customer ON records (store, kind, (doc ->> 'customer'), id);
-- Derived from documents at commit: tags to search by, keys that must be unique (sku, email, code).
CREATE TABLE tags (
  store TEXT NOT NULL, kind TEXT NOT NULL, tag TEXT NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (store, kind, tag, id)
);
CREATE INDEX tags_id ON tags (store, kind, id);
CREATE TABLE keys (
  store TEXT NOT NULL, space TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (store, space, value)
);
CREATE INDEX keys_id ON keys (store, space, id);
-- Levels are columns, because adjustments are deltas that never conflict.
CREATE TABLE stock (
  store TEXT NOT NULL, sku TEXT NOT NULL, location TEXT NOT NULL, available BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (store, sku, location)
);

-- People and their tokens.
CREATE TABLE staff (
  id TEXT PRIMARY KEY, store TEXT NOT NULL, name TEXT NOT NULL, owner BIGINT NOT NULL, scopes TEXT NOT NULL,
  active BIGINT NOT NULL, revision BIGINT NOT NULL, version BIGINT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX staff_store ON staff (store, id);
CREATE TABLE tokens (
  hash TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, store TEXT, staff TEXT, publisher TEXT,
  name TEXT NOT NULL, scopes TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT, revoked_at BIGINT, used_at BIGINT
);
CREATE INDEX tokens_staff ON tokens (store, staff, id);
-- One row: counts every change of authority, so that other hosts can ask what changed since.
CREATE TABLE authority (
  id BIGINT PRIMARY KEY, version BIGINT NOT NULL
);
INSERT INTO authority (id, version) VALUES (1, 0);

-- Apps, what was uploaded, and where they are installed.
CREATE TABLE publishers (
  name TEXT PRIMARY KEY, store TEXT, created_at BIGINT NOT NULL
);
CREATE TABLE components (
  digest TEXT PRIMARY KEY, bytes BLOB NOT NULL, created_at BIGINT NOT NULL
);
CREATE TABLE app_versions (
  app TEXT NOT NULL, version TEXT NOT NULL, store TEXT, digest TEXT NOT NULL, manifest TEXT NOT NULL, facts TEXT NOT NULL,
  published BIGINT NOT NULL, published_by TEXT, published_at BIGINT, uploaded_by TEXT NOT NULL, created_at BIGINT NOT NULL,
  PRIMARY KEY (app, version)
);
CREATE TABLE installations (
  id TEXT PRIMARY KEY, store TEXT NOT NULL, app TEXT NOT NULL, app_version TEXT NOT NULL, digest TEXT NOT NULL,
  state TEXT NOT NULL, state_reason TEXT, revision BIGINT NOT NULL, version BIGINT NOT NULL,
  settings TEXT NOT NULL, settings_rev BIGINT NOT NULL, pending TEXT, installed_by TEXT NOT NULL,
  installed_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX installations_app ON installations (store, app) WHERE state <> 'uninstalled';
CREATE INDEX installations_store ON installations (store, id);
CREATE TABLE grants (
  installation TEXT NOT NULL, scope TEXT NOT NULL, granted_by TEXT NOT NULL, granted_at BIGINT NOT NULL,
  expires_at BIGINT, caps TEXT NOT NULL,
  PRIMARY KEY (installation, scope)
);
CREATE TABLE consents (
  id TEXT PRIMARY KEY, store TEXT NOT NULL, installation TEXT NOT NULL, giver TEXT NOT NULL, shown TEXT NOT NULL,
  scopes TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE TABLE audit (
  store TEXT NOT NULL, id TEXT NOT NULL, actor TEXT NOT NULL, act TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (store, id)
);

-- What happened in a store, in commit order, and how far each app has come.
CREATE TABLE events (
  store TEXT NOT NULL, seq BIGINT NOT NULL, id TEXT NOT NULL, topic TEXT NOT NULL, record TEXT NOT NULL, payload TEXT NOT NULL,
  installation TEXT, depth BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (store, seq)
);
CREATE TABLE cursors (
  installation TEXT PRIMARY KEY, store TEXT NOT NULL, seq BIGINT NOT NULL, lease TEXT, lease_until BIGINT NOT NULL
);
CREATE TABLE retries (
  installation TEXT NOT NULL, seq BIGINT NOT NULL, record TEXT NOT NULL, attempt BIGINT NOT NULL, next_at BIGINT NOT NULL,
  state TEXT NOT NULL, parked_at BIGINT,
  PRIMARY KEY (installation, seq)
);
CREATE INDEX retries_due ON retries (state, next_at);
CREATE INDEX retries_record ON retries (installation, record, seq);
CREATE TABLE schedules (
  installation TEXT NOT NULL, cron TEXT NOT NULL, store TEXT NOT NULL, next_at BIGINT NOT NULL, attempt BIGINT NOT NULL,
  PRIMARY KEY (installation, cron)
);
CREATE INDEX schedules_due ON schedules (next_at);

-- Every run, and every change of store data. Ids of runs are made at their start and rows written at their end, so
-- those who follow the log need the order of commits: SQLite's own `rowid`, as rows are written one by one.
CREATE TABLE invocations (
  store TEXT NOT NULL, id TEXT NOT NULL, installation TEXT NOT NULL, app TEXT NOT NULL, app_version TEXT NOT NULL,
  trigger_kind TEXT NOT NULL, topic TEXT, record TEXT, outcome TEXT NOT NULL, on_behalf_of TEXT, attempt BIGINT NOT NULL,
  started_at BIGINT NOT NULL, wall_us BIGINT NOT NULL, cpu_us BIGINT NOT NULL, host_calls BIGINT NOT NULL,
  denied_calls BIGINT NOT NULL, failed_calls BIGINT NOT NULL, changes BIGINT NOT NULL, change_set TEXT, error TEXT,
  detail TEXT,
  PRIMARY KEY (store, id)
);
CREATE INDEX invocations_installation ON invocations (installation, id);
CREATE TABLE journal (
  store TEXT NOT NULL, change_set TEXT NOT NULL, n BIGINT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  before TEXT, after TEXT, rev BIGINT NOT NULL, scopes TEXT NOT NULL, actor TEXT NOT NULL, installation TEXT, invocation TEXT,
  at BIGINT NOT NULL,
  PRIMARY KEY (store, change_set, n)
);
CREATE INDEX journal_record ON journal (store, kind, id, change_set);
CREATE INDEX journal_installation ON journal (installation, change_set);

-- The apps' own keys, with what they take up.
CREATE TABLE storage (
  installation TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,
  PRIMARY KEY (installation, key)
);
CREATE TABLE storage_used (
  installation TEXT PRIMARY KEY, keys BIGINT NOT NULL, bytes BIGINT NOT NULL
);
