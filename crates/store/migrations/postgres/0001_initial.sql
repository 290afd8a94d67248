-- The first schema. Forward only: a released migration is never edited.
--
-- Times are milliseconds since 1970 (UTC). Ids are UUIDs version 7, so they sort by age. The small
-- integers of states, reasons, scopes, reach, policies and operations are those of src/code.rs; a meaning
-- is never given to another number.
--
-- Keys are compared by their bytes (COLLATE "C"): cheaper, and no upgrade of the operating system's
-- collations can break an index. Columns stand in the order of their alignment, so that rows are narrow.

-- One row per bot and tenant, with its owner's epoch and the tag served last (see domain/src/share.rs).
-- Its row is the lock of all that belongs to the lane: see src/postgres/lane.rs.
CREATE TABLE lane (
    id           bigint  PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    epoch        bigint  NOT NULL DEFAULT 0,
    closed_until bigint,
    clock        bigint  NOT NULL DEFAULT 0,
    bot          text    COLLATE "C" NOT NULL,
    tenant       text    COLLATE "C" NOT NULL,
    UNIQUE (bot, tenant)
) WITH (fillfactor = 50);

-- What callers asked to be sent; `body` is the whole message as JSON.
CREATE TABLE message (
    id        uuid     PRIMARY KEY,
    expand_at bigint   NOT NULL, -- when its audience is to be worked out
    policy    smallint NOT NULL,
    operation smallint NOT NULL,
    priority  smallint NOT NULL,
    canary    smallint,          -- percent; null once it was sent and the message went on
    auto_pause boolean NOT NULL, -- whether failures may pause it; false once they did
    hold      smallint NOT NULL DEFAULT 0, -- why it rests; 0: it does not
    cancelled boolean  NOT NULL DEFAULT false,
    purged    boolean  NOT NULL DEFAULT false, -- its deliveries' rows are gone
    expanded  boolean  NOT NULL DEFAULT false,
    topic     text     COLLATE "C",
    cursor    text,              -- where working it out goes on
    body      text     NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX message_expansion ON message (expand_at, id) WHERE NOT expanded AND NOT cancelled;

CREATE INDEX message_kept ON message (id) WHERE NOT purged;

-- A message's part of a lane, with its mark: its pending deliveries at or before (mark_due, mark_id) may
-- have been sent, those after it were certainly not.
CREATE TABLE share (
    lane      bigint   NOT NULL,
    open      bigint   NOT NULL, -- deliveries that have not ended
    due       bigint,            -- no delivery after the mark is due before; null: there is none
    tag       bigint   NOT NULL DEFAULT 0,
    allowance bigint,            -- how many may still be claimed of its canary; null: any number
    mark_due  bigint   NOT NULL DEFAULT -1,
    mark_id   uuid     NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    message   uuid     NOT NULL,
    priority  smallint NOT NULL,
    rest      smallint NOT NULL, -- 0: its deliveries may be claimed, 1: it rests, 2: it was cancelled
    PRIMARY KEY (lane, message)
) WITH (fillfactor = 50);

CREATE INDEX share_due ON share (lane, due) WHERE rest = 0 AND due IS NOT NULL;
CREATE INDEX share_cancelled ON share (lane, message) WHERE rest = 2 AND due IS NOT NULL;
CREATE INDEX share_open ON share (lane) WHERE open > 0;
CREATE INDEX share_message ON share (message);

-- Deliveries of a message by lane, state and reason (0: none): kept with every change, never counted. By
-- lane, because owners of different lanes settle one message at the same time and must not wait for
-- each other.
CREATE TABLE tally (
    lane    bigint   NOT NULL,
    count   bigint   NOT NULL,
    message uuid     NOT NULL,
    state   smallint NOT NULL,
    reason  smallint NOT NULL,
    PRIMARY KEY (message, lane, state, reason)
) WITH (fillfactor = 50);

-- One message to one conversation.
CREATE TABLE delivery (
    lane        bigint   NOT NULL,
    due         bigint   NOT NULL,
    updated_at  bigint,
    attempts    integer  NOT NULL DEFAULT 0,
    id          uuid     NOT NULL,
    message     uuid     NOT NULL,
    reference   uuid,
    state       smallint NOT NULL,
    reason      smallint NOT NULL DEFAULT 0,
    doubted     boolean  NOT NULL DEFAULT false,
    activity    text,
    thread_root text,
    detail      text,
    address     text     NOT NULL,
    PRIMARY KEY (lane, id)
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);

-- What a share still has to do, in the order of claims; a delivery that ends leaves it.
CREATE INDEX delivery_pending ON delivery (lane, message, due, id) WHERE state = 0;
-- A message's deliveries in the order of ids.
CREATE INDEX delivery_message ON delivery (message, id);
-- Those who did not get it, or perhaps: looked at and sent again, few among many.
CREATE INDEX delivery_missed ON delivery (message, state, id) WHERE state >= 2;
-- Nobody gets a message twice.
CREATE UNIQUE INDEX delivery_once ON delivery (message, reference) WHERE reference IS NOT NULL;

-- Recent attempts per conversation, for the windows of a new owner. A settlement drops what is older
-- than the longest window of the conversations it touches, so each keeps only its last few rows.
CREATE TABLE start (
    lane      bigint NOT NULL,
    at        bigint NOT NULL,
    reference uuid   NOT NULL,
    delivery  uuid   NOT NULL,
    PRIMARY KEY (lane, reference, at, delivery)
);

-- Conversation references, and the person of a personal one (`name` is the person's, team's,
-- channel's or chat's). E-mail addresses, sign-in names and GUIDs are lower-cased.
CREATE TABLE reference (
    id                  uuid     PRIMARY KEY,
    lane                bigint   NOT NULL REFERENCES lane (id),
    seen_at             bigint   NOT NULL,
    generation          integer  NOT NULL,
    scope               smallint NOT NULL,
    reach               smallint NOT NULL,
    installed           boolean  NOT NULL,
    guest               boolean,
    team                uuid,
    conversation        text     COLLATE "C",
    service_url         text,
    member_id           text     COLLATE "C",
    object_id           text     COLLATE "C",
    name                text,
    email               text     COLLATE "C",
    user_principal_name text     COLLATE "C",
    locale              text,
    timezone            text,
    group_id            text     COLLATE "C"
) WITH (fillfactor = 90);

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
    old uuid PRIMARY KEY,
    new uuid NOT NULL
);

