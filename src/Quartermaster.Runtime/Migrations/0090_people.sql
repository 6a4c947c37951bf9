-- By what else than addresses an erased person is looked for, by kind, gone as soon as it has been; and how many of each kind were looked for, which is part of the proof.
ALTER TABLE erasure ADD COLUMN words jsonb, ADD COLUMN searched jsonb;

-- Of an order's total what was not given back; null where nothing was decided on the order since this column is there, and nothing is known to have gone back. What people
-- spent (person.spent) and what flows brought in (run.revenue) are net of refunds.
ALTER TABLE stream ADD COLUMN kept numeric;

-- What one unit is worth where it is sold without a price, in the brand's currency: what customs is told.
ALTER TABLE sku_facts ADD COLUMN value numeric CHECK (value > 0);
