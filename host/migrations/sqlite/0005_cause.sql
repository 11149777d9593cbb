-- What exactly a run was for, so that it can be run again: of an event its `seq`, of a schedule when it was due, in
-- milliseconds. Nothing for runs that were recorded before, and for those of another kind.
ALTER TABLE invocations ADD COLUMN cause BIGINT;
