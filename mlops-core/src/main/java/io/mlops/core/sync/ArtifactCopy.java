package io.mlops.core.sync;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Listing;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.core.delivery.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Brings the artifacts of a run that differ in digest or size, some at once. One thread at a time. */
final class ArtifactCopy {
    private static final int PORTION = 100;
    private static final long PORTION_BYTES = 1 << 24;
    private static final Duration REFUSED_FOR = Duration.ofSeconds(60);

    private final ArtifactStore from;
    private final ArtifactStore to;
    private final RunId run;
    private final Notices notices;
    /** Artifacts that the target did not take, and is not asked to for a while. */
    private final Map<RelativePath, ArtifactEntry> refused = new HashMap<>();
    /** The last of these refusals. */
    private @Nullable RuntimeException refusal;
    /** When the target is asked again. */
    private Deadline askAgainAt = Deadline.never();
    /** The artifacts that the target has; null if it must be asked. */
    private @Nullable Map<RelativePath, ArtifactEntry> there;

    ArtifactCopy(ArtifactStore from, ArtifactStore to, RunId run, Notices notices) {
        this.from = from;
        this.to = to;
        this.run = run;
        this.notices = notices;
    }

    /**
     * Brings what the target lacks; returns how many artifacts that is.
     *
     * @param isNew whether the target has no artifact of the run
     */
    long bring(boolean isNew) {
        if (askAgainAt.passed()) {
            refused.clear();
            refusal = null;
            askAgainAt = Deadline.never();
        }
        List<ArtifactEntry> here = all(from);
        if (here.isEmpty()) {
            return 0;
        }
        Map<RelativePath, ArtifactEntry> known = known(isNew);
        List<ArtifactEntry> portion = new ArrayList<>();
        long bytes = 0;
        long brought = 0;
        for (ArtifactEntry entry : here) {
            if (isSame(entry, known.get(entry.path())) || entry.equals(refused.get(entry.path()))) {
                continue;
            }
            if (portion.size() == PORTION || (bytes > 0 && bytes + entry.bytes() > PORTION_BYTES)) {
                brought += put(portion, known);
                portion.clear();
                bytes = 0;
            }
            portion.add(entry);
            bytes += entry.bytes();
        }
        return brought + put(portion, known);
    }

    private Map<RelativePath, ArtifactEntry> known(boolean isNew) {
        Map<RelativePath, ArtifactEntry> known = there;
        if (known == null) {
            known = new HashMap<>();
            if (!isNew) {
                for (ArtifactEntry entry : all(to)) {
                    known.put(entry.path(), entry);
                }
            }
            there = known;
        }
        return known;
    }

    private List<ArtifactEntry> all(ArtifactStore store) {
        Listing<ArtifactEntry> entries = page -> store.list(run, null, page);
        return entries.stream().toList();
    }

    /** Others leave no digest: then the size has to do. */
    private static boolean isSame(ArtifactEntry here, @Nullable ArtifactEntry there) {
        return there != null
                && here.bytes() == there.bytes()
                && (here.digest() == null
                        || there.digest() == null
                        || here.digest().equals(there.digest()));
    }

    private long put(List<ArtifactEntry> entries, Map<RelativePath, ArtifactEntry> known) {
        if (entries.isEmpty()) {
            return 0;
        }
        Map<RelativePath, Content> files = new TreeMap<>();
        entries.forEach(entry -> files.put(entry.path(), new CopiedContent(from, run, entry)));
        try {
            to.put(run, files).forEach(entry -> known.put(entry.path(), entry));
            return entries.size();
        } catch (IllegalArgumentException | MlopsException e) {
            if (!isOfContent(e)) {
                throw e;
            }
            return entries.size() == 1 ? refuse(entries.get(0), e) : putEach(List.copyOf(entries), known);
        }
    }

    private long putEach(List<ArtifactEntry> entries, Map<RelativePath, ArtifactEntry> known) {
        long put = 0;
        for (ArtifactEntry entry : entries) {
            put += put(List.of(entry), known);
        }
        return put;
    }

    private static boolean isOfContent(RuntimeException failure) {
        return Refusal.isOfContent(failure)
                || failure instanceof CorruptDataException
                || failure instanceof NotFoundException;
    }

    private long refuse(ArtifactEntry entry, RuntimeException failure) {
        if (failure instanceof NotFoundException gone
                && from.find(run, entry.path()).isPresent()) {
            // It is the run that the target does not have any more.
            throw gone;
        }
        refused.put(entry.path(), entry);
        String what = "artifact '" + entry.path() + "' of run " + run;
        if (failure instanceof CorruptDataException || failure instanceof NotFoundException) {
            notices.lost(what, failure, 0);
        } else {
            notices.conflict(what, String.valueOf(failure.getMessage()));
            refusal = failure;
            askAgainAt = Deadline.in(REFUSED_FOR);
        }
        return 0;
    }

    /** Why the target does not take an artifact that is whole; null if there is none such. */
    @Nullable
    RuntimeException refusal() {
        return refusal;
    }

    /** Asks the target anew the next time. */
    void forget() {
        there = null;
    }
}
