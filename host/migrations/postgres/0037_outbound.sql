-- How many requests an app made to servers outside the store in a day of the store, the last on which it made one.
CREATE TABLE outbound_days (
  installation TEXT COLLATE "C" PRIMARY KEY, store TEXT COLLATE "C" NOT NULL, day TEXT COLLATE "C" NOT NULL, requests BIGINT NOT NULL
);
CREATE INDEX outbound_days_store ON outbound_days (store);
-- Runs that have made such a request and are not recorded yet. What is found here long after it began was cut off with its host.
CREATE TABLE runs_begun (
  invocation TEXT COLLATE "C" PRIMARY KEY, store TEXT COLLATE "C" NOT NULL, installation TEXT COLLATE "C" NOT NULL, app TEXT COLLATE "C" NOT NULL, app_version TEXT COLLATE "C" NOT NULL,
  trigger_kind TEXT COLLATE "C" NOT NULL, topic TEXT COLLATE "C", record TEXT COLLATE "C", cause BIGINT, on_behalf_of TEXT COLLATE "C", attempt BIGINT NOT NULL, started_at BIGINT NOT NULL
);
CREATE INDEX runs_begun_store ON runs_begun (store);
CREATE INDEX runs_begun_started ON runs_begun (started_at);
-- Each store sees its own.
DO $$
DECLARE
  of_store TEXT;
BEGIN
  FOREACH of_store IN ARRAY ARRAY['outbound_days', 'runs_begun'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_store);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_store);
    EXECUTE format('CREATE POLICY of_store ON %I USING (CASE WHEN (SELECT current_setting(''storehand.store'', true)) = ''*'' '
      'THEN true ELSE store = (SELECT current_setting(''storehand.store'', true)) END)', of_store);
  END LOOP;
END
$$;
