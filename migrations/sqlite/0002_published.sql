-- What was published. The PostgreSQL file of the same name says the same.

-- Checkpoints that a quorum of witnesses has cosigned. Cosignatures that come
-- later are added at the end; nothing else ever changes.
CREATE TABLE published (
    -- Number of records that it covers.
    tree_size INTEGER PRIMARY KEY,
    -- The C2SP signed note with its cosignatures.
    note BLOB NOT NULL
) STRICT;

CREATE TRIGGER published_grow BEFORE UPDATE ON published
WHEN OLD.tree_size <> NEW.tree_size OR substr(NEW.note, 1, length(OLD.note)) <> OLD.note
BEGIN SELECT RAISE(ABORT, 'what is published only grows'); END;
CREATE TRIGGER published_stay BEFORE DELETE ON published
BEGIN SELECT RAISE(ABORT, 'what is published is never deleted'); END;
