package io.mlops.backends.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RelativePath;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The list of many artifacts of one run, which goes on in a log. */
final class ArtifactListTest extends ManyArtifactsStore {
    @Test
    void aShortListIsOneDocument() {
        put(0, 50);

        assertThat(file("artifacts-1.log")).doesNotExist();
        assertThat(file("artifacts.json")).content().contains("\"read\": 1").doesNotContain("\"log\"");
    }

    @Test
    void oneMoreOfManyIsAppended() {
        putTogether(0, 60);
        put(60, 61);
        disk.steps();

        put(61, 62);

        assertThat(disk.steps())
                .containsExactly(
                        "sync <staged>",
                        "rename to " + RUN + "/artifacts/step/00061.txt",
                        "sync folder " + RUN + "/artifacts/step",
                        "sync " + RUN + "/artifacts-1.log");
        assertThat(listAnew()).isEqualTo(names(62));
    }

    @Test
    void theNameOfTheLogIsSyncedByEachProcessOnce() {
        putTogether(0, 60);
        put(60, 61);
        try (FsBackend other = FsBackend.at(folder.resolve("store"), disk)) {
            put(other, "sub/a", "x");
            disk.steps();
            put(other, "sub/b", "x");
            assertThat(disk.steps()).doesNotContain("sync folder " + RUN);
        }
        try (FsBackend third = FsBackend.at(folder.resolve("store"), disk)) {
            put(third, "sub/c", "x");
            assertThat(disk.steps()).containsSubsequence("sync " + RUN + "/artifacts-1.log", "sync folder " + RUN);
        }
    }

    @Test
    void baseAndLogAreFoldedNowAndThenAndTheLastLogStaysForWhoeverCopiesTheStore() {
        put(0, 420);

        assertThat(disk.steps())
                .filteredOn(step -> step.equals("rename to " + RUN + "/artifacts.json"))
                .as("50 lists that are short, then ever longer ones")
                .hasSizeBetween(52, 56);
        assertThat(file("").toFile().list((dir, name) -> name.endsWith(".log"))).hasSize(2);
        assertThat(list(backend)).isEqualTo(names(420)).isEqualTo(listAnew());
    }

    @Test
    void oneMoreAllocatesAsMuchAmongManyAsAmongFew() throws IOException {
        putTogether(0, 100);
        age();
        long amongFew = allocatedBy(100);
        putTogether(140, 5_000);
        age();

        long amongMany = allocatedBy(5_000);

        assertThat(amongMany).isLessThan(2 * amongFew);
    }

    /** Lets the list look as if it was written long ago: within a tick of the clock it is read anew each time. */
    private void age() throws IOException {
        Files.setLastModifiedTime(
                file("artifacts.json"), FileTime.from(Instant.now().minusSeconds(9)));
    }

