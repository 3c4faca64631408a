package io.mlops.api.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people and programs may call things. */
final class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"churn", "a/b", "..", "größe 日本語 😀", "C:\\x", "con", "@#~"})
    void namesAreFree(String name) {
        assertThat(Names.checkName("model", name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "a\nb", "a\u0000b", "\u001b[31m", "\ud800", "a\udc00"})
    void namesThatCannotBeShownAreRefused(String name) {
        assertThatThrownBy(() -> Names.checkName("model", name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "\u001b", "\u0000"));
    }

    @Test
    @SuppressWarnings("NullAway") // what callers without a checker may pass
    void nullIsRefusedByName() {
        assertThatThrownBy(() -> Names.checkName("model", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the name of the model is null: give one");
        assertThatThrownBy(() -> Names.checkKey("metric", null)).hasMessage("the key of the metric is null: give one");
        assertThatThrownBy(() -> Names.checkValue("the reason", null, 10, ""))
                .hasMessage("the reason is null: give a text, which may be empty");
        assertThatThrownBy(() -> Names.checkAlias(null)).hasMessage("the alias is null: give one");
    }

    @Test
    void namesHaveALength() {
        assertThat(Names.checkName("model", "x".repeat(500))).hasSize(500);
        assertThatThrownBy(() -> Names.checkName("model", "x".repeat(501))).hasMessageContainingAll("501", "500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loss", "val/loss", "val loss", "a.b-c_d", "größe", "損失", "...", "a/.b", "نموذج/٣", "𝒜"})
    void keysFollowMlflowsRule(String key) {
        assertThat(Names.checkKey("metric", key)).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a:b", "a//b", "/a", "a/", ".", "..", "a/../b", "./a", "a\\b", "a\tb", "a,b", "😀", "m²", "Ⅷ",
                "a‿b"
            })
    void keysThatServersRefuseAreRefusedHere(String key) {
        assertThatThrownBy(() -> Names.checkKey("metric", key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metric");
    }

    @ParameterizedTest
    @CsvSource({
        "recall@10, recall_at_10",
        "acc%, acc_percent",
        "R&D, R_and_D",
        "train:loss, train_loss",
        "f1 (macro), f1 _macro",
        "a//b, a/b",
        "../a/, a",
        "a\\b, a/b",
        "größe [m²], größe _m",
        "x😀y, x_y",
        "x\u0302_test, x_test",
        "a\u200db, a_b",
        "cafe\u0301@10, caf\u00e9_at_10"
    })
    void aKeyThatIsRefusedComesWithOneThatIsNot(String wrong, String instead) {
        assertThatThrownBy(() -> Names.checkKey("metric", wrong)).hasMessageEndingWith(": write '" + instead + "'");
        assertThat(Names.checkKey("metric", instead)).isEqualTo(instead);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cafe\u0301", "gro\u0308\u00dfe/loss", "\u30ab\u3099"})
    void aKeyInPartsComesWithTheComposedOne(String decomposed) {
        String composed = Normalizer.normalize(decomposed, Normalizer.Form.NFC);

        assertThatThrownBy(() -> Names.checkKey("metric", decomposed))
                .hasMessageContainingAll("metric", ": write '" + composed + "'");
        assertThat(Names.checkKey("metric", composed)).isEqualTo(composed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cafe\u0301", "\u0938\u091f\u0940\u0915", "a\u200db"})
    void keysOfEarlierVersionsAreStillLookedForAndTakenAway(String former) {
        assertThatThrownBy(() -> Names.checkKey("metric", former)).hasMessageContaining("combining marks and joiners");

        assertThat(Names.checkFormerKey("metric", former)).isEqualTo(former);
        assertThat(Names.checkFormerTagKey(former)).isEqualTo(former);
        assertThatThrownBy(() -> Names.checkFormerKey("metric", "a:b")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tagsOfTheStoresAreReserved() {
        for (String key : new String[] {"mlops.id", "mlops.store.", "mlops.store.name"}) {
            assertThat(Names.isOwnTag(key)).isTrue();
            assertThatThrownBy(() -> Names.checkTagKey(key)).hasMessageContainingAll(key, "reserved", "another key");
            assertThatThrownBy(() -> Names.checkFormerTagKey(key)).hasMessageContainingAll(key, "reserved");
        }
        assertThatThrownBy(() -> Names.checkTagKey("mlops.id!")).message().doesNotContain("write '");
        for (String key : new String[] {"mlops.idea", "mlops.store", "mlops.metric.auc.unit", "MLOPS.ID"}) {
            assertThat(Names.checkTagKey(key)).isEqualTo(key);
        }
    }

    @Test
    void nulIsNoCharacterOfAValue() {
        assertThatThrownBy(() -> Names.checkStored("the note", "a\0b", 10, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the note holds the character NUL at 1, which no database keeps: leave it out");
        assertThat(Names.checkStored("the note", "a\n\u0001b", 10, "")).isEqualTo("a\n\u0001b");
    }

    @Test
    void nothingIsSuggestedWhereNothingIsLeft() {
        for (String key : new String[] {"😀", "//", "..", "::"}) {
            assertThatThrownBy(() -> Names.checkKey("metric", key)).hasMessageNotContaining("write");
        }
        assertThatThrownBy(() -> Names.checkKey("metric", "@".repeat(250)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
        assertThatThrownBy(() -> Names.checkKey("metric", "x".repeat(251))).hasMessageContaining("shorten");
        assertThatThrownBy(() -> new RunId("x y".repeat(1_000_000)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    @Test
    void namesAndAliasesThatAreRefusedComeWithOthers() {
        assertThatThrownBy(() -> Names.checkName("model", "churn\n2026")).hasMessageEndingWith(": write 'churn 2026'");
        assertThatThrownBy(() -> Names.checkAlias("to review!")).hasMessageEndingWith(": write 'to-review'");
        assertThatThrownBy(() -> new RunId("job 4711/3")).hasMessageEndingWith(": write 'job-4711-3'");
    }

    /** Texts that are refused by one rule or another, and mixtures of what makes them so. */
    static List<String> wrongTexts() {
        List<String> parts = List.of(
                "churn",
                "v7",
                "7",
                "latest",
                "!",
                "@",
                "#",
                "/",
                ":",
                ".",
                "..",
                " ",
                "\n",
                "models:/",
                "\\",
                "é",
                "😀",
                "\ud800",
                "x".repeat(90));
        List<String> texts = new ArrayList<>();
        for (String one : parts) {
            for (String two : parts) {
                for (String three : parts) {
                    texts.add(one + two + three);
                }
                texts.add(one + two);
            }
            texts.add(one);
        }
        return texts;
    }

    private static List<Consumer<String>> rules() {
        return List.of(
                name -> Names.checkName("experiment", name),
                Names::checkModelName,
                key -> Names.checkKey("metric", key),
                Names::checkAlias,
                RunId::new,
                RelativePath::of);
    }

    @Test
    void whatIsProposedIsTaken() {
        Pattern proposal = Pattern.compile("(?s).*(?:write|for instance to) '(.*)'");
        int proposed = 0;
        for (String text : wrongTexts()) {
            for (Consumer<String> rule : rules()) {
                try {
                    rule.accept(text);
                } catch (IllegalArgumentException refused) {
                    Matcher instead = proposal.matcher(refused.getMessage());
                    if (instead.matches()) {
                        proposed++;
                        assertThatCode(() -> rule.accept(instead.group(1)))
                                .as(refused.getMessage())
                                .doesNotThrowAnyException();
                    }
                }
            }
        }
        assertThat(proposed).isGreaterThan(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"latest", "Latest", "LATEST", "v7", "V12", "7", "007", "", "a b", "a/b", "größe", "a@b"})
    void aliasesThatWouldMislead(String alias) {
        assertThatThrownBy(() -> Names.checkAlias(alias)).isInstanceOf(IllegalArgumentException.class);
    }
}
