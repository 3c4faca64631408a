package io.mlops.core.tracker;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.FailurePolicy;
import io.mlops.api.common.Names;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a run has recorded and the store does not have yet. The guard is a plain monitor, since a queueing lock allocates
 * when two threads meet; it is never held over I/O or a wait. Thread-safe.
 */
final class RunBuffer {
    static final String FULL = "buffer full";
    private static final int MAX_KEYS = 10_000;
    private static final int MAX_FACTS = 10_000;

    private final RunId run;
    private final RecordingSettings settings;
    private final ChunkPool pool;
    private final DropLog drops;
    private final Runnable wake;
    private final Map<String, MetricKey> keys = new ConcurrentHashMap<>();

    private final Object guard = new Object();
    private final Account account = new Account();
    private final List<String> keyNames = new ArrayList<>();
    private final ArrayDeque<PointChunk> full = new ArrayDeque<>();
    private final Map<Object, RunFact> facts = new LinkedHashMap<>();
    private final Map<String, String> params = new HashMap<>();
    private String[] keyTable = {};
    private @Nullable PointChunk filling;
    private int held;
    private long sealedPoints;
    private long recordedFacts;
    /** Why nothing is taken any more, if so. */
    private @Nullable String lostBecause;

    private boolean ended;
    private volatile @Nullable RuntimeException failure;
    private volatile @Nullable ConflictException contradiction;

    RunBuffer(RunId run, RecordingSettings settings, ChunkPool pool, DropLog drops, Runnable wake) {
        this.run = run;
        this.settings = settings;
        this.pool = pool;
        this.drops = drops;
        this.wake = wake;
    }

    /** Goes on where a run left off. */
    void continueFrom(RunInfo info) {
        synchronized (guard) {
            params.putAll(info.params());
            info.metrics().forEach((name, summary) -> addKey(name, summary));
        }
    }

    // ---- the recording side

    /** Adds a point at a step, or at the key's next one. */
    void add(String name, double value, long step, boolean atNextStep) {
        MetricKey key = keys.get(requireNonNull(name, "the key of the metric"));
        if (key == null) {
            key = newKey(name);
        }
        long now = Stamps.millis(settings.clock());
        synchronized (guard) {
            PointChunk chunk = filling;
            if (chunk != null && !chunk.full() && !ended && lostBecause == null && failure == null) {
                put(chunk, key, atNextStep ? key.next() : step, now, value);
                return;
            }
        }
        addSlowly(key, value, step, atNextStep, now);
    }

    long nextStep(String name) {
        MetricKey key = keys.get(name);
        if (key == null) {
            return 0;
        }
        synchronized (guard) {
            return key.next();
        }
    }

    void add(RunFact fact) {
        String dropped;
        synchronized (guard) {
            checkOpen();
            if (fact instanceof RunFact.ParamSet param) {
                checkParam(param);
            }
            checkFailure();
            dropped = lostBecause == null && facts.size() >= MAX_FACTS ? FULL : lostBecause;
            account.accept();
            if (dropped == null) {
                facts.put(keyOf(fact), fact);
                recordedFacts++;
            } else {
                account.drop(dropped, 1);
            }
        }
        if (dropped != null) {
            drops.warn(dropped, run);
        }
    }

    /** Adds a point for which there was no room at once: takes another chunk, waits for one, or drops the point. */
    private void addSlowly(MetricKey key, double value, long step, boolean atNextStep, long now) {
        long deadline = System.nanoTime() + settings.waitWhenFull().toNanos();
        boolean mayWait = true;
        String dropped = null;
        while (dropped == null) {
            synchronized (guard) {
                checkOpen();
                checkFailure();
                PointChunk room = lostBecause == null ? room() : null;
                if (room != null) {
                    put(room, key, atNextStep ? key.next() : step, now, value);
                    break;
                }
                if (lostBecause != null || !mayWait) {
                    dropped = lostBecause == null ? refused() : lostBecause;
                    account.accept();
                    account.drop(dropped, 1);
                }
            }
            if (dropped == null) {
                wake.run();
                mayWait = pool.await(deadline);
            }
        }
        if (dropped == null) {
            wake.run();
        } else {
            drops.warn(dropped, run);
        }
    }

    /** The chunk to put a point into, or null while there is none to be had. */
    private @Nullable PointChunk room() {
        PointChunk chunk = filling;
        if (chunk != null && !chunk.full()) {
            return chunk;
        }
        PointChunk next = held == 0 ? pool.first() : pool.borrow();
        if (next != null) {
            held++;
            seal();
            filling = next;
        }
        return next;
    }

    private void seal() {
        PointChunk chunk = filling;
        if (chunk != null) {
            chunk.seal(sealedPoints);
            sealedPoints += chunk.size();
            full.add(chunk);
            filling = null;
        }
    }

    private void put(PointChunk chunk, MetricKey key, long step, long millis, double value) {
        chunk.add(key.index(), step, millis, value);
        key.used(step);
        account.accept();
    }

    private String refused() {
        if (settings.failures() == FailurePolicy.FAIL) {
            throw new BackendUnavailableException(
                    "the buffers of all runs are full, and the store took nothing for " + settings.waitWhenFull(),
                    false,
                    failure);
        }
        return FULL;
    }

    private MetricKey newKey(String name) {
        Names.checkKey("metric", name);
        synchronized (guard) {
            MetricKey known = keys.get(name);
            return known == null ? addKey(name, null) : known;
        }
    }

