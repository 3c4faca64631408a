package io.mlops.core.sync;

import io.mlops.api.common.Delivery;
import io.mlops.api.common.SyncReport.Conflict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Gathers what was not brought, and tells each of it once. One thread at a time. */
final class Notices {
    private final Set<Conflict> told = new HashSet<>();
    private final List<Conflict> fresh = new ArrayList<>();
    private final Map<Delivery.Reason, Long> lost = new TreeMap<>();

    /** Remembers that something was left as it is. */
    void conflict(String of, String message) {
        Conflict conflict = new Conflict(of, message);
        if (told.add(conflict)) {
            fresh.add(conflict);
        }
    }

    /** Remembers that so many points or facts were not taken; each is told once, as its conflict is. */
    void lost(String of, RuntimeException why, long count) {
        Conflict conflict = new Conflict(of, message(why));
        if (told.add(conflict)) {
            fresh.add(conflict);
            lost.merge(reason(why), count, Long::sum);
        }
    }

    private static Delivery.Reason reason(RuntimeException why) {
        return why instanceof IllegalArgumentException ? Delivery.Reason.REFUSED : Delivery.Reason.of(why);
    }

    private static String message(RuntimeException why) {
        String message = why.getMessage();
        return message == null ? why.getClass().getName() : message;
    }

    /** The conflicts since this was asked last. */
    List<Conflict> takeConflicts() {
        List<Conflict> taken = List.copyOf(fresh);
        fresh.clear();
        return taken;
    }

    /** The losses since this was asked last. */
    Map<Delivery.Reason, Long> takeLost() {
        Map<Delivery.Reason, Long> taken = new TreeMap<>(lost);
        lost.clear();
        return taken;
    }
}
