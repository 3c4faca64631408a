package io.mlops.core.memory;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.common.VersionReference;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.BackendInfo;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.spi.ModelDraft;
import io.mlops.api.spi.ModelStore;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.api.spi.PurgeStep;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.Visibility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Memory that breaks promises, as little as their weaker form allows. What only others can notice happens to the threads
 * of a race alone, and there each time, so that no test depends on luck.
 */
final class WeakBackend implements Backend {
    private final MemoryBackend memory = new MemoryBackend();
    private final Set<Capability> broken;
    private final BackendInfo info;
    private final WeakRuns runs;
    private final WeakModels models = new WeakModels();

    /**
     * @param broken the promises that it breaks
     * @param admitted those of them that it does not claim to keep
     */
    WeakBackend(Set<Capability> broken, Set<Capability> admitted) {
        this.broken = Set.copyOf(broken);
        Set<Capability> claimed = EnumSet.copyOf(memory.info().capabilities());
        claimed.removeAll(admitted);
        info = new BackendInfo(memory.info().name(), claimed);
        runs = new WeakRuns(memory.runs(), this::breaks);
    }

    private boolean breaks(Capability promise) {
        return broken.contains(promise);
    }

    /** Whether the caller is one of several that a test lets race; such threads come from a pool. */
    static boolean isRace() {
        return Thread.currentThread().getName().startsWith("pool-");
    }

    @Override
    public BackendInfo info() {
        return info;
    }

    @Override
    public ExperimentStore experiments() {
        return new WeakExperiments();
    }

    @Override
    public RunStore runs() {
        return runs;
    }

    @Override
    public ArtifactStore artifacts() {
        return new WeakArtifacts();
    }

    @Override
    public ModelStore models() {
        return models;
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Experiments that cannot be purged, and have a clock of their own. */
    private final class WeakExperiments implements ExperimentStore {
        private final ExperimentStore kept = memory.experiments();

        @Override
        public Experiment ensure(String name, Instant at) {
            return kept.ensure(name, at);
        }

        @Override
        public Optional<Experiment> find(String name) {
            return kept.find(name);
        }

        @Override
        public Page<Experiment> search(String filter, Visibility visibility, PageRequest page) {
            return kept.search(filter, visibility, page);
        }

        @Override
        public void change(String name, ExperimentChange change, Instant at) {
            kept.change(name, change, breaks(Capability.UPDATE_TIMES) ? at.minus(Duration.ofSeconds(45)) : at);
        }

        @Override
        public PurgeStep purge(Instant deletedBefore) {
            if (breaks(Capability.PURGE)) {
                throw new UnsupportedByBackendException(info.name() + " cannot purge: use 'mlflow gc'");
            }
            return kept.purge(deletedBefore);
        }
    }

    /** Artifacts that end early while they are replaced, and have no digests if they are large. */
    private final class WeakArtifacts implements ArtifactStore {
        private final ArtifactStore kept = memory.artifacts();

        @Override
        public List<ArtifactEntry> put(RunId run, Map<RelativePath, Content> files) {
            return kept.put(run, files).stream().map(this::weak).toList();
        }

        @Override
        public Optional<ArtifactEntry> find(ArtifactOwner owner, RelativePath path) {
            return kept.find(owner, path).map(this::weak);
        }

        @Override
        public Page<ArtifactEntry> list(ArtifactOwner owner, @Nullable RelativePath folder, PageRequest page) {
            Page<ArtifactEntry> listed = kept.list(owner, folder, page);
            return new Page<>(listed.items().stream().map(this::weak).toList(), listed.next());
        }

        @Override
        public OpenArtifact open(ArtifactOwner owner, RelativePath path) {
            OpenArtifact opened = kept.open(owner, path);
            boolean torn = breaks(Capability.ATOMIC_ARTIFACTS) && owner instanceof RunId && isRace();
            return new OpenArtifact(weak(opened.entry()), torn ? half(opened) : opened.bytes());
        }

        private ArtifactEntry weak(ArtifactEntry entry) {
            boolean unknown = breaks(Capability.ARTIFACT_DIGESTS) && entry.bytes() > 1_000_000;
            return unknown ? new ArtifactEntry(entry.path(), entry.bytes(), null) : entry;
        }

        private static InputStream half(OpenArtifact opened) {
            try (InputStream whole = opened.bytes()) {
                return new ByteArrayInputStream(
                        whole.readNBytes((int) opened.entry().bytes() / 2));
            } catch (IOException e) {
                throw new UncheckedIOException("memory does not fail", e);
            }
        }
    }

    /** Models of which two at once may use one key, or move one alias. */
    private final class WeakModels implements ModelStore {
        private final ModelStore kept = memory.models();
        /** The key of the oldest version by what the client called it. */
        private final Map<String, TreeMap<Integer, String>> keys = new ConcurrentHashMap<>();

        private final AtomicLong tries = new AtomicLong();

        @Override
        public ModelVersion create(ModelDraft draft) {
            if (!breaks(Capability.ATOMIC_KEYS)) {
                return kept.create(draft);
            }
            String asked = draft.model() + " " + draft.key();
            Map.Entry<Integer, String> oldest =
                    keys.getOrDefault(asked, new TreeMap<>()).firstEntry();
            String key = isRace()
                    ? draft.key() + " " + tries.incrementAndGet()
                    : oldest == null ? draft.key() : oldest.getValue();
            ModelVersion made = kept.create(keyed(draft, key));
            keys.compute(asked, (same, numbers) -> {
                TreeMap<Integer, String> all = numbers == null ? new TreeMap<>() : new TreeMap<>(numbers);
                all.put(made.number(), key);
                return all;
            });
            return made;
        }

        private static ModelDraft keyed(ModelDraft draft, String key) {
            return new ModelDraft(
                    key,
                    draft.model(),
                    draft.files(),
                    draft.run(),
                    draft.datasets(),
                    draft.parent(),
                    draft.signature(),
                    draft.description(),
                    draft.tags(),
                    draft.by(),
                    draft.created());
        }

        @Override
        public Optional<Model> find(String model) {
            return kept.find(model);
        }

        @Override
        public Optional<ModelVersion> find(VersionReference version) {
            return kept.find(version);
        }

        @Override
        public Page<Model> models(PageRequest page) {
            return kept.models(page);
        }

        @Override
        public Page<ModelVersion> versions(String model, PageRequest page) {
            return kept.versions(model, page);
        }

        @Override
        public void change(String model, ModelChange change) {
            kept.change(model, change);
        }

        @Override
        public AliasEvent move(AliasMove move, String by, Instant at) {
            boolean late = breaks(Capability.ATOMIC_ALIASES) && isRace();
            AliasMove.Guard guard = late ? new AliasMove.Guard.Anything() : move.guard();
            return kept.move(new AliasMove(move.name(), move.alias(), move.target(), guard, move.reason()), by, at);
        }

        @Override
        public Page<AliasEvent> history(String model, PageRequest page) {
            return kept.history(model, page);
        }
    }
}
