/**
 * Tests of what every backend must do, which anyone's backend can run.
 *
 * <h2>How to write a backend</h2>
 *
 * <ol>
 *   <li>Implement the stores of {@code io.mlops.api.spi} and return them from a {@link io.mlops.api.spi.Backend}. The
 *       engine gives users recording, retries, registry and serving on top of any backend.
 *   <li>Where your place cannot keep a promise, leave its {@link io.mlops.api.spi.Capability} out of {@code info()};
 *       the suites then ask for the weaker form that the capability names.
 *   <li>Extend {@link io.mlops.contract.BackendContract} with one class of tests. It runs every suite, and will run
 *       those that later versions add.
 *   <li>For addresses such as {@code redis://host}, name a {@link io.mlops.api.spi.BackendProvider} to ServiceLoader.
 * </ol>
 *
 * <pre>{@code
 * final class RedisContractTest extends BackendContract {
 *     @Override
 *     protected Backend open() {
 *         return RedisBackend.at("redis://localhost", "test-" + UUID.randomUUID());
 *     }
 *
 *     @Override
 *     protected Services services(Backend opened) {
 *         Mlops mlops = Mlops.using(opened, MlopsConfig.standard().records(Set.of()));
 *         return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
 *     }
 *
 *     @AfterEach
 *     void deleteKeys() { … }
 * }
 * }</pre>
 *
 * <p>Each test has a backend of its own, which is closed after it. Whatever JUnit offers a test class works for all
 * suites at once: a {@code @TempDir} to open in, an {@code @AfterEach} that looks at what a test left, which runs while
 * the backend is still open, an {@code @AutoClose} field for what must outlive it. One such class per way to run the
 * backend, as on another file system, runs everything there, too.
 */
@NullMarked
package io.mlops.contract;

import org.jspecify.annotations.NullMarked;
