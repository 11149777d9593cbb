-- Which personal data an app could see in a run: its log and its error are shown to those who may see the same. Of runs
-- recorded before, those that looked at any.
ALTER TABLE invocations ADD COLUMN personal TEXT;
UPDATE invocations SET personal = 'orders:pii customers:pii'
  WHERE CAST(detail AS TEXT) LIKE '%orders-pii.%' OR CAST(detail AS TEXT) LIKE '%customers-pii.%';
-- One row: what tells a database from its copies (one made by a backup gets another), and what seals numbers that say
-- more than whoever reads them should know.
CREATE TABLE identity (
  id TEXT NOT NULL, secret TEXT NOT NULL
);
INSERT INTO identity (id, secret) VALUES (replace(CAST(gen_random_uuid() AS TEXT), '-', ''),
  replace(CAST(gen_random_uuid() AS TEXT) || CAST(gen_random_uuid() AS TEXT), '-', ''));
