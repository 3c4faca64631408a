package io.mlops.backends.http.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.tracker.RunQuery;
import io.mlops.core.query.RunSearch;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests which conditions a server is asked to look at, and in which words. */
final class NarrowingTest {
    private static final String STORE_ID = "0123456789abcdef0123456789abcdef";

    private record Words(boolean knowsNull, boolean joinsData, boolean mayShortenNames) implements Dialect {}

    private static final Words NEW = new Words(true, true, false);
    private static final Words OLD = new Words(false, false, true);

    private static SentFilter sent(Words words, int tables, String... conditions) {
        RunQuery query = RunQuery.of();
        for (String condition : conditions) {
            query = query.where(condition);
        }
        return new Narrowing(words).of(RunSearch.of(query).conditions(), tables);
    }

    private static List<String> sent(String condition) {
        return sent(NEW, 0, condition).filters();
    }

    private static void isSent(String condition, String... filters) {
        assertThat(sent(NEW, 0, condition)).as(condition).isEqualTo(new SentFilter(List.of(filters), true));
    }

    private static void isLeftOut(String condition) {
        assertThat(sent(NEW, 0, condition)).as(condition).isEqualTo(new SentFilter(List.of(""), false));
    }

    @Test
    void nothingIsAskedForNothing() {
        assertThat(sent(NEW, 0)).isEqualTo(new SentFilter(List.of(""), true));
    }

    @Test
    void numbersAreSpelledAsEveryServerReadsThem() {
        isSent("Metric.auc > +1E299", "metrics.`auc` > 1.0E299");
        isSent("metrics.`val loss` <= -.5", "metrics.`val loss` <= -0.5");
        isSent("metrics.auc = -0.0", "metrics.`auc` = 0.0");
        isSent("metrics.auc != 5e-324", "metrics.`auc` != 4.9E-324");
        isLeftOut("metrics.auc < 1e999");
    }

    @Test
    void thatANumberIsNotZeroIsNotAskedSinceServersTakeNanForZero() {
        isLeftOut("metrics.auc != 0");
        isLeftOut("metrics.auc != -0.0");
        isSent("metrics.auc != 1", "metrics.`auc` != 1.0");
    }

    @Test
    void timesAreWholeMilliseconds() {
        isSent("created >= 1E3", "attributes.start_time >= 1000");
        isSent("start_time > 2.5", "attributes.start_time > 2");
        isSent("start_time >= 2.5", "attributes.start_time >= 3");
        isSent("end_time < 2.5", "attributes.end_time < 3");
        isSent("end_time <= 2.5", "attributes.end_time <= 2");
        isSent("end_time != -7", "attributes.end_time != -7");
        isLeftOut("end_time = 2.5");
        isLeftOut("end_time < 1e300");
    }

    @Test
    void textsStandInTheQuotesThatTheyDoNotHave() {
        isSent("param.p = 'a'", "params.`p` = 'a'");
        isSent("params.p != \"it's\"", "params.`p` != \"it's\"");
        isSent("tag.p = 'say \"x\"'", "tags.`p` = 'say \"x\"'");
        isSent("params.größe = '😀 x'", "params.`größe` = '😀 x'");
    }

    @Test
    void whatSomeServerReadsInAnotherWayIsLeftOpen() {
        isSent("params.p = 'a\\b'", "params.`p` LIKE 'a%b'");
        isSent("params.p = 'a\u0000\nb'", "params.`p` LIKE 'a%b'");
        isSent("params.p LIKE '%\\_[x]%\ude00y'", "params.`p` LIKE '%_%x%y'");
        isSent("params.p = '" + "x".repeat(2000) + "'", "params.`p` LIKE '" + "x".repeat(200) + "%'");
        isLeftOut("params.p != 'a\\b'");
        isLeftOut("params.p LIKE 'a%b%c%d%e%f%g%h%i%j%k'");
        isLeftOut("params.\"o'k\" = 'a'");
        isLeftOut("params.` p` = 'a'");
        isLeftOut("params.`p ` = 'a'");
    }

    @Test
    void lettersWithCasesOutsideOfAsciiAreLeftOpen() {
        isSent("params.p ILIKE 'Task_É!'", "params.`p` ILIKE 'Ta%_%!'");
        isSent("params.p LIKE 'Task_É!'", "params.`p` LIKE 'Task_É!'");
    }

    @Test
    void whatIsMissingIsAskedForWhereTheServerKnowsTheWords() {
        isSent("params.p IS NULL AND tags.t IS NOT NULL", "params.`p` IS NULL AND tags.`t` IS NOT NULL");
        assertThat(sent(OLD, 0, "params.p IS NULL", "tags.t IS NOT NULL"))
                .isEqualTo(new SentFilter(List.of("tags.`t` LIKE '%'"), false));
    }

