-- Accounts: what proves who somebody is. Each row belongs to the agency that keeps the person's account, so that
-- an administrator of another one can neither read nor end nor replace it.
CREATE TABLE platform_credentials (
    person_id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    password_hash TEXT NOT NULL,
    totp_secret TEXT
);

-- Who is signed in, where. The cookie's token is nowhere stored, only its SHA-256.
CREATE TABLE platform_sessions (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    person_id UUID NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX platform_sessions_person ON platform_sessions (person_id) WHERE ended_at IS NULL;

-- Sign-ins tried since the last good one, by user name: also by names that do not exist.
CREATE TABLE platform_attempts (
    username TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    at BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

-- The last time step whose one-time code was used: a code works once.
CREATE TABLE platform_codes (
    person_id UUID PRIMARY KEY,
    step BIGINT NOT NULL
);

-- Personal access tokens for programs.
CREATE TABLE platform_tokens (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    person_id UUID NOT NULL,
    name TEXT NOT NULL,
    rights TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX platform_tokens_person ON platform_tokens (person_id) WHERE revoked_at IS NULL;

-- Links with which a person sets a password.
CREATE TABLE platform_invitations (
    token_hash TEXT PRIMARY KEY,
    agency_id UUID NOT NULL,
    person_id UUID NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX platform_invitations_person ON platform_invitations (person_id) WHERE used_at IS NULL;

-- Keys of the tenant's own, made once: what signs cookies and uploads.
CREATE TABLE platform_keys (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    at BIGINT NOT NULL
);
