package io.mlops.core.memory;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import io.mlops.api.spi.Backend;
import io.mlops.api.spi.Capability;
import io.mlops.contract.BackendContract;
import io.mlops.contract.ProgramContract;
import io.mlops.core.Mlops;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Each promise loosens just the tests that it is about, and of a backend that does not make it they still ask something. */
final class WeakPromisesTest {
    private static final String BROKEN = "broken";
    private static final String ADMITTED = "admitted";

    /** Memory itself leaves no promise but the first unmade; the second is about what lies between. */
    private static final Set<Capability> PROMISES =
            EnumSet.complementOf(EnumSet.of(Capability.PERSISTENT, Capability.LOCAL));

    /** The tests that ask for less of a backend without the promise; no others do. */
    private static final Map<Capability, List<String>> GATED = Map.ofEntries(
            Map.entry(Capability.ATOMIC_ALIASES, List.of("ofManyGuardedMovesOneWins")),
            Map.entry(Capability.ATOMIC_KEYS, List.of("ofManyWithOneKeyOneMakesIt")),
            Map.entry(Capability.ATOMIC_CHANGES, List.of("readersSeeAllOfAChangeOrNothingOfIt")),
            Map.entry(Capability.ATOMIC_ARTIFACTS, List.of("readersSeeTheOldOrTheNewBytesAndWhatBelongsToThem")),
            Map.entry(
                    Capability.BATCH_OFFSETS,
                    List.of("aGapIsRefusedAndNothingIsAdded", "anEmptyBatchAsksHowManyThereAre")),
            Map.entry(
                    Capability.METRIC_RANGES,
                    List.of(
                            "aRepeatedBatchChangesNothing",
                            "theLatestIsTheGreatestByStepThenTimeThenValue",
                            "aSummaryGoesOnOverManyChanges",
                            "twoWritersOfOneRunLoseNothing",
                            "byTheGreatestAndTheLeastValueOfAMetric")),
            Map.entry(Capability.EXACT_METRICS, List.of("everyDoubleAndEveryStepIsExact")),
            Map.entry(Capability.ARTIFACT_DIGESTS, List.of("bytesComeBackWithSizeAndDigest")),
            Map.entry(
                    Capability.STABLE_PAGES,
                    List.of(
                            "pagesNeitherSkipNorRepeatWhileRunsAreAdded",
                            "pagingGoesOnThoughTheLastRunOfAPageChangesOrIsDeleted")),
            Map.entry(
                    Capability.UPDATE_TIMES,
                    List.of(
                            "aRenamedExperimentKeepsItsIdAndItsRunsAndFreesItsName",
                            "filtersLookAtNameTimesAndTags",
                            "everyChangeOfAnExperimentDoesTheSameEverywhere")),
            Map.entry(
                    Capability.PURGE,
                    List.of(
                            "purgeRemovesWhatWasDeletedBefore",
                            "purgeTellsWhatItRemoved",
                            "purgingARunLeavesTheEnvironmentsOfOthers",
                            "purgingTellsHowFarItIs",
                            "aDiscardedRunLeavesNothing",
                            "aDeletedRunIsDiscardedAsWell")));

    /** The contract of memory that breaks what the one who runs it says. */
    @ExtendWith(Told.class)
    static final class Weak extends BackendContract {
        private final Set<Capability> broken;
        private final Set<Capability> admitted;

        Weak(Map<String, Set<Capability>> told) {
            broken = told.get(BROKEN);
            admitted = told.get(ADMITTED);
        }

        @Override
        protected Backend open() {
            return new WeakBackend(broken, admitted);
        }

        @Override
        protected Services services(Backend opened) {
            Mlops mlops = Mlops.using(opened);
            return new Services(mlops.tracker(), mlops.registry(), mlops.serving(), mlops);
        }
    }

    private static final class Told implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getDeclaringExecutable().getDeclaringClass() == Weak.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return Map.of(BROKEN, told(context, BROKEN), ADMITTED, told(context, ADMITTED));
        }

        private static Set<Capability> told(ExtensionContext context, String what) {
            return Pattern.compile(",")
                    .splitAsStream(context.getConfigurationParameter(what).orElseThrow())
                    .filter(name -> !name.isEmpty())
                    .map(Capability::valueOf)
                    .collect(Collectors.toSet());
        }
    }

    /** Runs suites of the contract; gives the tests that failed, by name, with their reasons. */
    private static Map<String, Throwable> failures(
            List<? extends DiscoverySelector> suites, Set<Capability> broken, Set<Capability> admitted) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(suites)
                .configurationParameter(BROKEN, joined(broken))
                .configurationParameter(ADMITTED, joined(admitted))
                .build();
        Map<String, Throwable> failed = new HashMap<>();
        int[] ran = new int[1];
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                ran[0] += test.isTest() ? 1 : 0;
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    failed.put(name(test), result.getThrowable().orElseThrow());
                }
            }
        });
        assertThat(ran[0]).as("tests that ran").isGreaterThan(100);
        return failed;
    }

    private static String name(TestIdentifier test) {
        return test.getSource().orElseThrow() instanceof MethodSource method
                ? method.getMethodName()
                : test.getDisplayName();
    }

    /** The suites of all stores, and that of programs in which a promise is asked about. */
    private static List<DiscoverySelector> suitesOfStores() {
        return Stream.concat(
                        Stream.of(BackendContract.class.getDeclaredClasses()),
                        Stream.of(ProgramContract.class.getDeclaredClasses())
                                .filter(suite -> suite.getSimpleName().equals("ProgressReports")))
                .<DiscoverySelector>map(suite -> selectNestedClass(List.of(Weak.class), suite))
                .toList();
    }

    private static String joined(Set<Capability> some) {
        return String.join(",", some.stream().map(Capability::name).toList());
    }

    @Test
    void aBackendThatPromisesNothingPasses() {
        assertThat(failures(List.of(selectClass(Weak.class)), PROMISES, PROMISES))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PERSISTENT", "LOCAL"})
    void aPromiseThatIsMadeAndBrokenIsNoticed(Capability promise) {
        assertThat(failures(suitesOfStores(), Set.of(promise), Set.of(promise))).isEmpty();
        assertThat(failures(suitesOfStores(), Set.of(promise), Set.of()))
                .containsOnlyKeys(requireNonNull(GATED.get(promise), "the tests of a new promise"));
    }
}
