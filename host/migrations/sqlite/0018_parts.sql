-- Components come in parts, each in a transaction of its own. Those that were kept whole before stay so.
CREATE TABLE component_parts (
  digest TEXT NOT NULL, n BIGINT NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (digest, n)
);
-- Which are on their way, and when their last part came.
CREATE TABLE component_uploads (
  digest TEXT PRIMARY KEY, at BIGINT NOT NULL
);
