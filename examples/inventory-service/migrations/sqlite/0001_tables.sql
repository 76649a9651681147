-- What there is of each item: initial = available + what is reserved.
CREATE TABLE IF NOT EXISTS stock (
    item TEXT PRIMARY KEY,
    initial INTEGER NOT NULL CHECK (initial >= 0),
    available INTEGER NOT NULL CHECK (available >= 0)
) WITHOUT ROWID;

-- What was decided about each order, and which record it came in.
CREATE TABLE IF NOT EXISTS reservations (
    order_id TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('reserved', 'rejected')),
    source_partition INTEGER NOT NULL,
    source_offset INTEGER NOT NULL,
    decided_at INTEGER NOT NULL
) WITHOUT ROWID;
