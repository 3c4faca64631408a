package io.mlops.backends.http.run;

import static io.mlops.backends.http.run.Stores.ID;
import static io.mlops.backends.http.run.Stores.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.DataReference;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.backends.http.artifact.Place;
import io.mlops.backends.http.artifact.RemoteFiles;
import io.mlops.backends.http.standin.Release;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Pins what is said to a server, since other versions of the library and other programs read what stays there:
 * {@code golden/*.txt}, with a line for each request and the fields of JSON in the order of their names.
 */
final class GoldenRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private static final String LONG_NAME = "long ".repeat(52);

    private static void check(String name, Stores stores) throws IOException {
        try (InputStream golden = Objects.requireNonNull(
                GoldenRequestsTest.class.getResourceAsStream("/golden/" + name), "no golden file " + name)) {
            String expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(said(stores)).isEqualTo(expected);
        }
    }

    /** The requests, with the server's ids in the order in which they appear. */
    private static String said(Stores stores) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Relay.Said said : stores.relay().said()) {
            text.append(said.method()).append(' ').append(said.endpoint());
            text.append(said.query().isEmpty() ? "" : "?" + URLDecoder.decode(said.query(), StandardCharsets.UTF_8));
            boolean json = said.body().startsWith("{") && said.method().equals("POST");
            text.append(
                    said.body().isEmpty()
                            ? ""
                            : " " + (json ? sorted(said.body()) : said.body().strip()));
            text.append('\n');
        }
        Map<String, String> names = new TreeMap<>();
        String all = text.toString()
                .replaceAll("http://127[.]0[.]0[.]1:\\d+", "<store>")
                .replaceAll("s1gnature\\d+", "<signature>");
        Matcher ids = Pattern.compile("(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])").matcher(all);
        while (ids.find()) {
            names.computeIfAbsent(ids.group(), id -> "<run " + (names.size() + 1) + ">");
        }
        for (Map.Entry<String, String> id : names.entrySet()) {
            all = all.replace(id.getKey(), id.getValue());
        }
        return all;
    }

    private static String sorted(String json) throws IOException {
        return JSON.writeValueAsString(JSON.readValue(json, TreeMap.class));
    }

    @Test
    void aRun() throws IOException {
        try (Stores stores = Stores.of(Release.V3_17)) {
            HttpRunStore store = stores.runs();
            var unused = store.create(new RunDraft(
                    new RunId("sweep"), "churn", "sweep", NOON, null, Map.of(RunFact.NAME_TAG, "sweep"), true));
            unused = store.create(new RunDraft(
                    ID,
                    "churn",
                    LONG_NAME,
                    NOON,
                    new RunId("sweep"),
                    Map.of(RunFact.PARENT_TAG, "sweep", "team", "growth"),
                    true));
            long sent = store.append(ID, points());
            assertThat(sent).isEqualTo(5);
            store.change(ID, facts());
            store.change(
                    ID,
                    List.of(Stores.ended(new RunOutcome.Failed("java.io.IOException", "no such file: \"größe\"\n"))));
            RunId sweep = new RunId("sweep");
            store.change(sweep, List.of(Stores.ended(new RunOutcome.Finished())));
            store.change(sweep, List.of(new RunChange.Deleted(NOON.plusSeconds(70))));

            check("run.txt", stores);
        }
    }

    private static MetricBatch points() {
        int[] keyOf = {1, 0, 0, 1, 1};
        long[] steps = {0, 0, 1, 0, -7};
        long[] times = {NOON.toEpochMilli(), NOON.toEpochMilli(), NOON.toEpochMilli() + 5, NOON.toEpochMilli(), 0};
        double[] values = {0.5, Double.NaN, Double.POSITIVE_INFINITY, 0.5, 1e300};
        return MetricBatch.wrap("7f3a9c4e", 0, 0, 5, new String[] {"loss", "auc/größe"}, keyOf, steps, times, values);
    }

    private static List<RunChange> facts() {
        return List.of(
                new RunFact.RanIn(
                        new RunEnvironment(Map.of("user", "anna", "java.version", "17"), List.of(), Map.of())),
                new RunFact.ParamSet("trees", "200"),
                new RunFact.Tagged("team", "core"),
                new RunFact.Tagged("mlflow.note.content", "# first try"),
                new RunFact.Renamed("shallow forest"),
                new RunFact.Used(new RunInput(
                        "customers",
                        Digest.sha256(new byte[32]),
                        new DatasetVersionId("customers", 3),
                        "file:x",
                        "test")),
                new RunFact.Used(RunInput.of(
                        DataReference.external("rows", Digest.parse("md5:00ff"), "s3://bucket/rows"), "training")),
                new RunFact.Produced(new ModelVersionId("churn", 7)));
    }

    @Test
    void anExperiment() throws IOException {
        try (Stores stores = Stores.of(Release.V3_17)) {
            HttpExperimentStore store = stores.experiments();
            var unused = store.ensure("churn", NOON);
            store.change("churn", new ExperimentChange.Tagged("team", "growth"), NOON);
            store.change("churn", new ExperimentChange.Untagged("team"), NOON);
            store.change(
                    "churn", new ExperimentChange.Described(MetricInfo.of("auc").higherIsBetter()), NOON);
            store.change("churn", new ExperimentChange.Renamed(LONG_NAME), NOON);
            store.change(LONG_NAME, new ExperimentChange.Deleted(), NOON);
            store.change(LONG_NAME, new ExperimentChange.Restored(), NOON);

            check("experiment.txt", stores);
        }
    }

    @Test
    void reading() throws IOException {
        try (Stores stores = Stores.of(Release.V3_17)) {
            var unused = stores.runs().create(Stores.fresh(ID));
            long sent = stores.runs().append(ID, Stores.points("w", 0, 3));
            assertThat(sent).isEqualTo(3);
            stores.relay().forget();
            HttpRunStore store = stores.runs();
            assertThat(store.find(ID)).isPresent();
            assertThat(store.history(ID, "loss", PageRequest.first(2)).items()).hasSize(2);
            assertThat(store.environment(ID)).isEmpty();
            assertThat(store.append(ID, Stores.points("w", 0, 3))).isEqualTo(3);

            check("reading.txt", stores);
        }
    }

    /** What neither the server nor a proxy before it moves. */
    @Test
    void filesPastTheServer() throws IOException {
        try (Stores stores = Stores.withBucket(Release.V3_17)) {
            Place proxied = stores.place("churn", "");
            Place direct = stores.place("direct", "s3://bucket/direct");
            stores.relay()
                    .fates(request -> request.endpoint().contains("artifacts/artifacts/") || request.is("/get-artifact")
                            ? Relay.Fate.TOO_LARGE
                            : Relay.Fate.PASSED);
            RemoteFiles files = stores.files();
            RelativePath path = RelativePath.of("model/größe #1");
            for (Place place : List.of(proxied, direct)) {
                for (String text : List.of("hello", "")) {
                    var unused = files.put(place, path, Content.text(text));
                }
                assertThat(files.read(place, path)).isPresent();
            }

            check("files.txt", stores);
        }
    }
}
