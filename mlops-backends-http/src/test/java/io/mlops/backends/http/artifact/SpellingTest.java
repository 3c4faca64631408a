package io.mlops.backends.http.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of files as servers keep them. */
final class SpellingTest {
    private static final int LONGEST = 5;

    /** All texts of these characters, from the shortest to the longest. */
    private static List<String> texts(String characters) {
        List<String> all = new ArrayList<>();
        List<String> longest = List.of("");
        for (int length = 1; length <= LONGEST; length++) {
            longest = longest.stream()
                    .flatMap(text -> characters.chars().mapToObj(next -> text + (char) next))
                    .toList();
            all.addAll(longest);
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"~#%235", "~#%7eE"})
    void everyNameHasItsOwnSpellingThatIsReadBack(String characters) {
        Map<String, String> spelled = new HashMap<>();
        for (String name : texts(characters)) {
            String stored = Spelling.of(name);

            assertThat(spelled.put(stored, name)).as("other name of %s", stored).isNull();
            assertThat(Spelling.read(stored)).as("name of %s", stored).isEqualTo(name);
            assertThat(stored).doesNotContain("#").doesNotContainPattern("%[0-9a-fA-F]{2}");
        }
    }
}
