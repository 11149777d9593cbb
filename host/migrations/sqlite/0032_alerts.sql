-- What somebody should look at: one row for each cause, of a store or, with an empty store, of the host. `subject` is what it
-- is about: an installation, an app version, a host. `facts` are figures; the words are made where they are read. `post_due` and
-- `mail_due` say when it is posted to the webhook or sent by e-mail next, none that nothing is due.
CREATE TABLE alerts (
  id TEXT PRIMARY KEY, store TEXT NOT NULL, rule TEXT NOT NULL, subject TEXT NOT NULL, app TEXT NOT NULL,
  app_version TEXT NOT NULL, severity TEXT NOT NULL, facts TEXT NOT NULL, raised_at BIGINT NOT NULL, seen_at BIGINT NOT NULL,
  times BIGINT NOT NULL, acknowledged_at BIGINT, acknowledged_by TEXT, snoozed_until BIGINT, resolved_at BIGINT,
  post_due BIGINT, post_tries BIGINT NOT NULL, mail_due BIGINT, mail_tries BIGINT NOT NULL
);
CREATE UNIQUE INDEX alerts_open ON alerts (store, rule, subject) WHERE resolved_at IS NULL;
CREATE INDEX alerts_store ON alerts (store, id);
CREATE INDEX alerts_resolved ON alerts (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX alerts_post ON alerts (post_due) WHERE post_due IS NOT NULL;
CREATE INDEX alerts_mail ON alerts (mail_due) WHERE mail_due IS NOT NULL;
-- Rules that a store, or with an empty store the operator, set otherwise than they are by default.
CREATE TABLE alert_rules (
  store TEXT NOT NULL, rule TEXT NOT NULL, enabled BIGINT NOT NULL, threshold BIGINT NOT NULL, changed_by TEXT NOT NULL,
  changed_at BIGINT NOT NULL, PRIMARY KEY (store, rule)
);
-- When a host last looked, and how far it went through the stores.
CREATE TABLE alert_watch (
  id BIGINT PRIMARY KEY, looked_at BIGINT NOT NULL, next_store TEXT NOT NULL
);
INSERT INTO alert_watch (id, looked_at, next_store) VALUES (1, 0, '');
-- Circuit breakers that tripped, one for each installation: `open` keeps the app from running until a moment, `half_open` lets so
-- many runs through, `closed` lets all of them. What is counted begins at `base_at`, without what had begun before it in its minute.
CREATE TABLE breakers (
  installation TEXT PRIMARY KEY, store TEXT NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL,
  since BIGINT NOT NULL, until BIGINT NOT NULL, trips BIGINT NOT NULL, tripped_at BIGINT NOT NULL, runs BIGINT NOT NULL,
  failed BIGINT NOT NULL, minutes BIGINT NOT NULL, trials BIGINT NOT NULL, max_trials BIGINT NOT NULL, tried_at BIGINT NOT NULL,
  base_at BIGINT NOT NULL, base_runs BIGINT NOT NULL, base_failed BIGINT NOT NULL
);
CREATE INDEX breakers_store ON breakers (store);
CREATE INDEX breakers_digest ON breakers (digest) WHERE state <> 'closed';
-- How the operator set them; without a row as they are by default.
CREATE TABLE breaker_settings (
  id BIGINT PRIMARY KEY, apps TEXT NOT NULL, versions TEXT NOT NULL, runs BIGINT NOT NULL, percent BIGINT NOT NULL,
  minutes BIGINT NOT NULL, cooldown BIGINT NOT NULL, trials BIGINT NOT NULL
);
-- Which stores had runs lately: what was summed up by the minute, by when.
CREATE INDEX run_sums_minutes ON run_sums (at, store) WHERE span = 60;
