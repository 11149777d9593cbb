-- What whoever asked with a key held when they asked, and what their request made: kept with the change itself, so that
-- it can be told whatever became of the answer.
ALTER TABLE answers ADD COLUMN held TEXT;
ALTER TABLE answers ADD COLUMN made TEXT;
-- The token an undo was asked for with.
ALTER TABLE undos ADD COLUMN token TEXT;
-- Tokens that hold all their person holds, at each moment.
ALTER TABLE tokens ADD COLUMN whole BIGINT NOT NULL DEFAULT 0;
-- Those that were made with all that their person held: an owner's of every scope there was, anybody else's of their own.
UPDATE tokens SET whole = 1 WHERE kind = 'staff' AND EXISTS (SELECT 1 FROM staff WHERE staff.id = tokens.staff AND
  (staff.owner = 0 AND staff.scopes = tokens.scopes OR staff.owner = 1 AND json_array_length(scopes) >= 45));
-- Since when somebody should look at a grant anew: whoever gave it could not give it any more.
ALTER TABLE grants ADD COLUMN review_at BIGINT;
