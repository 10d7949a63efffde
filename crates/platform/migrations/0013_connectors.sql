-- The connection to the national axis that an agency keeps, for itself and others.
CREATE TABLE platform_connectors (
    agency_id UUID PRIMARY KEY,
    address TEXT NOT NULL,
    system_id TEXT NOT NULL,
    secret TEXT NOT NULL,
    active BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    contact_at BIGINT,
    error TEXT NOT NULL,
    detail TEXT NOT NULL,
    handed BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    directory_at BIGINT,
    tested_at BIGINT,
    test TEXT NOT NULL,
    test_detail TEXT NOT NULL
);

-- Whom a connection speaks for; an agency has one at most.
CREATE TABLE platform_connector_agencies (
    agency_id UUID PRIMARY KEY,
    keeper_id UUID NOT NULL
);
CREATE INDEX platform_connector_agencies_keeper ON platform_connector_agencies (keeper_id);

-- The axis' own directory, as it was told last: what is routed there is read off it.
CREATE TABLE platform_axis_agencies (
    agency_id UUID NOT NULL,
    code_102 TEXT NOT NULL,
    code_qd20 TEXT NOT NULL,
    name TEXT NOT NULL,
    words TEXT NOT NULL,
    seen BIGINT NOT NULL,
    PRIMARY KEY (agency_id, code_102)
);
CREATE INDEX platform_axis_agencies_qd20 ON platform_axis_agencies (agency_id, code_qd20);

-- Deliveries that leave by a connector: their row in the outbox waits while they are here.
CREATE TABLE platform_connector_queue (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    way TEXT NOT NULL,
    tries BIGINT NOT NULL,
    leased_until BIGINT NOT NULL
);
CREATE INDEX platform_connector_queue_way ON platform_connector_queue (way, agency_id);

-- Packets of the axis that were dealt with, under the axis' own ids, and whether it was told so.
CREATE TABLE platform_axis_packets (
    agency_id UUID NOT NULL,
    packet TEXT NOT NULL,
    taken BIGINT NOT NULL,
    told BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (agency_id, packet)
);

-- How systems of others write the identifier of a document, where it is not the form it is kept under here.
CREATE TABLE platform_axis_names (
    agency_id UUID NOT NULL,
    from_code TEXT NOT NULL,
    document_id TEXT NOT NULL,
    written TEXT NOT NULL,
    PRIMARY KEY (agency_id, from_code, document_id)
);
