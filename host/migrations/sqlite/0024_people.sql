-- A person of a store can be suspended for a while, or work there until a moment. `welcomed` is the version of the store's own
-- rules they accepted, after they read what they may do there; 0 where there were none.
ALTER TABLE staff ADD COLUMN suspended_at BIGINT;
ALTER TABLE staff ADD COLUMN ends_at BIGINT;
ALTER TABLE staff ADD COLUMN welcomed BIGINT;
CREATE INDEX staff_ends ON staff (ends_at) WHERE ends_at IS NOT NULL;
-- An owner offers ownership to a person of the store, who has to accept it; `hands_over`, the owner stops being one then.
CREATE TABLE ownership_offers (
  store TEXT NOT NULL, staff TEXT PRIMARY KEY, offered_by TEXT NOT NULL, hands_over BIGINT NOT NULL,
  created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
-- The shop's own rules for its people, every version of them.
CREATE TABLE house_rules (
  store TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL, made_by TEXT NOT NULL, created_at BIGINT NOT NULL,
  PRIMARY KEY (store, version)
);
-- Roles that a store made for itself, beside the templates.
CREATE TABLE roles (
  id TEXT PRIMARY KEY, store TEXT NOT NULL, title TEXT NOT NULL, scopes TEXT NOT NULL, created_at BIGINT NOT NULL,
  UNIQUE (store, title)
);
