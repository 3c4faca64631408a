package io.mlops.samples;

import java.util.Map;

/**
 * One person.
 *
 * @param numbers by column; a missing value has no entry
 * @param categories by column; a missing value has no entry
 * @param income {@code >50K} or {@code <=50K}
 */
record CensusRow(Map<String, Double> numbers, Map<String, String> categories, String income) {
    CensusRow {
        numbers = Map.copyOf(numbers);
        categories = Map.copyOf(categories);
    }

    /** A few words about the person. */
    String summary() {
        return "age %s, %s, %s, %s hours"
                .formatted(
                        number("age"),
                        categories.getOrDefault("education", "?"),
                        categories.getOrDefault("occupation", "?"),
                        number("hours-per-week"));
    }

    private String number(String column) {
        Double value = numbers.get(column);
        return value == null ? "?" : String.valueOf(Math.round(value));
    }
}