    @Test
    void aRunIsFoundByOurIdOrByTheServers() {
        isSent("run_id = 'run-1'", "tags.`mlops.id` = 'run-1'");
        isSent(
                "run_id IN ('" + STORE_ID + "', 'b')",
                "tags.`mlops.id` = '" + STORE_ID + "'",
                "attributes.run_id = '" + STORE_ID + "'",
                "tags.`mlops.id` = 'b'");
        isSent("run_id = 'no id'", "attributes.run_id = 'none'");
        isSent("run_id LIKE 'run-%'", "tags.`mlops.id` LIKE 'run-%'");
        isLeftOut("run_id LIKE '%7'");
        isLeftOut("run_id != 'run-1'");
        isLeftOut("run_id NOT IN ('run-1')");
        isLeftOut("run_id IN ("
                + IntStream.range(0, 11).mapToObj(id -> "'run-" + id + "'").collect(Collectors.joining(", ")) + ")");
    }

    @Test
    void onlyOneConditionMakesSeveralSearches() {
        assertThat(sent(NEW, 0, "run_id IN ('a', 'b')", "metrics.m > 1", "run_id IN ('b', 'c')"))
                .isEqualTo(new SentFilter(
                        List.of(
                                "tags.`mlops.id` = 'a' AND metrics.`m` > 1.0",
                                "tags.`mlops.id` = 'b' AND metrics.`m` > 1.0"),
                        false));
    }

    @Test
    void aParentIsNamedByEitherId() {
        isSent("tags.mlflow.parentRunId = 'a'", "tags.`mlops.store.parent` = 'a'", "tags.`mlflow.parentRunId` = 'a'");
        isSent(
                "tags.mlflow.parentRunId IS NULL",
                "tags.`mlops.store.parent` IS NULL AND tags.`mlflow.parentRunId` IS NULL");
    }

    @Test
    void namesThatTheServerCannotHoldAreAskedForAsItHoldsThem() {
        String name = "x".repeat(300);

        assertThat(sent("run_name = '" + name + "'").get(0))
                .startsWith("attributes.run_name = 'xxx")
                .hasSizeLessThan(260);
        isSent("tags.mlflow.runName LIKE '%end'", "attributes.run_name LIKE '%end'");
        assertThat(sent(OLD, 0, "run_name LIKE 'x%end'").filters()).containsExactly("attributes.run_name LIKE 'x%'");
        assertThat(sent(OLD, 0, "run_name LIKE '%end'").filters()).containsExactly("");
        isLeftOut("tags.mlflow.runName IS NOT NULL");
    }

    @Test
    void statesAreAskedForByTheNamesThatServersKnow() {
        isSent("status != 'FAILED'", "attributes.status != 'FAILED'");
        isLeftOut("status = 'UNKNOWN'");
        isLeftOut("status LIKE '%N%'");
    }

    @Test
    void theUserIsATagAndTagsOfTheLibraryAreNotThere() {
        isSent("user_id = 'kim'", "tags.`mlflow.user` = 'kim'");
        isLeftOut("tags.mlops.id = 'a'");
        isLeftOut("tags.mlops.store.parent IS NULL");
    }

    @Test
    void dataIsAskedForByNameAndByTheBeginningOfItsDigest() {
        isSent("datasets.name NOT IN ('a', 'b')", "dataset.name NOT IN ('a', 'b')");
        isSent("dataset.name ILIKE 'R%'", "dataset.name ILIKE 'R%'");
        isSent("dataset.digest = '" + "0f".repeat(32) + "'", "dataset.digest ILIKE '" + "0f".repeat(16) + "%'");
        isLeftOut("dataset.digest = '61626364'");
        isLeftOut("dataset.digest != '00ff'");
        isLeftOut("dataset.context = 'training'");
        isLeftOut("dataset.name IN ('a', \"it's\")");
    }

    @Test
    void dataIsAskedForAloneWhereTheServerCannotJoinIt() {
        assertThat(sent(OLD, 0, "dataset.name = 'a'", "start_time > 1").filters())
                .containsExactly("dataset.name = 'a' AND attributes.start_time > 1");
        assertThat(sent(OLD, 0, "dataset.name = 'a'", "params.p = '1'").filters())
                .containsExactly("params.`p` = '1'");
        assertThat(sent(OLD, 1, "dataset.name = 'a'").filters()).containsExactly("");
        assertThat(sent(NEW, 1, "dataset.name = 'a'", "params.p = '1'").filters())
                .containsExactly("dataset.name = 'a' AND params.`p` = '1'");
    }

    @Test
    void ofManyConditionsTheFirstAreSentAndEqualOnesOnce() {
        String many =
                IntStream.range(0, 100).mapToObj(i -> "metrics.m > " + i % 40).collect(Collectors.joining(" AND "));

        assertThat(sent(many).get(0).split(" AND ")).hasSize(12);
        isSent("metrics.m > 1" + " AND metrics.m > 1".repeat(9_000), "metrics.`m` > 1.0");
        assertThat(sent(NEW, 3, many).filters().get(0).split(" AND ")).hasSize(9);
        String times =
                IntStream.range(0, 100).mapToObj(i -> "start_time > " + i).collect(Collectors.joining(" AND "));
        assertThat(sent(times).get(0).split(" AND ")).hasSize(50);
    }
}
