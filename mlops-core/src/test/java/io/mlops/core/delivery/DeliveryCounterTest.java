package io.mlops.core.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.Delivery;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DeliveryCounterTest {
    private final DeliveryCounter counter = new DeliveryCounter();

    @Test
    void acceptedIsDeliveredPendingOrDroppedAtEveryMoment() {
        Random random = new Random(42);
        for (int i = 0; i < 10_000; i++) {
            long some = random.nextInt((int) Math.min(counter.pending(), 5) + 1);
            switch (random.nextInt(6)) {
                case 0 -> counter.deliver(some);
                case 1 -> counter.drop("full", some);
                case 2 -> counter.makeDurable();
                case 3 -> counter.rewind();
                default -> counter.accept();
            }

            Delivery now = counter.snapshot();
            assertThat(now.accepted()).isEqualTo(now.delivered() + now.pending() + now.lost());
            assertThat(now.pending()).isNotNegative();
            assertThat(now.durable()).isLessThanOrEqualTo(now.delivered());
        }
    }

    @Test
    void whatTheStoreForgotIsPendingAgain() {
        counter.accept();
        counter.accept();
        counter.deliver(1);
        counter.makeDurable();
        counter.deliver(1);
        assertThat(counter.pending()).isZero();
        assertThat(counter.allDurable()).isFalse();

        counter.rewind();

        assertThat(counter.snapshot()).isEqualTo(new Delivery(2, 1, 1, 1, Map.of()));
    }

    @Test
    void reasonsAreAddedOneByOne() {
        DeliveryCounter other = new DeliveryCounter();
        for (DeliveryCounter each : new DeliveryCounter[] {counter, other}) {
            each.accept();
            each.accept();
            each.drop("full", 1);
            each.drop("closed", 0);
        }
        other.drop("closed", 1);

        counter.add(other);

        assertThat(counter.snapshot()).isEqualTo(new Delivery(4, 0, 0, 1, Map.of("full", 2L, "closed", 1L)));
        assertThat(other.allDurable()).isTrue();
    }
}
