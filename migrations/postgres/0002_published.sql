-- What was published. The SQLite file of the same name says the same.

-- Checkpoints that a quorum of witnesses has cosigned. Cosignatures that come
-- later are added at the end; nothing else ever changes.
CREATE TABLE published (
    -- Number of records that it covers.
    tree_size BIGINT PRIMARY KEY,
    -- The C2SP signed note with its cosignatures.
    note BYTEA NOT NULL
);

CREATE FUNCTION refuse_other_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.tree_size <> NEW.tree_size
        OR substr(NEW.note, 1, length(OLD.note)) <> OLD.note
    THEN
        RAISE EXCEPTION 'what is published only grows';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER published_grow BEFORE UPDATE ON published
FOR EACH ROW EXECUTE FUNCTION refuse_other_note();
CREATE TRIGGER published_keep BEFORE DELETE ON published
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER published_stay BEFORE TRUNCATE ON published
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
