package io.mlops.backends.fs.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of people as names of folders. */
final class FolderNamesTest {
    @Test
    void plainNamesStandForThemselves() {
        assertThat(List.of("churn", "churn-2026_v1.2", "7", "20261121-093015-7f3a9c4e51d2", "x".repeat(60)))
                .allSatisfy(name -> assertThat(FolderNames.of(name)).isEqualTo(name));
    }

    @Test
    void othersStayReadable() {
        assertThat(FolderNames.of("Churn Größe")).startsWith("Churn-Gr-e~").hasSize("Churn-Gr-e~".length() + 12);
        assertThat(FolderNames.of("../../etc/passwd")).startsWith("etc-passwd~");
        assertThat(FolderNames.of("日本語")).startsWith("name~");
        assertThat(FolderNames.of("con")).startsWith("con~");
        assertThat(FolderNames.of("x".repeat(300))).hasSize(40 + 13);
    }

    @Test
    void devicesOfWindowsStandForNobody() {
        for (String device : List.of("con", "prn", "AUX", "nul", "com0", "COM9", "lpt1", "com\u00b9", "conin$")) {
            for (String name :
                    List.of(device, device + ".txt", device + ".tar.gz", device + " .txt", "-" + device + ".x")) {
                String folder = FolderNames.of(name);
                assertThat(folder.replaceAll("\\..*", "").strip())
                        .as(name)
                        .isNotEqualToIgnoringCase(device)
                        .matches("[A-Za-z0-9~-]+");
            }
        }
        assertThat(FolderNames.of("aux.txt")).matches("aux-txt~[0-9a-f]{12}");
    }

    @Test
    void aFolderThatAnOlderVersionNamedLikeADeviceIsFound(@TempDir Path all) throws IOException {
        Path now = Layout.named(all, "Aux.model");
        Path former = all.resolve(now.getFileName().toString().replace("Aux-model~", "Aux.model~"));
        assertThat(former).isNotEqualTo(now);

        Files.createDirectory(former);
        assertThat(Layout.named(all, "Aux.model")).isEqualTo(former);
        Files.createDirectory(now);
        assertThat(Layout.named(all, "Aux.model")).isEqualTo(now);
    }

    @Test
    void noTwoNamesShareAFolderEvenWhereCaseDoesNotCount() {
        Random random = new Random(1);
        Set<String> names = new HashSet<>();
        Set<String> folders = new HashSet<>();
        while (names.size() < 10_000) {
            int[] points = random.ints(1 + random.nextInt(20), 0x20, 0x3000)
                    .filter(Character::isDefined)
                    .toArray();
            String name = new String(points, 0, points.length);
            if (!name.isBlank() && names.add(name)) {
                String folder = FolderNames.of(name);
                assertThat(folder)
                        .matches("[A-Za-z0-9][A-Za-z0-9._~-]*")
                        .doesNotEndWith(".")
                        .hasSizeLessThan(64);
                assertThat(folders.add(folder.toLowerCase(Locale.ROOT)))
                        .as(name)
                        .isTrue();
            }
        }
    }
}
