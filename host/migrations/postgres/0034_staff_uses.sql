-- On which day, counted from 1970 in UTC, a person last used what they hold. Written once a day at most for each.
CREATE TABLE staff_uses (
  store TEXT NOT NULL, staff TEXT NOT NULL, scope TEXT NOT NULL, last_day BIGINT NOT NULL,
  PRIMARY KEY (staff, scope)
);
CREATE INDEX staff_uses_store ON staff_uses (store);
