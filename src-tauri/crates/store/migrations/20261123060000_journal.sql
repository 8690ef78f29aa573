-- Why: the journal of every watch in one file. The rules that make it a journal (appended only, without holes,
-- closed by the sign-off) stand here and not in the program alone, so that no other tool breaks them by accident.
-- What is changed on purpose, triggers dropped, is found by the hash chains.

-- `WKPR`: lets `file` and the program tell a journal from any other database.
PRAGMA application_id = 1464553554;

-- One row a session. All but the state and the retention repeats what the events say, for the list of sessions.
CREATE TABLE sessions (
    key                    INTEGER PRIMARY KEY,
    -- Not case-sensitive: ids become file names, and Windows would let `a` and `A` share one.
    id                     TEXT    NOT NULL UNIQUE COLLATE NOCASE CHECK (length(id) BETWEEN 1 AND 64),
    opened_utc_ms          INTEGER NOT NULL,
    deployment             TEXT    NOT NULL,
    environment            TEXT    NOT NULL,
    version                TEXT    NOT NULL,
    owner                  TEXT    NOT NULL,
    simulated              TEXT,
    speed                  REAL    NOT NULL,
    state                  TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'concluded', 'signed_off')),
    finding                TEXT,
    decision               TEXT,
    readings_pruned_utc_ms INTEGER
) STRICT;

CREATE TRIGGER sessions_kept BEFORE DELETE ON sessions
BEGIN SELECT RAISE(ABORT, 'a session is never deleted'); END;

CREATE TRIGGER sessions_same BEFORE UPDATE OF key, id ON sessions WHEN NEW.key <> OLD.key OR NEW.id <> OLD.id
BEGIN SELECT RAISE(ABORT, 'a session keeps its id'); END;

CREATE TRIGGER sessions_final BEFORE UPDATE OF state ON sessions WHEN OLD.state = 'signed_off' AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'the session is signed off'); END;

CREATE TRIGGER sessions_pruned BEFORE UPDATE OF readings_pruned_utc_ms ON sessions
WHEN OLD.state <> 'signed_off' OR OLD.readings_pruned_utc_ms IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'readings are pruned once, after the sign-off'); END;

-- The facts. `json` is the text that `hash` is taken over, together with the hash before; the columns between repeat
-- parts of it for queries. Times are milliseconds: since 1970 in UTC, and since the session began in watch time.
CREATE TABLE events (
    id       INTEGER PRIMARY KEY,
    session  INTEGER NOT NULL REFERENCES sessions (key),
    seq      INTEGER NOT NULL,
    utc_ms   INTEGER NOT NULL,
    watch_ms INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    json     TEXT    NOT NULL,
    hash     TEXT    NOT NULL CHECK (length(hash) = 64),
    UNIQUE (session, seq)
) STRICT;

CREATE TRIGGER events_fixed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the journal is appended to, never changed'); END;

CREATE TRIGGER events_kept BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the journal is appended to, never shortened'); END;

CREATE TRIGGER events_closed BEFORE INSERT ON events
WHEN (SELECT state FROM sessions WHERE key = NEW.session) = 'signed_off'
BEGIN SELECT RAISE(ABORT, 'the session is signed off and closed for writing'); END;

CREATE TRIGGER events_in_order BEFORE INSERT ON events
WHEN NEW.seq <> 1 + (SELECT coalesce(max(seq), 0) FROM events WHERE session = NEW.session)
BEGIN SELECT RAISE(ABORT, 'the event does not follow the last one'); END;

CREATE TRIGGER events_concluded AFTER INSERT ON events WHEN NEW.kind = 'concluded'
BEGIN
    UPDATE sessions SET state = 'concluded', finding = NEW.json ->> '$.fact.concluded.finding' WHERE key = NEW.session;
END;

CREATE TRIGGER events_signed_off AFTER INSERT ON events WHEN NEW.kind = 'signed_off'
BEGIN
    UPDATE sessions
    SET state = 'signed_off',
        finding = NEW.json ->> '$.fact.signed_off.verdict.finding',
        decision = NEW.json ->> '$.fact.signed_off.decision'
    WHERE key = NEW.session;
END;

-- The measurements, numbered from 1 in the order in which they were recorded, each after event number `after_seq`.
-- `json` is the text that the digest of the readings is taken over. `mark` is the first 32 bits of its own SHA-256:
-- a seal tells that one of many readings was changed, the mark tells which.
CREATE TABLE readings (
    id        INTEGER PRIMARY KEY,
    session   INTEGER NOT NULL REFERENCES sessions (key),
    n         INTEGER NOT NULL,
    after_seq INTEGER NOT NULL,
    utc_ms    INTEGER NOT NULL,
    watch_ms  INTEGER NOT NULL,
    source    TEXT    NOT NULL,
    mark      INTEGER NOT NULL,
    json      TEXT    NOT NULL,
    UNIQUE (session, n)
) STRICT;

CREATE TRIGGER readings_fixed BEFORE UPDATE ON readings
BEGIN SELECT RAISE(ABORT, 'a reading is never changed'); END;

CREATE TRIGGER readings_kept BEFORE DELETE ON readings
WHEN (SELECT readings_pruned_utc_ms FROM sessions WHERE key = OLD.session) IS NULL
BEGIN SELECT RAISE(ABORT, 'readings are removed by retention alone'); END;

CREATE TRIGGER readings_closed BEFORE INSERT ON readings
WHEN (SELECT state FROM sessions WHERE key = NEW.session) = 'signed_off'
BEGIN SELECT RAISE(ABORT, 'the session is signed off and closed for writing'); END;

CREATE TRIGGER readings_in_order BEFORE INSERT ON readings
WHEN NEW.n <> 1 + (SELECT coalesce(max(n), 0) FROM readings WHERE session = NEW.session)
BEGIN SELECT RAISE(ABORT, 'the reading does not follow the last one'); END;

-- Evidence: a text is kept once however often it was found, under the SHA-256 that the events name.
CREATE TABLE evidence_texts (
    digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
    text   TEXT NOT NULL CHECK (octet_length(text) <= 1048576)
) STRICT;

CREATE TABLE evidence (
    id       INTEGER PRIMARY KEY,
    session  INTEGER NOT NULL REFERENCES sessions (key),
    incident INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    digest   TEXT    NOT NULL REFERENCES evidence_texts (digest),
    failure  TEXT,
    UNIQUE (session, incident, kind, digest)
) STRICT;

CREATE TRIGGER evidence_texts_fixed BEFORE UPDATE ON evidence_texts
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;

CREATE TRIGGER evidence_texts_kept BEFORE DELETE ON evidence_texts
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

CREATE TRIGGER evidence_fixed BEFORE UPDATE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END;

CREATE TRIGGER evidence_kept BEFORE DELETE ON evidence
BEGIN SELECT RAISE(ABORT, 'evidence is never deleted'); END;

CREATE TRIGGER evidence_closed BEFORE INSERT ON evidence
WHEN (SELECT state FROM sessions WHERE key = NEW.session) = 'signed_off'
BEGIN SELECT RAISE(ABORT, 'the session is signed off and closed for writing'); END;
