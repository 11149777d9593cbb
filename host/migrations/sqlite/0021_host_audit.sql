-- Changes of power that belong to no store: the operator's tokens, publishers, what is published, stopped and suspended.
CREATE TABLE host_audit (
  id TEXT NOT NULL PRIMARY KEY, actor TEXT NOT NULL, act TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
  at BIGINT NOT NULL
);
