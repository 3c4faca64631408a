package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelSpec;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.fs.quiet.QuietExtension;
import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a document holds is data: a text that no path can have, in place of any of its texts, is damage and no bug. */
@QuietExtension.Warned
final class StoredPathsTest {
    private static final Pattern TEXT = Pattern.compile("\"([^\"\\\\]*)\"(?=,?$)", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    private final List<String> wrong = new ArrayList<>();
    private int damaged;

    /** A step that reads something of the store. */
    private interface Reading {
        void of(Mlops mlops);
    }

    @BeforeEach
    void makeStore() throws IOException {
        Path model = Files.writeString(folder.resolve("model.bin"), "weights");
        try (Mlops mlops = Mlops.open(store())) {
            RunId run = mlops.tracker().run("churn", open -> {
                open.metric("auc", 0.5);
                for (int file = 0; file < 60; file++) {
                    ArtifactEntry unused = open.artifacts().putText("plots/" + file + ".txt", "x");
                }
            });
            ModelVersion version =
                    mlops.registry().register(ModelSpec.of("churn", model).run(run));
            AliasEvent moved = mlops.registry()
                    .move(AliasMove.of("churn@champion", version.id().number()));
            assertThat(moved.move().target()).isEqualTo(1);
        }
    }

    private String store() {
        return "file:" + folder.resolve("store");
    }

    private void read(String what, Reading... readings) {
        try (Mlops mlops = Mlops.open(store())) {
            for (Reading reading : readings) {
                try {
                    reading.of(mlops);
                } catch (MlopsException e) {
                    damaged += e instanceof CorruptDataException ? 1 : 0;
                } catch (RuntimeException e) {
                    wrong.add(what + ": " + e);
                }
            }
        } catch (MlopsException e) {
            damaged += e instanceof CorruptDataException ? 1 : 0;
        } catch (RuntimeException e) {
            wrong.add(what + ": " + e);
        }
    }

    private void readAll(String what) {
        List<RunInfo> runs = new ArrayList<>();
        read(
                what,
                mlops -> mlops.tracker().search(RunQuery.of()).forEach(runs::add),
                mlops -> mlops.tracker()
                        .search(RunQuery.of("churn").where("metrics.auc > 0"))
                        .forEach(runs::add),
                mlops -> mlops.tracker()
                        .experiments()
                        .search("", Visibility.ALL)
                        .forEach(found -> assertThat(found).isNotNull()),
                mlops -> mlops.registry()
                        .models()
                        .forEach(found -> assertThat(found).isNotNull()),
                mlops -> mlops.registry()
                        .versions("churn")
                        .forEach(found -> assertThat(found).isNotNull()),
                mlops -> mlops.registry()
                        .history("churn")
                        .forEach(found -> assertThat(found).isNotNull()),
                mlops -> assertThat(mlops.registry().get("churn@champion")).isNotNull(),
                mlops -> assertThat(mlops.registry().get("churn/1")).isNotNull());
        for (RunInfo run : runs) {
            read(
                    what,
                    mlops -> assertThat(mlops.tracker().get(run.id())).isNotNull(),
                    mlops -> mlops.tracker()
                            .history(run.id(), "auc")
                            .forEach(point -> assertThat(point).isNotNull()),
                    mlops -> mlops.tracker()
                            .artifacts(run.id())
                            .list()
                            .forEach(entry -> assertThat(entry).isNotNull()),
                    mlops -> mlops.tracker().tag(run.id(), "seen", what));
        }
    }

    private List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
            return files.filter(file -> file.toString().matches(".*\\.(json|log)"))
                    .toList();
        }
    }

    @Test
    void aTextThatIsNoPathIsDamageWhereverItStands() throws IOException {
        for (Path document : documents()) {
            byte[] sound = Files.readAllBytes(document);
            String text = Files.readString(document);
            Matcher matcher = TEXT.matcher(text);
            int places = 0;
            while (matcher.find() && places++ < 40) {
                String changed = text.substring(0, matcher.start(1)) + "\\u0000a/../b" + text.substring(matcher.end(1));
                ByHand.write(document, changed);
                readAll(document.getFileName() + " " + text.substring(matcher.start(), matcher.end()));
            }
            Files.write(document, sound);
        }

        assertThat(wrong).isEmpty();
        assertThat(damaged).isGreaterThan(50);
    }
}
