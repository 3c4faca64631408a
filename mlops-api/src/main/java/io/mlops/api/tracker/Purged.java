package io.mlops.api.tracker;

/**
 * A count of what a purge removed for good.
 *
 * @param runs the runs, those of purged experiments included
 * @param files the files of these runs and experiments: artifacts, and whatever else the backend kept in files
 * @param bytes the bytes of these files
 */
public record Purged(long runs, long files, long bytes) {
    /** The count of a purge that found nothing to remove. */
    public static final Purged NOTHING = new Purged(0, 0, 0);

    /** The sum of what two purges, or two steps of one, removed. */
    public Purged plus(Purged other) {
        return new Purged(runs + other.runs, files + other.files, bytes + other.bytes);
    }
}
