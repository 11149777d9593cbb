-- Grants can be held: what is changed with them waits for a person.
ALTER TABLE grants ADD COLUMN held BIGINT NOT NULL DEFAULT 0;

-- What was used of each cap: money in the smallest unit, or times, in one day of the store or on one order.
CREATE TABLE spent (
  installation TEXT COLLATE "C" NOT NULL, scope TEXT COLLATE "C" NOT NULL, cap TEXT COLLATE "C" NOT NULL, period TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (installation, scope, cap, period, unit)
);
CREATE INDEX spent_at ON spent (at);

-- Drafts of runs that wait for a person, with what they have reserved and what made the run; and which records they
-- would change, so that the app can ask.
CREATE TABLE held (
  store TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, installation TEXT COLLATE "C" NOT NULL, app TEXT COLLATE "C" NOT NULL, invocation TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL, origin JSONB NOT NULL, scopes JSONB NOT NULL, held_scopes JSONB NOT NULL, changes BIGINT NOT NULL,
  draft JSONB, state TEXT COLLATE "C" NOT NULL, made_at BIGINT NOT NULL, lapses_at BIGINT NOT NULL,
  decided_by TEXT COLLATE "C", decided_at BIGINT, reason TEXT, change_set TEXT COLLATE "C",
  PRIMARY KEY (store, id)
);
CREATE INDEX held_lapses ON held (state, lapses_at);
CREATE TABLE held_records (
  installation TEXT COLLATE "C" NOT NULL, record TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (installation, record, id)
);
CREATE INDEX held_records_id ON held_records (id);
