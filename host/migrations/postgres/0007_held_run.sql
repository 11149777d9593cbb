-- Whoever looks at a run sees whether what it would change waits for a person.
CREATE INDEX held_run ON held (store, invocation);
