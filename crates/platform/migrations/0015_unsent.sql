-- Whether a file is named by what has not been carried yet is asked whenever a file is let go: nearly all deliveries of
-- all years have arrived.
CREATE INDEX platform_outbox_unsent ON platform_outbox (envelope_id) WHERE state <> 'sent';
