-- Times are milliseconds since 1970 UTC. Documents are JSON. Nothing here is read or written outside `db`.

-- The tenants. `seq` counters live apart, because their rows are locked last and longest.
CREATE TABLE stores (
  id TEXT COLLATE "C" PRIMARY KEY, name TEXT NOT NULL, retention JSONB NOT NULL, created_at BIGINT NOT NULL
);
CREATE TABLE counters (
  store TEXT COLLATE "C" PRIMARY KEY, seq BIGINT NOT NULL
);
CREATE TABLE numbers (
  store TEXT COLLATE "C" PRIMARY KEY, orders BIGINT NOT NULL
);

-- One row per resource of a store.
CREATE TABLE records (
  store TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, rev BIGINT NOT NULL,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, doc JSONB NOT NULL,
  PRIMARY KEY (store, kind, id)
);
CREATE INDEX records_status ON records (store, kind, (doc ->> 'status'), id);
CREATE INDEX records_created ON records (store, kind, created_at, id);
CREATE INDEX records_customer ON records (store, kind, (doc ->> 'customer'), id);
-- Derived from documents at commit: tags to search by, keys that must be unique (sku, email, code).
CREATE TABLE tags (
  store TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, tag TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (store, kind, tag, id)
);
CREATE INDEX tags_id ON tags (store, kind, id);
CREATE TABLE keys (
  store TEXT COLLATE "C" NOT NULL, space TEXT COLLATE "C" NOT NULL, value TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (store, space, value)
);
CREATE INDEX keys_id ON keys (store, space, id);
-- Levels are columns, because adjustments are deltas that never conflict.
CREATE TABLE stock (
  store TEXT COLLATE "C" NOT NULL, sku TEXT COLLATE "C" NOT NULL, location TEXT COLLATE "C" NOT NULL, available BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (store, sku, location)
);

