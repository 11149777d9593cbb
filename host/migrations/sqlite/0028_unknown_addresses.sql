-- Wrong passwords of addresses that nobody has, counted in one of these rows: without them how long an answer takes would
-- tell whether an address has an account. Nothing reads the counts.
CREATE TABLE unknown_addresses (bucket BIGINT PRIMARY KEY, failures BIGINT NOT NULL);
WITH RECURSIVE buckets (bucket) AS (SELECT 0 UNION ALL SELECT bucket + 1 FROM buckets WHERE bucket < 63)
INSERT INTO unknown_addresses (bucket, failures) SELECT bucket, 0 FROM buckets;
