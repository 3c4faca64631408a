package io.mlops.contract;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.ArtifactOwner;
import io.mlops.api.common.Listing;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.spi.Backend;
import io.mlops.api.spi.DigestingStream;
import io.mlops.api.spi.OpenArtifact;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a backend shows of what it keeps, as texts by name, so that two can be compared: experiments, runs with every
 * point, the bytes of artifacts, models. Left out is what each store has of its own, such as its ids for things.
 */
public final class StoreContents {
    private final Backend backend;
    private final SortedMap<String, String> texts = new TreeMap<>();

    private StoreContents(Backend backend) {
        this.backend = backend;
    }

    /** The contents of a backend. */
    public static SortedMap<String, String> of(Backend backend) {
        StoreContents contents = new StoreContents(backend);
        Listing<Experiment> experiments = page -> backend.experiments().search("", Visibility.ALL, page);
        experiments.forEach(contents::experiment);
        backend.runs().searchAll(RunQuery.of().visibility(Visibility.ALL)).forEachRemaining(contents::run);
        Listing<Model> models = page -> backend.models().models(page);
        models.forEach(contents::model);
        return contents.texts;
    }

    private void put(String name, @Nullable Object... parts) {
        StringBuilder text = new StringBuilder();
        for (@Nullable Object part : parts) {
            text.append(part).append('\n');
        }
        texts.put(name, text.toString());
    }

    private void experiment(Experiment experiment) {
        put("experiment " + experiment.name(), experiment.created(), experiment.tags(), experiment.deleted());
    }

    private void run(RunInfo run) {
        String name = "run " + run.id();
        put(name, run.experiment(), run.name(), "parent " + run.parent(), run.deleted());
        put(name + " times", run.status(), run.started(), run.ended(), run.outcome());
        put(name + " facts", run.params(), run.tags(), run.inputs(), run.outputs());
        put(name + " environment", backend.runs().environment(run.id()));
        for (String key : run.metrics().keySet()) {
            Listing<MetricPoint> history = page -> backend.runs().history(run.id(), key, page);
            put(name + " metric " + key, history.stream().toArray());
        }
        files(name, run.id());
    }

    private void files(String name, ArtifactOwner owner) {
        Listing<ArtifactEntry> entries = page -> backend.artifacts().list(owner, null, page);
        for (ArtifactEntry entry : entries) {
            OpenArtifact open = backend.artifacts().open(owner, entry.path());
            try (InputStream bytes = open.bytes()) {
                put(name + " file " + entry.path(), entry.bytes(), entry.digest(), DigestingStream.digest(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void model(Model model) {
        String name = "model " + model.name();
        put(name, model.description(), model.tags(), model.aliases());
        Listing<ModelVersion> versions = page -> backend.models().versions(model.name(), page);
        for (ModelVersion version : versions) {
            put(name + " version " + version.number(), version);
            files(name + " version " + version.number(), version.id());
        }
        Listing<AliasEvent> newestFirst = page -> backend.models().history(model.name(), page);
        newestFirst.forEach(event -> texts.putIfAbsent(
                name + " last move of " + event.move().alias(),
                event.move().target() + " by " + event.by() + " at " + event.at()));
    }
}
