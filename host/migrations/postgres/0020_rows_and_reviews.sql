-- A second lock between stores: a connection sees and writes only rows of the store it says it serves, also where a
-- statement forgets to name the store. It says so in `storehand.store`; `*` is the host itself, and who says nothing sees
-- nothing. The owner of the tables is bound as well; a superuser is not, so the host should not be one.
-- Half of all rows, the planner takes a CASE to choose; an equation it would count twice with that of the statement.
DO $$
DECLARE
  of_store TEXT;
  serves CONSTANT TEXT := 'CASE WHEN (SELECT current_setting(''storehand.store'', true)) = ''*'' THEN true '
    'ELSE %s = (SELECT current_setting(''storehand.store'', true)) END';
BEGIN
  FOR of_store IN SELECT c.table_name FROM information_schema.columns c
    WHERE c.table_schema = current_schema() AND c.column_name = 'store' AND c.table_name <> 'stops' LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_store);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_store);
    EXECUTE format('CREATE POLICY of_store ON %I USING (' || format(serves, 'store') || ')', of_store);
  END LOOP;
  ALTER TABLE stores ENABLE ROW LEVEL SECURITY;
  ALTER TABLE stores FORCE ROW LEVEL SECURITY;
  EXECUTE 'CREATE POLICY of_store ON stores USING (' || format(serves, 'id') || ')';
  -- An app that is stopped everywhere is stopped in every store; only the host writes that down.
  ALTER TABLE stops ENABLE ROW LEVEL SECURITY;
  ALTER TABLE stops FORCE ROW LEVEL SECURITY;
  EXECUTE 'CREATE POLICY of_store ON stops USING (' || format(serves, 'store') || ')';
  CREATE POLICY of_all ON stops FOR SELECT USING (store IS NULL);
END
$$;
-- When it was written down that a grant is suspended, because nobody looked at it anew in time.
ALTER TABLE grants ADD COLUMN suspended_at BIGINT;
CREATE INDEX grants_review ON grants (review_at) WHERE review_at IS NOT NULL;
