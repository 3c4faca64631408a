package io.mlops.samples;

import java.util.List;
import java.util.Random;

/** Makes up census rows in which income depends on the other columns; the same seed gives the same rows anywhere. */
final class CensusGenerator {
    private static final String HEADER = "age,workclass,fnlwgt,education,education-num,marital-status,occupation,"
            + "relationship,race,sex,capital-gain,capital-loss,hours-per-week,native-country,class";
    private static final List<String> EDUCATION = List.of(
            "Preschool",
            "1st-4th",
            "5th-6th",
            "7th-8th",
            "9th",
            "10th",
            "11th",
            "12th",
            "HS-grad",
            "Some-college",
            "Assoc-voc",
            "Assoc-acdm",
            "Bachelors",
            "Masters",
            "Prof-school",
            "Doctorate");
    private static final int COLLEGE = 13;

    private final Random random;

    private CensusGenerator(long seed) {
        random = new Random(seed);
    }

    /** A header and this many rows. */
    static String csv(int rows, long seed) {
        CensusGenerator generator = new CensusGenerator(seed);
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        for (int row = 0; row < rows; row++) {
            csv.append(generator.row()).append('\n');
        }
        return csv.toString();
    }

    private String row() {
        int age = around(39, 13, 17, 90);
        int education = around(10, 2.6, 1, EDUCATION.size());
        int hours = around(40, 11, 5, 90);
        boolean male = chance(0.67);
        boolean married = chance(age < 26 ? 0.15 : 0.55);
        boolean works = chance(0.94);
        int gain = chance(0.06) ? 2_000 + random.nextInt(14_000) : 0;
        int loss = chance(0.04) ? 1_400 + random.nextInt(1_100) : 0;

        double score = -4.2
                + 0.65 * (education - 10)
                + 0.05 * (age - 39)
                + 0.06 * (hours - 40)
                + 0.0004 * gain
                + 0.0006 * loss
                + (married ? 3.6 : 0);
        boolean high = chance(1 / (1 + StrictMath.exp(-score)));

        return String.join(
                ",",
                String.valueOf(age),
                works ? any("Private", "Private", "Private", "Self-emp-not-inc", "Local-gov", "State-gov") : "",
                String.valueOf(50_000 + random.nextInt(300_000)),
                EDUCATION.get(education - 1),
                String.valueOf(education),
                married ? "Married-civ-spouse" : any("Never-married", "Never-married", "Divorced", "Widowed"),
                works ? occupation(education) : "",
                married ? (male ? "Husband" : "Wife") : any("Not-in-family", "Own-child", "Unmarried"),
                any("White", "White", "White", "White", "Black", "Asian-Pac-Islander"),
                male ? "Male" : "Female",
                String.valueOf(gain),
                String.valueOf(loss),
                String.valueOf(hours),
                chance(0.02) ? "" : any("United-States", "United-States", "United-States", "Mexico", "Germany"),
                high ? Census.HIGH : Census.LOW);
    }

    private String occupation(int education) {
        return education < COLLEGE
                ? any("Craft-repair", "Adm-clerical", "Sales", "Other-service", "Machine-op-inspct")
                : any("Exec-managerial", "Prof-specialty", "Prof-specialty", "Sales", "Tech-support");
    }

    private int around(double mean, double deviation, int min, int max) {
        long value = Math.round(mean + deviation * random.nextGaussian());
        return (int) Math.max(min, Math.min(max, value));
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private String any(String... values) {
        return values[random.nextInt(values.length)];
    }
}
