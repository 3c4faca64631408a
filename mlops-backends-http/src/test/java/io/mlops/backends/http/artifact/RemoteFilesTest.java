package io.mlops.backends.http.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.artifact.Content;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.config.HttpSettings;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.standin.RawClient;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import io.mlops.backends.http.wire.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to files that do not lie behind the server. */
final class RemoteFilesTest {
    private static final RelativePath REPORT = RelativePath.of("reports/größe 1.txt");

    @AutoClose
    private final StandIn server = StandIn.start(Release.V3_17);

    @TempDir
    private Path folder;

    private String storeId = "";

    RemoteFilesTest() throws IOException {}

    @BeforeEach
    void makeRun() {
        String made = RawClient.of(server).post("experiments/create", "{\"name\": \"churn\"}");
        String experiment = made.replaceAll("(?s).*\"experiment_id\" ?: ?\"([^\"]*)\".*", "$1");
        storeId = RawClient.of(server)
                .post("runs/create", "{\"experiment_id\": \"" + experiment + "\"}")
                .replaceAll("(?s).*\"run_id\" ?: ?\"([0-9a-f]*)\".*", "$1");
    }

    private RemoteFiles files(HttpSettings settings) {
        Wire wire = Wire.to(server.address(), settings);
        return new RemoteFiles(wire, new ServerFacts(wire));
    }

    private Place place(String root) {
        return new Place(root, new Place.Owner.OfRun(storeId), null);
    }

    @Test
    void aRootWithoutTheServerIsReadThroughIt() {
        RemoteFiles files = files(HttpSettings.standard());
        Place place = place("s3://bucket/churn");

        ArtifactEntry stored = files.put(place, REPORT, Content.text("fine"));

        assertThat(stored.bytes()).isEqualTo(4);
        assertThat(files.read(place, REPORT))
                .hasValueSatisfying(bytes -> assertThat(bytes).asString().isEqualTo("fine"));
        assertThat(files.list(place, RelativePath.of("reports")))
                .containsExactly(new ListedFile("größe 1.txt", false, 4));
        assertThat(files.find(place, RelativePath.of("nope"))).isEmpty();
    }

    @Test
    void whatNeitherServerNorProgramMayStoreNamesTheSwitch() {
        RemoteFiles files = files(HttpSettings.standard());
        Content large = new Content() {
            @Override
            public long bytes() {
                return 20_000_000;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(new byte[0]);
            }
        };

        assertThatThrownBy(() -> files.put(place("s3://bucket/churn"), REPORT, large))
                .isInstanceOf(UnsupportedByBackendException.class)
                .hasMessageContainingAll("s3", "--serve-artifacts");
        assertThatThrownBy(() -> files.delete(place("s3://bucket/churn"), REPORT))
                .isInstanceOf(UnsupportedByBackendException.class);
    }

    @Test
    void aFolderOfThisMachineIsUsedOnlyIfTheSettingsAllowIt() throws IOException {
        Path root = folder.resolve("mlruns");
        RemoteFiles allowed = files(HttpSettings.standard().allowFolder(folder));
        Place place = place(root.toUri().toString());

        ArtifactEntry unused = allowed.put(place, REPORT, Content.text("fine"));
        assertThat(root.resolve(REPORT.value())).hasContent("fine");
        assertThat(allowed.list(place, RelativePath.of("reports")))
                .containsExactly(new ListedFile("größe 1.txt", false, 4));
        allowed.delete(place, REPORT);
        assertThat(root.resolve(REPORT.value())).doesNotExist();

        unused = files(HttpSettings.standard()).put(place, REPORT, Content.text("through the server"));
        assertThat(root.resolve(REPORT.value())).doesNotExist();
    }

    @Test
    void noLinkInSuchAFolderIsFollowed() throws IOException {
        Path secret = Files.createDirectories(folder.resolve("secret"));
        Files.writeString(secret.resolve("key"), "k");
        Path root = Files.createDirectories(folder.resolve("shared/run"));
        Files.createSymbolicLink(root.resolve("out"), secret);
        RemoteFiles files = files(HttpSettings.standard().allowFolder(folder.resolve("shared")));
        Place place = place(root.toString());

        assertThat(files.list(place, null)).isEmpty();
        assertThatThrownBy(() -> files.put(place, RelativePath.of("out/key"), Content.text("x")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("link");
        assertThat(secret.resolve("key")).hasContent("k");
    }

    /** The server may write to the folder, too, and say where a run's files lie. */
    @Test
    void noRootThatLeadsThroughALinkIsUsed() throws IOException {
        Path secret = Files.createDirectories(folder.resolve("secret/run"));
        Files.writeString(secret.resolve("key"), "k");
        Path shared = Files.createDirectories(folder.resolve("shared"));
        Files.createSymbolicLink(shared.resolve("runs"), secret.getParent());
        RemoteFiles files = files(HttpSettings.standard().allowFolder(shared));

        for (String root : List.of(shared + "/runs/run", shared + "/runs/../runs/run")) {
            assertThatThrownBy(() -> files.list(place(root), null))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("link");
        }
        assertThat(files(HttpSettings.standard().allowFolder(shared.resolve("runs")))
                        .list(place(shared + "/runs/run"), null))
                .hasSize(1);
    }

    @Test
    void aFolderOfAnotherMachineIsNotOneOfOurs() {
        assertThat(LocalAccess.folder("file://elsewhere/mlruns")).isEmpty();
        assertThat(LocalAccess.folder("file://localhost/mlruns")).contains(Path.of("/mlruns"));
        assertThat(LocalAccess.folder("file:///mlruns/../etc")).contains(Path.of("/etc"));
        assertThat(LocalAccess.folder("file:/a%00b")).isEmpty();
    }
}
