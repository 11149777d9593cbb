-- What apps answering each other come to. A chain is named by the event it began with: its `seq` in the store; an event
-- without a chain began one itself. Counted are the runs from the second link on, and their changes.
ALTER TABLE events ADD COLUMN chain BIGINT;
CREATE TABLE chains (
  store TEXT COLLATE "C" NOT NULL, id BIGINT NOT NULL, runs BIGINT NOT NULL, changes BIGINT NOT NULL, cut BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (store, id)
);
CREATE INDEX chains_at ON chains (store, at);
-- Which apps were not told of events because their chain was cut, and of how many.
CREATE TABLE cuts (
  store TEXT COLLATE "C" NOT NULL, chain BIGINT NOT NULL, installation TEXT COLLATE "C" NOT NULL, events BIGINT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (store, chain, installation)
);
CREATE INDEX cuts_installation ON cuts (installation, at);
