-- The machine's tables. Conventions: brand in every key; ids are text; instants are timestamptz; keys collate "C" so that an
-- index serves prefixes and no locale change can reorder it. Hot tables (ready, effect) hold only what is under way: a row is
-- inserted once and deleted once. Logs (signal, decision, effect_log, movement) are append-only and partitioned by a rising
-- number, so that history is dropped by partition and never row by row.

CREATE TABLE brand (
  brand       text COLLATE "C" PRIMARY KEY,
  mode        text NOT NULL CHECK (mode IN ('off', 'shadow', 'live')),
  changed_at  timestamptz NOT NULL DEFAULT now(),
  changed_by  text NOT NULL,
  on_since    timestamptz           -- when it was last turned on after it had been off
);

-- A row that exists is a switch that is off: nothing in its scope is sent. Scopes: 'all', 'brand/B', 'connection/C', 'effect/KIND', and 'flow/BRAND/ID', which nobody enters.
CREATE TABLE switch (
  scope      text COLLATE "C" PRIMARY KEY,
  reason     text NOT NULL,
  by_whom    text NOT NULL,
  at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE hub_value (key text COLLATE "C" PRIMARY KEY, value text NOT NULL, at timestamptz NOT NULL DEFAULT now());

CREATE SEQUENCE signal_seq;      -- insert order is not commit order: never use it as a cursor
CREATE SEQUENCE effect_block;    -- one step = 1,000 effect ids, handed out in memory
CREATE SEQUENCE lane_token;      -- fencing tokens: unique over all lanes and ever rising

-- What arrived, as it arrived. Raw rows hold the bytes that were signed (kind = the vendor's topic, source = the connection);
-- others hold a canonical signal as JSON (kind = its wire name, source = operator/NAME, timer, effect, flow, import, replay/SEQ).
CREATE TABLE signal (
  seq       bigint NOT NULL DEFAULT nextval('signal_seq'),
  at        timestamptz NOT NULL,
  brand     text COLLATE "C" NOT NULL,
  stream    text COLLATE "C" NOT NULL,
  raw       boolean NOT NULL,
  kind      text COLLATE "C" NOT NULL,
  source    text COLLATE "C" NOT NULL,
  delivery  text,
  body      bytea COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (seq)
) PARTITION BY RANGE (seq);

-- Deduplication, two generations: insert into the current one, look both up, truncate the older at rotation (every 30 days, so
-- that a key is remembered for 30 to 60). A key is SHA-256 cut to 128 bits, of (connection, delivery id) or (connection, business key).
CREATE TABLE seen_a (key uuid PRIMARY KEY) WITH (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000000000);
CREATE TABLE seen_b (key uuid PRIMARY KEY) WITH (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000000000);
INSERT INTO hub_value(key, value) VALUES ('seen.generation', 'a'), ('seen.rotated_at', now()::text);
-- What the links that shoppers are sent are signed with.
INSERT INTO hub_value(key, value) VALUES ('link.secret', gen_random_uuid()::text || gen_random_uuid()::text);

-- What devices, cards and networks of orders are hashed with.
INSERT INTO hub_value(key, value) VALUES ('trait.secret', gen_random_uuid()::text || gen_random_uuid()::text);

-- What stands for the addresses of people who were erased is made with.
INSERT INTO hub_value(key, value) VALUES ('erasure.salt', gen_random_uuid()::text || gen_random_uuid()::text);

-- Queues grow and empty all day: giving their last pages back asks for a lock that nobody gets, and the vacuum waits five seconds for it.
CREATE TABLE ready (part smallint, seq bigint, PRIMARY KEY (part, seq))
  WITH (vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000000000);

-- Signals set apart, with their reason. A parked order parks its later signals behind the first ('behind'), nobody else's; behind one
-- that stands 'alone', because nobody understands its body, nothing waits.
CREATE TABLE parked (
  seq        bigint PRIMARY KEY,
  part       smallint NOT NULL,
  brand      text COLLATE "C" NOT NULL,
  stream     text COLLATE "C" NOT NULL,
  kind       text COLLATE "C" NOT NULL,
  source     text COLLATE "C" NOT NULL,
  case_kind  text NOT NULL,
  reason     text NOT NULL,
  behind     boolean NOT NULL DEFAULT false,
  alone      boolean NOT NULL DEFAULT false,
  at         timestamptz NOT NULL
);
CREATE INDEX parked_stream ON parked (brand, stream);
CREATE INDEX parked_off ON parked (brand, seq) WHERE case_kind = 'hub.brand_off';
CREATE INDEX parked_trouble ON parked (brand, case_kind) WHERE case_kind <> 'hub.brand_off';
CREATE INDEX parked_behind ON parked (brand, stream) WHERE behind;

-- One row per stream: its state, and for orders what lists show. Columns that change at every step are not indexed, so that
-- updates stay on their page (HOT); a list of open orders walks the small partial index and filters.
CREATE TABLE stream (
  brand       text COLLATE "C" NOT NULL,
  stream      text COLLATE "C" NOT NULL,
  version     int NOT NULL,
  updated_at  timestamptz NOT NULL,
  state       bytea COMPRESSION lz4 NOT NULL,
  ended       boolean NOT NULL DEFAULT false,
  placed_at   timestamptz,          -- null: not an order
  number      text, status text, channel text, currency text, total numeric,
  kept        numeric,              -- of the total what was not given back; null: nothing was decided on it yet that says so
  buyer_name  text, email text, phone text, country text, location text, units int, attention text,
  shadow      boolean NOT NULL DEFAULT false,   -- what is planned for it is recorded and not sent, until a person takes it over
  PRIMARY KEY (brand, stream)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1, autovacuum_analyze_scale_factor = 0.2, autovacuum_analyze_threshold = 100000);
CREATE INDEX stream_placed ON stream (brand, placed_at DESC, stream) WHERE placed_at IS NOT NULL;
CREATE INDEX stream_open ON stream (brand, placed_at DESC, stream) WHERE placed_at IS NOT NULL AND NOT ended;
CREATE INDEX stream_attention ON stream (brand, placed_at DESC) WHERE attention IS NOT NULL;

-- What an order is found by: number, e-mail, phone, SKU, tracking; lower case.
CREATE TABLE lookup (brand text COLLATE "C", term text COLLATE "C", stream text COLLATE "C", PRIMARY KEY (brand, term, stream))
  WITH (autovacuum_analyze_scale_factor = 0.2, autovacuum_analyze_threshold = 250000);

-- What was concluded from one signal: the events (JSON array of {kind, body}), the ids of the effects planned, and why.
CREATE TABLE decision (
  brand    text COLLATE "C" NOT NULL,
  stream   text COLLATE "C" NOT NULL,
  seq      bigint NOT NULL,             -- the signal
  version  int NOT NULL,                -- of the stream afterwards
  at       timestamptz NOT NULL,
  events   bytea COMPRESSION lz4,
  effects  bigint[],
  note     text,
  PRIMARY KEY (brand, stream, seq)
) PARTITION BY RANGE (seq);

-- Effects under way. state: 0 planned, 1 claimed (token = the lane's fencing token), 2 waiting until next_at, 3 refused, 4 unsure, 5 gave up.
CREATE TABLE effect (
  id          bigint PRIMARY KEY,
  brand       text COLLATE "C" NOT NULL,
  stream      text COLLATE "C" NOT NULL,
  lane        text COLLATE "C" NOT NULL,
  kind        text COLLATE "C" NOT NULL,
  key         text COLLATE "C" NOT NULL,
  seq         bigint NOT NULL,
  state       smallint NOT NULL,
  token       bigint NOT NULL,
  attempts    smallint NOT NULL DEFAULT 0,
  next_at     timestamptz NOT NULL,
  not_after   timestamptz,
  planned_at  timestamptz NOT NULL,
  doubts      smallint NOT NULL DEFAULT 0,      -- how often its fate became unknown since it was last found out: above 0 it may have arrived
  why         text,
  -- Ids and amounts differ from one refusal to the next; the cause is what is left of the sentence without them.
  cause       text GENERATED ALWAYS AS (CASE WHEN state >= 3 THEN left(regexp_replace(coalesce(why, ''), '[0-9]+', '…', 'g'), 120) END) STORED,
  request     text, answer text,
  body        bytea NOT NULL
) WITH (fillfactor = 80, vacuum_truncate = off, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 2000000000);
CREATE UNIQUE INDEX effect_key ON effect (brand, key);
CREATE INDEX effect_due ON effect (lane, next_at) WHERE state < 3;
CREATE INDEX effect_trouble ON effect (brand, lane, planned_at) WHERE state >= 3;

-- Effects that have ended. outcome: done, already_done, refused, dropped (too late), shadow, cancelled.
CREATE TABLE effect_log (
  id          bigint NOT NULL,
  brand       text COLLATE "C" NOT NULL,
  stream      text COLLATE "C" NOT NULL,
  lane        text COLLATE "C" NOT NULL,
  kind        text COLLATE "C" NOT NULL,
  key         text COLLATE "C" NOT NULL,
  seq         bigint NOT NULL,
  outcome     text NOT NULL,
  why         text,
  remote_id   text,
  attempts    smallint NOT NULL,
  planned_at  timestamptz NOT NULL,
  done_at     timestamptz NOT NULL,
  body        bytea COMPRESSION lz4,
  request     text COMPRESSION lz4,
  answer      text COMPRESSION lz4,
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);

CREATE TABLE timer (
  brand   text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL,
  due_at  timestamptz NOT NULL, kind text COLLATE "C" NOT NULL, body bytea NOT NULL,
  PRIMARY KEY (brand, stream, key)
);
CREATE INDEX timer_due ON timer (due_at);

CREATE TABLE position (
  brand       text COLLATE "C" NOT NULL,
  sku         text COLLATE "C" NOT NULL,
  location    text COLLATE "C" NOT NULL,
  on_hand     int NOT NULL,
  reserved    int NOT NULL DEFAULT 0,
  incoming    int NOT NULL DEFAULT 0 CHECK (incoming >= 0),
  safety      int NOT NULL DEFAULT 0 CHECK (safety >= 0),
  damaged     int NOT NULL DEFAULT 0 CHECK (damaged >= 0), -- there, not sellable, and not among those on hand
  short       int NOT NULL DEFAULT 0 CHECK (short >= 0),   -- promised units that a count did not find: an open incident
  updated_at  timestamptz NOT NULL,
  counted_at  timestamptz,                                 -- when the last count that was taken in was taken
  PRIMARY KEY (brand, sku, location),
  CONSTRAINT never_oversold CHECK (reserved >= 0 AND reserved <= on_hand)   -- the database refuses what a bug would do
) WITH (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0.2, autovacuum_analyze_threshold = 50000);

-- Every change of a position; their sum is the position. Written under the position's lock, so that n is the order in which they
-- happened to it; seq, the signal that caused it, may be an old one that was replayed.
CREATE SEQUENCE movement_n;
CREATE TABLE movement (
  n         bigint NOT NULL DEFAULT nextval('movement_n'),
  brand     text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL, location text COLLATE "C" NOT NULL,
  seq       bigint NOT NULL, stream text COLLATE "C" NOT NULL, at timestamptz NOT NULL,
  kind      text NOT NULL, on_hand int NOT NULL, reserved int NOT NULL, why text,
  damaged     int,          -- null: nothing that cannot be sold was moved
  happened_at timestamptz   -- when the goods moved or were counted, where that is known; at is when we wrote it
) PARTITION BY RANGE (seq);
CREATE INDEX movement_of ON movement (brand, sku, n);
-- For the one reader that follows the ledger in time. Summaries of page ranges, widened by one insert of a batch at most.
CREATE INDEX movement_at ON movement USING brin (at);

-- What dropped partitions of the ledger came to, so that the sum stays the position.
CREATE TABLE movement_before (
  brand text COLLATE "C", sku text COLLATE "C", location text COLLATE "C", on_hand bigint NOT NULL, reserved bigint NOT NULL, damaged bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (brand, sku, location)
);

-- Counts that jumped: those that were not believed and wait for a person's word, and for a quarter of an hour the others, by which it is seen that many of a location jump at once.
CREATE TABLE odd_count (
  brand text COLLATE "C" NOT NULL, location text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL,
  on_hand int NOT NULL, was int NOT NULL,        -- what was counted, and what was there
  source text COLLATE "C" NOT NULL, counted_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, waits boolean NOT NULL,
  denied boolean NOT NULL DEFAULT false,         -- a person said that it is not true: not told again by whole reads
  many boolean NOT NULL,                         -- one of many of its location: there is one case for all of them
  PRIMARY KEY (brand, location, sku)
);
CREATE INDEX odd_count_seen ON odd_count (brand, location, seen_at);
CREATE INDEX odd_count_waits ON odd_count (brand, sku) WHERE waits;

-- A sellable item of a channel at one place there ('' = the channel has one number for all), and what it was told to sell.
CREATE TABLE listing (
  connection  text COLLATE "C" NOT NULL, item text COLLATE "C" NOT NULL, place text COLLATE "C" NOT NULL,
  brand       text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL,   -- '' = the channel names none
  title       text NOT NULL, product text COLLATE "C" NOT NULL,
  sent        int, sent_at timestamptz,          -- the last number the channel took from us
  known       int, known_at timestamptz,         -- what the channel has as far as we know; null = unknown, or it does not count this one
  told        boolean NOT NULL DEFAULT false,    -- the channel told us that number by itself
  word        text, word_at timestamptz,         -- what came of the last try
  refused     boolean NOT NULL DEFAULT false,
  due_at      timestamptz,                       -- null: nothing to do
  asked_at    timestamptz,                       -- since when it is behind
  calm_until  timestamptz,                       -- until then it may be lowered and not raised
  asks        boolean NOT NULL DEFAULT false,    -- somebody changed its number there, and a person says what is to be done
  overwrites  int,                               -- that number of the channel's, once a person said that it is to be overwritten
  marked      bigint NOT NULL DEFAULT 0,         -- rises with every change of stock, so that one that came during a call is not forgotten
  attempts    int NOT NULL DEFAULT 0,
  read_at     timestamptz,                       -- when the catalogue showed it last
  page        text COLLATE "C" NOT NULL GENERATED ALWAYS AS (CASE WHEN strpos(item, '/') > 0 THEN split_part(item, '/', 1) ELSE product END) STORED,   -- the product by which shoppers see it
  PRIMARY KEY (connection, item, place)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1);
CREATE INDEX listing_sku ON listing (brand, sku);
CREATE INDEX listing_product ON listing (connection, product);
CREATE INDEX listing_page ON listing (connection, page);
CREATE INDEX listing_due ON listing (connection, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX listing_refused ON listing (connection) WHERE refused;
CREATE INDEX listing_asks ON listing (connection) WHERE asks;

-- What is done when a SKU has sold out, where a person said so.
CREATE TABLE sold_out_terms (
  brand text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL, keep_shown boolean NOT NULL DEFAULT false,
  preorder boolean NOT NULL DEFAULT false, preorder_by date, preorder_most int CHECK (preorder_most > 0),   -- may be sold against what is on its way
  by_whom text NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (brand, sku)
);
CREATE INDEX sold_out_preorder ON sold_out_terms (brand) WHERE preorder;

-- A product of a channel that hides what sold out: about to be hidden, hidden by us, or left as somebody else had it.
CREATE TABLE showing (
  connection text COLLATE "C" NOT NULL, page text COLLATE "C" NOT NULL, brand text COLLATE "C" NOT NULL,
  was        text,                               -- how it was shown before we hid it, written before the channel is told; null: not ours to show
  hidden_at  timestamptz,                        -- the channel confirmed
  word       text, word_at timestamptz,          -- what came of the last look
  due_at     timestamptz,                        -- null: nothing to do
  marked     bigint NOT NULL DEFAULT 0, attempts int NOT NULL DEFAULT 0,   -- as of a listing
  PRIMARY KEY (connection, page)
);
CREATE INDEX showing_due ON showing (connection, due_at) WHERE due_at IS NOT NULL;

-- The channel has nothing left of a product, took that from us, and nobody wants it kept in sight. A listing without a SKU or a count may sell for ever.
CREATE FUNCTION is_sold_out(of_connection text, of_page text, kept text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT count(*) > 0 AND bool_and(coalesce(l.sent = 0 AND l.known = 0, false)) AND NOT bool_or(l.sku = ANY (kept) OR coalesce(t.keep_shown, false))
  FROM listing l LEFT JOIN sold_out_terms t ON t.brand = l.brand AND t.sku = l.sku WHERE l.connection = of_connection AND l.page = of_page
$$;

-- Written with every change of what may be promised, taken by the publisher. No key: the same SKU many times is one.
CREATE TABLE stock_mark (brand text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL, at timestamptz NOT NULL)
  WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

-- The channel had another number than the one it took from us, or the warehouse another than our ledger.
CREATE TABLE drift (
  connection text COLLATE "C" NOT NULL, at timestamptz NOT NULL, item text COLLATE "C" NOT NULL, place text COLLATE "C" NOT NULL,
  brand text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL, ours int NOT NULL, theirs int NOT NULL,
  cause text NOT NULL CHECK (cause IN ('missed_webhook', 'manual_edit', 'double_count', 'mapping', 'unknown')), word text NOT NULL
);
CREATE INDEX drift_of ON drift (connection, at);
CREATE INDEX drift_sku ON drift (brand, sku, at);

-- When a channel's whole catalogue, or a warehouse's every shelf, was read last.
CREATE TABLE catalogue (connection text COLLATE "C" PRIMARY KEY, begun_at timestamptz, read_at timestamptz, listings int, changed int, error text);

-- What orders took of a SKU on one day of the brand's calendar, less what they gave back; filled from the ledger, never by the hot path.
CREATE TABLE sold (
  brand text COLLATE "C" NOT NULL, day date NOT NULL, sku text COLLATE "C" NOT NULL, location text COLLATE "C" NOT NULL, units int NOT NULL,
  PRIMARY KEY (brand, day, sku, location)
);
CREATE INDEX sold_sku ON sold (brand, sku, day);

-- Days that began with an empty shelf for which nobody waited: what was not sold on them says nothing of the demand.
CREATE TABLE empty_day (
  brand text COLLATE "C" NOT NULL, day date NOT NULL, sku text COLLATE "C" NOT NULL, location text COLLATE "C" NOT NULL,
  PRIMARY KEY (brand, day, sku, location)
);
CREATE INDEX empty_day_sku ON empty_day (brand, sku, day);

-- SKUs that were told as low and have not recovered.
CREATE TABLE low_stock (brand text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL, since timestamptz NOT NULL, why text NOT NULL, PRIMARY KEY (brand, sku));

CREATE TABLE supplier (
  brand text COLLATE "C" NOT NULL, code text COLLATE "C" NOT NULL, title text NOT NULL, email text,
  lead_days int NOT NULL CHECK (lead_days BETWEEN 0 AND 730), min_order numeric NOT NULL DEFAULT 0 CHECK (min_order >= 0), currency text NOT NULL,
  PRIMARY KEY (brand, code)
);
-- How a SKU is bought, and when it is low; without a row it is not bought through the hub, and the brand's lines count.
CREATE TABLE sku_terms (
  brand text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL,
  supplier text COLLATE "C", their_sku text, pack int NOT NULL DEFAULT 1 CHECK (pack > 0), least int NOT NULL DEFAULT 0 CHECK (least >= 0),
  unit_cost numeric NOT NULL DEFAULT 0 CHECK (unit_cost >= 0), lead_days int CHECK (lead_days BETWEEN 0 AND 730),
  low_units int CHECK (low_units >= 0), low_days numeric CHECK (low_days > 0), quiet boolean NOT NULL DEFAULT false,   -- quiet: nobody is told, nothing is drafted
  PRIMARY KEY (brand, sku), FOREIGN KEY (brand, supplier) REFERENCES supplier
);

-- What one unit of a SKU weighs and measures, and what customs asks of it, where an order does not say. A person's word stands before a shop's.
CREATE TABLE sku_facts (
  brand text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL,
  grams int CHECK (grams > 0), length_cm int CHECK (length_cm > 0), width_cm int CHECK (width_cm > 0), height_cm int CHECK (height_cm > 0),
  tariff_code text, origin text, value numeric CHECK (value > 0),   -- value: of one unit where it is sold without a price, in the brand's currency: what customs is told
  source text NOT NULL, by_hand boolean NOT NULL, changed_at timestamptz NOT NULL,
  PRIMARY KEY (brand, sku), CHECK (num_nulls(length_cm, width_cm, height_cm) IN (0, 3))
);
CREATE INDEX sku_facts_changed ON sku_facts (changed_at);

-- Purchase orders as lists show them; written with every decision on one. What they went through is their stream's.
CREATE SEQUENCE purchase_number;
CREATE TABLE purchase (
  brand text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, state text NOT NULL, supplier text COLLATE "C" NOT NULL, title text NOT NULL, location text COLLATE "C" NOT NULL,
  currency text NOT NULL, total numeric NOT NULL, units int NOT NULL, missing int NOT NULL,   -- missing: of what is ordered, still to come
  drafted_at timestamptz NOT NULL, expected_at timestamptz, late boolean NOT NULL, sent boolean NOT NULL, updated_at timestamptz NOT NULL,
  PRIMARY KEY (brand, id)
);
CREATE INDEX purchase_open ON purchase (brand, drafted_at DESC) WHERE state IN ('draft', 'ordered');
CREATE TABLE purchase_line (
  brand text COLLATE "C" NOT NULL, purchase text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL, location text COLLATE "C" NOT NULL,
  quantity int NOT NULL, received int NOT NULL, damaged int NOT NULL, missing int NOT NULL CHECK (missing >= 0), unit_cost numeric NOT NULL,
  PRIMARY KEY (brand, purchase, sku), FOREIGN KEY (brand, purchase) REFERENCES purchase ON DELETE CASCADE
);
CREATE INDEX purchase_line_sku ON purchase_line (brand, sku) WHERE missing > 0;
-- SKUs that stand on a draft, taken before the draft is decided on: the key is why no SKU is drafted twice for a location. With an end: somebody
-- turned it down, and it is not proposed again before. since: one that came to no line long after was proposed in vain, and is freed.
CREATE TABLE drafted (
  brand text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL, location text COLLATE "C" NOT NULL,
  purchase text COLLATE "C" NOT NULL, supplier text COLLATE "C" NOT NULL, since timestamptz NOT NULL DEFAULT now(), until timestamptz,
  PRIMARY KEY (brand, sku, location)
);
CREATE INDEX drafted_of ON drafted (brand, purchase);

-- Orders that wait for a SKU, oldest first.
CREATE TABLE waiting (
  brand text COLLATE "C" NOT NULL, sku text COLLATE "C" NOT NULL, since timestamptz NOT NULL, stream text COLLATE "C" NOT NULL,
  units int NOT NULL DEFAULT 1,                   -- how many it waits for; 0 = it would take them instead of another SKU that it lacks
  promised boolean NOT NULL DEFAULT false,        -- a pre-order: it was told that they are its own
  PRIMARY KEY (brand, sku, stream)
);
CREATE INDEX waiting_promised ON waiting (brand, sku) WHERE promised;

-- What channels may be offered of a SKU that may be, or was, pre-ordered. ahead: what is free and what is on its way to these locations by its day, less what
-- orders wait for already; otherwise, and past its day, what is free less what was promised to pre-orders. Null = all that is free.
CREATE FUNCTION preorderable(of_brand text, of_sku text, at_locations text[], free bigint, today date, zone text, ahead boolean) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT greatest(0, CASE WHEN ahead AND t.preorder AND (t.preorder_by IS NULL OR t.preorder_by >= today)
    THEN free + least(t.preorder_most, (SELECT coalesce(sum(l.missing), 0) FROM purchase_line l JOIN purchase p ON p.brand = l.brand AND p.id = l.purchase
        WHERE l.brand = of_brand AND l.sku = of_sku AND l.missing > 0 AND l.location = ANY (at_locations) AND (t.preorder_by IS NULL OR (p.expected_at AT TIME ZONE zone)::date <= t.preorder_by)))
      - (SELECT coalesce(sum(w.units), 0) FROM waiting w WHERE w.brand = of_brand AND w.sku = of_sku)
    ELSE free - (SELECT coalesce(sum(w.units), 0) FROM waiting w WHERE w.brand = of_brand AND w.sku = of_sku AND w.promised) END)
  FROM sold_out_terms t WHERE t.brand = of_brand AND t.sku = of_sku AND free IS NOT NULL
$$;

-- What the dashboard says over the file, by subject: 'rules' (they come after the file's) or 'flow/NAME' (it stands in place of the file's; '' = back to that).
-- In force is the newest whose time has come and which can be read. None is ever changed.
CREATE TABLE edition (
  brand text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, number int NOT NULL, text text NOT NULL, note text NOT NULL, by_whom text NOT NULL, saved_at timestamptz NOT NULL,
  from_at timestamptz NOT NULL,                   -- some seconds after it was saved, so that every process turns to it at one moment
  PRIMARY KEY (brand, subject, number)
);

-- A brand's own words for one occasion in one language. In force is the newest that was approved and whose time has come. None is ever changed.
CREATE TABLE message_edition (
  brand text COLLATE "C" NOT NULL, occasion text COLLATE "C" NOT NULL, language text COLLATE "C" NOT NULL, number int NOT NULL,
  text text NOT NULL,                             -- '' = back to the words of the program or of the configuration
  note text NOT NULL, by_whom text NOT NULL, at timestamptz NOT NULL,
  decided_by text,                                -- NULL = it waits for somebody who approves it
  from_at timestamptz,                            -- some seconds after its approval; NULL = not approved
  PRIMARY KEY (brand, occasion, language, number)
);

-- The texts that a message channel holds itself (WhatsApp), as it said last.
CREATE TABLE held_text (
  connection text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, language text COLLATE "C" NOT NULL,
  status text NOT NULL, category text NOT NULL, quality text, body text NOT NULL, parameters int NOT NULL,
  others int NOT NULL DEFAULT 0, buttons int NOT NULL DEFAULT 0,   -- gaps that we never fill; answers by button
  PRIMARY KEY (connection, name, language)
);

-- When they were read; changes counts readings that brought something new, so that every process sees there is one; heard is the version of the connection's stream then.
CREATE TABLE held_text_read (connection text COLLATE "C" PRIMARY KEY, read_at timestamptz, changes int NOT NULL, heard int NOT NULL DEFAULT 0, error text);

-- What channels say of the numbers that messages come from: how they rate it, to how many people it may write in 24 hours (null = no limit), and how many that are; heard as above.
CREATE TABLE sender (connection text COLLATE "C" PRIMARY KEY, quality text, allowed text, most_a_day int, used int NOT NULL DEFAULT 0, read_at timestamptz, heard int NOT NULL DEFAULT 0, error text);
-- Whom they wrote to within that time, where there is a limit: a hash of the reader's pseudonym.
-- Counted under what numbers share, and by several processes: each reads what was numbered since it looked.
CREATE TABLE sender_told (connection text COLLATE "C" NOT NULL, who bigint NOT NULL, at timestamptz NOT NULL, seq bigserial NOT NULL, PRIMARY KEY (connection, who));
CREATE INDEX sender_told_seq ON sender_told (connection, seq);

-- What a code that channels sell under means: a row per SKU of ours. No row = the SKU of that name.
CREATE TABLE meaning (
  brand text COLLATE "C" NOT NULL, code text COLLATE "C" NOT NULL, channel text COLLATE "C" NOT NULL,   -- '' = all that have no meaning of their own
  sku text COLLATE "C" NOT NULL, units int NOT NULL CHECK (units > 0), by_whom text NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (brand, code, channel, sku)
);
CREATE INDEX meaning_sku ON meaning (brand, sku);

-- What a code means at a channel: what was said for the channel, else for all, else the SKU of that name.
CREATE FUNCTION parts_of(of_brand text, of_channel text, of_code text) RETURNS TABLE (sku text, units int) LANGUAGE sql STABLE AS $$
  SELECT m.sku, m.units FROM meaning m WHERE m.brand = of_brand AND m.code = of_code
    AND m.channel = (SELECT max(x.channel) FROM meaning x WHERE x.brand = of_brand AND x.code = of_code AND x.channel IN ('', of_channel))
  UNION ALL SELECT of_code, 1 WHERE NOT EXISTS (SELECT 1 FROM meaning x WHERE x.brand = of_brand AND x.code = of_code AND x.channel IN ('', of_channel))
$$;

-- Orders that wait to know what a code means; a reading of their states.
CREATE TABLE code_waiting (
  brand text COLLATE "C" NOT NULL, code text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL, title text NOT NULL, units int NOT NULL, since timestamptz NOT NULL,
  PRIMARY KEY (brand, code, stream)
);
CREATE INDEX code_waiting_order ON code_waiting (brand, stream);

CREATE TABLE open_case (
  brand      text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL,
  kind       text NOT NULL, title text NOT NULL, detail text NOT NULL,
  seq        bigint NOT NULL, opened_at timestamptz NOT NULL, closed_at timestamptz,
  PRIMARY KEY (brand, stream, key)
);
CREATE INDEX open_case_open ON open_case (brand, kind, opened_at) WHERE closed_at IS NULL;

-- Whom nobody may write to, by channel: a reading of contact streams, written with each decision on one. Brands without a row are asked nothing.
CREATE TABLE suppressed (
  brand text COLLATE "C" NOT NULL, channel text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL,   -- 'erased:HASH' once the person was erased
  what text NOT NULL CHECK (what IN ('all', 'marketing')), why text NOT NULL, since timestamptz NOT NULL,
  PRIMARY KEY (brand, channel, address)
);
-- Every word about being written to, with the signal that brought it: the proof, kept for longer than signals are.
CREATE TABLE consent (
  brand text COLLATE "C" NOT NULL, channel text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL, seq bigint NOT NULL,
  word text NOT NULL,   -- 'opted_in', 'lifted', and why nothing is sent: 'opt_out', 'bounce', 'complaint', 'person'
  what text, why text NOT NULL, by_whom text, at timestamptz NOT NULL,
  PRIMARY KEY (brand, channel, address, seq)
);
CREATE INDEX consent_at ON consent (brand, at);
-- By which channel somebody asked to be written to: a reading of contact streams. Processes hold it in memory and read what changed.
CREATE TABLE preference (
  brand text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL,
  channel text NOT NULL CHECK (channel IN ('', 'email', 'whatsapp', 'sms')),   -- '': they do not mind any more
  said_at timestamptz NOT NULL, changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (brand, address)
);
CREATE INDEX preference_changed ON preference (changed_at);
-- What was let through that no order made necessary, so that nobody gets too much of it; kept for as long as anybody counts.
CREATE TABLE marketing_sent (
  brand text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, channel text NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (brand, address, key)
);
-- Whom a channel takes no more advertising for on that day; kept for as long as the week is reported.
CREATE TABLE marketing_rest (
  brand text COLLATE "C" NOT NULL, channel text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL, since timestamptz NOT NULL,
  PRIMARY KEY (brand, channel, address)
);

-- Customers on their way through a brand's campaigns, and those that came to an end: a reading of run streams, written with each decision on one.
CREATE TABLE run (
  brand text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, campaign text COLLATE "C" NOT NULL,
  entered_at timestamptz NOT NULL, due_at timestamptz, step int NOT NULL,   -- due_at: of the step that is next; null = it has ended
  held_out boolean NOT NULL, shadow boolean NOT NULL,
  first_at timestamptz,                           -- when the first message went, or would have gone to who is held out
  sent int NOT NULL, lost int NOT NULL, why text, left_at timestamptz,
  bought_at timestamptz, revenue numeric, code text,   -- revenue: in the brand's currency; 0 where it was paid in another
  PRIMARY KEY (brand, stream, id)
) WITH (fillfactor = 80);
CREATE INDEX run_due ON run (brand, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX run_of ON run (brand, campaign, entered_at);
CREATE INDEX run_left ON run (brand, campaign, left_at DESC) WHERE left_at IS NOT NULL;
-- Codes that were promised, once per run and offer. Given under a lock of the offer and never beyond its limits.
CREATE TABLE offer_given (
  brand text COLLATE "C" NOT NULL, offer text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, run text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL, once boolean NOT NULL, month date NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (brand, offer, stream, run)
);
CREATE UNIQUE INDEX offer_given_once ON offer_given (brand, offer, code) WHERE once;   -- the database refuses what a bug would promise twice

-- The people behind orders, linked by a job of its own. realm: the brand, or '*' for brands that share their customers. Merging moves nothing: it points at
-- whom a person is part of, so that taking it back is pointing nowhere. Figures are those of all that are part of it, as of counted_at.
CREATE SEQUENCE person_number;
CREATE TABLE person (
  realm text COLLATE "C" NOT NULL, id bigint NOT NULL,
  merged_into bigint, root bigint NOT NULL,       -- root: the end of that chain, itself where nothing is merged
  name text, language text, country text, note text,
  orders int NOT NULL DEFAULT 0, spent numeric NOT NULL DEFAULT 0, first_at timestamptz, last_at timestamptz, counted_at timestamptz,   -- spent: what was ordered and not cancelled, in the brand's currency
  PRIMARY KEY (realm, id)
) WITH (fillfactor = 70);
CREATE INDEX person_root ON person (realm, root);
CREATE INDEX person_name ON person (realm, lower(name) COLLATE "C" text_pattern_ops) WHERE id = root;
CREATE INDEX person_last ON person (last_at DESC NULLS LAST, id DESC) WHERE id = root;
-- What tells that two orders are one person's, and whose it was found to be first.
CREATE TABLE person_key (
  realm text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL CHECK (kind IN ('email', 'phone', 'explicit', 'guest')), value text COLLATE "C" NOT NULL,
  person bigint NOT NULL, stream text COLLATE "C" NOT NULL,
  common boolean NOT NULL DEFAULT false,          -- so many use it that it says nothing of who somebody is
  PRIMARY KEY (realm, kind, value)
);
CREATE INDEX person_key_of ON person_key (realm, person);
-- A row per order that was looked at, so that none is looked at twice; no person where it says nothing of who bought.
CREATE TABLE person_order (brand text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, realm text COLLATE "C" NOT NULL, person bigint, PRIMARY KEY (brand, stream));
CREATE INDEX person_order_of ON person_order (realm, person);
-- Two that have a key in common. The pair stays, whatever was decided, so that nobody is asked twice.
CREATE TABLE person_pair (
  realm text COLLATE "C" NOT NULL, person bigint NOT NULL, other bigint NOT NULL CHECK (other > person),
  kind text NOT NULL, value text NOT NULL, state text NOT NULL CHECK (state IN ('proposed', 'merged', 'apart')), by_whom text, at timestamptz NOT NULL,
  PRIMARY KEY (realm, person, other)
);
CREATE INDEX person_pair_other ON person_pair (realm, other);

-- Who is to be erased, until when it waits and for what, and afterwards the proof: keys as pseudonyms (the same address makes the same one again), how many
-- rows were rewritten in which table, where an address was found once more, and what each marketing tool that knew them answered when it was told to delete them.
CREATE TABLE erasure (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, realm text COLLATE "C" NOT NULL, person bigint NOT NULL,
  asked_at timestamptz NOT NULL, by_whom text NOT NULL, reason text NOT NULL,
  tried_at timestamptz, waits_for text,
  erased_at timestamptz, keys text[], rows jsonb,
  marks text[],                                   -- what is looked for; gone as soon as it has been
  words jsonb,                                    -- by what else than addresses is looked for, by kind; gone as soon as it has been
  searched_at timestamptz, left_in text[],
  searched jsonb,                                 -- how many of each kind were looked for: part of the proof
  withdrawn_at timestamptz, withdrawn_by text,
  told jsonb NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX erasure_open ON erasure (realm, person) WHERE erased_at IS NULL AND withdrawn_at IS NULL;
-- Their orders: what a shop says of one again later is kept without the person.
CREATE TABLE erased_stream (brand text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, PRIMARY KEY (brand, stream));
INSERT INTO hub_value(key, value) VALUES ('erasure.looked_at', now()::text);

-- What marketing tools were told of customers: a row per connection and e-mail address, which is how tools know people. Brands without such a tool have none.
CREATE TABLE profile (
  connection text COLLATE "C" NOT NULL, email text COLLATE "C" NOT NULL,   -- 'erased:HASH/NUMBER' once the person was erased and the tool has given an id
  brand text COLLATE "C" NOT NULL, realm text COLLATE "C" NOT NULL,
  due_at timestamptz,               -- null: nothing to tell before something changes
  marked bigint NOT NULL DEFAULT 0, -- raised with every change, so that one during a call is told after it
  attempts int NOT NULL DEFAULT 0,  -- in a row, without success
  begun_at timestamptz,             -- it was told, or may have been
  print text, remote_id text,       -- of what it took last; its own id of them
  sent_at timestamptz, word text, word_at timestamptz,
  held boolean NOT NULL DEFAULT false,   -- not told, because the brand is in shadow
  erasure bigint,                   -- to be deleted there, because of this erasure
  PRIMARY KEY (connection, email)
) WITH (fillfactor = 70);
CREATE INDEX profile_due ON profile (connection, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX profile_trouble ON profile (connection) WHERE attempts > 0;
CREATE INDEX profile_held ON profile (connection) WHERE held;
CREATE INDEX profile_erasure ON profile (connection) WHERE erasure IS NOT NULL;
-- Addresses of which something was said that tools have to hear at once; written with the decision, taken within seconds.
CREATE TABLE profile_mark (brand text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, address text COLLATE "C" NOT NULL);

-- Which orders had a device, a card, a network or an e-mail address in common lately, of brands that count that: each only as an HMAC with a key of the brand's own.
-- name, email, place are hashed alike, 0 where nothing is said: they are only counted. Kept as long as the brand's longest window, from when the order was placed.
CREATE TABLE trait (
  brand text COLLATE "C" NOT NULL, trait text COLLATE "C" NOT NULL, at timestamptz NOT NULL, stream text COLLATE "C" NOT NULL,
  name bigint NOT NULL, email bigint NOT NULL, place bigint NOT NULL,
  PRIMARY KEY (brand, trait, at, stream)
);

-- Counters kept by the deciding transaction, split into shards so that workers do not wait for each other; the value is the sum.
-- name: 'status/held', and per day 'placed', 'placed/USD' where that is not the brand's currency, 'placed_total/EUR', 'shipped', 'delivered', 'invoiced_total/EUR', 'cancelled', 'backordered', 'refunded_total/EUR', 'rule/NAME',
-- 'delayed', 'credit_offered' (less what was not given), 'credit_given', 'scored/BAND', 'question/BAND/STATE/ended' and '…/returned', 'opinion/VERDICT'.
CREATE TABLE tally (
  brand text COLLATE "C" NOT NULL, day date NOT NULL, name text COLLATE "C" NOT NULL, shard smallint NOT NULL, value numeric NOT NULL,
  PRIMARY KEY (brand, day, name, shard)
) WITH (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- How each parcel's way ended, once per parcel. on_time: null where no day was promised.
-- Written with the decision and never changed: counters of every carrier, service and region would be more writing, and answer fewer questions.
CREATE TABLE journey (
  brand text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, parcel text COLLATE "C" NOT NULL, day date NOT NULL,
  carrier text NOT NULL, service text NOT NULL, origin text NOT NULL, country text NOT NULL, zone text NOT NULL,
  outcome text NOT NULL, hours int NOT NULL, on_time boolean, first_try boolean NOT NULL, damaged boolean NOT NULL,
  area text NOT NULL, on_delivery boolean NOT NULL,  -- the town or district it went to, and whether it was to be paid at the door
  gap int NOT NULL DEFAULT 0                         -- longest time that nobody scanned it, in hours
) WITH (autovacuum_analyze_scale_factor = 0.2, autovacuum_analyze_threshold = 50000);
CREATE INDEX journey_day ON journey (brand, day);

-- Orders that a location is to hand off on a day, where it can pack only so many. Raised in the deciding transaction and never beyond the capacity.
CREATE TABLE location_day (
  brand text COLLATE "C" NOT NULL, location text COLLATE "C" NOT NULL, day date NOT NULL, orders int NOT NULL,
  capacity int NOT NULL,   -- as it was when the day was last changed
  PRIMARY KEY (brand, location, day)
) WITH (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

-- Where postal codes lie, from files that somebody imported: the middle of the places that share one.
CREATE TABLE postcode (
  country text COLLATE "C" NOT NULL, code text COLLATE "C" NOT NULL,   -- letters and digits only
  latitude real NOT NULL, longitude real NOT NULL,
  PRIMARY KEY (country, code)
);

-- One lane per connection. The owner holds a session lock; every change of owner raises the token, which fences late writers.
CREATE TABLE lane (
  connection   text COLLATE "C" PRIMARY KEY,
  token        bigint NOT NULL DEFAULT 0,
  owner        text,
  owned_since  timestamptz,
  breaker      text NOT NULL DEFAULT 'closed',      -- closed, open (until breaker_until), half-open, disconnected
  breaker_until timestamptz,
  day          date, used_today int NOT NULL DEFAULT 0,
  calls        bigint NOT NULL DEFAULT 0, failures bigint NOT NULL DEFAULT 0,
  last_ok_at   timestamptz, last_error_at timestamptz, last_error text,
  failing_since timestamptz,                        -- since when no call has reached the remote system, polls included; null: the last one did, or there was none
  per_second   double precision, millis double precision, in_flight int, updated_at timestamptz
);

CREATE TABLE process (
  id text PRIMARY KEY, host text NOT NULL, pid int NOT NULL, roles text NOT NULL, version text NOT NULL,
  started_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, memory_mb int, decided_per_second double precision, signals_per_second double precision
);

-- How far each storefront has been polled, and what its watch found.
CREATE TABLE poll (
  connection text COLLATE "C" PRIMARY KEY, since timestamptz NOT NULL, last_run_at timestamptz, found int NOT NULL DEFAULT 0, error text,
  subscriptions_checked_at timestamptz, subscription_problems text,
  skus_read_at timestamptz, skus_error text   -- what it knows of its goods: when it was asked last, and why it could not be read
);
CREATE TABLE daily_count (
  connection text COLLATE "C" NOT NULL, day date NOT NULL, theirs int NOT NULL, ours int NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (connection, day)
);
CREATE TABLE turned_away (connection text COLLATE "C" NOT NULL, day date NOT NULL, what text NOT NULL, count bigint NOT NULL, PRIMARY KEY (connection, day, what));

-- What vendors told and nothing follows from (messages delivered, read): only counted.
CREATE TABLE told (connection text COLLATE "C" NOT NULL, day date NOT NULL, what text NOT NULL, count bigint NOT NULL, PRIMARY KEY (connection, day, what));

-- Parcels under way whose carrier has to be asked for them; gone when they have ended.
CREATE TABLE tracked (
  connection text COLLATE "C", parcel text COLLATE "C", brand text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, tracking text NOT NULL,
  left_at timestamptz NOT NULL, ask_at timestamptz NOT NULL, asked_at timestamptz, seen_at timestamptz, word text,
  PRIMARY KEY (connection, parcel, stream)
) WITH (fillfactor = 80);
CREATE INDEX tracked_due ON tracked (connection, ask_at);

-- Documents that remote systems answered with and have at no address: labels, manifests. Named, so that a purchase that is repeated keeps one.
CREATE TABLE paper (
  brand text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, media_type text NOT NULL, content bytea NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (brand, name)
);
CREATE INDEX paper_of ON paper (brand, stream);
CREATE INDEX paper_at ON paper USING brin (at);

-- Labels of carriers that want to be told at the end of a day which parcels they get. dispatch: the list that has it, claimed before the list is sent,
-- so that no label is on two; null = the next one takes it.
CREATE TABLE label (
  brand text COLLATE "C" NOT NULL, reference text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, connection text COLLATE "C" NOT NULL, location text COLLATE "C" NOT NULL,
  label_id text NOT NULL, tracking text NOT NULL, service text NOT NULL, grams int NOT NULL, bought_at timestamptz NOT NULL, left_at timestamptz, struck boolean NOT NULL DEFAULT false,
  dispatch text COLLATE "C", why text,   -- why: the carrier left it out of its last list
  PRIMARY KEY (brand, reference)
);
CREATE INDEX label_open ON label (brand, location, connection, left_at) WHERE dispatch IS NULL AND NOT struck;
CREATE INDEX label_bought ON label USING brin (bought_at);   -- rows come in the order of time, and go in it
CREATE TABLE dispatch (
  brand text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, connection text COLLATE "C" NOT NULL, location text COLLATE "C" NOT NULL, day date NOT NULL, state text NOT NULL,
  labels int NOT NULL, left_out int NOT NULL DEFAULT 0, remote_id text, document text, why text, by_whom text NOT NULL, by_clock boolean NOT NULL, asked_at timestamptz NOT NULL, done_at timestamptz,
  PRIMARY KEY (brand, id)
);
CREATE INDEX dispatch_day ON dispatch (brand, asked_at);

-- Parcels on their way, of brands that want to hear of delays; a reading of the orders' states.
CREATE TABLE under_way (
  brand text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, parcel text COLLATE "C" NOT NULL,
  carrier text NOT NULL, service text NOT NULL, origin text NOT NULL, country text NOT NULL, zone text NOT NULL, area text NOT NULL,
  left_at timestamptz NOT NULL, seen_at timestamptz, due date, look_at timestamptz NOT NULL,
  silent boolean NOT NULL DEFAULT false, past boolean NOT NULL DEFAULT false,   -- its order was told that nobody scans it; that it comes after the promise
  late boolean NOT NULL DEFAULT false,
  PRIMARY KEY (brand, stream, parcel)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1);
CREATE INDEX under_way_look ON under_way (brand, look_at);

CREATE TABLE operator (
  name text COLLATE "C" PRIMARY KEY, password text NOT NULL, role text NOT NULL CHECK (role IN ('viewer', 'agent', 'lead', 'admin')),
  brands text[],                                  -- null: all
  created_at timestamptz NOT NULL DEFAULT now(), disabled_at timestamptz, last_seen_at timestamptz
);
CREATE TABLE operator_session (
  token_hash bytea PRIMARY KEY, operator text COLLATE "C" NOT NULL REFERENCES operator(name) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL, seen_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE api_key (
  id text PRIMARY KEY, title text NOT NULL, hash bytea NOT NULL, role text NOT NULL CHECK (role IN ('viewer', 'agent', 'lead', 'admin')),
  brands text[], created_by text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz
);
-- Requests of programs that carried an Idempotency-Key, with their answers; status is null while one is under way.
CREATE TABLE api_request (
  who text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, fingerprint bytea NOT NULL, at timestamptz NOT NULL,
  status int, content_type text, body bytea, PRIMARY KEY (who, key)
);
CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
  who text NOT NULL, action text NOT NULL, brand text, subject text, detail text
);
CREATE INDEX audit_subject ON audit (subject, id);
