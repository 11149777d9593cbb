-- Grants can be held: what is changed with them waits for a person.
ALTER TABLE grants ADD COLUMN held BIGINT NOT NULL DEFAULT 0;

-- What was used of each cap: money in the smallest unit, or times, in one day of the store or on one order.
CREATE TABLE spent (
  installation TEXT NOT NULL, scope TEXT NOT NULL, cap TEXT NOT NULL, period TEXT NOT NULL, unit TEXT NOT NULL,
  amount BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (installation, scope, cap, period, unit)
);
CREATE INDEX spent_at ON spent (at);

-- Drafts of runs that wait for a person, with what they have reserved and what made the run; and which records they
-- would change, so that the app can ask.
CREATE TABLE held (
  store TEXT NOT NULL, id TEXT NOT NULL, installation TEXT NOT NULL, app TEXT NOT NULL, invocation TEXT NOT NULL,
  actor TEXT NOT NULL, origin TEXT NOT NULL, scopes TEXT NOT NULL, held_scopes TEXT NOT NULL, changes BIGINT NOT NULL,
  draft TEXT, state TEXT NOT NULL, made_at BIGINT NOT NULL, lapses_at BIGINT NOT NULL,
  decided_by TEXT, decided_at BIGINT, reason TEXT, change_set TEXT,
  PRIMARY KEY (store, id)
);
CREATE INDEX held_lapses ON held (state, lapses_at);
CREATE TABLE held_records (
  installation TEXT NOT NULL, record TEXT NOT NULL, id TEXT NOT NULL,
  PRIMARY KEY (installation, record, id)
);
CREATE INDEX held_records_id ON held_records (id);
