package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.DataReference;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.registry.ModelChange;
import io.mlops.api.schema.Column;
import io.mlops.api.schema.ColumnType;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.MetricInfo;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One value of every case of a sealed type. A case without a value here fails the tests, and with one, so does every
 * backend that forgot it.
 */
final class Cases {
    private static final Instant LATER = Instant.parse("2026-11-21T13:00:00Z");

    private Cases() {}

    /** Checks that no case is missing among the values, and returns them. */
    static <T> List<T> of(Class<T> sealed, List<? extends T> values) {
        Set<Class<?>> covered = new HashSet<>();
        values.forEach(value -> covered.add(value.getClass()));
        Set<Class<?>> cases = new HashSet<>();
        collect(sealed, cases);
        assertThat(covered).as("a value of every case of " + sealed.getName()).isEqualTo(cases);
        return List.copyOf(values);
    }

    private static void collect(Class<?> type, Set<Class<?>> cases) {
        if (type.isSealed()) {
            Arrays.stream(type.getPermittedSubclasses()).forEach(permitted -> collect(permitted, cases));
        } else {
            cases.add(type);
        }
    }

    /** Facts of every case, each of which changes a run that has the tag {@code there} and no more. */
    static List<RunFact> ofRunFact() {
        return of(
                RunFact.class,
                List.of(
                        new RunFact.ParamSet("trees", "200"),
                        new RunFact.Tagged("team", "growth"),
                        new RunFact.Untagged("there"),
                        new RunFact.Renamed("deep forest"),
                        new RunFact.Used(
                                RunInput.of(DataReference.external("rows", Digest.parse("md5:00"), "x"), "training")),
                        new RunFact.Produced(new ModelVersionId("churn", 7)),
                        new RunFact.RanIn(new RunEnvironment(Map.of("user", "anna"), List.of(), Map.of()))));
    }

    static List<RunChange> ofRunChange() {
        List<RunChange> values = new ArrayList<>(ofRunFact());
        values.add(new RunChange.Ended(new RunOutcome.Finished(), LATER));
        values.add(new RunChange.Resumed(LATER));
        values.add(new RunChange.Deleted(LATER));
        values.add(new RunChange.Restored());
        return of(RunChange.class, values);
    }

    static List<RunOutcome> ofRunOutcome() {
        return of(
                RunOutcome.class,
                List.of(
                        new RunOutcome.Finished(),
                        new RunOutcome.Failed("java.io.IOException", "no such file"),
                        new RunOutcome.Killed("SIGTERM")));
    }

    /** Changes of every case, each of which changes an experiment that has the tag {@code there} and no more. */
    static List<ExperimentChange> ofExperimentChange() {
        return of(
                ExperimentChange.class,
                List.of(
                        new ExperimentChange.Renamed("attrition"),
                        new ExperimentChange.Tagged("team", "growth"),
                        new ExperimentChange.Untagged("there"),
                        new ExperimentChange.Described(MetricInfo.of("auc").higherIsBetter()),
                        new ExperimentChange.Deleted(),
                        new ExperimentChange.Restored()));
    }

    /**
     * Changes of every case, each of which changes a model that has the tag {@code there}, or its first version, which
     * has it, too.
     */
    static List<ModelChange> ofModelChange() {
        return of(
                ModelChange.class,
                List.of(
                        new ModelChange.Described("who leaves"),
                        new ModelChange.Tagged("owner", "growth"),
                        new ModelChange.Untagged("there"),
                        new ModelChange.VersionDescribed(1, "deeper"),
                        new ModelChange.VersionTagged(1, "reviewed", "yes"),
                        new ModelChange.VersionUntagged(1, "there")));
    }

    static List<ColumnType> ofColumnType() {
        return of(
                ColumnType.class,
                List.of(
                        ColumnType.Scalar.DATETIME,
                        new ColumnType.ListOf(ColumnType.Scalar.STRING),
                        new ColumnType.MapOf(ColumnType.Scalar.BINARY),
                        new ColumnType.StructOf(List.of(Column.optional("zip", ColumnType.Scalar.LONG))),
                        new ColumnType.Any()));
    }
}
