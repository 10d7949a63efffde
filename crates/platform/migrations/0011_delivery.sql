-- The machine a delivery goes to next, by the directory; empty for recipients here, and before anybody has looked.
ALTER TABLE platform_outbox ADD COLUMN node TEXT NOT NULL DEFAULT '';
-- 1 while a machine on the way keeps it and the receipt has not come yet.
ALTER TABLE platform_outbox ADD COLUMN handed BIGINT NOT NULL DEFAULT 0;
DROP INDEX platform_outbox_due;
CREATE INDEX platform_outbox_due ON platform_outbox (node, next_at) WHERE state = 'queued';
CREATE INDEX platform_outbox_lane ON platform_outbox (node, urgency, at) WHERE state = 'queued';
CREATE INDEX platform_outbox_pair ON platform_outbox (to_code, agency_id, next_at) WHERE state = 'queued';

-- What proves a delivery between machines: the packet as it was signed, and the receipt as it was signed. The
-- receiver keeps the envelope too; the sender's is in platform_envelopes.
CREATE TABLE platform_packets (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    envelope_id UUID NOT NULL,
    outgoing BIGINT NOT NULL,
    counterpart TEXT NOT NULL,
    node TEXT NOT NULL,
    packet TEXT NOT NULL,
    envelope TEXT NOT NULL,
    recipients TEXT NOT NULL,
    signature TEXT NOT NULL,
    receipt TEXT NOT NULL,
    receipt_signature TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (agency_id, envelope_id, outgoing, counterpart)
);

-- shared: packets that only pass this machine belong to none of its agencies.
CREATE TABLE platform_relays (
    id UUID PRIMARY KEY,
    envelope_id UUID NOT NULL,
    to_code TEXT NOT NULL,
    packet TEXT NOT NULL,
    body TEXT NOT NULL,
    came_from TEXT NOT NULL,
    node TEXT NOT NULL,
    urgency BIGINT NOT NULL,
    state TEXT NOT NULL,
    next_at BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    receipt_signature TEXT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (envelope_id, to_code)
);
CREATE INDEX platform_relays_lane ON platform_relays (node, urgency, at) WHERE state = 'queued';
CREATE INDEX platform_relays_told ON platform_relays (came_from, at) WHERE state = 'settled';

-- shared: a link to another machine is the installation's.
CREATE TABLE platform_links (
    node TEXT PRIMARY KEY,
    round_trip_us BIGINT,
    skew_us BIGINT,
    answered_at BIGINT,
    failing_since BIGINT,
    error TEXT NOT NULL
);

-- shared: which process carries to a machine now, one for each lane, so that letters keep their order.
CREATE TABLE platform_lanes (
    node TEXT NOT NULL,
    urgent BIGINT NOT NULL,
    holder TEXT NOT NULL,
    leased_until BIGINT NOT NULL,
    PRIMARY KEY (node, urgent)
);
