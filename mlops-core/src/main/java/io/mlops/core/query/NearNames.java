package io.mlops.core.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The end of a message that something is not there: it tells what is, so that a typo is seen at once. Thread-safe.
 */
final class NearNames {
    private static final int MAX_TOLD = 3;
    /** Number of names that are compared; a store of very many runs is not read to its end for a message. */
    private static final int MAX_COMPARED = 10_000;
    /** Length up to which names are compared. */
    private static final int MAX_LENGTH = 100;

    private record Near(String name, int distance) {}

    private NearNames() {}

    /**
     * Returns words that follow a message such as {@code no model 'chrun' in file:/store}: {@code , only churn} where
     * few are there, the most similar ones or their number where many are.
     *
     * @param sought the name that is not there
     * @param there the names of all things of its kind
     */
    static String hint(String sought, Collection<String> there) {
        if (there.isEmpty()) {
            return ", and no other";
        }
        if (there.size() <= MAX_TOLD) {
            return ", only " + String.join(", ", there.stream().sorted().toList());
        }
        List<String> near = near(sought, there);
        return near.isEmpty()
                ? ", but " + there.size() + " others"
                : ", but " + String.join(", ", near) + " (of " + there.size() + ")";
    }

    private static List<String> near(String sought, Collection<String> there) {
        String wanted = comparable(sought);
        int most = Math.max(2, wanted.length() / 3);
        List<Near> near = new ArrayList<>();
        there.stream().limit(MAX_COMPARED).forEach(name -> {
            String other = comparable(name);
            int distance = !wanted.isEmpty() && (other.startsWith(wanted) || wanted.startsWith(other))
                    ? 0
                    : distance(wanted, other, most);
            if (distance <= most) {
                near.add(new Near(name, distance));
            }
        });
        return near.stream()
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .limit(MAX_TOLD)
                .map(Near::name)
                .toList();
    }

    private static String comparable(String name) {
        return name.substring(0, Math.min(MAX_LENGTH, name.length())).toLowerCase(Locale.ROOT);
    }

    /** Returns how many letters are to be changed, added or left out; more than the most if that is clear. */
    private static int distance(String from, String to, int most) {
        if (Math.abs(from.length() - to.length()) > most) {
            return most + 1;
        }
        int[] above = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] line = new int[to.length() + 1];
            line[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int changed = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                line[column] = Math.min(changed, 1 + Math.min(above[column], line[column - 1]));
            }
            above = line;
        }
        return above[to.length()];
    }
}
