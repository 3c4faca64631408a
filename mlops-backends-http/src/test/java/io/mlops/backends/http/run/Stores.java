package io.mlops.backends.http.run;

import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.backends.http.artifact.Place;
import io.mlops.backends.http.artifact.RemoteFiles;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** A stand-in server, a relay before it, and stores as separate programs have them. Not thread-safe. */
final class Stores implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-11-21T12:00:00.123Z");
    static final RunId ID = new RunId("run-1");

    private final StandIn server;
    private final Relay relay;
    private final AtomicLong nanos = new AtomicLong();
    private final List<Wire> wires = new ArrayList<>();

    private Stores(StandIn server) throws IOException {
        this.server = server;
        this.relay = Relay.to(server);
    }

    static Stores of(Release release) throws IOException {
        return new Stores(StandIn.start(release));
    }

    /** A server that keeps its artifacts in a bucket, for which it signs addresses. */
    static Stores withBucket(Release release) throws IOException {
        return new Stores(StandIn.withBucket(release));
    }

    Relay relay() {
        return relay;
    }

    /** The runs as another program sees them. */
    HttpRunStore runs() {
        Wire wire = wire();
        ExperimentIds experiments = new ExperimentIds(wire);
        ServerFacts facts = new ServerFacts(wire);
        return new HttpRunStore(
                wire, facts, experiments, new RunIds(wire, experiments), new RemoteFiles(wire, facts), nanos::get);
    }

    /** Lets time pass for all stores. */
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** The experiments as another program sees them. */
    HttpExperimentStore experiments() {
        Wire wire = wire();
        return new HttpExperimentStore(wire, new ServerFacts(wire), new ExperimentIds(wire));
    }

    /** The files as another program reaches them. */
    RemoteFiles files() {
        Wire wire = Wire.to(relay.address(), HttpSettings.standard().allowPrivateAddresses());
        wires.add(wire);
        return new RemoteFiles(wire, new ServerFacts(wire));
    }

    /** Where the files of a new run lie in an experiment whose files have this root; empty for the server's own. */
    Place place(String experiment, String root) {
        RawClient raw = RawClient.of(server);
        String location = root.isEmpty() ? "" : ", \"artifact_location\": \"" + root + "\"";
        String id = field(
                "experiment_id", raw.post("experiments/create", "{\"name\": \"" + experiment + "\"" + location + "}"));
        String run = raw.post("runs/create", "{\"experiment_id\": \"" + id + "\"}");
        return new Place(field("artifact_uri", run), new Place.Owner.OfRun(field("run_id", run)), null);
    }

    private static String field(String name, String json) {
        return json.replaceAll("(?s).*\"" + name + "\" ?: ?\"([^\"]*)\".*", "$1");
    }

    private Wire wire() {
        Wire wire = Wire.to(relay.address(), HttpSettings.standard());
        wires.add(wire);
        return wire;
    }

    static RunDraft draft(RunId id) {
        return new RunDraft(id, "churn", "run", NOON, null, Map.of());
    }

    /** A draft whose id nobody can have used before. */
    static RunDraft fresh(RunId id) {
        return new RunDraft(id, "churn", "run", NOON, null, Map.of(), true);
    }

    static RunChange ended(RunOutcome outcome) {
        return new RunChange.Ended(outcome, NOON.plusSeconds(60));
    }

    /** So many points of one metric, a millisecond apart. */
    static MetricBatch points(String writer, long offset, int count) {
        long[] steps = LongStream.range(offset, offset + count).toArray();
        long[] times =
                Arrays.stream(steps).map(step -> NOON.toEpochMilli() + step).toArray();
        double[] values = Arrays.stream(steps).mapToDouble(step -> step).toArray();
        return MetricBatch.of(writer, offset, "loss", steps, times, values);
    }

    @Override
    public void close() throws IOException {
        wires.forEach(Wire::close);
        relay.close();
        server.close();
    }
}
