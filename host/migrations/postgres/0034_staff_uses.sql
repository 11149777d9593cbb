-- On which day, counted from 1970 in UTC, a person last used what they hold. Written once a day at most for each.
CREATE TABLE staff_uses (
  store TEXT COLLATE "C" NOT NULL, staff TEXT COLLATE "C" NOT NULL, scope TEXT COLLATE "C" NOT NULL, last_day BIGINT NOT NULL,
  PRIMARY KEY (staff, scope)
);
CREATE INDEX staff_uses_store ON staff_uses (store);
ALTER TABLE staff_uses ENABLE ROW LEVEL SECURITY;
ALTER TABLE staff_uses FORCE ROW LEVEL SECURITY;
CREATE POLICY of_store ON staff_uses USING (CASE WHEN (SELECT current_setting('storehand.store', true)) = '*' THEN true ELSE store = (SELECT current_setting('storehand.store', true)) END);
