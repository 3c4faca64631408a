package io.mlops.backends.http.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.Content;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.Request;
import io.mlops.backends.http.standin.StandIn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that a proxy before the server finds too long, and that go to its store in parts. */
final class PartedUploadTest {
    private static final HttpSettings SETTINGS =
            HttpSettings.standard().token("secret-of-server").allowPrivateAddresses();
    private static final int THREE_PARTS = 34 << 20;

    @AutoClose
    private final StandIn server = StandIn.withBucket(Release.V3_17);

    @AutoClose
    private final FilesOnServer files = FilesOnServer.of(server, "", SETTINGS);

    PartedUploadTest() throws IOException {}

    @BeforeEach
    void putAProxyBefore() {
        server.intercept(PartedUploadTest::tooLong);
    }

    private static @Nullable Reply tooLong(Request request) {
        return isUpload(request) ? FilesOnServer.page(413).beforeReading() : null;
    }

    private static boolean isUpload(Request request) {
        return request.method().equals("PUT") && request.rawPath().contains("/mlflow-artifacts/artifacts/");
    }

    private long asked(String endpoint) {
        return server.requests().stream()
                .filter(request -> request.contains("/mpu/" + endpoint + "/"))
                .count();
    }

    @Test
    void whatIsTooLongForTheProxyGoesInParts() {
        byte[] bytes = FilesOnServer.bytes(THREE_PARTS);

        assertThat(files.put("model/weights", bytes)).isEqualTo(THREE_PARTS);

        assertThat(server.bucket().requests())
                .extracting(put -> put.replaceFirst(".*/", ""))
                .containsExactly("weights#1", "weights#2", "weights#3");
        assertThat(files.read("model/weights")).isEqualTo(bytes);
        assertThat(server.bucket().unfinished()).isZero();
    }

    /** As when the server takes longer to store it than a proxy waits. */
    @Test
    void whatTheProxyDoesNotWaitForGoesInParts() {
        server.intercept(request -> isUpload(request) ? FilesOnServer.page(504) : null);
        byte[] bytes = FilesOnServer.bytes(2 << 20);

        assertThat(files.put("weights", bytes)).isEqualTo(bytes.length);
        assertThat(files.read("weights")).isEqualTo(bytes);
        assertThat(asked("create")).isEqualTo(1);
    }

    @Test
    void aPartThatBreaksOffIsSentAgainByItself() {
        AtomicInteger broken = new AtomicInteger();
        server.bucket()
                .intercept(request -> request.query("partNumber").equals("2") && broken.getAndIncrement() == 0
                        ? Reply.reset()
                        : null);
        byte[] bytes = FilesOnServer.bytes(THREE_PARTS);

        assertThat(files.put("weights", bytes)).isEqualTo(THREE_PARTS);
        assertThat(server.bucket().requests()).hasSize(4);
        assertThat(files.read("weights")).isEqualTo(bytes);
    }

    @Test
    void aPartThatIsRefusedTakesAllBack() {
        server.bucket()
                .intercept(request ->
                        request.query("partNumber").equals("2") ? Reply.of(403, "application/xml", "") : null);

        assertThatThrownBy(() -> files.put("weights", new byte[THREE_PARTS]))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("signature")
                .hasMessageNotContaining("s1gnature");
        assertThat(asked("abort")).isEqualTo(1);
        assertThat(server.bucket().unfinished()).isZero();
        assertThat(files.has("weights")).isFalse();
    }

    @Test
    void aLostEndIsLookedAtBeforeAllIsSentAgain() {
        AtomicInteger ends = new AtomicInteger();
        server.intercept(request -> request.rawPath().contains("/mpu/complete/") && ends.getAndIncrement() == 0
                ? Reply.reset()
                : tooLong(request));
        byte[] bytes = FilesOnServer.bytes(2 << 20);

        assertThat(files.put("weights", bytes)).isEqualTo(bytes.length);
        assertThat(files.read("weights")).isEqualTo(bytes);
        assertThat(asked("create")).isEqualTo(2);
        assertThat(server.bucket().unfinished()).isZero();
    }

    @Test
    void aContentLongerThanItSaidIsMeasuredAndSent() {
        Content growing = new Content() {
            @Override
            public long bytes() {
                return 10;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[17 << 20]);
            }
        };

