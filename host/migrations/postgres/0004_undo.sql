-- Undos: what is to be taken back, by whom, and how far it has come. Each is carried out in change sets of its own,
-- newest change first; `at_set` and `at_n` are the place reached, moved in the transaction of each change set.
CREATE TABLE undos (
  store TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, asked_by TEXT COLLATE "C" NOT NULL, ceiling JSONB NOT NULL,
  change_set TEXT COLLATE "C", n BIGINT, installation TEXT COLLATE "C", since TEXT COLLATE "C", until TEXT COLLATE "C", of_undo TEXT COLLATE "C", kinds TEXT, app TEXT COLLATE "C",
  state TEXT COLLATE "C" NOT NULL, why TEXT COLLATE "C", at_set TEXT COLLATE "C" NOT NULL, at_n BIGINT NOT NULL,
  total BIGINT NOT NULL, seen BIGINT NOT NULL, undone BIGINT NOT NULL, records BIGINT NOT NULL, skipped BIGINT NOT NULL,
  created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
  PRIMARY KEY (store, id)
);
CREATE INDEX undos_running ON undos (id) WHERE state = 'running';
-- The change sets an undo made.
CREATE TABLE undo_sets (
  store TEXT COLLATE "C" NOT NULL, change_set TEXT COLLATE "C" NOT NULL, undo TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (store, change_set)
);
CREATE INDEX undo_sets_undo ON undo_sets (undo, change_set);
-- Which change took back which. The key is what makes it happen once.
CREATE TABLE undone (
  store TEXT COLLATE "C" NOT NULL, change_set TEXT COLLATE "C" NOT NULL, n BIGINT NOT NULL, by_set TEXT COLLATE "C" NOT NULL, by_n BIGINT NOT NULL,
  PRIMARY KEY (store, change_set, n)
);
CREATE INDEX undone_by ON undone (store, by_set, by_n);
-- What an undo left as it is, and why.
CREATE TABLE undo_skipped (
  store TEXT COLLATE "C" NOT NULL, undo TEXT COLLATE "C" NOT NULL, kind TEXT COLLATE "C" NOT NULL, id TEXT COLLATE "C" NOT NULL, why TEXT COLLATE "C" NOT NULL, detail TEXT NOT NULL,
  scope TEXT COLLATE "C", change_set TEXT COLLATE "C",
  PRIMARY KEY (store, undo, kind, id)
);
-- Changes of an app are read in order, with their place in the change set.
DROP INDEX journal_installation;
CREATE INDEX journal_installation ON journal (installation, change_set, n);
