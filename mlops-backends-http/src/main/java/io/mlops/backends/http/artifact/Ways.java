package io.mlops.backends.http.artifact;

import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.backends.http.wire.Answer;
import java.util.Set;
import java.util.function.Function;

/** Decides by one answer whether and how something else is asked. Not for instances. */
final class Ways {
    private static final Set<Integer> PAGES_OF_NO = Set.of(404, 405, 413, 500, 501);

    private Ways() {}

    /** What comes of a value; a no stays what it is. */
    static <A, B> Answer<B> then(Answer<A> answer, Function<A, Answer<B>> next) {
        if (answer instanceof Answer.Value<A> value) {
            return next.apply(value.value());
        }
        if (answer instanceof Answer.Refused<A> no) {
            return new Answer.Refused<>(no.status(), no.code(), no.message(), no.exception());
        }
        if (answer instanceof Answer.Unknown<A> unknown) {
            return new Answer.Unknown<>(unknown.cause(), unknown.exception());
        }
        throw new IllegalStateException("no answer is a " + answer.getClass());
    }

    /**
     * Whether somebody cannot do what was asked, so that another way may lead there: the endpoint is missing, the bytes are
     * too many, or the server fails without a word of its own, as one does that cannot reach its own store.
     */
    static boolean isNoWay(Answer<?> answer) {
        return answer instanceof Answer.Refused<?> no
                && (no.exception() instanceof UnsupportedByBackendException
                        || (no.code().isEmpty() && PAGES_OF_NO.contains(no.status())));
    }
}
