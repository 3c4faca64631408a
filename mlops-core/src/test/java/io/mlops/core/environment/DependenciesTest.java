package io.mlops.core.environment;

import static io.mlops.core.environment.Jars.jar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mlops.api.common.Digest;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunEnvironment.Dependency;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DependenciesTest {
    @TempDir
    private Path folder;

    private static RunEnvironment of(Path... entries) {
        FoundEnvironment environment = new FoundEnvironment();
        EnvironmentCollector.addDependencies(environment, new ClassPath(List.of(entries)));
        return environment.result();
    }

    private static Digest sha256(byte[] bytes) {
        return Digest.sha256(ContentCopy.sha256().digest(bytes));
    }

    @Test
    void aLibraryIsNamedByItsCoordinatesAndDigestedAsAWhole() throws IOException {
        Path jar = jar().manifest("Implementation-Title: Something else")
                .pom("org.example", "tool", "1.2")
                .in(folder, "renamed.jar");

        assertThat(of(jar).dependencies())
                .containsExactly(new Dependency(
                        "org.example:tool", "1.2", sha256(Files.readAllBytes(jar)), "renamed.jar", null));
        assertThat(of(jar).missing()).isEmpty();
    }

    @Test
    void withoutCoordinatesTheManifestTellsAndThenTheFileName() throws IOException {
        List<Path> jars = List.of(
                jar().manifest("Implementation-Title: The Tool", "Implementation-Version: 3")
                        .in(folder, "a-1.jar"),
                jar().manifest("Bundle-SymbolicName: org.example.b;singleton:=true", "Bundle-Version: 4.0.0")
                        .in(folder, "b.jar"),
                jar().manifest("Automatic-Module-Name: org.example.c").in(folder, "c-5.6-rc1.jar"),
                jar().with("x", "y").in(folder, "jackson-core-2.21.0.jar"),
                jar().with("x", "z").in(folder, "plain.jar"));

        assertThat(of(jars.toArray(Path[]::new)).dependencies())
                .extracting(Dependency::name, Dependency::version)
                .containsExactly(
                        tuple("The Tool", "3"),
                        tuple("org.example.b", "4.0.0"),
                        tuple("org.example.c", "5.6-rc1"),
                        tuple("jackson-core", "2.21.0"),
                        tuple("plain", null));
    }

    @Test
    void whatWasMergedIntoAJarIsListedBelowIt() throws IOException {
        Path jar = jar().pom("org.example", "inner", "1")
                .pom("org.example", "app", "2.0")
                .pom("org.example", "other", "${project.version}")
                .in(folder, "app-2.0-all.jar");

        assertThat(of(jar).dependencies())
                .extracting(Dependency::name, Dependency::version, Dependency::file, Dependency::within)
                .containsExactly(
                        tuple("org.example:app", "2.0", "app-2.0-all.jar", null),
                        tuple("org.example:inner", "1", null, "app-2.0-all.jar"),
                        tuple("org.example:other", null, null, "app-2.0-all.jar"));
        assertThat(of(jar).missing()).isEmpty();
    }

    @Test
    void theJarsInsideAnExecutableJarHaveTheirOwnNamesAndDigests() throws IOException {
        byte[] library = jar().pom("org.slf4j", "slf4j-api", "2.0.18").bytes();
        byte[] other = jar().with("x", "y".repeat(10_000)).bytes();
        for (boolean stored : new boolean[] {true, false}) {
            Jars app = jar().manifest("Main-Class: Launcher", "Start-Class: com.example.App")
                    .with("BOOT-INF/classes/com/example/App.class", "app")
                    .with("BOOT-INF/lib/slf4j-api-2.0.18.jar", library)
                    .with("WEB-INF/lib/other-7.jar", other);
            Path jar = (stored ? app.stored() : app).in(folder, "app-1.0.jar");

            assertThat(of(jar).dependencies())
                    .containsExactly(
                            new Dependency("app", "1.0", sha256(Files.readAllBytes(jar)), "app-1.0.jar", null),
                            new Dependency(
                                    "org.slf4j:slf4j-api",
                                    "2.0.18",
                                    sha256(library),
                                    "slf4j-api-2.0.18.jar",
                                    "app-1.0.jar"),
                            new Dependency("other", "7", sha256(other), "other-7.jar", "app-1.0.jar"));
        }
    }

    @Test
    void aScriptBeforeTheJarThatStartsItDoesNoHarm() throws IOException {
        byte[] library = jar().pom("org.example", "lib", "1").bytes();
        byte[] app = jar().with("BOOT-INF/lib/lib-1.jar", library).stored().bytes();
        byte[] script = "#!/bin/bash\nexec java -jar $0\n".getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(script, script.length + app.length);
        System.arraycopy(app, 0, all, script.length, app.length);
        Path jar = Files.write(folder.resolve("app.jar"), all);

        assertThat(of(jar).dependencies())
                .extracting(Dependency::name, Dependency::digest)
                .containsExactly(tuple("app", sha256(all)), tuple("org.example:lib", sha256(library)));
    }

    @Test
    void whatAManifestNamesBelongsToTheClassPath() throws IOException {
        Path libraries = Files.createDirectories(folder.resolve("lib dir"));
        jar().pom("org.example", "b", "1").in(libraries, "b.jar");
        Path a = jar().manifest("Class-Path: lib%20dir/b.jar missing.jar https://example.com/c.jar app.jar")
                .in(folder, "app.jar");

        assertThat(of(a).dependencies()).extracting(Dependency::name).containsExactly("app", "org.example:b");
    }

    @Test
    void aFolderOfClassesIsDigestedByPathsAndBytes() throws IOException {
        Path one = Files.createDirectories(folder.resolve("one/classes"));
        Path two = Files.createDirectories(folder.resolve("two/classes"));
        for (Path classes : List.of(one, two)) {
            Files.createDirectories(classes.resolve("a"));
            Files.writeString(classes.resolve("a/A.class"), "A");
            Files.writeString(classes.resolve("a.xml"), "text");
        }

        List<Dependency> same = of(one, two).dependencies();
        Files.writeString(two.resolve("a.xml"), "other");

        assertThat(same).hasSize(2);
        assertThat(same.get(0)).isEqualTo(same.get(1));
        assertThat(same.get(0).name()).isEqualTo("classes");
        // What `find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum` prints there.
        String lines = sha256("text".getBytes(StandardCharsets.UTF_8)).hex() + "  a.xml\n"
                + sha256("A".getBytes(StandardCharsets.UTF_8)).hex() + "  a/A.class\n";
        assertThat(same.get(0).digest()).isEqualTo(sha256(lines.getBytes(StandardCharsets.UTF_8)));
        assertThat(of(two).dependencies().get(0).digest())
                .isNotEqualTo(same.get(0).digest());
    }

    /** To read a file of a store would drop the locks that this process holds on it. */
    @Test
    void storesAndHiddenFoldersAreLeftAlone() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Files.writeString(classes.resolve("A.class"), "class A");
        Digest before = FolderDigest.of(classes, new ByteBudget(1000));
        Path store = Files.createDirectories(classes.resolve("deep/mlops-store/.live"))
                .getParent();
        Files.writeString(store.resolve("store.json"), "{}");
        Files.writeString(store.resolve("store.lock"), "held");
        Files.writeString(Files.createDirectories(classes.resolve(".git")).resolve("HEAD"), "ref: refs/heads/main");

        assertThat(FolderDigest.of(classes, new ByteBudget(1000))).isEqualTo(before);
        assertThat(FolderDigest.of(store, new ByteBudget(1000))).isNull();
    }

    @Test
    void onlyWhatFoldersOfClassesAreMadeOfIsOpened() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes/META-INF/services"))
                .resolve("../..");
        Files.writeString(classes.resolve("A.class"), "A");
        Digest before = FolderDigest.of(classes, new ByteBudget(100));
        for (String data : List.of("db.mv.db", "write.lock", "results.csv", "notes.txt", "model.bin", "no-kind")) {
            Files.writeString(classes.resolve(data), "x".repeat(1000));
        }

        assertThat(FolderDigest.of(classes, new ByteBudget(100))).isEqualTo(before);

        for (String part : List.of("B.class", "app.yaml", "app.conf", "META-INF/services/x.Y")) {
            Files.writeString(classes.resolve(part), "x");
            Digest after = FolderDigest.of(classes, new ByteBudget(100));

            assertThat(after).as(part).isNotEqualTo(before);
            before = after;
        }
    }

    /** Another part of the program may hold locks there, which closing the same file would drop. */
    @Test
    void theWorkingFolderAndThoseAroundItAreNotRead() throws IOException {
        Path working = Path.of("").toRealPath();
        Path link = Files.createSymbolicLink(folder.resolve("link"), working);
        for (Path place : List.of(working, link, working.getParent())) {
            String name = place.getFileName().toString();

            RunEnvironment found = of(place);

            assertThat(found.dependencies()).containsExactly(new Dependency(name, null, null, name, null));
            assertThat(found.missing().get("digest of " + name)).contains("works in it");
        }
        Files.delete(link);
    }

    @Test
    void oneHugeJarLeavesTheDigestsOfTheOthers() throws IOException {
        Path huge = folder.resolve("huge-1.jar");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength((1L << 30) + 1);
        }
        Path small = jar().with("a", "b").in(folder, "small.jar");

        RunEnvironment found = of(huge, small);

        assertThat(found.missing()).containsEntry("digest of huge-1.jar", "there is too much to digest");
        assertThat(found.dependencies().get(1).digest()).isEqualTo(sha256(Files.readAllBytes(small)));
    }

    @Test
    void whatIsUnpackedToFindNamesIsBoundedAndEndedByAnInterrupt() throws IOException {
        Jars many = jar();
        for (int i = 0; i < 100; i++) {
            many.with("META-INF/maven/g/a" + i + "/pom.properties", "groupId=g\nversion=" + "1".repeat(1000));
        }
        ZipBytes bytes = ZipBytes.of(many.bytes());

        assertThat(new JarContents(bytes, new ByteBudget(110_000)).libraries()).hasSize(100);
        JarContents tooMuch = new JarContents(bytes, new ByteBudget(90_000));
        assertThatThrownBy(tooMuch::libraries).isInstanceOf(ByteBudget.Spent.class);
        JarContents interrupted = new JarContents(bytes, new ByteBudget(110_000));
        Thread.currentThread().interrupt();
        assertThatThrownBy(interrupted::libraries).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aFolderThatHoldsTooMuchIsListedAsNotDigested() throws IOException {
        Path deepest = Files.createDirectories(folder.resolve("huge" + "/x".repeat(70)));
        Files.createFile(deepest.resolve("a"));

        RunEnvironment found = of(folder.resolve("huge"));

        assertThat(found.dependencies()).containsExactly(new Dependency("huge", null, null, "huge", null));
        assertThat(found.missing()).containsEntry("digest of huge", "there is too much to digest");
    }

    @Test
    void modulesOfAnImageAndWhatWasMergedKeepTheBoundToo() throws IOException {
        FoundEnvironment environment = new FoundEnvironment();
        for (int i = 0; i < 9_999; i++) {
            environment.add(new Dependency("a" + i, null, null, null, null));
        }
        Path merged = jar().pom("g", "merged", "1")
                .pom("g", "b", "1")
                .pom("g", "c", "1")
                .in(folder, "merged.jar");
        Dependencies dependencies = new Dependencies(environment);

        dependencies.add(List.of(merged));
        dependencies.addModules(List.copyOf(ModuleLayer.boot().configuration().modules()));

        assertThat(environment.result().dependencies()).hasSize(10_000);
        assertThat(environment.result().missing()).containsEntry("dependencies", "there are more than 10000");
    }

    @Test
    void moreModulesOfAnImageThanTheBoundAreMissing() {
        FoundEnvironment environment = new FoundEnvironment();
        for (int i = 0; i < 10_000; i++) {
            environment.add(new Dependency("a" + i, null, null, null, null));
        }

        new Dependencies(environment)
                .addModules(List.copyOf(ModuleLayer.boot().configuration().modules()));

        assertThat(environment.result().dependencies()).hasSize(10_000);
        assertThat(environment.result().missing()).containsEntry("dependencies", "there are more than 10000");
    }

    @Test
    void whatIsReadInAllIsBounded() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        Files.writeString(classes.resolve("a.class"), "1234");
        Files.writeString(classes.resolve("b.class"), "1234");

        assertThat(FolderDigest.of(classes, new ByteBudget(8))).isNotNull();
        assertThatThrownBy(() -> FolderDigest.of(classes, new ByteBudget(7))).isInstanceOf(ByteBudget.Spent.class);
    }

    @Test
    void whatIsNotThereOrHoldsNothingIsLeftOut() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));

        assertThat(of(folder.resolve("gone.jar"), empty).dependencies()).isEmpty();
        assertThat(of(empty).missing()).containsKey("dependencies");
    }

    @Test
    void damagedJarsAreStillDigested() throws IOException {
        byte[] whole = jar().manifest("Class-Path: b.jar")
                .pom("org.example", "a", "1")
                .with("BOOT-INF/lib/b.jar", jar().pom("x", "y", "1").bytes())
                .bytes();
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            byte[] damaged = round % 3 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = 0; i < 3 && damaged.length > 0; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Path jar = Files.write(folder.resolve("damaged.jar"), damaged);

            Dependency found = of(jar).dependencies().get(0);

            assertThat(found.digest()).isEqualTo(sha256(damaged));
            assertThat(found.file()).isEqualTo("damaged.jar");
        }
    }

    @Test
    void aJarWhoseTableWouldFillTheMemoryIsNotLookedInto() throws IOException {
        Path jar = folder.resolve("hostile-1.jar");
        byte[] end = new byte[22];
        System.arraycopy(new byte[] {'P', 'K', 5, 6}, 0, end, 0, 4);
        end[15] = 0x40; // a table of 1 GB
        try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "rw")) {
            file.setLength(64 << 20);
            file.seek(64 << 20);
            file.write(end);
        }

        RunEnvironment found = of(jar);

        assertThat(found.dependencies())
                .extracting(Dependency::name, Dependency::version)
                .containsExactly(tuple("hostile", "1"));
        assertThat(found.missing())
                .containsEntry("dependencies in hostile-1.jar", "it has too many entries to look at");
    }

    @Test
    void anEntryThatUnpacksToMoreThanItSaysIsNotBelieved() throws IOException {
        byte[] bomb = new byte[2 << 20];
        Path jar = jar().with("META-INF/maven/g/a/pom.properties", bomb)
                .with("META-INF/MANIFEST.MF", bomb)
                .in(folder, "bomb-1.jar");

        assertThat(of(jar).dependencies())
                .extracting(Dependency::name, Dependency::version)
                .containsExactly(tuple("bomb", "1"));
    }

    @Test
    void noPathOfThisMachineIsTold() throws IOException {
        Path jar = jar().with("a", "b").in(folder, "a.jar");
        Path classes = Files.createDirectories(folder.resolve("target/classes"));
        Files.writeString(classes.resolve("A.class"), "A");

        assertThat(of(jar, classes).toString()).doesNotContain(folder.toString(), "target");
    }

    @Test
    void namesFromHostileJarsAreTextThatEveryStoreTakes() throws IOException {
        Path jar = jar().with(
                        "META-INF/maven/g/a/pom.properties", "groupId=g\\u0000\\nx\nartifactId=" + "y".repeat(5000))
                .in(folder, "a.jar");

        assertThat(of(jar).dependencies())
                .singleElement()
                .satisfies(
                        found -> assertThat(found.name()).startsWith("g  x:y").hasSizeLessThanOrEqualTo(500));
    }
}
