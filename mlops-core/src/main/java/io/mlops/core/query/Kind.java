package io.mlops.core.query;

import java.util.List;

/** The kind of a value, which says what conditions may ask of it. */
sealed interface Kind {
    /** Numbers; times are such, in milliseconds since 1970. */
    record Numeric() implements Kind {}

    /** Text that is always there, or of which conditions cannot ask whether it is. */
    record Text() implements Kind {}

    /** Text that may be missing, as conditions may ask. */
    record OptionalText() implements Kind {}

    /** Text that names one thing, so that a condition may ask for several at once. */
    record Id() implements Kind {}

    /** Text of a closed set. */
    record Choice(List<String> values) implements Kind {}
}
