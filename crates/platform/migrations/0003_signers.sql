-- Who signs: a person for an agency, or the agency itself. The key is sealed twice, under its PIN and under the
-- tenant's key, or lies on a token or at a service. A signer that was taken away stays, without its key.
CREATE TABLE platform_signers (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    person_id UUID,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    issuer TEXT NOT NULL,
    serial TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_until BIGINT NOT NULL,
    picture TEXT,
    sealed TEXT NOT NULL,
    token TEXT NOT NULL,
    key_label TEXT NOT NULL,
    wrong_pins BIGINT NOT NULL,
    locked_at BIGINT,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    removed_at BIGINT
);
CREATE INDEX platform_signers_agency ON platform_signers (agency_id, person_id) WHERE removed_at IS NULL;
CREATE INDEX platform_signers_picture ON platform_signers (picture) WHERE picture IS NOT NULL;
