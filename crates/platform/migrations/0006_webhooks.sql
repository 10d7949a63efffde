-- Addresses of programs that an agency wants told of what happens to its documents. `seq` is how far in the audit log
-- they have been told: the log is written with each act, so nothing that was done can be left out.
CREATE TABLE platform_webhooks (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    person_id UUID NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret TEXT NOT NULL,
    active BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    failing_since BIGINT,
    off_reason TEXT NOT NULL
);
CREATE INDEX platform_webhooks_agency ON platform_webhooks (agency_id);

-- One call for each event and address.
CREATE TABLE platform_webhook_calls (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    webhook_id UUID NOT NULL,
    event TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    answer BIGINT NOT NULL,
    error TEXT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX platform_webhook_calls_due ON platform_webhook_calls (next_at) WHERE state = 'queued';
CREATE INDEX platform_webhook_calls_of ON platform_webhook_calls (webhook_id, at);
