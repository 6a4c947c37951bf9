-- Since when no call of a connection has reached its remote system, polls included; null = the last one did, or there was none.
ALTER TABLE lane ADD COLUMN failing_since timestamptz;
