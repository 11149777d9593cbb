-- What was used of each cap belongs to the app in its store, so that installing it anew renews nothing.
ALTER TABLE spent RENAME TO spent_before;
DROP INDEX spent_at;
CREATE TABLE spent (
  store TEXT COLLATE "C" NOT NULL, app TEXT COLLATE "C" NOT NULL, scope TEXT COLLATE "C" NOT NULL, cap TEXT COLLATE "C" NOT NULL, period TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL,
  amount BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (store, app, scope, cap, period, unit)
);
INSERT INTO spent (store, app, scope, cap, period, unit, amount, at)
  SELECT i.store, i.app, s.scope, s.cap, s.period, s.unit, CAST(SUM(s.amount) AS BIGINT), MAX(s.at) FROM spent_before s
  JOIN installations i ON i.id = s.installation GROUP BY i.store, i.app, s.scope, s.cap, s.period, s.unit;
DROP TABLE spent_before;
CREATE INDEX spent_at ON spent (at);

-- How many bytes an app wrote in a day of its store. The app without a name is all of the store together.
CREATE TABLE written (
  store TEXT COLLATE "C" NOT NULL, app TEXT COLLATE "C" NOT NULL, day TEXT COLLATE "C" NOT NULL, bytes BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (store, app, day)
);
CREATE INDEX written_at ON written (at);

-- How much of what waits for a person there is, and what it has reserved, beside the draft: nobody reads a whole draft
-- to give that back.
ALTER TABLE held ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE held ADD COLUMN spends JSONB;
UPDATE held SET bytes = LENGTH(CAST(draft AS TEXT)), spends = draft -> 'spends' WHERE state = 'waiting';
CREATE INDEX held_waiting ON held (store, installation, bytes) WHERE state = 'waiting';

-- What a price was when the store's day began, or what a person set it to since: caps on changes count from there.
CREATE TABLE day_prices (
  store TEXT COLLATE "C" NOT NULL, sku TEXT COLLATE "C" NOT NULL, day TEXT COLLATE "C" NOT NULL, amount BIGINT NOT NULL,
  PRIMARY KEY (store, sku)
);

-- The latest moment this database has seen: time never goes back behind it.
CREATE TABLE clock (
  id BIGINT PRIMARY KEY, at BIGINT NOT NULL
);
