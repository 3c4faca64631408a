package io.mlops.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the quick start says to data, options and stores that it cannot use. */
final class BadInputTest {
    private static final String HEADER =
            CensusGenerator.csv(0, 0).lines().findFirst().orElseThrow();
    private static final String ROW =
            "39,Private,77516,Bachelors,13,Never-married,Adm-clerical,Not-in-family,White,Male,"
                    + "2174,0,40,United-States,<=50K";

    @TempDir
    private Path folder;

    static Stream<Arguments> badCells() {
        return Stream.of(
                arguments("39,", "abc,", "column age: 'abc' is not a number"),
                arguments("39,", "NaN,", "column age: 'NaN' is not a number"),
                arguments("39,", "39d,", "column age: '39d' is not a number"),
                arguments("39,", "1e10,", "column age: '1e10' is too large"),
                arguments("39,", "-1e999,", "column age: '-1e999' is too large"),
                arguments(",40,", ",4 0,", "column hours-per-week: '4 0' is not a number"),
                arguments("39,", "\"3\n9\",", "column age: '3?9' is not a number"),
                arguments("39,", "x".repeat(50) + ",", "column age: '" + "x".repeat(40) + "...' is not a number"),
                arguments("<=50K", "<50K", "column class: '<50K' is neither '<=50K' nor '>50K'"),
                arguments("<=50K", "", "column class: '' is neither '<=50K' nor '>50K'"),
                arguments(",<=50K", "", "column class: the row has 14 cells, the header 15"),
                arguments("39,Private", "39", "column class: the row has 14 cells, the header 15"),
                arguments("<=50K", "<=50K,1", "column 16: the row has 16 cells, the header 15"),
                arguments("39,", "\u001a,", "column age: '?' is not a number"),
                arguments(
                        "Private",
                        "\"Private",
                        "column workclass: a quote that is never closed, or goes on after its end"),
                arguments(
                        "Bachelors",
                        "\"Bache\"lors",
                        "column education: a quote that is never closed, or goes on after its end"));
    }