        assertThat(files.files()
                        .put(files.place(), RelativePath.of("log"), growing)
                        .bytes())
                .isEqualTo(17 << 20);
        assertThat(files.read("log")).hasSize(17 << 20);
        assertThat(server.bucket().unfinished()).isZero();
    }

    @Test
    void aServerWhoseStoreTakesNoPartsLeavesItAtTheLimitOfTheProxy() throws IOException {
        try (StandIn plain = StandIn.start(Release.V2_22);
                FilesOnServer there = FilesOnServer.of(plain, "", SETTINGS)) {
            plain.intercept(PartedUploadTest::tooLong);
            assertThatThrownBy(() -> there.put("weights", new byte[2 << 20]))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("client_max_body_size", "between");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"upload_id\": \"u\"}",
                "{\"upload_id\": \"u\", \"credentials\": []}",
                "{\"upload_id\": \"u\", \"credentials\": [{\"part_number\": 0, \"url\": \"https://example.com/\"}]}",
                "{\"upload_id\": \"u\", \"credentials\": [{\"part_number\": -1, \"url\": \"https://example.com/\"}]}",
                "{\"upload_id\": \"u\", \"credentials\": [{\"part_number\": 2, \"url\": \"https://example.com/\"}]}",
                "{\"upload_id\": \"u\", \"credentials\": [{\"part_number\": 9e99, \"url\": \"https://example.com/\"}]}",
                "{\"upload_id\": \"u\", \"credentials\": [{\"part_number\": 1}, {\"part_number\": 1}]}",
                "{\"upload_id\": \"u\", \"credentials\": [{\"part_number\": 1}, {\"part_number\": 2}]}",
                "{\"upload_id\": \"u\", \"credentials\": 7}",
                "{\"credentials\": [{\"part_number\": 1, \"url\": \"https://example.com/\"}]}",
                "[]"
            })
    void partsThatMakeNoSenseAreDamaged(String answer) {
        server.intercept(
                request -> request.rawPath().contains("/mpu/create/") ? Reply.json(200, answer) : tooLong(request));

        assertThatThrownBy(() -> files.put("a", new byte[5])).isInstanceOf(CorruptDataException.class);
        assertThat(server.bucket().requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://169.254.169.254/x?sig=s3cret", "file:///etc/passwd?s3cret", "http://10.0.0.1/?s3cret"})
    void aPartThatLeadsElsewhereIsNotSent(String url) throws IOException {
        try (StandIn other = StandIn.withBucket(Release.V3_17);
                FilesOnServer careful = FilesOnServer.of(other, "", HttpSettings.standard())) {
            other.intercept(request -> request.rawPath().contains("/mpu/create/")
                    ? Reply.json(
                            200,
                            "{\"upload_id\": \"u\", \"credentials\": [{\"part_number\": 1, \"url\": \"" + url + "\"}]}")
                    : tooLong(request));
            assertThatThrownBy(() -> careful.put("a", new byte[5]))
                    .isInstanceOf(MlopsException.class)
                    .isInstanceOf(RefusedException.class)
                    .hasMessageNotContaining("s3cret");
            assertThat(other.requests()).anyMatch(request -> request.contains("/mpu/abort/"));
        }
    }

    /** The store behind is on this machine, where the settings do not allow to go. */
    @Test
    void lostAnswersAreToldThoughPartsMayNotGoToTheStore() throws IOException {
        try (StandIn other = StandIn.withBucket(Release.V3_17);
                FilesOnServer careful = FilesOnServer.of(other, "", HttpSettings.standard())) {
            other.intercept(request -> isUpload(request) ? FilesOnServer.page(504) : null);

            assertThatThrownBy(() -> careful.put("a", new byte[5]))
                    .isInstanceOf(BackendUnavailableException.class)
                    .hasMessageContaining("504")
                    .satisfies(failure -> assertThat(failure.getSuppressed())
                            .singleElement()
                            .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                            .isInstanceOf(RefusedException.class)
                            .hasMessageContaining("plain http"));
        }
    }

    @Test
    void theLimitOfTheProxyIsToldThoughPartsMayNotGoToTheStore() throws IOException {
        try (StandIn other = StandIn.withBucket(Release.V3_17);
                FilesOnServer careful = FilesOnServer.of(other, "", HttpSettings.standard())) {
            other.intercept(PartedUploadTest::tooLong);

            assertThatThrownBy(() -> careful.put("a", new byte[5]))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContainingAll("client_max_body_size", "plain http")
                    .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
        }
    }

    @Test
    void whatIsTooLongForTheProxyIsReadFromTheStore() {
        server.intercept(request -> null);
        byte[] bytes = FilesOnServer.bytes(100_000);
        assertThat(files.put("weights", bytes)).isEqualTo(bytes.length);
        server.intercept(request -> request.method().equals("GET")
                        && request.rawPath().endsWith("artifacts/weights")
                        && request.rawPath().contains("/mlflow-artifacts/artifacts/")
                ? FilesOnServer.page(413)
                : null);

        assertThat(files.read("weights")).isEqualTo(bytes);
        assertThat(server.bucket().requests()).hasSize(1);
    }
}
