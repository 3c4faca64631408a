package io.mlops.backends.http.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The calls of the server by method and path. A part of a path in braces is an argument, too. */
final class Routes {
    interface Call {
        ObjectNode answer(Arguments arguments);
    }

    private final Map<String, Call> plain = new LinkedHashMap<>();
    private final Map<Pattern, Call> withArguments = new LinkedHashMap<>();

    /** Adds a call below {@code /api/2.0/mlflow/}. */
    void add(String method, String endpoint, Call call) {
        String path = method + " /api/2.0/mlflow/" + endpoint;
        if (path.contains("{")) {
            withArguments.put(Pattern.compile(path.replaceAll("\\{(\\w+)}", "(?<$1>[^/]+)")), call);
        } else {
            plain.put(path, call);
        }
    }

    @Nullable
    ObjectNode answer(String method, String path, Arguments arguments) {
        Call call = plain.get(method + " " + path);
        if (call != null) {
            return call.answer(arguments);
        }
        for (Map.Entry<Pattern, Call> each : withArguments.entrySet()) {
            Matcher matcher = each.getKey().matcher(method + " " + path);
            if (matcher.matches()) {
                for (String name : new String[] {"id", "tag"}) {
                    if (each.getKey().pattern().contains("<" + name + ">")) {
                        arguments.fields().put("path." + name, matcher.group(name));
                    }
                }
                return each.getValue().answer(arguments);
            }
        }
        return null;
    }

    /** Tells whether another method would be answered there. */
    boolean hasPath(String path) {
        return plain.keySet().stream().anyMatch(each -> each.endsWith(" " + path));
    }
}