CREATE INDEX merged_new ON merged (new);

-- Who is a member of which team.
CREATE TABLE membership (
    team   uuid NOT NULL REFERENCES reference (id),
    person uuid NOT NULL REFERENCES reference (id),
    PRIMARY KEY (team, person)
);

CREATE INDEX membership_person ON membership (person);

-- Topics people do not want to hear of.
CREATE TABLE opt_out (
    at        bigint NOT NULL,
    reference uuid   NOT NULL REFERENCES reference (id),
    topic     text   COLLATE "C" NOT NULL,
    PRIMARY KEY (reference, topic)
);

-- Requests of the last 24 hours that carried an idempotency key.
CREATE TABLE idempotency (
    at        bigint NOT NULL,
    message   uuid   NOT NULL,
    owner     text   COLLATE "C" NOT NULL,
    key       text   COLLATE "C" NOT NULL,
    body_hash bytea  NOT NULL,
    PRIMARY KEY (owner, key)
);

CREATE INDEX idempotency_at ON idempotency (at);

-- Inbound activities of the last 24 hours: the channel may deliver one twice.
CREATE TABLE sight (
    lane bigint NOT NULL,
    at   bigint NOT NULL,
    key  text   COLLATE "C" NOT NULL,
    PRIMARY KEY (lane, key)
);

CREATE INDEX sight_at ON sight (at);

-- API keys: only the hash of a secret is stored.
CREATE TABLE api_key (
    created_at bigint NOT NULL,
    id         uuid   PRIMARY KEY,
    name       text   NOT NULL,
    hash       bytea  NOT NULL UNIQUE
);
