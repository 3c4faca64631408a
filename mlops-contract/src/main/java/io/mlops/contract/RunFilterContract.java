package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.Digest;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.spi.RunStore;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunQuery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests MLflow's search grammar, which every {@link RunStore} speaks. */
abstract class RunFilterContract extends StoreSuite {
    private static final Digest ROWS = new Digest("md5", "00ff");

    private RunStore store() {
        return backend().runs();
    }

    private RunStore make(String id, String name, int startedAfter, RunChange... changes) {
        store().create(new RunDraft(new RunId(id), "churn", name, NOON.plusSeconds(startedAfter), null, Map.of()));
        store().change(new RunId(id), List.of(changes));
        return store();
    }

    private void metric(String id, String key, double... values) {
        RunId run = new RunId(id);
        long[] steps = new long[values.length];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = i;
        }
        store().append(run, MetricBatch.of("w-" + key.length(), 0, key, steps, new long[values.length], values));
        store().change(run, List.of());
    }

    /** Three runs: {@code a} has it all, {@code b} some, {@code c} nothing. */
    @BeforeEach
    void makeRuns() {
        make(
                "a",
                "small steps",
                1,
                new RunFact.ParamSet("depth", "10"),
                new RunFact.ParamSet("opt/name", "Adam"),
                new RunFact.Tagged("team", "growth"),
                new RunFact.Tagged("mlflow.user", "kim"),
                new RunFact.Used(new RunInput("rows", ROWS, null, "file:rows.csv", "training")),
                new RunChange.Ended(new RunOutcome.Finished(), NOON.plusSeconds(60)));
        make("b", "Large steps", 2, new RunFact.ParamSet("depth", "9"), new RunFact.Tagged("team", "it's \"ours\""));
        make("c", "nothing", 3);
        metric("a", "auc", 0.5, 0.9);
        metric("a", "val loss", 1e300);
        metric("b", "auc", 0.95, Double.NaN);
        metric("b", "val loss", Double.NEGATIVE_INFINITY);
    }

    private String found(String... conditions) {
        RunQuery query = RunQuery.of("churn").orderBy("run_id");
        for (String condition : conditions) {
            query = query.where(condition);
        }
        RunQuery all = query;
        return String.join(
                "",
                all(page -> store().search(all, page), 2).stream()
                        .map(run -> run.id().value())
                        .toList());
    }

    @Test
    void theLatestValueOfAMetricIsCompared() {
        assertThat(found("metrics.auc > 0.5")).isEqualTo("a");
        assertThat(found("metrics.auc >= 0.9")).isEqualTo("a");
        assertThat(found("metric.auc < 0.9")).isEmpty();
        assertThat(found("metrics.auc <= .9")).isEqualTo("a");
        assertThat(found("METRICS.auc = 9e-1")).isEqualTo("a");
        assertThat(found("metrics.auc != 0.5"))
                .as("a number that is none differs from all")
                .isEqualTo("ab");
        assertThat(found("metrics.`val loss` > +1E299")).isEqualTo("a");
        assertThat(found("metrics.\"val loss\"<-1")).isEqualTo("b");
    }

    @Test
    void paramsAndTagsAreText() {
        assertThat(found("params.depth = '10'")).isEqualTo("a");
        assertThat(found("param.depth=\"9\"")).isEqualTo("b");
        assertThat(found("parameters.depth != '10'"))
                .as("not those without the key")
                .isEqualTo("b");
        assertThat(found("params.`opt/name` = 'Adam'")).isEqualTo("a");
        assertThat(found("params.`opt/name` = 'adam'")).isEmpty();
        assertThat(found("tag.team = \"growth\"")).isEqualTo("a");
        assertThat(found("tags.`mlflow.user` = 'kim'")).isEqualTo("a");
        assertThat(found("tags.mlflow.user = 'kim'")).isEqualTo("a");
        assertThat(found("attributes.user_id = 'kim'")).isEqualTo("a");
    }

    @Test
    void likeKnowsTwoWildcards() {
        assertThat(found("params.depth LIKE '1_'")).isEqualTo("a");
        assertThat(found("params.depth LIKE '_'")).isEqualTo("b");
        assertThat(found("params.depth LIKE '%'")).isEqualTo("ab");
        assertThat(found("params.`opt/name` LIKE 'a%'")).isEmpty();
        assertThat(found("params.`opt/name` ILIKE 'aD%M'")).isEqualTo("a");
        assertThat(found("tags.team like '%\"ours\"'")).isEqualTo("b");
        assertThat(found("tags.team LIKE \"it's%\"")).isEqualTo("b");
        assertThat(found("run_name LIKE '%steps'")).isEqualTo("ab");
        assertThat(found("run_name ILIKE 'l%g_ st%'")).isEqualTo("b");
        assertThat(found("run_name LIKE 'sm%ll steps%'")).isEqualTo("a");
        assertThat(found("run_name LIKE 'small.steps'")).as("a dot is a dot").isEmpty();
    }

    @Test
    void aMissingKeyIsNull() {
        assertThat(found("params.depth IS NULL")).isEqualTo("c");
        assertThat(found("params.depth is not null")).isEqualTo("ab");
        assertThat(found("tags.team IS NOT NULL AND params.`opt/name` IS NULL")).isEqualTo("b");
    }

    @Test
    void attributesWithAndWithoutTheWord() {
        assertThat(found("attributes.run_id = 'a'")).isEqualTo("a");
        assertThat(found("run_id IN ('a', \"c\",'z')")).isEqualTo("ac");
        assertThat(found("run.run_id NOT IN ('a')")).isEqualTo("bc");
        assertThat(found("`run name` = 'nothing'")).isEqualTo("c");
        assertThat(found("attr.status = 'FINISHED'")).isEqualTo("a");
        assertThat(found("status != 'FINISHED'")).isEqualTo("bc");
        assertThat(found("status ILIKE 'run%'")).isEqualTo("bc");
        long second = NOON.plusSeconds(2).toEpochMilli();
        assertThat(found("start_time >= " + second)).isEqualTo("bc");
        assertThat(found("created < " + second)).isEqualTo("a");
        assertThat(found("attributes.end_time > 0")).as("those that have ended").isEqualTo("a");
    }

    @Test
    void wordsMayStandInBackticksAndKeysInAnyQuotes() {
        assertThat(found("`metric`.auc > 0.5")).isEqualTo("a");
        assertThat(found("`metrics`.`auc` > 0.5 AND `params`.'depth' = '10'")).isEqualTo("a");
        assertThat(found("`attributes`.`run_name` = 'nothing'")).isEqualTo("c");
        assertThat(found("`run`.status = 'FINISHED'")).isEqualTo("a");
        assertThat(found("\"run_name\" = 'nothing'")).isEqualTo("c");
        assertThat(found("attributes.'run_name' = 'nothing'")).isEqualTo("c");
        assertThat(found("`tags`.\"team\" IS NULL")).isEqualTo("c");
    }

    @Test
    void aNoBreakSpaceIsABlank() {
        assertThat(found("metrics.auc\u00a0>\u00a00.5\u00a0AND\u00a0params.depth\u2007=\u202f'10'"))
                .isEqualTo("a");
        assertThat(found("\u00a0status\u3000IN\u00a0('x')".replace("status", "run_id")))
                .isEmpty();
        assertThat(found("\u00a0")).isEqualTo("abc");
        assertThat(found("run_name = 'small\u00a0steps'")).as("not in quotes").isEmpty();
    }

    @Test
    void aCharacterIsOneHoweverManyBytesItHas() {
        make("d", "x\ud83d\ude00y", 4);

        assertThat(found("run_name LIKE 'x_y'")).isEqualTo("d");
        assertThat(found("run_name LIKE '_\ud83d\ude00_'")).isEqualTo("d");
        assertThat(found("run_name ILIKE 'X%Y'")).isEqualTo("d");
        assertThat(found("run_name LIKE 'x__y'")).isEmpty();
        assertThat(found("run_name LIKE '%\ude00y'")).as("half a character").isEmpty();
    }

    @Test
    void bothZerosAreOne() {
        make("d", "nothing", 4);
        metric("d", "auc", -0.0);

        assertThat(found("metrics.auc = 0")).isEqualTo("d");
        assertThat(found("metrics.auc = -0.0")).isEqualTo("d");
        assertThat(found("metrics.auc < 0")).isEmpty();
    }

    @Test
    void nameAndParentAreTagsOfMlflow() {
        store().create(new RunDraft(
                new RunId("d"), "churn", "trees 200", NOON.plusSeconds(4), new RunId("a"), Map.of("team", "x")));

        assertThat(found("tags.mlflow.runName = 'trees 200'")).isEqualTo("d");
        assertThat(found("tags.`mlflow.runName` ILIKE '%STEPS'")).isEqualTo("ab");
        assertThat(found("tags.mlflow.parentRunId = 'a'")).isEqualTo("d");
        assertThat(found("tags.`mlflow.parentRunId` IS NULL")).isEqualTo("abc");
        assertThat(store().search(RunQuery.childrenOf(new RunId("a")), PageRequest.first(9))
                        .items())
                .extracting(run -> run.id().value())
                .containsExactly("d");
        assertThat(store().search(RunQuery.childrenOf(new RunId("d")), PageRequest.first(9))
                        .items())
                .isEmpty();
    }

    @Test
    void datasetsThatARunRead() {
        assertThat(found("dataset.name = 'rows'")).isEqualTo("a");
        assertThat(found("datasets.context LIKE 'train%'")).isEqualTo("a");
        assertThat(found("dataset.digest IN ('00ff')")).isEqualTo("a");
        assertThat(found("dataset.name != 'other'"))
                .as("not those that read none")
                .isEqualTo("a");
        assertThat(found("dataset.name NOT IN ('rows')")).isEmpty();
    }

    @Test
    void severalMustAllHold() {
        assertThat(found("metrics.auc > 0.5 AND params.depth = '10' and status='FINISHED'"))
                .isEqualTo("a");
        assertThat(found("metrics.auc > 0.5 AND params.depth = '9'")).isEmpty();
        assertThat(found("params.depth IS NOT NULL", "tags.team = 'growth'")).isEqualTo("a");
        assertThat(found("params.depth = ' AND '")).isEmpty();
        assertThat(found("", "  ")).isEqualTo("abc");
    }

    @Test
    void whatCannotBeReadIsRefusedWithThePosition() {
        assertRefused("metrics.auc > '0.9'", "a number", "position 15", "found '0");
        assertRefused("metrics.auc", "!=", "position 12", "the end");
        assertRefused("metrics.auc LIKE '1%'", ">=", "position 13", "found LIKE");
        assertRefused("metrics.auc > 0.9x", "a number", "position 15");
        assertRefused("metrics. > 1", "a key", "position 10");
        assertRefused("metrics.val-loss > 1", "!=", "position 12");
        assertRefused("params.depth = 10", "quotes", "position 16", "found 10");
        assertRefused("params.depth > '10'", "LIKE", "position 14");
        assertRefused("params.depth IN ('10')", "LIKE", "position 14");
        assertRefused("params.depth = '10", "' at position 16", "another");
        assertRefused("params.depth IS 'x'", "NULL", "position 17");
        assertRefused("params.depth = '1' OR params.depth = '2'", "AND", "position 20", "OR", "parentheses");
        assertRefused("(status = 'FAILED')", "position 1", "metrics.<key>");
        assertRefused("NOT status = 'FAILED'", "position 1", "metrics.<key>");
        assertRefused("speed.auc > 1", "position 1", "found speed");
        assertRefused("artifact_uri = 'x'", "position 1", "run_name");
        assertRefused("status = 'COMPLETED'", "position 10", "FINISHED");
        assertRefused("status IN ('FAILED')", "LIKE", "position 8");
        assertRefused("run_id IN 'a'", "('a', 'b')", "position 11");
        assertRefused("run_id IN ('a' 'b')", ", or )", "position 16");
        assertRefused("run_id IN ()", "quotes", "position 12");
        assertRefused("run_id NOT 'a'", "IN", "position 12");
        assertRefused("start_time > '2026-11-21'", "a number", "position 14");
        assertRefused("dataset.size = '1'", "digest", "position 1");
        assertRefused("status = 'FAILED' AND", "metrics.<key>", "position 22", "the end");
        assertRefused("\"metric\".auc > 1", "metrics.<key>", "position 1");
        assertRefused("'run_name' = 'x'", "run_name", "position 1");
        assertRefused("max(metrics.auc) > 1", "metrics.<key>", "position 1", "found max");
    }

    @Test
    void aRefusalTellsALittleOfALongTextOnOneLine() {
        String valid = "params.depth != 'one\r\nline\u2028or\u0085two' AND ";
        RunQuery query = RunQuery.of().where(valid.repeat(500) + "WRONG\n" + "x".repeat(5000) + " AND " + valid);

        assertThatThrownBy(() -> store().search(query, PageRequest.first(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("metrics.<key>", "WRONG", "…", "position " + (valid.length() * 500 + 1))
                .message()
                .hasSizeLessThan(500)
                .doesNotContainPattern("[\\p{Cc}\\u2028\\u2029]");
    }

    @Test
    void manyConditionsAreTakenAndTooManyRefused() {
        String many = "metrics.auc > 0.5" + " AND metrics.auc > 0.5".repeat(9_998);
        assertThat(found(many, "params.depth = '10'")).isEqualTo("a");

        RunQuery tooMany = RunQuery.of().where(many).where("run_id = 'a' AND run_id = 'a'");
        RunQuery tooLong = RunQuery.of().where("params.depth != '" + "x".repeat(1_000_000) + "'");
        for (RunQuery query : List.of(tooMany, tooLong)) {
            assertThatThrownBy(() -> store().search(query, PageRequest.first(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a search takes 1")
                    .message()
                    .hasSizeLessThan(300);
        }
    }

    private void assertRefused(String condition, String... parts) {
        RunQuery query = RunQuery.of().where(condition);
        assertThatThrownBy(() -> store().search(query, PageRequest.first(1)))
                .as(condition)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(condition)
                .hasMessageContainingAll(parts);
    }
}
