-- The nodes of the directory, as the engine saw them last, for the page of nodes.
-- shared: nodes are installations; none belongs to an agency.
CREATE TABLE platform_nodes (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    address TEXT NOT NULL,
    above TEXT,
    relayed BIGINT NOT NULL,
    own BIGINT NOT NULL,
    authority BIGINT NOT NULL,
    agencies BIGINT NOT NULL,
    certificate_until BIGINT
);

-- How this installation stands among them: one row.
-- shared: it is of the whole installation.
CREATE TABLE platform_node_standing (
    one BIGINT PRIMARY KEY,
    directory_version BIGINT NOT NULL,
    directory_at BIGINT,
    crl_number BIGINT NOT NULL,
    crl_at BIGINT NOT NULL,
    crl_until BIGINT NOT NULL,
    noted_at BIGINT NOT NULL,
    trouble TEXT NOT NULL
);
