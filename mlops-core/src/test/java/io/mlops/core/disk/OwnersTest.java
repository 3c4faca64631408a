package io.mlops.core.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Owners of folders that lie in no store, such as those that models are loaded from. */
final class OwnersTest {
    @TempDir
    private Path folder;

    private final Disk disk = new Disk();
    private Path models = Path.of("");
    private Path live = Path.of("");

    @BeforeEach
    void placeFolders() throws IOException {
        models = Files.createDirectories(folder.resolve("models"));
        live = models.resolve(".live");
    }

    private Owners owners() {
        return new Owners("the models below " + models, live, models, null, disk);
    }

    /** An owner of another process of this machine, which shows no file that somebody holds. */
    private Owner dead() throws IOException {
        Host here = Host.current();
        Owner dead = new Owner(new Host(here.name(), here.boot(), "0000"), Host.token());
        Files.createFile(Files.createDirectories(live).resolve(dead + ".lock"));
        return dead;
    }

    private Path modelOf(Owner owner) throws IOException {
        Path model = Files.createDirectories(models.resolve(owner.toString()).resolve("1"));
        return Files.writeString(model.resolve("weights"), "some");
    }

    @Test
    void theDeadAreBuriedAndTheLivingAreNot() throws IOException {
        Path left = modelOf(dead());
        Path precious = Files.writeString(folder.resolve("precious"), "other");
        Files.createSymbolicLink(left.resolveSibling("link"), precious);
        Path foreign = Files.createDirectories(models.resolve("somebody's notes"));
        Owners first = owners();
        Owners second = owners();
        assertThat(first.showAlive()).isTrue();
        assertThat(first.showAlive()).isFalse();
        assertThat(second.showAlive()).isTrue();
        Path used = modelOf(first.self());

        second.deleteLeftovers();

        assertThat(left.getParent().getParent()).doesNotExist();
        assertThat(precious).as("what a link leads to").exists();
        assertThat(used).exists();
        assertThat(foreign).exists();
        assertThat(disk.names(live)).containsExactlyInAnyOrder(first.self() + ".lock", second.self() + ".lock");
    }

    @Test
    void whoClosesLeavesNothing() throws IOException {
        Owners owners = owners();
        Staging staging = new Staging(disk, owners);
        Path place = staging.place();
        disk.write(place, new byte[] {1}, false);
        assertThat(place).startsWith(owners.ownFolder());

        owners.close();

        assertThat(owners.ownFolder()).doesNotExist();
        assertThat(live).isEmptyDirectory();
        assertThatThrownBy(owners::showAlive)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the models below " + models + " is closed");
    }

    @Test
    void manyThatLookAtTheDeadAgree() throws Exception {
        List<Callable<Boolean>> looks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Owner dead = dead();
            for (int thread = 0; thread < 8; thread++) {
                // Each like a place of its own, which remembers nothing.
                looks.add(() -> owners().lives(dead));
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<Boolean> lives : threads.invokeAll(looks)) {
                assertThat(lives.get()).isFalse();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** An owner that runs, or ran, since another start of a machine of this name. */
    private Owner ofAnotherBoot(String host) throws IOException {
        Owner owner = new Owner(new Host(host, "abcdef01", "0000"), Host.token());
        Files.createFile(Files.createDirectories(live).resolve(owner + ".lock"));
        return owner;
    }

    @Test
    void aMachineOfTheSameNameLivesIfItHoldsItsLock() throws IOException {
        Owner rebooted = ofAnotherBoot(Host.current().name());
        Owner clone = ofAnotherBoot(Host.current().name());
        try (FileChannel held = FileChannel.open(live.resolve(clone + ".lock"), StandardOpenOption.WRITE);
                FileLock lock = held.lock()) {
            assertThat(lock.isValid()).isTrue();
            assertThat(owners().lives(clone)).isTrue();
            assertThat(owners().lives(rebooted)).isFalse();
        }
    }

    @Test
    void aMachineThatNobodyCanAskLivesForAsLongAsItsPlaceSays() throws IOException {
        Owner foreign = ofAnotherBoot("elsewhere");
        Files.setLastModifiedTime(
                live.resolve(foreign + ".lock"), FileTime.from(Instant.now().minus(Duration.ofDays(300))));

        assertThat(owners().lives(foreign)).isTrue();
        assertThat(new Owners("a store", live, models, Duration.ofDays(7), disk).lives(foreign))
                .isFalse();
    }
}
