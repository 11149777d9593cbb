-- Answers to requests that carried an `Idempotency-Key`, kept for a day: the row is written in the transaction of the
-- change itself, the answer right after it.
CREATE TABLE answers (
  store TEXT COLLATE "C" NOT NULL, actor TEXT COLLATE "C" NOT NULL, key TEXT COLLATE "C" NOT NULL, request TEXT COLLATE "C" NOT NULL,
  status BIGINT, body TEXT, at BIGINT NOT NULL,
  PRIMARY KEY (store, actor, key)
);
CREATE INDEX answers_at ON answers (at);
