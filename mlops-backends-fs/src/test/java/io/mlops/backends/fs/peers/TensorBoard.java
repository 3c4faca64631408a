package io.mlops.backends.fs.peers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Tracker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A TensorBoard that a test has started on the experiments of a store, and asks over its HTTP API. */
final class TensorBoard implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Pattern ADDRESS = Pattern.compile("TensorBoard \\S+ at (http://127\\.0\\.0\\.1:[0-9]+)");
    private static final String FAST_LOADER = "tensorboard_data_server";

    private final HttpClient http =
            HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();
    private final ObjectMapper json = new ObjectMapper();
    private final Process process;
    private final Path output;
    private final String address;

    private TensorBoard(List<String> prefix, Path store, String... more) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(Peer.python(), "-m", "tensorboard.main"));
        command.addAll(List.of("--logdir", store.resolve("experiments").toString()));
        command.addAll(List.of("--host", "127.0.0.1", "--port", "0", "--reload_interval", "1"));
        command.addAll(List.of("--samples_per_plugin", "scalars=1000000"));
        command.addAll(List.of(more));
        output = Files.createTempFile("tensorboard", ".log");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            address = await().atMost(PATIENCE).until(this::findAddress, found -> !found.isEmpty());
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Starts it with the loader that users get by default, which reads faster than the classic one and follows other
     * rules.
     */
    static TensorBoard start(Path store) throws IOException {
        TensorBoard board = new TensorBoard(List.of(), store);
        assertThat(board.hasFastLoader())
                .as("the default loader is the fast one")
                .isTrue();
        return board;
    }

    /** Starts it with the classic loader, to which TensorBoard falls back where there is no fast one. */
    static TensorBoard startClassic(Path store) throws IOException {
        TensorBoard board = new TensorBoard(List.of(), store, "--load_fast=false");
        assertThat(board.hasFastLoader()).as("the fast loader is off").isFalse();
        return board;
    }

    /**
     * Starts one that may open only so many files.
     *
     * @param more further options of TensorBoard
     */
    static TensorBoard startWithFiles(int most, Path store, String... more) throws IOException {
        return new TensorBoard(List.of("prlimit", "--nofile=" + most), store, more);
    }

    /** Returns all that it shows of one of its runs, by tag. */
    Map<String, List<Scalar>> shown(String run) {
        Map<String, List<Scalar>> shown = new TreeMap<>();
        get("/data/plugin/scalars/tags")
                .path(run)
                .fieldNames()
                .forEachRemaining(tag -> shown.put(tag, points(run, tag)));
        return shown;
    }

    /** Returns the points of one tag, in the order shown; none if it does not show the tag. */
    List<Scalar> points(String run, String tag) {
        String query = "?run=" + URLEncoder.encode(run, UTF_8) + "&tag=" + URLEncoder.encode(tag, UTF_8);
        return Scalar.shown(get("/data/plugin/scalars/scalars" + query));
    }

    /** Returns the runs that have this word as a part of their path. */
    SortedSet<String> runs(String part) {
        SortedSet<String> runs = new TreeSet<>();
        get("/data/plugin/scalars/tags").fieldNames().forEachRemaining(run -> {
            if (List.of(run.split("/")).contains(part)) {
                runs.add(run);
            }
        });
        return runs;
    }

    /** Returns the groups of the HPARAMS tab, by name. */
    Map<String, JsonNode> hparams() {
        Map<String, JsonNode> groups = new TreeMap<>();
        String request = "{\"allowedStatuses\": [\"STATUS_UNKNOWN\", \"STATUS_SUCCESS\", \"STATUS_FAILURE\","
                + " \"STATUS_RUNNING\"], \"colParams\": [], \"startIndex\": 0, \"sliceSize\": 10000}";
        for (JsonNode group :
                post("/data/plugin/hparams/session_groups", request).path("sessionGroups")) {
            groups.put(group.get("name").asText(), group);
        }
        return groups;
    }

    /** Returns the columns of the HPARAMS tab: the names of the params and the tags of the metrics. */
    SortedSet<String> hparamsColumns() {
        SortedSet<String> columns = new TreeSet<>();
        JsonNode experiment = post("/data/plugin/hparams/experiment", "{}");
        experiment
                .path("hparamInfos")
                .forEach(param -> columns.add("param " + param.get("name").asText()));
        experiment
                .path("metricInfos")
                .forEach(metric ->
                        columns.add("metric " + metric.path("name").path("tag").asText()));
        return columns;
    }

    /** Waits until it shows exactly the runs, tags and points that the library itself returns for an experiment. */
    void awaitShows(Tracker tracker, String experiment) {
        String folder = tracker.experiments().find(experiment).orElseThrow().storeId();
        Map<String, Map<String, List<Scalar>>> expected = new TreeMap<>();
        for (RunInfo run : tracker.search(RunQuery.of(experiment))) {
            Map<String, List<Scalar>> tags = new TreeMap<>();
            run.metrics().keySet().forEach(tag -> tags.put(tag, Scalar.expected(tracker, run.id(), tag)));
            expected.put(folder + "/" + run.id(), tags);
        }
        assertThat(expected).as("runs of %s", experiment).isNotEmpty();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(runs(folder)).isEqualTo(expected.keySet());
            expected.forEach((run, tags) -> assertThat(shown(run)).as(run).isEqualTo(tags));
        });
    }

    /** Waits until it shows this many points of a tag. */
    List<Scalar> awaitPoints(String experiment, RunId run, String tag, int count) {
        String path = experiment + "/" + run;
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(points(path, tag)).hasSize(count));
        return points(path, tag);
    }

    /** Returns whether the process that was started still lives. */
    boolean lives() {
        return process.isAlive();
    }

    /** Stops the process and with it its loader. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle one : all) {
            try {
                one.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception e) {
                boolean unused = one.destroyForcibly();
            }
        }
        Files.delete(output);
    }

    private boolean hasFastLoader() {
        return process.descendants()
                .anyMatch(child -> child.info().command().orElse("").contains(FAST_LOADER));
    }

    private String findAddress() throws IOException {
        String said = Files.readString(output);
        assertThat(process.isAlive()).as("TensorBoard runs; it said: %s", said).isTrue();
        Matcher address = ADDRESS.matcher(said);
        return address.find() ? address.group(1) : "";
    }

    private JsonNode get(String path) {
        return answer(path, HttpRequest.newBuilder(URI.create(address + path)));
    }

    private JsonNode post(String path, String request) {
        return answer(
                path,
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(request)));
    }

    private JsonNode answer(String path, HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response =
                    http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
            // A run or tag that it has not read yet is not found.
            assertThat(response.statusCode()).as(path).isIn(200, 404);
            return response.statusCode() == 200 ? json.readTree(response.body()) : json.createArrayNode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
