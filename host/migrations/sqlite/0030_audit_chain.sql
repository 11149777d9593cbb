-- Each entry of an audit log has a number without gaps in its chain, a hash over itself and the entry before it, and a salted
-- hash of its detail as it was written. Numbers from 1 are of entries chained when they were written, those from 0 down of older ones.
ALTER TABLE audit ADD COLUMN seq BIGINT;
ALTER TABLE audit ADD COLUMN hash TEXT;
ALTER TABLE audit ADD COLUMN detail_hash TEXT;
ALTER TABLE audit ADD COLUMN salt TEXT;
ALTER TABLE host_audit ADD COLUMN seq BIGINT;
ALTER TABLE host_audit ADD COLUMN hash TEXT;
ALTER TABLE host_audit ADD COLUMN detail_hash TEXT;
ALTER TABLE host_audit ADD COLUMN salt TEXT;
CREATE UNIQUE INDEX audit_seq ON audit (store, seq);
CREATE UNIQUE INDEX host_audit_seq ON host_audit (seq);
-- What verifying reads of erasures.
CREATE INDEX audit_erasures ON audit (store, seq) WHERE act = 'audit.erase';
-- The ends of each chain: a store's by its id, the host's as `host`. `open` says that older entries may still be without a
-- number, `exported` how many entries the last checkpoint covered.
CREATE TABLE audit_chains (
  chain TEXT NOT NULL PRIMARY KEY, seq BIGINT NOT NULL, hash TEXT NOT NULL, low BIGINT NOT NULL, low_hash TEXT NOT NULL,
  open BIGINT NOT NULL, exported BIGINT NOT NULL
);
CREATE INDEX audit_chains_due ON audit_chains (chain) WHERE seq - low + 1 > exported;
INSERT INTO audit_chains (chain, seq, hash, low, low_hash, open, exported)
  SELECT id, 0, '', 1, '', 1, 0 FROM stores UNION ALL SELECT 'host', 0, '', 1, '', 1, 0;
