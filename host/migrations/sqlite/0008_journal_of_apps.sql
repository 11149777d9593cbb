-- What people change is made by no installation, and needs no entry among those of apps.
DROP INDEX journal_installation;
CREATE INDEX journal_installation ON journal (installation, change_set, n) WHERE installation IS NOT NULL;
