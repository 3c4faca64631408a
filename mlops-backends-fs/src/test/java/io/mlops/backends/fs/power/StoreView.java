package io.mlops.backends.fs.power;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.Digest;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.RunState;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.FsBackend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A view of a store: all that a fresh process reads of it, one text for each thing that must be there as a whole or not
 * at all. Only of the points of a metric a beginning may be left.
 */
final class StoreView {
    static final String POINTS = "points ";
    private static final List<String> METRICS = List.of("acc", "loss");

    private final SortedMap<String, String> things = new TreeMap<>();
    private final FsBackend store;

    private StoreView(Machine machine) {
        if (Files.exists(machine.root().resolve("store.json"))) {
            things.put("store", "there");
        }
        this.store = machine.process(0);
    }

    static SortedMap<String, String> of(PowerDisk disk) throws IOException {
        Machine machine = new Machine(disk);
        StoreView view = new StoreView(machine);
        view.lookAtRuns();
        view.lookAtModels();
        view.lookAsTensorBoard(machine.root().resolve("experiments"));
        return view.things;
    }

    /** Reads what lies below the folder that TensorBoard shows: deleted runs must not, restored ones must. */
    private void lookAsTensorBoard(Path experiments) throws IOException {
        if (!Files.exists(experiments)) {
            return;
        }
        try (Stream<Path> files = Files.walk(experiments, 3)) {
            files.filter(file -> file.endsWith("run.json"))
                    .forEach(file -> put("shown " + experiments.relativize(file), "there"));
        }
    }

    private void put(String thing, Object value) {
        String before = things.put(thing, value.toString());
        if (before != null) {
            throw new AssertionError(thing + " is there twice: " + before + " and " + value);
        }
    }

    private void lookAtRuns() {
        for (Experiment experiment : all(page -> store.experiments().search("", Visibility.ALL, page))) {
            put("experiment " + experiment.storeId(), experiment);
        }
        RunQuery every = RunQuery.of().visibility(Visibility.ALL);
        for (RunInfo run : all(page -> store.runs().search(every, page))) {
            put("run " + run.id(), RunState.of(run).metrics(Map.of()).info());
            store.runs().environment(run.id()).ifPresent(where -> put("environment of run " + run.id(), where));
            TreeSet<String> keys = new TreeSet<>(METRICS);
            keys.addAll(run.metrics().keySet());
            keys.forEach(key -> lookAtPoints(run, key));
            lookAtFiles("run " + run.id(), run.id());
        }
    }

    private void lookAtPoints(RunInfo run, String key) {
        List<MetricPoint> points = all(page -> store.runs().history(run.id(), key, page));
        StringBuilder text = new StringBuilder();
        points.forEach(point -> text.append(point).append(';'));
        if (!points.isEmpty()) {
            put(POINTS + key + " of " + run.id(), text);
        }
        MetricSummary sum = run.metrics().get(key);
        if (sum != null) {
            long count = Objects.requireNonNull(sum.range()).count();
            put(POINTS + "summed up of " + key + " of " + run.id(), "|".repeat((int) count));
        }
    }

    private void lookAtFiles(String owner, ArtifactOwner id) {
        for (ArtifactEntry entry : all(page -> store.artifacts().list(id, null, page))) {
            try (InputStream open = store.artifacts().open(id, entry.path()).bytes()) {
                byte[] bytes = open.readAllBytes();
                Digest found = Digest.sha256(ContentCopy.sha256().digest(bytes));
                if (!found.equals(entry.digest())) {
                    throw new AssertionError("file " + entry.path() + " of " + owner + " is not what its list says");
                }
                put("file " + entry.path() + " of " + owner, new String(bytes, StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new AssertionError("file " + entry.path() + " of " + owner, e);
            }
        }
    }

    private void lookAtModels() {
        for (Model model : all(page -> store.models().models(page))) {
            String name = model.name();
            put("model " + name, model.description() + model.tags() + model.created());
            model.aliases().forEach((alias, number) -> put("alias " + name + "@" + alias, number));
            for (ModelVersion version : all(page -> store.models().versions(name, page))) {
                put("version " + version.id(), version);
                lookAtFiles("version " + version.id(), version.id());
            }
            List<String> moves = new ArrayList<>();
            all(page -> store.models().history(name, page)).forEach(event -> {
                // A move that was repeated moves nothing.
                if (!Objects.equals(event.move().target(), event.before())) {
                    moves.add(event.toString());
                }
            });
            put("moves of " + name, moves);
        }
    }

    private static <T> List<T> all(Function<PageRequest, Page<T>> pages) {
        List<T> found = new ArrayList<>();
        Page<T> page = pages.apply(PageRequest.first(50));
        found.addAll(page.items());
        while (page.next() != null) {
            page = pages.apply(new PageRequest(50, page.next()));
            found.addAll(page.items());
        }
        return found;
    }
}
