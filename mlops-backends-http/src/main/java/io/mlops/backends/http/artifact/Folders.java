package io.mlops.backends.http.artifact;

import com.fasterxml.jackson.core.JsonParser;
import io.mlops.api.common.RelativePath;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Fields;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a server says of a folder. Not for instances. */
final class Folders {
    /**
     * A page of a folder.
     *
     * @param token for the next page; null at the end
     */
    record Part(List<ListedFile> files, @Nullable String token) {}

    private Folders() {}

    /** Reads a page; what is no name of a file is left out, since nothing may be looked for under it. */
    static AnswerReader<Part> reader() {
        return in -> {
            List<ListedFile> files = new ArrayList<>();
            String[] token = {""};
            Fields.each(in, (name, value) -> {
                if (name.equals("files")) {
                    Fields.list(value, Folders::file).forEach(found -> found.ifPresent(files::add));
                } else if (name.equals("next_page_token")) {
                    token[0] = Fields.text(value);
                }
            });
            return new Part(files, token[0].isEmpty() ? null : token[0]);
        };
    }

    private static Optional<ListedFile> file(JsonParser in) throws IOException {
        String[] path = {""};
        boolean[] folder = {false};
        long[] bytes = {0};
        Fields.each(in, (name, value) -> {
            switch (name) {
                case "path" -> path[0] = Fields.text(value);
                case "is_dir" -> folder[0] = Fields.flag(value);
                case "file_size" -> bytes[0] = Math.max(0, Fields.number(value));
                default -> {}
            }
        });
        // Some answers tell the whole path, some its last part; a folder may end in a slash.
        String plain = path[0].endsWith("/") ? path[0].substring(0, path[0].length() - 1) : path[0];
        String name = Spelling.read(plain.substring(plain.lastIndexOf('/') + 1));
        return isName(name) ? Optional.of(new ListedFile(name, folder[0], folder[0] ? 0 : bytes[0])) : Optional.empty();
    }

    private static boolean isName(String name) {
        try {
            return RelativePath.of(name).segments().size() == 1;
        } catch (IllegalArgumentException noName) {
            return false;
        }
    }
}
