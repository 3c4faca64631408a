package io.mlops.backends.http.artifact;

import io.mlops.api.common.CorruptDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A root behind a server of MLflow, taken into its parts: what a server says of it is data, from which addresses are built
 * anew.
 *
 * @param server which one, such as {@code //other:5000} or {@code https://other/team}; null for the one that says so
 * @param segments the parts of the path, which the server wants back as it told them
 */
record ProxiedRoot(@Nullable String server, List<String> segments) {
    private static final String SCHEME = "mlflow-artifacts:";
    private static final int LONGEST_SHOWN = 200;

    ProxiedRoot {
        segments = List.copyOf(segments);
    }

    /**
     * Reads a root.
     *
     * @return empty if its files do not lie behind a server of MLflow
     * @throws CorruptDataException if it leads out of where it begins
     */
    static Optional<ProxiedRoot> of(String root) {
        String lower = root.toLowerCase(Locale.ROOT);
        if (lower.startsWith(SCHEME)) {
            String rest = root.substring(SCHEME.length());
            if (!rest.startsWith("//") || rest.startsWith("///")) {
                return Optional.of(new ProxiedRoot(null, segments(root, rest)));
            }
            int slash = rest.indexOf('/', 2);
            String server = slash < 0 ? rest : rest.substring(0, slash);
            return Optional.of(new ProxiedRoot(server, segments(root, slash < 0 ? "" : rest.substring(slash))));
        }
        String endpoint = "/" + ProxyAccess.ENDPOINT;
        int at = root.indexOf(endpoint);
        boolean isEnd = at >= 0 && (root.length() == at + endpoint.length() || root.startsWith(endpoint + "/", at));
        return isEnd && lower.matches("(?s)https?://.*")
                ? Optional.of(
                        new ProxiedRoot(root.substring(0, at), segments(root, root.substring(at + endpoint.length()))))
                : Optional.empty();
    }

    private static List<String> segments(String root, String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                throw new CorruptDataException(
                        "the server says that files lie at '" + shown(root) + "', which leads elsewhere", null);
            }
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }

    /** On one line, since it is whatever a server says. */
    static String shown(String root) {
        String line = root.replaceAll("[\\p{C}\\p{Z}\\s]+", " ");
        return line.length() <= LONGEST_SHOWN ? line : line.substring(0, LONGEST_SHOWN) + "…";
    }
}
