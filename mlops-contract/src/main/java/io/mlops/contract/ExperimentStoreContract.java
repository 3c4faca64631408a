package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.spi.ExperimentStore;
import io.mlops.api.tracker.Experiment;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link ExperimentStore} must do. */
public abstract class ExperimentStoreContract extends StoreContract {
    private ExperimentStore store() {
        return backend().experiments();
    }

    @Test
    void ensureMakesAnExperimentOnce() {
        Experiment made = store().ensure("churn", NOON);

        assertThat(made.name()).isEqualTo("churn");
        assertThat(made.created()).isEqualTo(NOON);
        assertThat(store().ensure("churn", NOON.plus(Duration.ofDays(1)))).isEqualTo(made);
        assertThat(store().find("churn")).contains(made);
    }

    @Test
    void anUnknownNameIsNotFound() {
        assertThat(store().find("churn")).isEmpty();
        assertThat(store().list(PageRequest.first(10)).items()).isEmpty();
    }

    @Test
    void namesOfAnyKindRoundTripAndNeverCollide() {
        ODD_NAMES.forEach(name -> store().ensure(name, NOON));

        assertThat(ODD_NAMES)
                .allSatisfy(name -> assertThat(store().find(name))
                        .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo(name)));
        assertThat(all(store()::list, 7).stream().map(Experiment::name))
                .containsExactlyElementsOf(ODD_NAMES.stream().sorted().toList());
        assertThat(all(store()::list, 100).stream().map(Experiment::storeId)).doesNotHaveDuplicates();
    }

    @Test
    void blankNamesAreRefused() {
        assertThatThrownBy(() -> store().ensure(" ", NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("blank");
        assertThat(store().list(PageRequest.first(10)).items()).isEmpty();
    }

    @Test
    void ofManyAtOnceOneMakesIt() {
        List<Experiment> got = race(8, racer -> store().ensure("churn", NOON.plusMillis(racer)));

        assertThat(new HashSet<>(got)).hasSize(1);
    }

    @Test
    void pagesNeitherSkipNorRepeatWhileExperimentsAreAdded() {
        List.of("b", "d", "f").forEach(name -> store().ensure(name, NOON));
        Page<Experiment> first = store().list(PageRequest.first(2));
        List.of("a", "e").forEach(name -> store().ensure(name, NOON));

        Page<Experiment> second = store().list(new PageRequest(10, first.next()));

        assertThat(first.items()).extracting(Experiment::name).containsExactly("b", "d");
        assertThat(second.items()).extracting(Experiment::name).containsExactly("e", "f");
        assertThat(second.next()).isNull();
    }

    @Test
    void useAfterCloseIsABug() {
        backend().close();

        assertThatThrownBy(() -> store().ensure("churn", NOON)).isInstanceOf(IllegalStateException.class);
    }
}
