-- How many times erasing somebody's personal data began, by store: what began before keeps nothing of what it saw.
ALTER TABLE counters ADD COLUMN erasures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE answers ADD COLUMN erasures BIGINT NOT NULL DEFAULT 0;
-- How many runs did not begin, because not even their records had room in the day of the app.
ALTER TABLE written ADD COLUMN refused BIGINT NOT NULL DEFAULT 0;
-- What is valid of a person's tokens, or of the shop's front: there is a bound on how many.
CREATE INDEX tokens_valid ON tokens (store, kind, staff) WHERE revoked_at IS NULL;
