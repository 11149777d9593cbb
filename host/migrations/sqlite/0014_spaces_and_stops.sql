-- What a store uploads lives in a space of its own, named by the store; publishers share the empty one. An app is named by
-- its space and its id, so two stores may each have `acme/notes`. Once published, a version is seen from every store.
CREATE TABLE versions_in_spaces (
  space TEXT NOT NULL, app TEXT NOT NULL, version TEXT NOT NULL, digest TEXT NOT NULL, manifest TEXT NOT NULL,
  facts TEXT NOT NULL, published BIGINT NOT NULL, published_by TEXT, published_at BIGINT, uploaded_by TEXT NOT NULL,
  created_at BIGINT NOT NULL, size BIGINT NOT NULL DEFAULT 0, used BIGINT NOT NULL DEFAULT 1, deleted_at BIGINT,
  PRIMARY KEY (space, app, version)
);
INSERT INTO versions_in_spaces SELECT COALESCE(store, ''), app, version, digest, manifest, facts, published, published_by,
  published_at, uploaded_by, created_at, size, used, deleted_at FROM app_versions;
DROP TABLE app_versions;
ALTER TABLE versions_in_spaces RENAME TO app_versions;
CREATE INDEX app_versions_app ON app_versions (app, published);
ALTER TABLE installations ADD COLUMN space TEXT NOT NULL DEFAULT '';
UPDATE installations SET space = COALESCE((SELECT v.space FROM app_versions v WHERE v.app = installations.app
  AND v.version = installations.app_version), '');
-- A publisher's name belongs to whom the operator gave it: a publisher, or the store of an app that was published.
DELETE FROM publishers WHERE store IS NOT NULL AND NOT EXISTS (SELECT 1 FROM app_versions v
  WHERE v.space = publishers.store AND v.published = 1 AND v.app LIKE publishers.name || '/%');
-- The version and the code that were agreed to. Older consents name the code in their text.
ALTER TABLE consents ADD COLUMN version TEXT;
ALTER TABLE consents ADD COLUMN digest TEXT;
-- What the operator stopped: an app or one version of it everywhere, or a store. Rows stay when it ends.
CREATE TABLE stops (
  id TEXT PRIMARY KEY, store TEXT, space TEXT, app TEXT, app_version TEXT, reason TEXT NOT NULL,
  stopped_by TEXT NOT NULL, stopped_at BIGINT NOT NULL, ended_by TEXT, ended_at BIGINT
);
CREATE INDEX stops_app ON stops (space, app) WHERE ended_at IS NULL;
CREATE INDEX installations_space ON installations (space, app);
-- Why the operator stopped it; it runs again when that ends, whatever the store itself decided.
ALTER TABLE installations ADD COLUMN stopped TEXT;
ALTER TABLE stores ADD COLUMN suspended TEXT;
-- What has the same bytes, and what a publisher has uploaded.
CREATE INDEX app_versions_digest ON app_versions (digest);
CREATE INDEX app_versions_uploader ON app_versions (space, uploaded_by);
