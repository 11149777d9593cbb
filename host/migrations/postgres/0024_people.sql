-- A person of a store can be suspended for a while, or work there until a moment. `welcomed` is the version of the store's own
-- rules they accepted, after they read what they may do there; 0 where there were none.
ALTER TABLE staff ADD COLUMN suspended_at BIGINT;
ALTER TABLE staff ADD COLUMN ends_at BIGINT;
ALTER TABLE staff ADD COLUMN welcomed BIGINT;
CREATE INDEX staff_ends ON staff (ends_at) WHERE ends_at IS NOT NULL;
-- An owner offers ownership to a person of the store, who has to accept it; `hands_over`, the owner stops being one then.
CREATE TABLE ownership_offers (
  store TEXT COLLATE "C" NOT NULL, staff TEXT COLLATE "C" PRIMARY KEY, offered_by TEXT COLLATE "C" NOT NULL,
  hands_over BIGINT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
-- The shop's own rules for its people, every version of them.
CREATE TABLE house_rules (
  store TEXT COLLATE "C" NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL, made_by TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL, PRIMARY KEY (store, version)
);
-- Roles that a store made for itself, beside the templates.
CREATE TABLE roles (
  id TEXT COLLATE "C" PRIMARY KEY, store TEXT COLLATE "C" NOT NULL, title TEXT COLLATE "C" NOT NULL, scopes JSONB NOT NULL,
  created_at BIGINT NOT NULL, UNIQUE (store, title)
);
-- A connection that serves a store sees and writes its rows alone.
DO $$
DECLARE
  of_store TEXT;
BEGIN
  FOREACH of_store IN ARRAY ARRAY['ownership_offers', 'house_rules', 'roles'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_store);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_store);
    EXECUTE format('CREATE POLICY of_store ON %I USING (CASE WHEN (SELECT current_setting(''storehand.store'', true)) = ''*'' '
      'THEN true ELSE store = (SELECT current_setting(''storehand.store'', true)) END)', of_store);
  END LOOP;
END
$$;
