package io.mlops.core.tracker;

import org.jspecify.annotations.Nullable;

/**
 * Finds, among things in a row that a store refuses together, those that are to blame, and has the others sent. One of a
 * thousand costs some fifteen calls; after many in a row, a few at once are believed to be all alike.
 */
final class CulpritSearch {
    /** So many times as many must have been refused one after the other before as are believed to be to blame at once. */
    static final int TIMES_AS_MANY = 8;

    /** Where one culprit was, another is often near; each time none is, so many times as many are tried. */
    private static final int NEAR = 8;

    /** Things in a row, of which the first ones come next. */
    interface Row {
        int left();

        /** Sends so many; returns the exception if the store refuses them, and throws any other. */
        @Nullable
        RuntimeException send(int count);

        /** Leaves so many out. */
        void leaveOut(int count, RuntimeException why);

        /** The number of them that are to blame together if they are refused: 1, or more after many of their kind. */
        int blamable();
    }

    private CulpritSearch() {}

    /** Sends all of a row that was refused as a whole, but for the culprits. */
    static void run(Row row, RuntimeException refusal) {
        RuntimeException why = refusal;
        // So many of the first were refused together, or must hold a culprit since the rest of those was taken.
        int bad = row.left();
        boolean certain = true;
        int most = bad;
        while (row.left() > 0) {
            int blamable = Math.min(row.blamable(), row.left());
            if (certain && bad <= blamable) {
                row.leaveOut(bad, why);
                bad = 0;
                certain = false;
                most = NEAR;
            } else {
                int size = blamable > 1 ? blamable : bad > 0 ? (bad + 1) / 2 : Math.min(most, row.left());
                RuntimeException refused = row.send(size);
                certain = refused != null;
                // A store may refuse no more than many at once: then nobody is to blame in the end.
                bad = refused == null ? Math.max(0, bad - size) : size;
                most = refused == null ? size * NEAR : most;
                why = refused == null ? why : refused;
            }
        }
    }
}
