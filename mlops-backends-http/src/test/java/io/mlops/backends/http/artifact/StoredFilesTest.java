package io.mlops.backends.http.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.Digest;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.ArtifactStore;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.RunDraft;
import io.mlops.backends.http.HttpBackend;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.Reply;
import io.mlops.backends.http.standin.StandIn;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is kept of the files of runs on a server that keeps no digests. */
final class StoredFilesTest {
    private static final RunId ID = new RunId("run-1");

    @AutoClose
    private final StandIn server = StandIn.start(Release.V3_17);

    @AutoClose
    private final HttpBackend here = HttpBackend.at(server.address(), HttpSettings.standard());

    @AutoClose
    private final HttpBackend elsewhere = HttpBackend.at(server.address(), HttpSettings.standard());

    private String root = "";

    StoredFilesTest() throws IOException {}

    @BeforeEach
    void makeRun() {
        String storeId = here.runs()
                .create(new RunDraft(ID, "churn", "run", Instant.EPOCH, null, Map.of(), true))
                .storeId();
        root = RawClient.of(server)
                .get("runs/get?run_id=" + storeId)
                .replaceAll("(?s).*\"artifact_uri\" ?: ?\"mlflow-artifacts:/([^\"]*)\".*", "$1");
    }

    private static ArtifactEntry put(HttpBackend backend, String path, String text) {
        return backend.artifacts()
                .put(ID, Map.of(RelativePath.of(path), Content.text(text)))
                .get(0);
    }

    private static ArtifactEntry find(HttpBackend backend, String path) {
        return backend.artifacts().find(ID, RelativePath.of(path)).orElseThrow();
    }

    private static Digest digest(String text) {
        return Digest.sha256(ContentCopy.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void digestsAreKnownEverywhereHoweverManyPutsThereWere() {
        for (int i = 0; i < 70; i++) {
            ArtifactEntry unused = put(here, "file-" + i, "text " + i);
        }

        Page<ArtifactEntry> all = elsewhere.artifacts().list(ID, null, PageRequest.first(100));
        assertThat(all.items())
                .hasSize(70)
                .allSatisfy(entry -> assertThat(entry.digest())
                        .isEqualTo(digest(entry.path().value().replace("file-", "text "))));
        assertThat(RawClient.of(server).list(root + "/.mlops/artifacts").split("\"path\""))
                .hasSizeLessThan(40);
    }

    @Test
    void ofTwoProgramsTheLaterOneTellsTheDigest() {
        ArtifactEntry unused = put(here, "x", "one");
        unused = put(elsewhere, "x", "two");
        assertThat(find(here, "x").digest()).isEqualTo(digest("two"));
        unused = put(here, "x", "six");

        assertThat(find(here, "x").digest()).isEqualTo(digest("six"));
        assertThat(find(elsewhere, "x").digest()).isEqualTo(digest("six"));
    }

    @Test
    void whatOthersPutThereHasNoDigest() {
        ArtifactEntry unused = put(here, "x", "one");

        RawClient.of(server).put(root + "/x", "longer");
        RawClient.of(server).put(root + "/python.txt", "y");

        assertThat(find(here, "x")).isEqualTo(new ArtifactEntry(RelativePath.of("x"), 6, null));
        assertThat(find(here, "python.txt").digest()).isNull();
    }

    @Test
    void whatOthersPutThereIsReadUnderItsName() throws IOException {
        for (String name : List.of("1%.txt", "100%", "größe ~7e")) {
            RawClient.of(server).put(root + "/" + name.replace("%", "%25").replace(" ", "%20"), name);
            try (InputStream bytes =
                    here.artifacts().open(ID, RelativePath.of(name)).bytes()) {
                assertThat(bytes).hasContent(name);
            }
        }
    }

    @Test
    void aContentThatTellsAWrongLengthIsStoredAsLongAsItIs() throws IOException {
        for (int told : new int[] {0, 3, 100_000, 3_000_000}) {
            byte[] real = new byte[1_000_000];
            Content content = new Content() {
                @Override
                public long bytes() {
                    return told;
                }

                @Override
                public InputStream open() {
                    return new ByteArrayInputStream(real);
                }
            };
            ArtifactEntry entry = here.artifacts()
                    .put(ID, Map.of(RelativePath.of("x"), content))
                    .get(0);
            assertThat(entry.bytes()).isEqualTo(real.length);
            assertThat(find(elsewhere, "x")).isEqualTo(entry);
        }
    }

    @Test
    void aContentThatFailsAtItsEndReplacesNothing() {
        ArtifactEntry before = put(here, "x", "one");
        Content failing = new Content() {
            @Override
            public long bytes() {
                return 1_000_000;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[1_000_000]) {
                    @Override
                    public void close() throws IOException {
                        throw new IOException("the pipe broke");
                    }
                };
            }
        };
        assertThatThrownBy(() -> here.artifacts().put(ID, Map.of(RelativePath.of("x"), failing)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("the pipe broke");
        assertThat(find(elsewhere, "x")).isEqualTo(before);
    }

    @Test
    void namesThatServersDecodeOnceMoreComeBack() {
        List<String> odd = List.of("a#b", "100%", "1%.txt", "a%2fb", "%%34", "~23~", "~7e~", "~~25~");
        odd.forEach(name -> assertThat(put(here, name, name).path().value()).isEqualTo(name));

        assertThat(elsewhere.artifacts().list(ID, null, PageRequest.first(10)).items())
                .extracting(entry -> entry.path().value())
                .containsExactlyInAnyOrderElementsOf(odd);
    }

    @Test
    void aServerWhoseArtifactServiceIsOffIsAskedOnce() {
        AtomicInteger asked = new AtomicInteger();
        server.intercept(request -> {
            if (!request.rawPath().contains("mlflow-artifacts")) {
                return null;
            }
            asked.incrementAndGet();
            return Reply.json(503, "{\"detail\": \"Artifact serving is disabled on this server.\"}");
        });

        assertThatThrownBy(() -> put(here, "x", "one"))
                .isInstanceOf(UnsupportedByBackendException.class)
                .hasMessageContaining("--serve-artifacts");
        assertThat(asked).hasValue(1);
    }

    @Test
    void aLongDownloadGoesOnWhereItBroke() throws IOException {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);
        ArtifactStore store = here.artifacts();
        List<ArtifactEntry> unused = store.put(ID, Map.of(RelativePath.of("long"), Content.of(bytes)));
        AtomicInteger opened = new AtomicInteger();
        server.intercept(request ->
                request.rawPath().endsWith("/long") && request.method().equals("GET") && opened.incrementAndGet() == 1
                        ? Reply.of(200, "application/octet-stream", Arrays.copyOf(bytes, 1_000_000))
                        : null);

        try (InputStream in = store.open(ID, RelativePath.of("long")).bytes()) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        assertThat(opened).hasValue(2);
    }
}
