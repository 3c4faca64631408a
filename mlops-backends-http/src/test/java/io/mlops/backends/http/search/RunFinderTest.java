package io.mlops.backends.http.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.Request;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what a search asks the server for, and what becomes of its answers. */
final class RunFinderTest {
    private static final Pattern ID = Pattern.compile("\"\\d+\"");
    private static final String ONE_EXPERIMENT = experiments(IntStream.of(7));

    private StandIn server;
    private Wire wire;
    private RunFinder finder;
    /** The bodies of the searches for runs. */
    private final List<String> searches = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        server = StandIn.start(Release.V3_17);
        wire = Wire.to(server.address(), HttpSettings.standard());
        ExperimentIds experiments = new ExperimentIds(wire);
        finder = new RunFinder(wire, new ServerFacts(wire), experiments, new RunIds(wire, experiments));
    }

    @AfterEach
    void stop() throws IOException {
        wire.close();
        server.close();
    }

    /** Has the server answer searches by this, and tell of these experiments. */
    private void answer(String experiments, Function<String, Reply> search) {
        server.intercept(request -> {
            if (request.rawPath().endsWith("/experiments/search")) {
                return Reply.json(200, experiments);
            }
            if (!request.rawPath().endsWith("/runs/search")) {
                return null;
            }
            String body = body(request);
            searches.add(body);
            return search.apply(body);
        });
    }

    private static String body(Request request) {
        try {
            return new String(request.body().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String experiments(IntStream ids) {
        return ids.mapToObj(id -> "{\"experiment_id\": \"" + id + "\", \"name\": \"experiment " + id + "\"}")
                .collect(Collectors.joining(", ", "{\"experiments\": [", "]}"));
    }

    private static String runs(int from, int to, @Nullable String next) {
        return IntStream.range(from, to)
                .mapToObj(number -> "{\"info\": {\"run_id\": \"" + "%032x".formatted(number)
                        + "\", \"experiment_id\": \"7\", \"status\": \"RUNNING\", \"start_time\": " + (9000 - number)
                        + "}}")
                .collect(Collectors.joining(
                        ", ",
                        "{\"runs\": [",
                        "]" + (next == null ? "" : ", \"next_page_token\": \"" + next + "\"") + "}"));
    }

    private Page<RunInfo> found(RunQuery query) {
        return finder.page(query, PageRequest.first(20));
    }

    @Test
    void aPageOfTheNewestReadsTwoRunsMoreThanItHas() {
        answer(ONE_EXPERIMENT, body -> Reply.json(200, runs(0, 22, "more")));
        Page<RunInfo> first = found(RunQuery.of());
        answer(ONE_EXPERIMENT, body -> Reply.json(200, runs(19, 23, null)));
        Page<RunInfo> second = finder.page(RunQuery.of(), new PageRequest(20, first.next()));

        assertThat(first.items()).hasSize(20);
        assertThat(second.items())
                .extracting(run -> run.started().toEpochMilli())
                .containsExactly(8980L, 8979L, 8978L);
        assertThat(second.next()).isNull();
        assertThat(searches).hasSize(2);
        assertThat(searches.get(0))
                .contains("\"max_results\":22", "\"experiment_ids\":[\"7\"]", "\"filter\":\"\"", "\"order_by\":[]")
                .doesNotContain("page_token");
        assertThat(searches.get(1))
                .contains("\"filter\":\"attributes.start_time <= 8981\"", "\"max_results\":22")
                .doesNotContain("page_token");
    }

    @Test
    void anotherOrderGoesOnByTheServersTokens() {
        answer(
                ONE_EXPERIMENT,
                body -> Reply.json(200, body.contains("page_token") ? runs(22, 24, null) : runs(0, 22, "more")));
        RunQuery query = RunQuery.of().orderBy("status").orderBy("start_time DESC");
        Page<RunInfo> first = found(query);
        Page<RunInfo> second = finder.page(query, new PageRequest(20, first.next()));

        assertThat(searches.get(0)).contains("\"order_by\":[\"attributes.status ASC\"]");
        assertThat(first.items()).hasSize(20);
        assertThat(second.items()).hasSize(4);
        assertThat(second.next()).isNull();
        assertThat(searches).hasSize(3);
        assertThat(searches.get(2)).contains("\"page_token\":\"more\"");
    }

    @Test
    void whatMatchesRarelyIsReadByGrowingPages() {
        answer(
                ONE_EXPERIMENT,
                body -> Reply.json(200, runs(0, 1, searches.size() < 5 ? "next" + searches.size() : null)));

        assertThat(found(RunQuery.of().where("dataset.context = 'test'")).items())
                .isEmpty();
        assertThat(searches.stream().map(body -> body.replaceAll(".*\"max_results\":(\\d+).*", "$1")))
                .containsExactly("100", "400", "1000", "1000", "1000");
    }

    @Test
    void anOrderByTextReadsAllAtOnce() {
        answer(ONE_EXPERIMENT, body -> Reply.json(200, runs(0, 30, null)));

        assertThat(found(RunQuery.of().orderBy("run_id DESC")).items().get(0).storeId())
                .isEqualTo("%032x".formatted(29));
        assertThat(searches).singleElement().asString().contains("\"max_results\":1000", "\"order_by\":[]");
    }

    @Test
    void experimentsAreNamedAThousandAtATime() {
        answer(experiments(IntStream.range(0, 2500)), body -> Reply.json(200, runs(0, 3, null)));

        assertThat(found(RunQuery.of()).items()).as("each once").hasSize(3);
        assertThat(searches).hasSize(3);
        assertThat(searches.stream()
                        .mapToLong(body -> ID.matcher(body).results().count()))
                .containsExactly(1000L, 1000L, 500L);
    }

    @Test
    void aFilterThatTheServerRefusesIsLeftOut() {
        answer(
                ONE_EXPERIMENT,
                body -> body.contains("\"filter\":\"\"")
                        ? Reply.json(200, runs(0, 3, null))
                        : Reply.json(
                                400,
                                "{\"error_code\": \"INVALID_PARAMETER_VALUE\", \"message\": \"another dialect\"}"));

        assertThat(found(RunQuery.of().where("start_time > 8998")).items()).hasSize(2);
        assertThat(searches).hasSize(2);
    }

    @Test
    void anAnswerThatIsTooMuchIsAskedForInSmallerPages() {
        String endless = "{\"runs\": " + "[".repeat(100_000);
        answer(
                ONE_EXPERIMENT,
                body -> Reply.json(200, body.contains("\"max_results\":1000") ? endless : runs(0, 3, null)));

        assertThat(found(RunQuery.of().orderBy("run_id")).items()).hasSize(3);
        assertThat(searches).hasSize(2);
        assertThat(searches.get(1)).contains("\"max_results\":50");
    }

    @Test
    void noRunIsShownThatIsHidden() {
        String hidden = experiments(IntStream.of(7))
                .replace(
                        "}]",
                        "}, {\"experiment_id\": \"8\", \"name\": \"x\", \"lifecycle_stage\": \"deleted\"}, "
                                + "{\"experiment_id\": \"9\", \"name\": \"y\", \"tags\": "
                                + "[{\"key\": \"mlops.store.kind\", \"value\": \"models\"}]}]");
        String twice = runs(0, 1, null)
                .replace("}}", "}, \"data\": {\"tags\": [{\"key\": \"mlops.store.duplicateOf\", \"value\": \"z\"}]}}");
        answer(hidden, body -> Reply.json(200, twice));

        assertThat(found(RunQuery.of()).items()).isEmpty();
        assertThat(found(RunQuery.of().visibility(Visibility.ALL)).items()).isEmpty();
        assertThat(searches.get(0)).contains("\"experiment_ids\":[\"7\"]", "\"run_view_type\":\"ACTIVE_ONLY\"");
        assertThat(searches.get(1)).contains("\"experiment_ids\":[\"7\",\"8\"]", "\"run_view_type\":\"ALL\"");
    }

    @Test
    void nothingIsAskedWhereThereIsNoExperiment() {
        answer("{}", body -> Reply.json(200, "{}"));

        assertThat(found(RunQuery.of()).items()).isEmpty();
        assertThat(found(RunQuery.of("unknown").where("run_name LIKE '%x'")).items())
                .isEmpty();
        assertThat(finder.all(RunQuery.of()).hasNext()).isFalse();
        assertThat(searches).isEmpty();
        assertThatThrownBy(() -> finder.page(RunQuery.of(), new PageRequest(1, "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
        assertThatThrownBy(() -> finder.all(RunQuery.of().where("speed > 1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("position 1");
    }
}
