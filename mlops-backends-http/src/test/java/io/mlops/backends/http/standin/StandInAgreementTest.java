package io.mlops.backends.http.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the stand-in answers a long talk as the real server does, oddities and refusals included. */
final class StandInAgreementTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"experiments", "runs", "metrics", "batches", "search", "registry", "artifacts", "logged-models"})
    @NeedsServer(Release.V3_17)
    void standsInForVersion3(String talk, TestServer real) throws Exception {
        agrees(Release.V3_17, talk, real);
    }

    @ParameterizedTest
    @ValueSource(strings = {"experiments", "runs", "metrics", "batches", "search", "registry", "artifacts"})
    @NeedsServer(Release.V2_22)
    void standsInForVersion2(String talk, TestServer real) throws Exception {
        agrees(Release.V2_22, talk, real);
    }

    private static void agrees(Release release, String talk, TestServer real)
            throws IOException, InterruptedException, URISyntaxException {
        URL resource = StandInAgreementTest.class.getResource("/agreement/" + talk + ".txt");
        List<String> lines = Files.readAllLines(Path.of(resource.toURI()));
        real.empty();
        try (StandIn standIn = StandIn.start(release)) {
            List<String> here = Conversation.with(standIn.address(), lines);
            List<String> there = Conversation.with(real.address(), lines);
            List<String> different = IntStream.range(0, here.size())
                    .filter(line -> !here.get(line).equals(there.get(line)))
                    .mapToObj(line -> "real: " + there.get(line) + "\nhere: " + here.get(line))
                    .toList();
            assertThat(different).isEmpty();
        }
    }
}
