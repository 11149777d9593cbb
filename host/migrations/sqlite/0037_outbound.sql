-- How many requests an app made to servers outside the store in a day of the store, the last on which it made one.
CREATE TABLE outbound_days (
  installation TEXT PRIMARY KEY, store TEXT NOT NULL, day TEXT NOT NULL, requests BIGINT NOT NULL
);
CREATE INDEX outbound_days_store ON outbound_days (store);
-- Runs that have made such a request and are not recorded yet. What is found here long after it began was cut off with its host.
CREATE TABLE runs_begun (
  invocation TEXT PRIMARY KEY, store TEXT NOT NULL, installation TEXT NOT NULL, app TEXT NOT NULL, app_version TEXT NOT NULL,
  trigger_kind TEXT NOT NULL, topic TEXT, record TEXT, cause BIGINT, on_behalf_of TEXT, attempt BIGINT NOT NULL, started_at BIGINT NOT NULL
);
CREATE INDEX runs_begun_store ON runs_begun (store);
CREATE INDEX runs_begun_started ON runs_begun (started_at);
