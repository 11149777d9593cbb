-- Installations of which rows are still to be cleared, page by page: those that are gone, and those that went on after a
-- pause without what waited.
CREATE TABLE leftovers (
  installation TEXT PRIMARY KEY, store TEXT NOT NULL, at BIGINT NOT NULL
);
-- How many times an app went on without what waited. What was filed before the last time counts no more.
ALTER TABLE cursors ADD COLUMN skips BIGINT NOT NULL DEFAULT 0;
ALTER TABLE retries ADD COLUMN skips BIGINT NOT NULL DEFAULT 0;