    @ParameterizedTest
    @MethodSource("badCells")
    void aBadCellIsNamedByLineAndColumn(String right, String wrong, String problem) throws IOException {
        write("adult.csv", HEADER + "\n" + ROW + "\n\n" + ROW.replaceFirst(right, wrong) + "\n" + ROW + "\n");

        refused("adult.csv:4: " + problem, "--data", "adult.csv");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "age,|years,|column age: not in the header",
                ",class|,age|column age: twice in the header",
                ",class|,income|column class: not in the header",
                ",|;|column workclass: not in the header",
                "education-num|\"education-num|column education: a quote that is never closed, or goes on after its end"
            })
    void aBadHeaderIsNamed(String right, String wrong, String problem) throws IOException {
        write("adult.csv", HEADER.replace(right, wrong) + "\n" + ROW + "\n");

        refused("adult.csv:1: " + problem.replace("column education:", "column 5:"), "--data", "adult.csv");
    }

    @Test
    void anEmptyFileIsNamed() throws IOException {
        write("adult.csv", "");
        refused("adult.csv:1: empty, the first line must name the columns", "--data", "adult.csv");
    }

    @Test
    void tooFewRowsToHoldAnyOutAreRefused() throws IOException {
        write("adult.csv", HEADER + "\n");
        refused("adult.csv: column class: 0 rows with '<=50K', at least 4 are needed", "--data", "adult.csv");

        write("adult.csv", HEADER + "\n" + (ROW + "\n").repeat(9));
        refused("adult.csv: column class: 0 rows with '>50K', at least 4 are needed", "--data", "adult.csv");
    }

    @Test
    void textInAnotherEncodingIsNamed() throws IOException {
        String text = HEADER + "\n" + ROW + "\n" + ROW.replace("Private", "Priv\u00e9") + "\n";

        Files.write(folder.resolve("latin.csv"), text.getBytes(StandardCharsets.ISO_8859_1));
        refused("latin.csv:3: column workclass: not UTF-8", "--data", "latin.csv");

        Files.write(folder.resolve("utf16.csv"), text.getBytes(StandardCharsets.UTF_16));
        refused("utf16.csv:1: column 1: not UTF-8", "--data", "utf16.csv");
    }

    @Test
    void aByteOrderMarkAndUnknownColumnsAndEmptyCellsAreFine() throws IOException {
        String rows = CensusGenerator.csv(200, 1).replaceAll("(?m)$", ",more").replaceFirst(",more$", "");
        String withoutAnything = ",".repeat(14) + ">50K,\n" + ",".repeat(14) + "<=50K,\n";
        write("adult.csv", "\uFEFF" + rows + withoutAnything.repeat(4));

        Outcome outcome = Outcome.ofQuickStart(folder, "--data", "adult.csv");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("208 census rows");
    }

    @Test
    void theFewestRowsAndTheLargestNumbersAreFine() throws IOException {
        String large =
                ROW.replace("2174", "1e9") + "\n" + ROW.replace("2174", "-1e9").replace("<=", ">") + "\n";
        write("adult.csv", HEADER + "\n" + large.repeat(4));

        Outcome outcome = Outcome.ofQuickStart(folder, "--data", "adult.csv");

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).contains("6 to learn from, 2 held out");
    }

    @Test
    void whatIsNoReadableFileIsNamed() throws IOException {
        refused("none.csv: no such file", "--data", "none.csv");

        Files.createDirectory(folder.resolve("data"));
        refused("data: a folder, not a CSV file", "--data", "data");
        Files.delete(folder.resolve("data"));
    }

    @Test
    void aFileThatNeverEndsIsRefused() {
        Path zeros = Path.of("/dev/zero");
        assumeTrue(Files.exists(zeros), () -> "there is no " + zeros);

        refused("/dev/zero: larger than 16 MB, which is more than this sample reads", "--data", zeros.toString());
    }

    @Test
    void aFileThatFailsWhileBeingReadIsNamed() {
        Path memory = Path.of("/proc/self/mem"); // address 0 is never mapped, so that reading it is an I/O error
        assumeTrue(Files.exists(memory), () -> "there is no " + memory);

        Outcome outcome = Outcome.ofQuickStart(folder, "--data", memory.toString());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).startsWith(memory + ": cannot be read: ").hasLineCount(1);
    }

    @Test
    void unknownOptionsGetTheUsage() {
        String usage = "; usage: java -jar quickstart.jar [--data FILE] [--store ADDRESS]";

        refused("unknown option '--dta'" + usage, "--dta", "adult.csv");
        refused("unknown option 'adult.csv'" + usage, "adult.csv");
        refused("option '--data' needs a value" + usage, "--data");
        refused("option '--data' needs a value" + usage, "--data", "");
        refused("option '--store' needs a value" + usage, "--data", "none.csv", "--store");
    }

    @Test
    void aStoreThatCannotBeOpenedIsNamed() throws IOException {
        write("a-file", "");

        for (String address : new String[] {"mlops-store", "nosuch:store", "file:" + folder.resolve("a-file")}) {
            Outcome outcome = Outcome.ofQuickStart(folder, "--store", address);
            assertThat(outcome.code()).isEqualTo(2);
            assertThat(outcome.err())
                    .startsWith("cannot open the store: ")
                    .contains(address.replace("file:", "").replace(":store", ""))
                    .hasLineCount(1);
        }
    }

    /** One line, exit code 2, and nothing was stored. */
    private void refused(String message, String... arguments) {
        Outcome outcome = Outcome.ofQuickStart(folder, arguments);

        assertThat(outcome.err().replace(folder + "/", "")).isEqualTo(message + System.lineSeparator());
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(folder.resolve("mlops-store")).doesNotExist();
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
    }
}
