-- What whoever asked with a key held when they asked, and what their request made: kept with the change itself, so that
-- it can be told whatever became of the answer.
ALTER TABLE answers ADD COLUMN held TEXT;
ALTER TABLE answers ADD COLUMN made TEXT;
-- The token an undo was asked for with.
ALTER TABLE undos ADD COLUMN token TEXT;
-- Tokens that hold all their person holds, at each moment.
ALTER TABLE tokens ADD COLUMN whole BIGINT NOT NULL DEFAULT 0;
