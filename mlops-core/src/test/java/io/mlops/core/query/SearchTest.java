package io.mlops.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Anything can be searched that tells its attributes in a table, with the grammar, order and pages of runs. */
final class SearchTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private enum Stage {
        NEW,
        PROVEN
    }

    /** Something that no store has. */
    private record Recipe(
            String name,
            Stage stage,
            Instant created,
            int steps,
            @Nullable String author,
            List<String> herbs,
            Map<String, String> tags,
            Map<String, Float> grams) {}

    private static final Subject<Recipe> RECIPES = Subject.of(
                    Attribute.id("name", Recipe::name),
                    Attribute.choice("stage", Stage.class, Recipe::stage),
                    Attribute.time("creation_time", Recipe::created).or("created"),
                    Attribute.number("steps", Recipe::steps),
                    Attribute.text("author", Recipe::author))
            .tags(Recipe::tags)
            .numbers(List.of("grams"), (recipe, key) -> recipe.grams().get(key))
            .parts(List.of("herb"), List.of(Attribute.each("name", recipe -> recipe.herbs().stream())));

    private static final List<Recipe> ALL = List.of(
            new Recipe(
                    "soup", Stage.PROVEN, NOON, 3, "kim", List.of("dill", "mint"), Map.of("for", "winter"), Map.of()),
            new Recipe("bread", Stage.NEW, NOON.plusSeconds(1), 7, null, List.of(), Map.of(), Map.of("salt", 9.5f)),
            new Recipe("salad", Stage.NEW, NOON, 2, "lee", List.of("mint"), Map.of("for", "summer"), Map.of()));

    private static List<String> names(Page<Recipe> page) {
        return page.items().stream().map(Recipe::name).toList();
    }

    private static List<String> found(String condition, String... order) {
        return names(Search.of(RECIPES, List.of(condition), List.of(order)).page(ALL.stream(), PageRequest.first(9)));
    }

    @Test
    void everyAttributeIsFoundByItsName() {
        assertThat(found("")).containsExactly("bread", "salad", "soup");
        assertThat(found("name IN ('soup', 'bread')")).containsExactly("bread", "soup");
        assertThat(found("attributes.Stage = 'NEW' AND steps < 7")).containsExactly("salad");
        assertThat(found("created > " + NOON.toEpochMilli())).containsExactly("bread");
        assertThat(found("author ILIKE 'K%'")).containsExactly("soup");
        assertThat(found("tags.for IS NOT NULL")).containsExactly("salad", "soup");
        assertThat(found("grams.salt >= 9.5")).containsExactly("bread");
        assertThat(found("herb.name = 'mint'")).containsExactly("salad", "soup");
        assertThat(found("herb.name NOT IN ('mint')"))
                .as("one of several is enough")
                .containsExactly("soup");
    }

    @Test
    void anyAttributeOrdersAndTheFirstOneEndsTies() {
        assertThat(found("", "created DESC")).containsExactly("bread", "salad", "soup");
        assertThat(found("", "steps")).containsExactly("salad", "soup", "bread");
        assertThat(found("", "author")).as("none comes last").containsExactly("soup", "salad", "bread");
        assertThat(found("", "stage DESC", "grams.salt")).containsExactly("soup", "bread", "salad");
    }

    @Test
    void pagesGoOnAfterATokenInTheSameOrderOnly() {
        Search<Recipe> byStage = Search.of(RECIPES, List.of(), List.of("stage", "steps DESC"));
        List<String> all = new ArrayList<>();
        PageRequest request = PageRequest.first(1);
        Page<Recipe> page = byStage.page(ALL.stream(), request);
        String token = page.next();
        while (page.next() != null) {
            all.addAll(names(page));
            page = byStage.page(ALL.stream(), new PageRequest(1, page.next()));
        }
        all.addAll(names(page));

        assertThat(all).containsExactly("bread", "salad", "soup");
        Search<Recipe> byName = Search.of(RECIPES, List.of(), List.of());
        Search<Recipe> bySteps = Search.of(RECIPES, List.of(), List.of("steps", "stage"));
        for (Search<Recipe> other : List.of(byName, bySteps)) {
            assertThatThrownBy(() -> other.page(ALL.stream(), new PageRequest(1, token)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token is not of this search");
        }
    }

    @Test
    void whatTheTableDoesNotHaveIsRefusedNamingWhatItHas() {
        assertThatThrownBy(() -> found("metrics.auc > 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("metrics.auc > 1: expected tags.<key>, grams.<key>, herb.<name> or one of name, stage,"
                        + " creation_time, steps, author at position 1, found metrics");
        assertThatThrownBy(() -> found("stage = 'OLD'")).hasMessageContaining("one of [NEW, PROVEN] in quotes");
        assertThatThrownBy(() -> found("author IS NULL")).hasMessageContaining("LIKE or ILIKE");
        assertThatThrownBy(() -> found("name IS NULL")).hasMessageContaining("NOT IN");
        assertThatThrownBy(() -> found("", "herb.name")).hasMessageContaining("has once");
    }

    @Test
    void aTableSaysNothingTwice() {
        assertThatThrownBy(() -> Subject.of(Attribute.id("name", Recipe::name), Attribute.text("NAME", Recipe::author)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name");
        assertThatThrownBy(() -> RECIPES.tags(Recipe::tags))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tags");
        assertThatThrownBy(() -> RECIPES.inOrder("size")).hasMessageContaining("creation_time");
        assertThatThrownBy(() -> RECIPES.inOrder()).hasMessageContaining("one term");
    }

    @Test
    void everyKindHasConditions() {
        Map<Class<?>, String> conditions = Map.of(
                Kind.Numeric.class, "steps > 0",
                Kind.Text.class, "author != ''",
                Kind.OptionalText.class, "tags.for != ''",
                Kind.Id.class, "name != ''",
                Kind.Choice.class, "stage != 'PROVEN'");

        assertThat(conditions.keySet()).isEqualTo(Set.copyOf(Arrays.asList(Kind.class.getPermittedSubclasses())));
        conditions.values().forEach(condition -> assertThat(found(condition)).isNotEmpty());
    }

    @Test
    @Timeout(10)
    void manyConditionsAreTakenAndMoreRefused() {
        String many = "steps > 1" + " AND steps > 1".repeat(9_999);
        List<String> conditions = Collections.nCopies(10_000, "steps > 1");

        assertThat(found(many)).hasSize(3);
        assertThat(names(Search.of(RECIPES, conditions, List.of()).page(ALL.stream(), PageRequest.first(9))))
                .hasSize(3);
        assertRefused(many + " AND steps > 1", "a search takes 10000 conditions at most");
        assertRefused("steps > " + "1".repeat(200_000) + "x", "number");
        assertRefused("author = '" + "x".repeat(1_000_000) + "'", "a search takes 1000000 characters at most");
        List<String> order = Collections.nCopies(101, "steps");
        assertThatThrownBy(() -> Search.of(RECIPES, List.of(), order))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("100 terms at most, not 101");
    }

    private static void assertRefused(String condition, String part) {
        assertThatThrownBy(() -> found(condition))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part)
                .message()
                .hasSizeLessThan(400);
    }

    @Test
    void aMessageTellsThePlaceInALongText() {
        String smile = "\ud83d\ude00";
        for (int before = 0; before < 200; before++) {
            String condition = "author != '" + "x".repeat(before) + smile.repeat(100) + "' !" + smile.repeat(100);
            assertThatThrownBy(() -> found(condition))
                    .as("%s before", before)
                    .message()
                    .contains("position " + (condition.indexOf('!', 10) + 1), smile + "' !" + smile)
                    .doesNotContain("?")
                    .satisfies(
                            message -> assertThat(message.indexOf(": expected")).isLessThanOrEqualTo(162));
        }
    }

    @Test
    void whoReadsAllHasTheItemsLookedAtOnce() {
        AtomicInteger looks = new AtomicInteger();
        Subject<Integer> numbers = Subject.of(Attribute.number("n", n -> {
            looks.incrementAndGet();
            return n;
        }));
        List<Integer> items = new ArrayList<>(IntStream.range(0, 10_000).boxed().toList());
        Collections.shuffle(items, new Random(1));
        Search<Integer> search = Search.of(numbers, List.of("n >= 5000"), List.of());
        List<Integer> all = new ArrayList<>();
        search.all(items.stream()).forEachRemaining(all::add);

        assertThat(all).isEqualTo(IntStream.range(5000, 10_000).boxed().toList());
        assertThat(looks)
                .as("by the condition, and for the order of what is found")
                .hasValue(15_000);
    }
}
