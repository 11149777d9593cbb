-- Changes of power that belong to no store: the operator's tokens, publishers, what is published, stopped and suspended.
CREATE TABLE host_audit (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY, actor TEXT COLLATE "C" NOT NULL, act TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL, detail JSONB NOT NULL, at BIGINT NOT NULL
);
-- No connection that serves a store sees or writes it.
ALTER TABLE host_audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE host_audit FORCE ROW LEVEL SECURITY;
CREATE POLICY of_host ON host_audit USING ((SELECT current_setting('storehand.store', true)) = '*');
