package io.mlops.backends.http.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.wire.Download;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in a bucket that the server does not serve, by addresses that it signs. */
final class SignedFilesTest {
    private static final String ROOT = "s3://bucket/churn";
    private static final int OVER_LIMIT = 11_000_000;

    @AutoClose
    private final StandIn server = StandIn.withBucket(Release.V3_17);

    @AutoClose
    private final FilesOnServer files = FilesOnServer.of(
            server, ROOT, HttpSettings.standard().token("secret-of-server").allowPrivateAddresses());

    SignedFilesTest() throws IOException {}

    private void answerSigning(String answer) {
        server.intercept(
                request -> request.rawPath().contains("/artifacts/presigned-") ? Reply.json(200, answer) : null);
    }

    @Test
    void whatTheServerDoesNotTakeGoesToItsStore() {
        byte[] bytes = FilesOnServer.bytes(OVER_LIMIT);

        assertThat(files.put("model/weights", bytes)).isEqualTo(OVER_LIMIT);

        assertThat(server.bucket().requests()).hasSize(1).allMatch(put -> put.endsWith("/model/weights"));
        assertThat(files.read("model/weights")).isEqualTo(bytes);
    }

    @Test
    void anEmptyFileGoesThereToo() {
        assertThat(files.put("empty", new byte[0])).isZero();
        assertThat(server.bucket().requests()).hasSize(1);
        assertThat(files.has("empty")).isTrue();
    }

    @Test
    void filesOfALoggedModelGoThere() {
        String made = RawClient.of(server).post("logged-models", "{\"experiment_id\": \"1\", \"name\": \"m\"}");
        String id = FilesOnServer.field("model_id", made);
        FilesOnServer model =
                files.at(new Place(FilesOnServer.field("artifact_uri", made), new Place.Owner.OfLoggedModel(id), null));

        assertThat(model.put("MLmodel", new byte[] {1, 2})).isEqualTo(2);
        assertThat(model.read("MLmodel")).containsExactly(1, 2);
        assertThat(server.bucket().requests()).hasSize(1);
    }

    @Test
    void whatTheServerDoesNotGiveIsReadFromItsStore() throws IOException {
        assertThat(files.put("log", "hello".getBytes(StandardCharsets.UTF_8))).isEqualTo(5);
        server.intercept(request -> request.rawPath().equals("/get-artifact") ? FilesOnServer.page(413) : null);

        RelativePath path = RelativePath.of("log");
        try (Download whole = files.files().open(files.place(), path, 0, null);
                Download rest = files.files().open(files.place(), path, 2, whole.etag())) {
            assertThat(whole.bytes().readAllBytes()).asString().isEqualTo("hello");
            assertThat(rest.from()).isEqualTo(2);
            assertThat(rest.bytes().readAllBytes()).asString().isEqualTo("llo");
        }
        assertThat(server.bucket().requests()).hasSize(2).allMatch(get -> get.startsWith("GET "));
    }

    /** The server has the answer to who may be called, and the program the last word. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/?sig=s3cret",
                "https://169.254.169.254/latest/meta-data/?sig=s3cret",
                "https://10.1.2.3/x?sig=s3cret",
                "https://[::1]/x?sig=s3cret",
                "https://localhost/x?sig=s3cret",
                "file:///etc/passwd?sig=s3cret",
                "jar:https://example.com/a.jar!/?sig=s3cret",
                "gopher://example.com/x?sig=s3cret",
                "https://user:s3cret@example.com/x",
                "//example.com/x?sig=s3cret",
                "not an address s3cret"
            })
    void anAddressThatLeadsElsewhereIsNotFollowed(String url) {
        answerSigning("{\"presigned_url\": \"" + url + "\"}");
        try (FilesOnServer careful = FilesOnServer.of(plain(), ROOT, HttpSettings.standard())) {
            assertThatThrownBy(() -> careful.put("a", new byte[OVER_LIMIT]))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageNotContaining("s3cret");
        }
    }

    /** The same server with another experiment. */
    private StandIn plain() {
        server.empty();
        return server;
    }

    @Test
    void anAnswerWithoutAnAddressIsDamaged() {
        answerSigning("{\"headers\": {}}");
        assertThatThrownBy(() -> files.put("a", new byte[OVER_LIMIT]))
                .isInstanceOf(io.mlops.api.common.CorruptDataException.class)
                .hasMessageContaining("presigned_url");
    }

    @Test
    void noHeaderThatSaysWhoWeAreIsSentForTheServer() {
        answerSigning(
                "{\"presigned_url\": \"http://127.0.0.1:1/x\", \"headers\": {\"Authorization\": \"Basic eDp5\"}}");
        assertThatThrownBy(() -> files.put("a", new byte[OVER_LIMIT]))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("Authorization");
    }

    @Test
    void aStoreThatSendsOnIsNotFollowed() {
        server.bucket()
                .intercept(request -> Reply.of(307, "text/plain", "").with("Location", server.address() + "/version"));
        assertThatThrownBy(() -> files.put("a", new byte[OVER_LIMIT]))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("307");
        assertThat(server.bucket().requests()).hasSize(1);
        assertThat(server.requests()).doesNotContain("PUT /version", "GET /version");
    }

    @Test
    void aServerThatCannotReachItsOwnStoreIsToldHowToServe() {
        server.intercept(request -> request.rawPath().contains("artifact") ? FilesOnServer.page(500) : null);

        assertThatThrownBy(() -> files.put("a", new byte[1]))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContainingAll("'s3'", "--serve-artifacts")
                .returns(true, failure -> ((BackendUnavailableException) failure).maybeDone());
        assertThatThrownBy(() -> files.put("a", new byte[OVER_LIMIT]))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContainingAll("'s3'", "--serve-artifacts");
        assertThatThrownBy(() -> files.has("a"))
                .isInstanceOf(BackendUnavailableException.class)
                .hasMessageContainingAll("'s3'", "--serve-artifacts");

        // It may have been for a moment only, as when the store is started again.
        server.intercept(request -> null);
        assertThat(files.put("a", new byte[1])).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 501})
    void aServerThatHasNoSuchCallWillNeverStoreThere(int status) {
        server.intercept(request -> request.rawPath().contains("artifact") ? FilesOnServer.page(status) : null);

        assertThatThrownBy(() -> files.put("a", new byte[OVER_LIMIT]))
                .isInstanceOf(UnsupportedByBackendException.class)
                .hasMessageContainingAll("'s3'", "--serve-artifacts");
        assertThatThrownBy(() -> files.has("a"))
                .isInstanceOf(UnsupportedByBackendException.class)
                .hasMessageContainingAll("'s3'", "--serve-artifacts");
    }

    @Test
    void pagesWithoutAnEndAreLeft() {
        int[] page = {0};
        server.intercept(request -> request.rawPath().endsWith("/artifacts/list")
                ? Reply.json(200, "{\"next_page_token\": \"" + (page[0]++ % 3) + "\"}")
                : null);
        assertThat(files.has("a")).isFalse();
        assertThat(page[0]).isLessThan(10);
    }
}
