-- The first schema. Forward only: a released migration is never edited.
--
-- Times are milliseconds since 1970 (UTC). Ids are the 16 bytes of a UUID version 7, so they sort by
-- age. The small integers of states, reasons, scopes, reach, policies and operations are those of
-- src/code.rs; a meaning is never given to another number.

-- One row per bot and tenant, with its owner's epoch and the tag served last (see domain/src/share.rs).
CREATE TABLE lane (
    id           INTEGER PRIMARY KEY,
    bot          TEXT    NOT NULL,
    tenant       TEXT    NOT NULL,
    epoch        INTEGER NOT NULL DEFAULT 0,
    closed_until INTEGER,
    clock        INTEGER NOT NULL DEFAULT 0,
    UNIQUE (bot, tenant)
) STRICT;

-- What callers asked to be sent. The columns before `body` are what claims and lists look at; `body`
-- (the whole message as JSON) comes last because it may reach into overflow pages.
CREATE TABLE message (
    id        BLOB    PRIMARY KEY,
    topic     TEXT,
    policy    INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    priority  INTEGER NOT NULL,
    canary    INTEGER,          -- percent; null once it was sent and the message went on
    auto_pause INTEGER NOT NULL, -- whether failures may pause it; 0 once they did
    cancelled INTEGER NOT NULL DEFAULT 0,
    hold      INTEGER NOT NULL DEFAULT 0, -- why it rests; 0: it does not
    purged    INTEGER NOT NULL DEFAULT 0, -- its deliveries' rows are gone
    expanded  INTEGER NOT NULL DEFAULT 0,
    expand_at INTEGER NOT NULL, -- when its audience is to be worked out
    cursor    TEXT,             -- where working it out goes on
    body      TEXT    NOT NULL
) STRICT;

CREATE INDEX message_expansion ON message (expand_at, id) WHERE expanded = 0 AND cancelled = 0;

CREATE INDEX message_kept ON message (id) WHERE purged = 0;

-- A message's part of a lane, with its mark: its pending deliveries at or before (mark_due, mark_id) may
-- have been sent, those after it were certainly not.
CREATE TABLE share (
    lane      INTEGER NOT NULL,
    message   BLOB    NOT NULL,
    priority  INTEGER NOT NULL,
    rest      INTEGER NOT NULL, -- 0: its deliveries may be claimed, 1: it rests, 2: it was cancelled
    open      INTEGER NOT NULL, -- deliveries that have not ended
    due       INTEGER,          -- no delivery after the mark is due before; null: there is none
    tag       INTEGER NOT NULL DEFAULT 0,
    allowance INTEGER,          -- how many may still be claimed of its canary; null: any number
    mark_due  INTEGER NOT NULL DEFAULT -1,
    mark_id   BLOB    NOT NULL DEFAULT x'',
    PRIMARY KEY (lane, message)
) STRICT, WITHOUT ROWID;

CREATE INDEX share_due ON share (lane, due) WHERE rest = 0 AND due IS NOT NULL;
CREATE INDEX share_cancelled ON share (lane) WHERE rest = 2 AND due IS NOT NULL;
CREATE INDEX share_open ON share (lane) WHERE open > 0;
CREATE INDEX share_message ON share (message);

-- Deliveries of a message by state and reason (0: none): kept with every change, never counted.
CREATE TABLE tally (
    message BLOB    NOT NULL,
    state   INTEGER NOT NULL,
    reason  INTEGER NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (message, state, reason)
) STRICT, WITHOUT ROWID;

-- One message to one conversation. Clustered by lane and age: a lane's batch is a run of neighbours,
-- and the indexes need no row number of their own.
CREATE TABLE delivery (
    lane        INTEGER NOT NULL,
    id          BLOB    NOT NULL,
    message     BLOB    NOT NULL,
    reference   BLOB,
    due         INTEGER NOT NULL,
    state       INTEGER NOT NULL,
    reason      INTEGER NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    doubted     INTEGER NOT NULL DEFAULT 0,
    updated_at  INTEGER,
    activity    TEXT,
    thread_root TEXT,
    detail      TEXT,
    address     TEXT    NOT NULL,
    PRIMARY KEY (lane, id)
) STRICT, WITHOUT ROWID;