    private MetricKey addKey(String name, @Nullable MetricSummary before) {
        if (keyNames.size() >= MAX_KEYS) {
            throw new IllegalArgumentException("run " + run + " has " + MAX_KEYS + " metric keys and cannot take '"
                    + name + "': what varies from call to call belongs into steps, params or tags");
        }
        MetricKey key = new MetricKey(keyNames.size(), 0);
        if (before != null) {
            key.used(before.latest().step());
        }
        keyNames.add(name);
        keys.put(name, key);
        return key;
    }

    private void checkOpen() {
        if (ended) {
            throw new IllegalStateException("run " + run + " has ended and records nothing more");
        }
    }

    private void checkParam(RunFact.ParamSet param) {
        String known = params.putIfAbsent(param.key(), param.value());
        if (known != null && !known.equals(param.value())) {
            throw new ConflictException("param '" + param.key() + "' of run " + run + " is '" + known
                    + "' and cannot become '" + param.value() + "': params are written once, use a tag or another run");
        }
    }

    private void checkFailure() {
        RuntimeException why = failure;
        if (why != null) {
            throw new BackendUnavailableException("run " + run + " cannot be stored: " + why.getMessage(), false, why);
        }
    }

    private static Object keyOf(RunFact fact) {
        if (fact instanceof RunFact.Tagged tagged) {
            return "tag " + tagged.key();
        }
        if (fact instanceof RunFact.Untagged untagged) {
            return "tag " + untagged.key();
        }
        return fact instanceof RunFact.Renamed ? RunFact.Renamed.class : fact;
    }

    // ---- the side of the delivery thread

    /** Full chunks, and the one that is filling if everything is asked for. */
    List<PointChunk> takePoints(boolean everything) {
        synchronized (guard) {
            if (everything) {
                seal();
            }
            List<PointChunk> taken = List.copyOf(full);
            full.clear();
            return taken;
        }
    }

    /** What was recorded beside points; {@code recorded} counts those that replaced one another, too. */
    record Facts(List<RunFact> facts, long recorded) {}

    Facts takeFacts() {
        synchronized (guard) {
            Facts taken = new Facts(List.copyOf(facts.values()), recordedFacts);
            facts.clear();
            recordedFacts = 0;
            return taken;
        }
    }

    /** Puts facts back that the store did not take; what was recorded since wins. */
    void giveBack(Facts taken) {
        synchronized (guard) {
            Map<Object, RunFact> since = new LinkedHashMap<>(facts);
            facts.clear();
            taken.facts().forEach(fact -> facts.put(keyOf(fact), fact));
            facts.putAll(since);
            recordedFacts += taken.recorded();
        }
    }

    boolean hasFacts() {
        synchronized (guard) {
            return !facts.isEmpty();
        }
    }

    /** The names behind the indexes of every chunk taken so far. */
    String[] keyTable() {
        synchronized (guard) {
            if (keyTable.length != keyNames.size()) {
                keyTable = keyNames.toArray(new String[0]);
            }
            return keyTable;
        }
    }

    void delivered(long count) {
        synchronized (guard) {
            account.deliver(count);
        }
    }

    /** Everything delivered is durable; these chunks are no longer needed. */
    void settled(List<PointChunk> chunks, long factsDelivered, long factsInConflict) {
        synchronized (guard) {
            account.drop("conflict", factsInConflict);
            account.deliver(factsDelivered);
            account.settle();
            recycle(chunks);
        }
    }

    /** The store works again. */
    void recovered() {
        failure = null;
    }

    /** The store knows another value of something recorded here; the caller hears of it at the next flush or end. */
    void contradicted(ConflictException why) {
        contradiction = why;
    }

    /** What was contradicted since this was asked last. */
    @Nullable
    ConflictException takeContradiction() {
        ConflictException why = contradiction;
        contradiction = null;
        return why;
    }

    /** The store failed; under FAIL the next recording call says so. */
    void failed(RuntimeException why) {
        synchronized (guard) {
            account.rewind();
        }
        if (settings.failures() == FailurePolicy.FAIL) {
            failure = why;
        }
    }

    /** Gives up: what is pending is lost, and so is what comes. Returns how much was pending. */
    long abandon(String reason, List<PointChunk> chunks) {
        synchronized (guard) {
            account.rewind();
            long pending = account.pending();
            account.drop(reason, pending);
            lostBecause = reason;
            facts.clear();
            recordedFacts = 0;
            recycle(chunks);
            seal();
            recycle(List.copyOf(full));
            full.clear();
            return pending;
        }
    }

    /** Takes nothing more, but counts it as lost for this reason. */
    void refuseMore(String reason) {
        synchronized (guard) {
            lostBecause = reason;
        }
    }

    /** Refuses further records as a bug from now on. Returns false if that was so already. */
    boolean end() {
        synchronized (guard) {
            boolean first = !ended;
            ended = true;
            return first;
        }
    }

    boolean ended() {
        synchronized (guard) {
            return ended;
        }
    }

    /** Whether everything recorded is durable or lost. */
    boolean settled() {
        synchronized (guard) {
            return account.settled();
        }
    }

    /** Adds this run's account to a sum. */
    void addTo(Account sum) {
        synchronized (guard) {
            sum.add(account);
        }
    }

    private void recycle(List<PointChunk> chunks) {
        for (PointChunk chunk : chunks) {
            held--;
            pool.giveBack(chunk, held > 0);
        }
    }
}
