-- How often each discount was used by orders that stand: in all where `customer` is empty, else by that customer. Derived
-- from the orders, in the transaction that writes them.
CREATE TABLE discount_uses (
  store TEXT NOT NULL, discount TEXT NOT NULL, customer TEXT NOT NULL, uses BIGINT NOT NULL,
  PRIMARY KEY (store, discount, customer)
);
-- What the buyer of a cart was told it would come to, and until when that holds: the newest of each cart.
CREATE TABLE quotes (
  store TEXT NOT NULL, cart TEXT NOT NULL, id TEXT NOT NULL, expires_at BIGINT NOT NULL, doc TEXT NOT NULL,
  PRIMARY KEY (store, cart)
);
CREATE INDEX quotes_expire ON quotes (expires_at);
