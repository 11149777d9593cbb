-- How much room uploads take, whether one was ever installed, and when its bytes were deleted. What is there already may have
-- been installed.
ALTER TABLE app_versions ADD COLUMN size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE app_versions ADD COLUMN used BIGINT NOT NULL DEFAULT 1;
ALTER TABLE app_versions ADD COLUMN deleted_at BIGINT;
UPDATE app_versions SET size = COALESCE(CAST(facts ->> 'size' AS BIGINT), 0);
