-- Hosts of an earlier version do not fill these columns: stop them before this step.
-- What records are found by stands in columns of its own: an index on the document is written anew with every change, one
-- on a column only when its value changes.
DROP INDEX records_status;
DROP INDEX records_customer;
ALTER TABLE records ADD COLUMN status TEXT COLLATE "C";
ALTER TABLE records ADD COLUMN customer TEXT COLLATE "C";
UPDATE records SET status = doc ->> 'status', customer = doc ->> 'customer';
CREATE INDEX records_status ON records (store, kind, status, id) WHERE status IS NOT NULL;
CREATE INDEX records_customer ON records (store, kind, customer, id) WHERE customer IS NOT NULL;
