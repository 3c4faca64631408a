package io.mlops.api.common;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The counts of everything recorded, metric points and facts alike. In every snapshot
 * {@code accepted = delivered + pending + the sum of dropped}.
 *
 * @param accepted how many were taken from callers
 * @param delivered how many the store has; a power cut may still undo those that are not durable
 * @param durable how many are on the store's stable storage; at most {@code delivered}
 * @param pending how many wait, in memory or in a spool, and are not yet with the store
 * @param dropped how many never reach the store, by the text of each {@link Reason}; of a tee with the store before it,
 *     such as {@code second: conflict}
 */
public record Delivery(long accepted, long delivered, long durable, long pending, Map<String, Long> dropped) {
    /** The reasons for which something never reaches the store; {@code toString} is the text that they are counted under. */
    public enum Reason {
        /** The spool has as many bytes as it may, and the store itself was too slow or away. */
        SPOOL_FULL("spool full"),
        /** The store was too slow or away, and the buffer of the run had no room within the configured time. */
        BUFFER_FULL("buffer full"),
        /** The store stayed away, and too many runs that have ended wait for it. */
        TOO_MANY_RUNS_WAIT("too many runs wait"),
        /** The {@code Mlops} was closed before the store had it. */
        CLOSED("closed"),
        /** The program ended before the store had it. */
        PROGRAM_ENDING("program ending"),
        /** The backend was closed by somebody else. */
        BACKEND_CLOSED("backend closed"),
        /** The store knows it otherwise: a param has another value, the run has finished, or is of another experiment. */
        CONFLICT("conflict"),
        /** The run was to begin in an experiment that is deleted. */
        EXPERIMENT_DELETED("experiment deleted"),
        /** The run, or what it belongs to, is not in the store any more. */
        NOT_FOUND("not found"),
        /** The store refused it for itself, or for want of a permission. */
        REFUSED("refused"),
        /** What the store has of the run is damaged. */
        DAMAGED("damaged"),
        /** The store cannot keep such a thing. */
        UNSUPPORTED("unsupported"),
        /** The second store of a tee could not be reached, or hung. */
        UNAVAILABLE("unavailable"),
        /** The store failed in a way that it should not. */
        FAILED("failed"),
        /** It was durable once, and somebody else removed it from the store. */
        MISSING("missing in the store");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** The reason that a failure of the store gives. */
        public static Reason of(RuntimeException failure) {
            if (failure instanceof ConflictException) {
                return CONFLICT;
            } else if (failure instanceof NotFoundException) {
                return NOT_FOUND;
            } else if (failure instanceof RefusedException) {
                return REFUSED;
            } else if (failure instanceof CorruptDataException) {
                return DAMAGED;
            } else if (failure instanceof UnsupportedByBackendException) {
                return UNSUPPORTED;
            } else if (failure instanceof BackendUnavailableException) {
                return UNAVAILABLE;
            }
            return failure instanceof IllegalStateException ? BACKEND_CLOSED : FAILED;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public Delivery {
        requireNonNull(dropped, "dropped");
        dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
        if (accepted != delivered + pending + sum(dropped)) {
            throw new IllegalArgumentException("accepted " + accepted + " is not delivered " + delivered + " + pending "
                    + pending + " + dropped " + dropped);
        }
        if (durable > delivered) {
            throw new IllegalArgumentException("durable " + durable + " is more than delivered " + delivered);
        }
    }

    /** The number of those dropped, for whatever reason. */
    public long lost() {
        return sum(dropped);
    }

    private static long sum(Map<String, Long> dropped) {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }
}
