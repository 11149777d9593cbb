-- Plans that the operator makes and gives to stores: what each allows. `standard` is 1 for the one that a store has without
-- another being given; `offered` is 1 where owners may ask for it.
CREATE TABLE plans (
  name TEXT COLLATE "C" NOT NULL PRIMARY KEY, title TEXT NOT NULL, bounds JSONB NOT NULL, standard BIGINT NOT NULL, offered BIGINT NOT NULL,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX plans_standard ON plans (standard) WHERE standard = 1;
ALTER TABLE stores ADD COLUMN plan TEXT COLLATE "C";
-- What owners asked for, and what the operator decided. One waits of each store at most.
CREATE TABLE plan_requests (
  store TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, plan TEXT COLLATE "C" NOT NULL, note TEXT NOT NULL, asked_by TEXT COLLATE "C" NOT NULL, asked_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL, word TEXT, decided_by TEXT COLLATE "C", decided_at BIGINT, PRIMARY KEY (store, id)
);
CREATE UNIQUE INDEX plan_requests_waiting ON plan_requests (store) WHERE state = 'waiting';
CREATE INDEX plan_requests_state ON plan_requests (state, id);
-- What each app came to in a month of its store, and with an empty installation all of them together. Written with the sums
-- by the hour, which go earlier.
CREATE TABLE month_sums (
  store TEXT COLLATE "C" NOT NULL, month TEXT COLLATE "C" NOT NULL, installation TEXT COLLATE "C" NOT NULL, app TEXT COLLATE "C" NOT NULL, runs BIGINT NOT NULL,
  checkout_runs BIGINT NOT NULL, cpu_us BIGINT NOT NULL, bytes BIGINT NOT NULL, changes BIGINT NOT NULL,
  PRIMARY KEY (store, month, installation)
);
-- Months of before are taken from the hours that are still there, in UTC.
INSERT INTO month_sums (store, month, installation, app, runs, checkout_runs, cpu_us, bytes, changes)
  SELECT store, TO_CHAR(TO_TIMESTAMP(at / 1000) AT TIME ZONE 'UTC', 'YYYY-MM'), installation, MAX(app), CAST(SUM(runs) AS BIGINT),
    CAST(SUM(CASE WHEN trigger_kind = 'checkout' THEN runs ELSE 0 END) AS BIGINT), CAST(SUM(cpu_us) AS BIGINT), CAST(SUM(bytes) AS BIGINT), CAST(SUM(changes) AS BIGINT) FROM run_sums
  WHERE store <> '' AND installation <> '' AND span = 3600 AND at BETWEEN 0 AND 4102444799999 GROUP BY 1, 2, 3;
INSERT INTO month_sums (store, month, installation, app, runs, checkout_runs, cpu_us, bytes, changes)
  SELECT store, month, '', '', CAST(SUM(runs) AS BIGINT), CAST(SUM(checkout_runs) AS BIGINT), CAST(SUM(cpu_us) AS BIGINT), CAST(SUM(bytes) AS BIGINT), CAST(SUM(changes) AS BIGINT) FROM month_sums
  GROUP BY store, month;
-- A store that is being closed: since when, by whom, from when on it is erased, and since when nothing of it was found any
-- more. `archived_at`: when its owner last took everything along.
ALTER TABLE stores ADD COLUMN closing_at BIGINT;
ALTER TABLE stores ADD COLUMN closing_by TEXT COLLATE "C";
ALTER TABLE stores ADD COLUMN erase_at BIGINT;
ALTER TABLE stores ADD COLUMN erasing BIGINT;
ALTER TABLE stores ADD COLUMN emptied_at BIGINT;
ALTER TABLE stores ADD COLUMN archived_at BIGINT;
CREATE INDEX stores_erase ON stores (erase_at) WHERE erase_at IS NOT NULL;
-- Each store sees its own.
DO $$
DECLARE
  of_store TEXT;
BEGIN
  FOREACH of_store IN ARRAY ARRAY['plan_requests', 'month_sums'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_store);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_store);
    EXECUTE format('CREATE POLICY of_store ON %I USING (CASE WHEN (SELECT current_setting(''storehand.store'', true)) = ''*'' '
      'THEN true ELSE store = (SELECT current_setting(''storehand.store'', true)) END)', of_store);
  END LOOP;
END
$$;
-- Which plans there are is the host's to say; what they allow, each store may know.
ALTER TABLE plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE plans FORCE ROW LEVEL SECURITY;
CREATE POLICY of_host ON plans USING ((SELECT current_setting('storehand.store', true)) = '*');
CREATE POLICY of_all ON plans FOR SELECT USING (true);
