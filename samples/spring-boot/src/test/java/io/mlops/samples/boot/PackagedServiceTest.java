package io.mlops.samples.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.core.Mlops;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The executable jar, which has a class loader of its own and is stopped by a signal. */
final class PackagedServiceTest {
    private static final ChurnModel MODEL = new ChurnModel(0.5, -0.25);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private ChurnStore store;

    @BeforeEach
    void train() throws IOException {
        store = ChurnStore.with(MODEL, folder.resolve("store"));
    }

    /**
     * A batch whose second half comes after the signal must be answered as any other; the rest of the load ends when nobody
     * listens any more. Tomcat itself answers 503 to what it has not begun by then, and cuts connections that it has not
     * looked at: neither has reached the service.
     */
    @Test
    void sigtermUnderLoadLosesNothing() throws Exception {
        String batch = "[{\"age\":40,\"visits\":2},{\"age\":41,\"visits\":3}]";
        try (PackagedService service = new PackagedService(store);
                Http slow = new Http(service.port())) {
            Load load = new Load(service.port());
            load.awaitAnswers();
            slow.announce("/score", batch.length());
            slow.send(batch.substring(0, 20));

            long begin = System.nanoTime();
            service.terminate();
            load.awaitRefusal();
            slow.send(batch.substring(20));

            double[] risks = {MODEL.risk(new Customer(40, 2)), MODEL.risk(new Customer(41, 3))};
            assertThat(slow.answer())
                    .as(service::output)
                    .isEqualTo(new Http.Answer(200, "[" + risks[0] + "," + risks[1] + "]"));
            assertThat(service.awaitExit()).isEqualTo(143);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(CLOSE_WITHIN);
            assertThat(service.complaints()).isEmpty();
            assertThat(store.folder().resolve(".live")).isEmptyDirectory();
            assertEachAnswerIsStored(load, risks);
        }
        assertBatchIsStored();
    }

    private void assertEachAnswerIsStored(Load load, double... more) {
        // Tomcat answers 400 to a request whose head it was still reading when it was stopped.
        assertThat(load.answers())
                .extracting(Http.Answer::status)
                .isSubsetOf(200, 400, 503)
                .contains(200);
        List<Double> answered = load.answers().stream()
                .filter(answer -> answer.status() == 200)
                .map(answer -> Double.valueOf(answer.body()))
                .toList();
        List<Double> stored = store.answers();
        assertThat(stored).containsAll(answered);
        for (double one : more) {
            assertThat(stored).contains(one);
        }
        assertThat(stored).hasSizeBetween(answered.size() + more.length, answered.size() + more.length + load.cut());
    }

    private void assertBatchIsStored() {
        try (Mlops mlops = Mlops.open(store.folder())) {
            var run = ChurnStore.runs(mlops).get(0).id();
            assertThat(mlops.tracker().artifacts(run).list("batches")).hasSize(1);
            assertThat(mlops.tracker().environment(run).orElseThrow().dependencies())
                    .anyMatch(library -> library.name().endsWith("spring-boot") && library.digest() != null)
                    .anyMatch(library -> library.name().endsWith("mlops-backends-fs") && library.digest() != null);
        }
    }

    /** Opens a store from a thread whose loader sees nothing of what lies in the jar. */
    static final class FromAnotherLoader {
        public static void main(String[] arguments) {
            Thread opening = new Thread(() -> {
                try (Mlops mlops = Mlops.open(Path.of(arguments[0]))) {
                    System.out.println(mlops.registry().get("churn@champion").id());
                }
            });
            opening.setContextClassLoader(ClassLoader.getPlatformClassLoader());
            opening.start();
        }
    }

    @Test
    void aStoreOpensFromAThreadOfAnotherLoader() throws Exception {
        String launcher;
        try (JarFile jar = new JarFile(PackagedService.JAR.toFile())) {
            launcher = jar.getManifest()
                    .getMainAttributes()
                    .getValue(Attributes.Name.MAIN_CLASS)
                    .replace("JarLauncher", "PropertiesLauncher");
        }
        Path classes = Path.of(FromAnotherLoader.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Process process = PackagedService.java(
                "-Dloader.main=" + FromAnotherLoader.class.getName(),
                "-Dloader.path=" + classes,
                "-cp",
                PackagedService.JAR.toString(),
                launcher,
                store.folder().toString());

        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).isEqualToIgnoringNewLines("churn/1");
        assertThat(process.waitFor()).isZero();
    }
}
