package io.mlops.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.AliasMove;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.VersionReference;
import io.mlops.api.spi.Capability;
import io.mlops.api.spi.ModelStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what every {@link ModelStore} must do with aliases. */
abstract class AliasContract extends StoreSuite {
    @BeforeEach
    void makeVersions() {
        for (int i = 1; i <= 3; i++) {
            store().create(ModelStoreContract.draft("churn", "version " + i));
        }
    }

    private ModelStore store() {
        return backend().models();
    }

    private AliasEvent move(AliasMove move) {
        return store().move(move, "anna", NOON);
    }

    private Optional<Integer> champion() {
        return store().find(new VersionReference.Aliased("churn", "champion")).map(version -> version.number());
    }

    private List<AliasEvent> history() {
        return all(page -> store().history("churn", page), 2);
    }

    @Test
    void anAliasPointsWhereItWasMoved() {
        assertThat(champion()).isEmpty();

        move(AliasMove.of("churn@champion", 1));
        move(AliasMove.of("churn@champion", 3));
        move(AliasMove.of("churn@challenger-2_B", 2));

        assertThat(champion()).contains(3);
        assertThat(store().find("churn").orElseThrow().aliases()).isEqualTo(Map.of("champion", 3, "challenger-2_B", 2));
    }

    @Test
    void aGuardedMoveHappensOnlyFromWhereItExpects() {
        move(AliasMove.of("churn@champion", 1).expectingUnset());
        move(AliasMove.of("churn@champion", 2).expecting(1));

        assertThatThrownBy(() -> move(AliasMove.of("churn@champion", 3).expecting(1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContainingAll("churn@champion", "churn/2", "churn/1");
        assertThatThrownBy(() -> move(AliasMove.of("churn@champion", 3).expectingUnset()))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("churn/2");
        assertThatThrownBy(() -> move(AliasMove.of("churn@other", 3).expecting(1)))
                .isInstanceOf(ConflictException.class)
                .hasMessageContaining("nothing");
        assertThat(champion()).contains(2);
        assertThat(history()).hasSize(2);
    }

    @Test
    void aRemovedAliasPointsNowhere() {
        move(AliasMove.of("churn@champion", 1));

        move(AliasMove.remove("churn@champion").expecting(1));

        assertThat(champion()).isEmpty();
        move(AliasMove.of("churn@champion", 2).expectingUnset());
        assertThat(champion()).contains(2);
    }

    @Test
    void anAliasOfAnOlderStoreIsReadListedAndRemoved() {
        move(new AliasMove("churn", "3", 1, new AliasMove.Guard.Anything(), "made by an older rule"));

        assertThat(store().find(VersionReference.parse("churn@3")).map(version -> version.number()))
                .contains(1);
        assertThat(store().find("churn").orElseThrow().aliases()).isEqualTo(Map.of("3", 1));
        assertThat(history()).extracting(event -> event.move().alias()).containsExactly("3");

        move(AliasMove.remove("churn@3"));

        assertThat(store().find("churn").orElseThrow().aliases()).isEmpty();
        assertThat(history()).extracting(event -> event.move().alias()).containsExactly("3", "3");
    }

    @Test
    void theHistoryTellsWhoMovedWhatAndWhy() {
        AliasEvent first = move(AliasMove.of("churn@champion", 1).because("first"));
        move(AliasMove.of("churn@champion", 2).because("AUC +0.02"));
        move(AliasMove.remove("churn@champion").because("recalled"));

        List<AliasEvent> history = history();
        assertThat(history).extracting(AliasEvent::before).containsExactly(2, 1, null);
        assertThat(history).extracting(event -> event.move().target()).containsExactly(null, 2, 1);
        assertThat(history)
                .extracting(event -> event.move().reason())
                .containsExactly("recalled", "AUC +0.02", "first");
        assertThat(history).allSatisfy(event -> {
            assertThat(event.move().name()).isEqualTo("churn");
            assertThat(event.by()).isEqualTo("anna");
            assertThat(event.at()).isEqualTo(NOON);
        });
        assertThat(first.before()).isNull();
    }

    @Test
    void afterManyMovesTheLastOneCountsAndTheHistoryIsWhole() {
        List<Integer> targets = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            targets.add(0, i % 3 + 1);
            AliasEvent event = move(AliasMove.of("churn@champion", i % 3 + 1).because("move " + i));
            assertThat(event.before()).isEqualTo(i == 0 ? null : targets.get(1));
            assertThat(champion()).contains(i % 3 + 1);
        }

        assertThat(history()).extracting(event -> event.move().target()).isEqualTo(targets);
        assertThat(store().history("churn", PageRequest.first(60))
                        .items()
                        .get(59)
                        .move()
                        .reason())
                .isEqualTo("move 0");
        assertThat(store().find("churn").orElseThrow().aliases()).isEqualTo(Map.of("champion", 3));
    }

    @Test
    void anAliasNeverPointsToAMissingVersion() {
        assertThatThrownBy(() -> move(AliasMove.of("churn@champion", 4)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("churn/4");
        assertThatThrownBy(() -> move(AliasMove.of("unknown@champion", 1)))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("unknown");
        assertThat(history()).isEmpty();
        assertThatThrownBy(() -> store().history("unknown", PageRequest.first(1)))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void noMoveIsLostUnderARace() {
        int moves = race(8, racer -> {
                    int done = 0;
                    for (int i = 0; i < 10; i++) {
                        move(AliasMove.of("churn@by-" + racer, i % 3 + 1));
                        done++;
                    }
                    return done;
                })
                .stream()
                .mapToInt(Integer::intValue)
                .sum();

        assertThat(history()).hasSize(moves);
        assertThat(store().find("churn").orElseThrow().aliases()).hasSize(8);
    }

    @Test
    void ofManyGuardedMovesOneWins() {
        move(AliasMove.of("churn@champion", 1));

        long won = race(8, racer -> {
                    try {
                        move(AliasMove.of("churn@champion", 2 + racer % 2).expecting(1));
                        return true;
                    } catch (ConflictException lost) {
                        return false;
                    }
                })
                .stream()
                .filter(Boolean::booleanValue)
                .count();

        if (promises(Capability.ATOMIC_ALIASES)) {
            assertThat(won).isEqualTo(1);
        } else {
            assertThat(won).isPositive();
        }
    }
}
