-- Runs that are rare among many, found without a look at the others: denied, ended otherwise than well.
CREATE INDEX invocations_denied ON invocations (store, id) WHERE denied_calls > 0;
CREATE INDEX invocations_ended ON invocations (store, outcome, id) WHERE outcome NOT IN ('ok', 'not_handled');
