package io.mlops.api.tracker;

/** Whether deleted entries are meant. */
public enum Visibility {
    ACTIVE,
    DELETED,
    ALL;

    /** Whether an entry that is deleted or not is meant. */
    public boolean shows(boolean deleted) {
        return this == ALL || deleted == (this == DELETED);
    }
}
