-- Row-level security is PostgreSQL's alone: a SQLite file is opened by one host, through statements that name the store.
-- When it was written down that a grant is suspended, because nobody looked at it anew in time.
ALTER TABLE grants ADD COLUMN suspended_at BIGINT;
CREATE INDEX grants_review ON grants (review_at) WHERE review_at IS NOT NULL;