    /** Puts and finds forty more; returns the bytes that the ten which took least allocated. */
    private long allocatedBy(int from) throws IOException {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = from; i < from + 40; i += 10) {
            // What the disk noted so far would be copied with each note.
            List<String> unused = disk.steps();
            long before = memory.getThreadAllocatedBytes(Thread.currentThread().getId());
            for (int k = i; k < i + 10; k++) {
                put(k, k + 1);
                assertThat(backend.artifacts().find(ID, RelativePath.of(name(k))))
                        .isPresent();
            }
            long after = memory.getThreadAllocatedBytes(Thread.currentThread().getId());
            least = Math.min(least, after - before);
        }
        return least;
    }

    @Test
    void processesThatPutInTurnSeeAllOfEachOther() throws IOException {
        try (FsBackend other = FsBackend.at(folder.resolve("store"))) {
            for (int i = 0; i < 150; i++) {
                put(i % 3 == 0 ? other : backend, name(i), name(i));
                assertThat(read(i % 2 == 0 ? other : backend, name(i))).isEqualTo(name(i));
            }
            put(other, name(7), "replaced");

            assertThat(read(backend, name(7))).isEqualTo("replaced");
            assertThat(list(backend)).isEqualTo(list(other)).isEqualTo(names(150));
        }
    }

    @Test
    void theFormatOfALongListIsThis() throws IOException {
        putTogether(0, 51);
        put(backend, "größe/😀.txt", "hello");
        put(backend, "größe/😀.txt", "hi");

        String digest = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        String next = "sha256:8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4";
        String first = "{\"files\":[{\"path\":\"größe/😀.txt\",\"bytes\":5,\"digest\":\"" + digest + "\"";
        String last = "{\"files\":[{\"path\":\"größe/😀.txt\",\"bytes\":2,\"digest\":\"" + next + "\"}],\"crc32c\":\"";
        List<String> lines = Files.readAllLines(file("artifacts-1.log"));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith(first + "}],\"crc32c\":\"").hasSize(first.length() + 23);
        assertThat(lines.get(1))
                .startsWith(
                        first + ",\"replacing\":{\"path\":\"größe/😀.txt\",\"bytes\":2,\"digest\":\"" + next + "\"}}]");
        assertThat(lines.get(2)).startsWith(last).matches(".*\"crc32c\":\"[0-9a-f]{8}\"}");
        assertThat(Files.readString(file("artifacts.json")).replaceAll("\\s+", " "))
                .startsWith(
                        "{ \"format\": { \"read\": 2, \"write\": 2 }, \"log\": \"artifacts-1.log\", \"files\": [ {");
    }

    @Test
    void aListOfAnOlderVersionIsReadAndGoesOnWithAllThatItHeld() throws IOException {
        put(0, 50);
        String old = Files.readString(file("artifacts.json"));
        String entry = old.substring(old.indexOf("    {"), old.indexOf("    }") + 5);
        StringBuilder more = new StringBuilder();
        for (int i = 50; i < 200; i++) {
            Files.writeString(file("artifacts/" + name(i)), name(0));
            more.append(",\n")
                    .append(entry.replace(name(0), name(i)).replace("\"path\"", "\"mime\": \"a/" + i + "\", \"path\""));
        }
        ByHand.write(file("artifacts.json"), old.replace("\n  ]", more + "\n  ]"));

        assertThat(list(backend)).isEqualTo(names(200));
        put(200, 201);
        putTogether(201, 420);
        put(backend, name(70), "replaced");

        assertThat(list(backend)).isEqualTo(names(420)).isEqualTo(listAnew());
        assertThat(read(backend, name(60))).isEqualTo(name(0));
        assertThat(read(backend, name(70))).isEqualTo("replaced");
        assertThat(file("artifacts.json")).content().contains("\"mime\": \"a/60\"", "artifacts-2.log");
    }

    @Test
    void whatANewerVersionAddsToALineSurvives() throws IOException {
        putTogether(0, 51);
        put(51, 52);
        Path log = file("artifacts-1.log");
        String line = Files.readString(log);
        String text =
                line.substring(0, line.indexOf(",\"crc32c\"")).replace("\"bytes\"", "\"x-mime\":\"a/b\",\"bytes\"");
        Files.writeString(log, text + checked(text));

        put(52, 110);

        assertThat(file("artifacts.json")).content().contains("\"x-mime\": \"a/b\"");
        assertThat(listAnew()).isEqualTo(names(110));
    }

    private static String checked(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return ",\"crc32c\":\"%08x\"}\n".formatted(crc.getValue());
    }

    @Test
    void aListThatOnlyNewerVersionsKnowIsRefusedByName() throws IOException {
        putTogether(0, 60);
        String list = Files.readString(file("artifacts.json"));
        ByHand.write(file("artifacts.json"), list.replace("\"write\": 2", "\"write\": 3"));
        assertThat(list(backend)).hasSize(60);
        assertThatThrownBy(() -> put(60, 61))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("artifacts.json", "format 3");

        ByHand.write(file("artifacts.json"), list.replace("\"read\": 2", "\"read\": 3"));
        assertThatThrownBy(() -> list(backend))
                .isInstanceOf(RefusedException.class)
                .hasMessageContainingAll("artifacts.json", "format 3");
    }

    @Test
    void readersSeeEveryArtifactWhileItIsFolded() throws Exception {
        putTogether(0, 60);
        Thread writer = new Thread(() -> put(60, 200));
        writer.start();
        try (FsBackend reader = FsBackend.at(folder.resolve("store"))) {
            int before = 60;
            while (writer.isAlive()) {
                List<String> seen = list(reader);
                assertThat(seen).isEqualTo(names(seen.size())).hasSizeGreaterThanOrEqualTo(before);
                before = seen.size();
            }
            assertThat(list(reader)).isEqualTo(names(200));
        } finally {
            writer.join();
        }
    }
}