-- What a share still has to do, in the order of claims; a delivery that ends leaves it.
CREATE INDEX delivery_pending ON delivery (lane, message, due, id) WHERE state = 0;
-- A message's deliveries in the order of ids.
CREATE INDEX delivery_message ON delivery (message, id);
-- Those who did not get it, or perhaps: looked at and sent again, few among many.
CREATE INDEX delivery_missed ON delivery (message, state, id) WHERE state >= 2;
-- Nobody gets a message twice.
CREATE UNIQUE INDEX delivery_once ON delivery (message, reference) WHERE reference IS NOT NULL;

-- Recent attempts per conversation, for the windows of a new owner. A settlement drops what is older
-- than the longest window of the conversations it touches, so each keeps only its last few rows. A
-- table of its own, because an index of `delivery` by conversation would be written all over.
CREATE TABLE start (
    lane      INTEGER NOT NULL,
    reference BLOB    NOT NULL,
    at        INTEGER NOT NULL,
    delivery  BLOB    NOT NULL,
    PRIMARY KEY (lane, reference, at, delivery)
) STRICT, WITHOUT ROWID;

-- Conversation references, and the person of a personal one (`name` is the person's, team's,
-- channel's or chat's). E-mail addresses, sign-in names and GUIDs are lower-cased.
CREATE TABLE reference (
    id                  BLOB    PRIMARY KEY,
    lane                INTEGER NOT NULL REFERENCES lane (id),
    scope               INTEGER NOT NULL,
    reach               INTEGER NOT NULL,
    installed           INTEGER NOT NULL,
    generation          INTEGER NOT NULL,
    seen_at             INTEGER NOT NULL,
    conversation        TEXT,
    service_url         TEXT,
    member_id           TEXT,
    object_id           TEXT,
    name                TEXT,
    email               TEXT,
    user_principal_name TEXT,
    guest               INTEGER,
    locale              TEXT,
    timezone            TEXT,
    team                BLOB,
    group_id            TEXT
) STRICT, WITHOUT ROWID;

-- The key comes before the lane: the directory is asked for a bot in any tenant.
CREATE UNIQUE INDEX reference_conversation ON reference (conversation, lane) WHERE conversation IS NOT NULL;
CREATE UNIQUE INDEX reference_member ON reference (member_id, lane) WHERE member_id IS NOT NULL;
CREATE UNIQUE INDEX reference_object ON reference (object_id, lane) WHERE object_id IS NOT NULL;
CREATE INDEX reference_email ON reference (email, lane) WHERE email IS NOT NULL;
CREATE INDEX reference_sign_in ON reference (user_principal_name, lane) WHERE user_principal_name IS NOT NULL;
CREATE INDEX reference_group ON reference (group_id, lane) WHERE group_id IS NOT NULL;
CREATE INDEX reference_team ON reference (team) WHERE team IS NOT NULL;

-- Records that turned out to be the same person or team as another: an id once given out keeps
-- leading to it.
CREATE TABLE merged (
    old BLOB PRIMARY KEY,
    new BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX merged_new ON merged (new);

-- Who is a member of which team.
CREATE TABLE membership (
    team   BLOB NOT NULL REFERENCES reference (id),
    person BLOB NOT NULL REFERENCES reference (id),
    PRIMARY KEY (team, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX membership_person ON membership (person);

-- Topics people do not want to hear of.
CREATE TABLE opt_out (
    reference BLOB    NOT NULL REFERENCES reference (id),
    topic     TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (reference, topic)
) STRICT, WITHOUT ROWID;

-- Requests of the last 24 hours that carried an idempotency key.
CREATE TABLE idempotency (
    owner     TEXT    NOT NULL,
    key       TEXT    NOT NULL,
    body_hash BLOB    NOT NULL,
    message   BLOB    NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_at ON idempotency (at);

-- Inbound activities of the last 24 hours: the channel may deliver one twice.
CREATE TABLE sight (
    lane INTEGER NOT NULL,
    key  TEXT    NOT NULL,
    at   INTEGER NOT NULL,
    PRIMARY KEY (lane, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX sight_at ON sight (at);

-- API keys: only the hash of a secret is stored.
CREATE TABLE api_key (
    id         BLOB    PRIMARY KEY,
    name       TEXT    NOT NULL,
    hash       BLOB    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
