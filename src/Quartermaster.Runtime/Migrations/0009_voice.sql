-- Whom numbers wrote to is counted under what they share, and by several processes: each reads what was numbered since it looked.
CREATE SEQUENCE sender_told_seq_seq;
ALTER TABLE sender_told ADD COLUMN seq bigint NOT NULL DEFAULT nextval('sender_told_seq_seq');
CREATE INDEX sender_told_seq ON sender_told(connection, seq);
