package io.mlops.backends.http.server;

import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Fields;
import java.util.ArrayList;
import java.util.List;

/** Reads answers that hold one thing under a name. Not for instances. */
public final class Answers {
    private Answers() {}

    /** Reads the field of this name, which must be there; all others are skipped. */
    public static <T> AnswerReader<T> field(String field, AnswerReader<T> reader) {
        return in -> {
            List<T> found = new ArrayList<>();
            Fields.each(in, (name, value) -> {
                if (name.equals(field)) {
                    found.add(reader.read(value));
                }
            });
            if (found.isEmpty()) {
                throw Fields.not(in, field);
            }
            return found.get(0);
        };
    }
}
