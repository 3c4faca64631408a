package io.mlops.backends.http.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.standin.Release;
import io.mlops.backends.http.standin.StandIn;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Answers that a broken or hostile server might give, made by chance of true ones: whatever they are, a program gets a value
 * or one of the six exceptions, soon. Each is known by the name of the operation and a number, from which it is made again;
 * those that once found something stand in {@code fuzz/answers.txt}, and come first. With {@code -Dmlops.faults=25} there are
 * many more, other ones each time.
 */
final class OddAnswersTest {
    private static final int FAULTS = Integer.getInteger("mlops.faults", 1);
    private static final int ROUNDS = FAULTS > 1 ? 400 : 4;
    private static final int MOST_REQUESTS = 2000;
    private static final int FRESH_EVERY = 40;

    private static final Set<Class<?>> OURS = Set.of(
            BackendUnavailableException.class,
            ConflictException.class,
            CorruptDataException.class,
            NotFoundException.class,
            RefusedException.class,
            UnsupportedByBackendException.class);

    @AutoClose
    private final StandIn server = StandIn.start(Release.V3_17);

    private final Map<String, Operations.Operation> operations = Operations.all();
    private int used;

    OddAnswersTest() throws IOException {}

    @Test
    @Timeout(120)
    void whatOnceFoundSomethingFindsNothing() throws IOException, URISyntaxException {
        Path known =
                Path.of(OddAnswersTest.class.getResource("/fuzz/answers.txt").toURI());
        for (String line : Files.readAllLines(known)) {
            String[] nameAndSeed = line.split(" ", -1);
            used = 0;
            check(nameAndSeed[0], Long.parseLong(nameAndSeed[1]));
        }
    }

    @Test
    @Timeout(1800)
    void everyAnswerIsAValueOrOneOfOurExceptions() {
        long first = FAULTS > 1 ? System.nanoTime() : 20_261_129;
        for (int round = 0; round < ROUNDS; round++) {
            for (String name : operations.keySet()) {
                check(name, first + round);
            }
        }
    }

    private void check(String name, long seed) {
        if (used++ % FRESH_EVERY == 0) {
            server.alter((request, reply) -> reply);
            server.empty();
            FuzzedStores.fill(server);
        }
        Random random = new Random(new SplittableRandom(seed ^ ((long) name.hashCode() << 32)).nextLong());
        Mutation mutation = new Mutation(random);
        AtomicInteger asked = new AtomicInteger();
        // Most operations make some calls before the one that matters.
        int untouched = random.nextInt(4);
        server.alter((request, reply) -> {
            int number = asked.getAndIncrement();
            return number < untouched || random.nextInt(3) == 0 || reply.status() == 0 ? reply : mutation.of(reply);
        });
        try (FuzzedStores stores = FuzzedStores.of(server.address())) {
            operations.get(name).run(stores);
        } catch (MlopsException expected) {
            assertThat(OURS).as("%s %d", name, seed).contains(expected.getClass());
        } catch (IOException reading) {
            assertThat(name).as("%s %d", name, seed).contains("open");
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(name + " " + seed + " throws " + e, e);
        }
        assertThat(asked.get()).as("requests of %s %d", name, seed).isLessThan(MOST_REQUESTS);
    }
}
