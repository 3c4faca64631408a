package io.mlops.core.tracker;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.RunId;
import io.mlops.core.delivery.Deadline;
import io.mlops.core.delivery.DeliveryCounter;
import io.mlops.core.delivery.Forwarding;
import io.mlops.core.delivery.Interrupts;
import io.mlops.core.delivery.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The runs that this program records into a spool, and how much of each has come where it is for. Nobody may begin or change a
 * run that is leaving the spool, nor may one leave that somebody begins or changes. Thread-safe.
 */
final class SpooledRuns implements Forwarding.Source {
    /** A run of this program; guarded, as what holds it. */
    private static final class Spooled {
        /** The parts of the program that record or recorded it, most often one. */
        private final List<RunDelivery> writers = new ArrayList<>();
        /** How much of it is where it belongs, or lost on the way. */
        private long brought;
        /** How much was lost on the way. */
        private long lost;
        /** So much was lost when a flush told the program last. */
        private long lostTold;

        private long stored() {
            DeliveryCounter sum = new DeliveryCounter();
            writers.forEach(writer -> writer.buffer().addTo(sum));
            return sum.snapshot().durable();
        }

        private boolean isWritten() {
            return writers.stream().anyMatch(writer -> !writer.standing().over());
        }
    }

    private final Signal free = new Signal();
    private final Object guard = new Object();
    /** Those that are not brought whole; guarded, as all below. */
    private final Map<RunId, Spooled> runs = new HashMap<>();
    /** Those that somebody begins or changes, as often as that is so. */
    private final Map<RunId, Integer> held = new HashMap<>();
    /** Those that are leaving. */
    private final Set<RunId> leaving = new HashSet<>();
    /** Those of which an earlier part is not in the spool. */
    private final Set<RunId> continued = new HashSet<>();

    private long delivered;
    private final Map<String, Long> lost = new TreeMap<>();
    private long lostTold;

    // ---- for the tracker

    /** Holds a run in the spool, or out of it; waits while it is leaving. */
    void hold(RunId run) {
        boolean unused = free.await(() -> tryToHold(run), Deadline.never(), Interrupts.PUT_OFF);
    }

    private boolean tryToHold(RunId run) {
        synchronized (guard) {
            if (leaving.contains(run)) {
                return false;
            }
            held.merge(run, 1, Integer::sum);
            return true;
        }
    }

    void release(RunId run) {
        synchronized (guard) {
            held.computeIfPresent(run, (id, times) -> times == 1 ? null : times - 1);
        }
    }

    void begun(RunDelivery run) {
        synchronized (guard) {
            runs.computeIfAbsent(run.id(), id -> new Spooled()).writers.add(run);
        }
    }

    /** Notes that an earlier part of a run is not in the spool. */
    void continues(RunId run) {
        synchronized (guard) {
            continued.add(run);
        }
    }

    /** Whether an earlier part of a run is not in the spool. */
    boolean isContinued(RunId run) {
        synchronized (guard) {
            return continued.contains(run);
        }
    }

    /** The runs that this program recorded and that are not brought whole. */
    List<RunId> all() {
        synchronized (guard) {
            return List.copyOf(runs.keySet());
        }
    }

    /** Whether something of a run was lost on the way since this was asked last. */
    boolean takeLost(RunId run) {
        synchronized (guard) {
            Spooled spooled = runs.get(run);
            if (spooled == null) {
                return false;
            }
            boolean more = spooled.lost > spooled.lostTold;
            spooled.lostTold = spooled.lost;
            return more;
        }
    }

    /** Whether something of any run was lost on the way since this was asked last. */
    boolean takeLost() {
        synchronized (guard) {
            long all = sum(lost);
            boolean more = all > lostTold;
            lostTold = all;
            return more;
        }
    }

    /**
     * The account of what went by the spool: what is there and not where it belongs is pending.
     *
     * @param recording asked after what was brought, so that it is never less
     */
    Delivery account(Supplier<Delivery> recording) {
        long brought;
        Map<String, Long> dropped;
        synchronized (guard) {
            brought = delivered;
            dropped = new TreeMap<>(lost);
        }
        Delivery spooled = recording.get();
        // The spool itself may have lost what was brought before.
        brought = Math.min(brought, Math.max(0, spooled.accepted() - spooled.lost() - sum(dropped)));
        spooled.dropped().forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
        return new Delivery(spooled.accepted(), brought, brought, spooled.accepted() - brought - sum(dropped), dropped);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    // ---- for the forwarder

    @Override
    public long stored(RunId run) {
        synchronized (guard) {
            Spooled spooled = runs.get(run);
            return spooled == null ? 0 : spooled.stored();
        }
    }

    @Override
    public void brought(RunId run, long stored, Map<Delivery.Reason, Long> lostOnTheWay) {
        synchronized (guard) {
            Spooled spooled = runs.get(run);
            if (spooled != null && stored > spooled.brought) {
                long news = stored - spooled.brought;
                spooled.brought = stored;
                for (Map.Entry<Delivery.Reason, Long> reason : lostOnTheWay.entrySet()) {
                    // An environment and the like are not counted, but may be lost as well.
                    long count = Math.min(news, reason.getValue());
                    lose(spooled, reason.getKey(), count);
                    news -= count;
                }
                delivered += news;
            }
        }
    }

    @Override
    public void lost(RunId run, long stored, Delivery.Reason reason) {
        synchronized (guard) {
            Spooled spooled = runs.get(run);
            if (spooled != null && stored > spooled.brought) {
                lose(spooled, reason, stored - spooled.brought);
                spooled.brought = stored;
            }
        }
    }

    private void lose(Spooled run, Delivery.Reason reason, long count) {
        if (count > 0) {
            lost.merge(reason.toString(), count, Long::sum);
            run.lost += count;
        }
    }

    @Override
    public boolean writes(RunId run) {
        synchronized (guard) {
            Spooled spooled = runs.get(run);
            return spooled != null && spooled.isWritten();
        }
    }

    @Override
    public boolean leaves(RunId run) {
        synchronized (guard) {
            return !held.containsKey(run) && !writes(run) && leaving.add(run);
        }
    }

    @Override
    public void left(RunId run, boolean gone) {
        synchronized (guard) {
            leaving.remove(run);
            if (gone) {
                runs.remove(run);
                continued.remove(run);
            }
        }
        free.changed();
    }
}
