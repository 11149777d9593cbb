-- How often each discount was used by orders that stand: in all where `customer` is empty, else by that customer. Derived
-- from the orders, in the transaction that writes them.
CREATE TABLE discount_uses (
  store TEXT COLLATE "C" NOT NULL, discount TEXT COLLATE "C" NOT NULL, customer TEXT COLLATE "C" NOT NULL, uses BIGINT NOT NULL,
  PRIMARY KEY (store, discount, customer)
);
-- What the buyer of a cart was told it would come to, and until when that holds: the newest of each cart.
CREATE TABLE quotes (
  store TEXT COLLATE "C" NOT NULL, cart TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, expires_at BIGINT NOT NULL, doc JSONB NOT NULL,
  PRIMARY KEY (store, cart)
);
CREATE INDEX quotes_expire ON quotes (expires_at);
-- Each store sees its own.
DO $$
DECLARE
  of_store TEXT;
BEGIN
  FOREACH of_store IN ARRAY ARRAY['discount_uses', 'quotes'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_store);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_store);
    EXECUTE format('CREATE POLICY of_store ON %I USING (CASE WHEN (SELECT current_setting(''storehand.store'', true)) = ''*'' '
      'THEN true ELSE store = (SELECT current_setting(''storehand.store'', true)) END)', of_store);
  END LOOP;
END
$$;
