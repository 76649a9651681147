-- What there is of each item: initial = available + what is reserved.
CREATE TABLE stock (
    item TEXT PRIMARY KEY,
    initial BIGINT NOT NULL CHECK (initial >= 0),
    available BIGINT NOT NULL CHECK (available >= 0)
);

-- What was decided about each order, and which record it came in.
CREATE TABLE reservations (
    order_id TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('reserved', 'rejected')),
    source_partition INTEGER NOT NULL,
    source_offset BIGINT NOT NULL,
    decided_at BIGINT NOT NULL
);
