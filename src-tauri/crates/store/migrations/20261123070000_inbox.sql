-- Why: a session has one writer. `watchkeeper note`, `ack`, `check` and `sign-off` in another terminal leave what they
-- want here and read the writer's answer from the same row. No record: what came of a command is in the events.
CREATE TABLE inbox (
    -- Never used again, so that an old ticket can never get a newer command's answer.
    ticket        INTEGER PRIMARY KEY AUTOINCREMENT,
    session       INTEGER NOT NULL REFERENCES sessions (key),
    posted_utc_ms INTEGER NOT NULL,
    json          TEXT    NOT NULL CHECK (octet_length(json) <= 65536),
    state         TEXT    NOT NULL DEFAULT 'new'
                  CHECK (state IN ('new', 'taken', 'answered', 'withdrawn', 'interrupted')),
    answer        TEXT,
    CHECK ((state = 'answered') = (answer IS NOT NULL))
) STRICT;

-- What the writer looks for twice a second.
CREATE INDEX inbox_new ON inbox (session, ticket) WHERE state = 'new';
