-- Components come in parts, each in a transaction of its own. Those that were kept whole before stay so.
CREATE TABLE component_parts (
  digest TEXT COLLATE "C" NOT NULL, n BIGINT NOT NULL, bytes BYTEA NOT NULL,
  PRIMARY KEY (digest, n)
);
-- Which are on their way, and when their last part came.
CREATE TABLE component_uploads (
  digest TEXT COLLATE "C" PRIMARY KEY, at BIGINT NOT NULL
);
