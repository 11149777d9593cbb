-- People sign in with an account of the host, which belongs to any number of stores. A person of a store may have one.
CREATE TABLE accounts (
  id TEXT COLLATE "C" PRIMARY KEY, email TEXT COLLATE "C" NOT NULL UNIQUE, name TEXT NOT NULL, language TEXT, theme TEXT,
  password TEXT, password_at BIGINT, totp TEXT, totp_step BIGINT NOT NULL, totp_failures BIGINT NOT NULL, totp_locked BIGINT,
  failures BIGINT NOT NULL, operator BIGINT NOT NULL, created_at BIGINT NOT NULL, signed_in_at BIGINT
);
-- Saved codes for whoever lost the second factor: only hashes, each good once.
CREATE TABLE recovery_codes (
  hash TEXT COLLATE "C" PRIMARY KEY, account TEXT COLLATE "C" NOT NULL, created_at BIGINT NOT NULL, used_at BIGINT
);
CREATE INDEX recovery_codes_account ON recovery_codes (account);
-- Browsers that are signed in, by the hash of what their cookie holds. `stage` is `password` until the second factor was shown;
-- `seeing` is a person of a store whose pages its owner looks at as that person would.
CREATE TABLE sessions (
  hash TEXT COLLATE "C" PRIMARY KEY, id TEXT COLLATE "C" NOT NULL UNIQUE, account TEXT COLLATE "C" NOT NULL, stage TEXT COLLATE "C" NOT NULL, device TEXT NOT NULL,
  created_at BIGINT NOT NULL, used_at BIGINT NOT NULL, proved_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, ended_at BIGINT,
  seeing TEXT COLLATE "C"
);
CREATE INDEX sessions_account ON sessions (account, id);
-- Links that are good once: invitations, new passwords, a first sign-in.
CREATE TABLE links (
  hash TEXT COLLATE "C" PRIMARY KEY, id TEXT COLLATE "C" NOT NULL UNIQUE, kind TEXT COLLATE "C" NOT NULL, account TEXT COLLATE "C", staff TEXT COLLATE "C", email TEXT COLLATE "C",
  made_by TEXT COLLATE "C" NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT
);
CREATE INDEX links_staff ON links (staff);
ALTER TABLE staff ADD COLUMN account TEXT COLLATE "C";
ALTER TABLE staff ADD COLUMN email TEXT COLLATE "C";
CREATE UNIQUE INDEX staff_account ON staff (account, store) WHERE active = 1;
-- Whether everybody of a store needs a second factor; its owners do anyway.
ALTER TABLE stores ADD COLUMN second_factor BIGINT NOT NULL DEFAULT 0;
-- The key that passwords were hashed with, as a fingerprint: all hosts of a database must have the same.
CREATE TABLE host_key (
  id BIGINT PRIMARY KEY, fingerprint TEXT COLLATE "C" NOT NULL
);
-- No connection that serves a store sees or writes what is a person's own. A session it may see: a commit asks whether it stands.
DO $$
DECLARE
  of_host TEXT;
BEGIN
  FOREACH of_host IN ARRAY ARRAY['accounts', 'recovery_codes', 'host_key'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_host);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_host);
    EXECUTE format('CREATE POLICY of_host ON %I USING ((SELECT current_setting(''storehand.store'', true)) = ''*'')', of_host);
  END LOOP;
END
$$;