-- People and their tokens.
CREATE TABLE staff (
  id TEXT COLLATE "C" PRIMARY KEY, store TEXT COLLATE "C" NOT NULL, name TEXT NOT NULL, owner BIGINT NOT NULL, scopes JSONB NOT NULL,
  active BIGINT NOT NULL, revision BIGINT NOT NULL, version BIGINT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX staff_store ON staff (store, id);
CREATE TABLE tokens (
  hash TEXT COLLATE "C" PRIMARY KEY, id TEXT COLLATE "C" NOT NULL UNIQUE, kind TEXT COLLATE "C" NOT NULL, store TEXT COLLATE "C", staff TEXT COLLATE "C", publisher TEXT COLLATE "C",
  name TEXT NOT NULL, scopes JSONB NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT, revoked_at BIGINT, used_at BIGINT
);
CREATE INDEX tokens_staff ON tokens (store, staff, id);
-- One row: counts every change of authority, so that other hosts can ask what changed since.
CREATE TABLE authority (
  id BIGINT PRIMARY KEY, version BIGINT NOT NULL
);
INSERT INTO authority (id, version) VALUES (1, 0);

-- Apps, what was uploaded, and where they are installed.
CREATE TABLE publishers (
  name TEXT COLLATE "C" PRIMARY KEY, store TEXT COLLATE "C", created_at BIGINT NOT NULL
);
CREATE TABLE components (
  digest TEXT COLLATE "C" PRIMARY KEY, bytes BYTEA NOT NULL, created_at BIGINT NOT NULL
);
CREATE TABLE app_versions (
  app TEXT COLLATE "C" NOT NULL, version TEXT COLLATE "C" NOT NULL, store TEXT COLLATE "C", digest TEXT COLLATE "C" NOT NULL, manifest JSONB NOT NULL, facts JSONB NOT NULL,
  published BIGINT NOT NULL, published_by TEXT COLLATE "C", published_at BIGINT, uploaded_by TEXT COLLATE "C" NOT NULL, created_at BIGINT NOT NULL,
  PRIMARY KEY (app, version)
);
CREATE TABLE installations (
  id TEXT COLLATE "C" PRIMARY KEY, store TEXT COLLATE "C" NOT NULL, app TEXT COLLATE "C" NOT NULL, app_version TEXT COLLATE "C" NOT NULL, digest TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL, state_reason TEXT, revision BIGINT NOT NULL, version BIGINT NOT NULL,
  settings JSONB NOT NULL, settings_rev BIGINT NOT NULL, pending TEXT COLLATE "C", installed_by TEXT COLLATE "C" NOT NULL,
  installed_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX installations_app ON installations (store, app) WHERE state <> 'uninstalled';
CREATE INDEX installations_store ON installations (store, id);
CREATE TABLE grants (
  installation TEXT COLLATE "C" NOT NULL, scope TEXT COLLATE "C" NOT NULL, granted_by TEXT COLLATE "C" NOT NULL, granted_at BIGINT NOT NULL,
  expires_at BIGINT, caps JSONB NOT NULL,
  PRIMARY KEY (installation, scope)
);
CREATE TABLE consents (
  id TEXT COLLATE "C" PRIMARY KEY, store TEXT COLLATE "C" NOT NULL, installation TEXT COLLATE "C" NOT NULL, giver TEXT COLLATE "C" NOT NULL, shown TEXT NOT NULL,
  scopes JSONB NOT NULL, at BIGINT NOT NULL
);
CREATE TABLE audit (
  store TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, actor TEXT COLLATE "C" NOT NULL, act TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, detail JSONB NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (store, id)
);

-- What happened in a store, in commit order, and how far each app has come.
CREATE TABLE events (
  store TEXT COLLATE "C" NOT NULL, seq BIGINT NOT NULL, id TEXT COLLATE "C" NOT NULL, topic TEXT COLLATE "C" NOT NULL, record TEXT COLLATE "C" NOT NULL, payload JSONB NOT NULL,
  installation TEXT COLLATE "C", depth BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (store, seq)
);
CREATE TABLE cursors (
  installation TEXT COLLATE "C" PRIMARY KEY, store TEXT COLLATE "C" NOT NULL, seq BIGINT NOT NULL, lease TEXT COLLATE "C", lease_until BIGINT NOT NULL
);
CREATE TABLE retries (
  installation TEXT COLLATE "C" NOT NULL, seq BIGINT NOT NULL, record TEXT COLLATE "C" NOT NULL, attempt BIGINT NOT NULL, next_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL, parked_at BIGINT,
  PRIMARY KEY (installation, seq)
);
CREATE INDEX retries_due ON retries (state, next_at);
CREATE INDEX retries_record ON retries (installation, record, seq);
CREATE TABLE schedules (
  installation TEXT COLLATE "C" NOT NULL, cron TEXT COLLATE "C" NOT NULL, store TEXT COLLATE "C" NOT NULL, next_at BIGINT NOT NULL, attempt BIGINT NOT NULL,
  PRIMARY KEY (installation, cron)
);
CREATE INDEX schedules_due ON schedules (next_at);

-- Every run, and every change of store data. Ids of runs are made at their start and rows written at their end, so
-- those who follow the log need the order of commits: transaction ids older than any under way, then `n`.
CREATE TABLE invocations (
  store TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, installation TEXT COLLATE "C" NOT NULL, app TEXT COLLATE "C" NOT NULL, app_version TEXT COLLATE "C" NOT NULL,
  trigger_kind TEXT COLLATE "C" NOT NULL, topic TEXT COLLATE "C", record TEXT COLLATE "C", outcome TEXT COLLATE "C" NOT NULL, on_behalf_of TEXT COLLATE "C", attempt BIGINT NOT NULL,
  started_at BIGINT NOT NULL, wall_us BIGINT NOT NULL, cpu_us BIGINT NOT NULL, host_calls BIGINT NOT NULL,
  denied_calls BIGINT NOT NULL, failed_calls BIGINT NOT NULL, changes BIGINT NOT NULL, change_set TEXT COLLATE "C", error TEXT,
  detail JSONB, tx BIGINT NOT NULL DEFAULT (CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT)), n BIGINT GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (store, id)
);
CREATE INDEX invocations_commits ON invocations (tx, n);
CREATE INDEX invocations_installation ON invocations (installation, id);
CREATE TABLE journal (
  store TEXT COLLATE "C" NOT NULL, change_set TEXT COLLATE "C" NOT NULL, n BIGINT NOT NULL, kind TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL,
  before JSONB, after JSONB, rev BIGINT NOT NULL, scopes JSONB NOT NULL, actor TEXT COLLATE "C" NOT NULL, installation TEXT COLLATE "C", invocation TEXT COLLATE "C",
  at BIGINT NOT NULL,
  PRIMARY KEY (store, change_set, n)
);
CREATE INDEX journal_record ON journal (store, kind, id, change_set);
CREATE INDEX journal_installation ON journal (installation, change_set);

-- The apps' own keys, with what they take up.
CREATE TABLE storage (
  installation TEXT COLLATE "C" NOT NULL, key TEXT COLLATE "C" NOT NULL, value BYTEA NOT NULL,
  PRIMARY KEY (installation, key)
);
CREATE TABLE storage_used (
  installation TEXT COLLATE "C" PRIMARY KEY, keys BIGINT NOT NULL, bytes BIGINT NOT NULL
);
