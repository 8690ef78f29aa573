-- Why: the SMS locks a whole address out after five failed logins within five minutes, and does not care which program
-- sent them. What one has tried the next has to know. The account is a SHA-256 of address and e-mail; no password, nor
-- anything made from one, is kept.
CREATE TABLE logins (
    account      TEXT    PRIMARY KEY CHECK (length(account) = 64),
    tried_utc_ms INTEGER NOT NULL,
    refused      INTEGER NOT NULL CHECK (refused IN (0, 1))
) STRICT;
