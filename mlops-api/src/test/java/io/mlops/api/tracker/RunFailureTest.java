package io.mlops.api.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** What a body threw comes out, whatever goes wrong while its run is ended. */
final class RunFailureTest {
    private static final class Silent extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }
    }

    /** Default methods are those of the interface; all others fail. */
    private static <T> T failing(Class<T> type, InvocationHandler others) {
        Object stub = Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.isDefault()
                        ? InvocationHandler.invokeDefault(proxy, method, arguments)
                        : others.invoke(proxy, method, arguments));
        return type.cast(stub);
    }

    private static Tracker trackerWhoseRunsEndWith(Throwable failure) {
        Run run = failing(Run.class, (proxy, method, arguments) -> {
            throw failure;
        });
        return failing(Tracker.class, (proxy, method, arguments) -> run);
    }

    @Test
    void anErrorWhileEndingDoesNotReplaceTheException() {
        Error whileEnding = new OutOfMemoryError("while ending");
        IOException thrown = new IOException("missing.csv");

        assertThatThrownBy(() -> trackerWhoseRunsEndWith(whileEnding).run("churn", run -> {
                    throw thrown;
                }))
                .isSameAs(thrown)
                .hasSuppressedException(whileEnding);
    }

    @Test
    void failingNeverThrows() {
        Error whileEnding = new AssertionError("while ending");
        Run run = trackerWhoseRunsEndWith(whileEnding).start(RunSpec.of("churn"));

        assertThatCode(() -> run.fail(null)).doesNotThrowAnyException();
        assertThatCode(() -> run.fail(whileEnding)).doesNotThrowAnyException();
        assertThatCode(() -> run.fail(new Silent())).doesNotThrowAnyException();
    }

    @Test
    void anyCauseIsAnOutcome() {
        assertThat(RunOutcome.Failed.because(null).type()).isEqualTo("unknown");
        assertThat(RunOutcome.Failed.because(new Silent()).message()).contains("StackOverflowError");
        assertThat(new RunOutcome.Failed("x".repeat(2_000_000), "").type()).hasSize(1000);
    }
}
