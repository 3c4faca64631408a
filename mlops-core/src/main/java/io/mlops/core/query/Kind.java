package io.mlops.core.query;

import java.util.List;

/** What conditions may ask of a value. */
sealed interface Kind {
    /** Numbers; times are such, in milliseconds since 1970. */
    record Numeric() implements Kind {}

    /** Text that is always there, or of which nobody asks whether it is. */
    record Text() implements Kind {}

    /** Text that may be missing, as conditions may ask. */
    record OptionalText() implements Kind {}

    /** Text by which one names what one looks for, several at once if need be. */
    record Id() implements Kind {}

    /** Text of a closed set. */
    record Choice(List<String> values) implements Kind {}
}
