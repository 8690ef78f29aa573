-- Why: the SMS locks a whole address out after five failed logins within five minutes, and does not care which program
-- sent them. What one has tried the next has to know. The account is a SHA-256 of address and e-mail; no password, nor
-- anything made from one, is kept.
CREATE TABLE logins (
    account      TEXT    PRIMARY KEY CHECK (length(account) = 64),
    tried_utc_ms INTEGER NOT NULL,
    refused      INTEGER NOT NULL CHECK (refused IN (0, 1))
) STRICT;

-- Why: single checks, rehearsals and simulated days are seldom signed off, and would stay for ever. They prove nothing of
-- a release; their readings may go without a sign-off.
DROP TRIGGER sessions_pruned;
CREATE TRIGGER sessions_pruned BEFORE UPDATE OF readings_pruned_utc_ms ON sessions
WHEN OLD.readings_pruned_utc_ms IS NOT NULL
    OR (OLD.state <> 'signed_off' AND OLD.simulated IS NULL AND OLD.speed <= 1 AND OLD.id NOT LIKE '%-check')
BEGIN SELECT RAISE(ABORT, 'readings are pruned once, and those of a real watch after the sign-off'); END;
