-- Browsers that asked to be told of notices (RFC 8030). Endpoint and keys are the browser's; whoever knows all three
-- could show it a notice.
CREATE TABLE platform_devices (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL, -- read by all: whoever tells a person something queues it for their devices
    person_id UUID NOT NULL,
    endpoint TEXT NOT NULL UNIQUE,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX platform_devices_person ON platform_devices (person_id);

-- How a person wants to be told. Minutes of the day, local; equal ones mean no quiet hours.
CREATE TABLE platform_push_wishes (
    person_id UUID PRIMARY KEY,
    agency_id UUID NOT NULL, -- read by all: the same
    subjects BIGINT NOT NULL,
    quiet_from BIGINT NOT NULL,
    quiet_to BIGINT NOT NULL,
    urgent BIGINT NOT NULL
);
