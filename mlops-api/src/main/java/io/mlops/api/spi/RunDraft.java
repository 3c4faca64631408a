package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.common.Limits;
import io.mlops.api.common.RunId;
import io.mlops.api.common.Times;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunStatus;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run to be made. The id was chosen before the first try; {@code started} may lie in the past.
 *
 * @param fresh whether the id was drawn for this draft, at random, and this is the first try: no store has it, so that it
 *     need not be looked for. False for an id that somebody chose, and for every later try
 */
public record RunDraft(
        RunId id,
        String experiment,
        String name,
        Instant started,
        @Nullable RunId parent,
        Map<String, String> tags,
        boolean fresh) {
    public RunDraft {
        requireNonNull(id, "id");
        requireNonNull(experiment, "experiment");
        requireNonNull(name, "name");
        requireNonNull(started, "started");
        requireNonNull(tags, "tags");
        started = Times.storable(started);
        // Every open run holds this, and most have none.
        tags = tags.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(tags));
    }

    /** A draft of an id that may be there already. */
    public RunDraft(
            RunId id,
            String experiment,
            String name,
            Instant started,
            @Nullable RunId parent,
            Map<String, String> tags) {
        this(id, experiment, name, started, parent, tags, false);
    }

    /** This draft for another try, after one whose outcome may be unknown. */
    @CheckReturnValue
    public RunDraft triedBefore() {
        return fresh ? new RunDraft(id, experiment, name, started, parent, tags) : this;
    }

    /** This draft without tags, for another try after one that was refused. */
    @CheckReturnValue
    public RunDraft withoutTags() {
        return new RunDraft(id, experiment, name, started, parent, Map.of());
    }

    /** A copy that begins in another experiment. */
    @CheckReturnValue
    public RunDraft in(String other) {
        return new RunDraft(id, other, name, started, parent, tags, fresh);
    }

    /**
     * The run that this makes, under the store's own id. Tags that tell a name or a parent count.
     *
     * @throws IllegalArgumentException if a tag is no tag of a run, or there are more of them than {@link Limits} has
     */
    public RunInfo begun(String storeId) {
        RunRoom room = new RunRoom(id, IllegalArgumentException::new);
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            RunFact unused = new RunFact.Tagged(tag.getKey(), tag.getValue());
            room.addTag(tag.getKey(), tag.getValue().length());
        }
        RunId tagged = parentIn(tags);
        return new RunInfo(
                id,
                storeId,
                experiment,
                tags.getOrDefault(RunFact.NAME_TAG, name),
                RunStatus.RUNNING,
                started,
                null,
                null,
                tagged == null ? parent : tagged,
                Map.of(),
                tags,
                Map.of(),
                List.of(),
                List.of(),
                false,
                false);
    }

    /** The parent that the tags of a run tell; null for none, or for a text that is no id. */
    static @Nullable RunId parentIn(Map<String, String> tags) {
        String tagged = tags.get(RunFact.PARENT_TAG);
        return tagged == null || !RunId.isValid(tagged) ? null : new RunId(tagged);
    }
}
