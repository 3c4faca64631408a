package io.mlops.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.core.query.Condition.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A store that has another evaluate a search finds what was parsed, whatever the spelling it was written in. */
final class ParsedSearchTest {
    private record Point(int id, int group) {}

    private static final Subject<Point> POINTS = Subject.of(
                    Attribute.number("id", Point::id), Attribute.number("group", Point::group))
            .inOrder("id DESC");

    private static List<Condition> parsed(String condition) {
        return RunSearch.of(RunQuery.of().where(condition)).conditions();
    }

    private static Condition condition(String entity, String key, Operator operator, String... values) {
        return new Condition(FieldName.of(entity, key), operator, List.of(values));
    }

    @Test
    void everyConditionIsHandedOutInOneSpelling() {
        Map<String, Condition> spellings = Map.ofEntries(
                Map.entry("Metric.`my auc` >= +1E2", condition("metrics", "my auc", Operator.GREATER_OR_EQUAL, "+1E2")),
                Map.entry("metrics.a.b != .5", condition("metrics", "a.b", Operator.NOT_EQUAL, ".5")),
                Map.entry("created < 7", condition("attributes", "start_time", Operator.LESS, "7")),
                Map.entry("run.end_time <= 7", condition("attributes", "end_time", Operator.LESS_OR_EQUAL, "7")),
                Map.entry("attr.`Run Name` = \"it's\"", condition("attributes", "run_name", Operator.EQUAL, "it's")),
                Map.entry("parameters.Key like 'a%'", condition("params", "Key", Operator.LIKE, "a%")),
                Map.entry("tag.\"x\" ILIKE '_'", condition("tags", "x", Operator.ILIKE, "_")),
                Map.entry("tags.x is null", condition("tags", "x", Operator.IS_NULL)),
                Map.entry("user_id IS NOT NULL", condition("attributes", "user_id", Operator.IS_NOT_NULL)),
                Map.entry("`run id` IN ('b', 'a', 'b')", condition("attributes", "run_id", Operator.IN, "b", "a")),
                Map.entry("datasets.Digest NOT IN ('a')", condition("dataset", "digest", Operator.NOT_IN, "a")),
                Map.entry("status != 'FAILED'", condition("attributes", "status", Operator.NOT_EQUAL, "FAILED")),
                Map.entry("metrics.x > 1", condition("metrics", "x", Operator.GREATER, "1")));

        spellings.forEach(
                (written, expected) -> assertThat(parsed(written)).as(written).containsExactly(expected));
        assertThat(spellings.values().stream().map(Condition::operator).distinct())
                .containsExactlyInAnyOrder(Operator.values());
    }

    @Test
    void conditionsAreHandedOutInTurnAndEmptyOnesAreNone() {
        RunSearch search = RunSearch.of(RunQuery.of()
                .where("metrics.a > 1 AND params.b = '2'")
                .where("")
                .where("tags.c IS NULL"));

        assertThat(search.conditions())
                .containsExactly(
                        condition("metrics", "a", Operator.GREATER, "1"),
                        condition("params", "b", Operator.EQUAL, "2"),
                        condition("tags", "c", Operator.IS_NULL));
        assertThatThrownBy(() -> search.conditions().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> search.conditions().get(2).value()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatOperatorsAreWrittenAsIsReadAgain() {
        for (Operator operator : Operator.values()) {
            String list = operator.symbol() + " ('x')";
            String value = operator.symbol() + " 'x'";
            List<String> forms = List.of(
                    "run_id " + list,
                    "tags.x " + value,
                    "tags.x " + operator.symbol(),
                    "metrics.x " + operator.symbol() + " 1");

            assertThat(forms.stream().flatMap(form -> tryParsed(form).stream()).map(Condition::operator))
                    .as(operator.symbol())
                    .isNotEmpty()
                    .containsOnly(operator);
        }
    }

    private static List<Condition> tryParsed(String condition) {
        try {
            return parsed(condition);
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    @Test
    void theOrderIsHandedOutWithTheTermsThatEndIt() {
        RunSearch search = RunSearch.of(RunQuery.of()
                .orderBy("Max(metric.`my auc`) desc")
                .orderBy("tag.x")
                .orderBy("Created"));

        assertThat(search.order())
                .containsExactly(
                        new OrderTerm(new FieldName("metrics", "my auc", "max"), true),
                        new OrderTerm(FieldName.of("tags", "x"), false),
                        new OrderTerm(FieldName.of("attributes", "start_time"), false),
                        new OrderTerm(FieldName.of("attributes", "start_time"), true),
                        new OrderTerm(FieldName.of("attributes", "run_id"), false));
    }

    @Test
    void theScopeIsHandedOut() {
        RunSearch some = RunSearch.of(RunQuery.of("b", "a").visibility(Visibility.DELETED));

        assertThat(some.experiments()).containsExactly("b", "a");
        assertThat(some.visibility()).isEqualTo(Visibility.DELETED);
        assertThat(RunSearch.of(RunQuery.of()).experiments()).isEmpty();
        ExperimentSearch experiments = ExperimentSearch.of("name LIKE 'a%' AND tags.x = '1'", Visibility.ALL);
        assertThat(experiments.visibility()).isEqualTo(Visibility.ALL);
        assertThat(experiments.order()).containsExactly(new OrderTerm(FieldName.of("attributes", "name"), false));
        assertThat(experiments.conditions())
                .containsExactly(
                        condition("attributes", "name", Operator.LIKE, "a%"),
                        condition("tags", "x", Operator.EQUAL, "1"));
    }

    @Test
    void pagesOfWhatComesInOrderAreThoseOfAllAndAskForNoMoreThanThat() {
        Search<Point> search = Search.of(POINTS, List.of("id != 13"), List.of("group"));
        List<Point> all =
                IntStream.range(0, 100).mapToObj(id -> new Point(id, id / 7)).toList();

        for (int limit = 1; limit < 30; limit++) {
            @Nullable String token = null;
            List<Point> read = new ArrayList<>();
            do {
                PageRequest request = new PageRequest(limit, token);
                Counted sorted = new Counted(all.iterator());
                Page<Point> page = search.page(sorted, 1, request);
                assertThat(page).as("limit %s", limit).isEqualTo(search.page(all.stream(), request));
                assertThat(search.page(all.iterator(), 0, request)).isEqualTo(page);
                read.addAll(page.items());
                assertThat(sorted.count).as("limit %s", limit).isLessThanOrEqualTo(read.size() + 15);
                token = page.next();
            } while (token != null);
            assertThat(read).hasSize(99).doesNotHaveDuplicates();
        }
    }

    /** Counts what is asked of it. */
    private static final class Counted implements Iterator<Point> {
        private final Iterator<Point> items;
        private int count;

        Counted(Iterator<Point> items) {
            this.items = items;
        }

        @Override
        public boolean hasNext() {
            return items.hasNext();
        }

        @Override
        public Point next() {
            count++;
            return items.next();
        }
    }

    @Test
    void theOrderByItsFirstTermsLeavesTheOthersOpen() {
        Search<Point> search = Search.of(POINTS, List.of(), List.of("group DESC"));
        Point[] points = {new Point(1, 1), new Point(2, 2), new Point(3, 2)};
        Arrays.sort(points, search.comparator(2));

        assertThat(points).extracting(Point::id).containsExactly(3, 2, 1);
        assertThat(search.comparator(1).compare(points[0], points[1])).isZero();
        assertThat(search.comparator(0).compare(points[0], points[2])).isZero();
        assertThatThrownBy(() -> search.comparator(3)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
