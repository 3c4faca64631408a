package io.mlops.api.tracker;

/** The choice of the entries that are meant: those not deleted, those deleted, or all. */
public enum Visibility {
    ACTIVE,
    DELETED,
    ALL;

    /** Whether an entry is meant, deleted as it is or not. */
    public boolean shows(boolean deleted) {
        return this == ALL || deleted == (this == DELETED);
    }
}
