package io.mlops.backends.http.search;

import io.mlops.api.common.RefusedException;
import io.mlops.api.tracker.Visibility;
import io.mlops.backends.http.server.Listed;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks a server for the pages of one listing of runs, small ones first if the first may be enough. Not thread-safe. */
final class RunRequests {
    /** The most runs that are asked for at once; the server takes a millisecond for each. */
    static final int LARGEST_PAGE = 1000;

    private static final int GROWTH = 4;
    private static final int SHRINKAGE = 20;
    private static final int BAD_REQUEST = 400;
    private static final AnswerReader<Listed<ServerRun>> PAGE = Listed.in("runs", ServerRun::read);

    private final Wire wire;
    private final Visibility visibility;
    private final List<String> experimentIds;
    private final List<String> order;
    private final int first;
    private int largest = LARGEST_PAGE;
    private String filter;

    RunRequests(
            Wire wire,
            Visibility visibility,
            List<String> experimentIds,
            List<String> order,
            String filter,
            int first) {
        this.wire = wire;
        this.visibility = visibility;
        this.experimentIds = experimentIds;
        this.order = order;
        this.filter = filter;
        this.first = Math.min(first, LARGEST_PAGE);
    }

    /**
     * Asks for a page.
     *
     * @param token empty for the first
     * @param before how many pages were asked for before
     */
    Listed<ServerRun> page(String token, int before) {
        int size = first;
        for (int i = 0; i < before && size < largest; i++) {
            size *= GROWTH;
        }
        return page(token, before, Math.min(size, largest));
    }

    private Listed<ServerRun> page(String token, int before, int size) {
        Answer<Listed<ServerRun>> answer;
        try {
            answer = wire.ask(call(token, size), PAGE);
        } catch (RefusedException e) {
            // An answer may have more bytes than one takes, if each run has thousands of params.
            if (size < SHRINKAGE || !(e.getCause() instanceof IOException)) {
                throw e;
            }
            largest = size / SHRINKAGE;
            return page(token, before);
        }
        if (answer.hasStatus(BAD_REQUEST) && !filter.isEmpty()) {
            // It speaks another dialect: it gives all runs, which are checked here anyway.
            filter = "";
            return page(token, before);
        }
        return answer.orThrow();
    }

    private Call call(String token, int size) {
        Map<String, Object> request = new TreeMap<>();
        request.put("experiment_ids", experimentIds);
        request.put("filter", filter);
        request.put("order_by", order);
        request.put("max_results", size);
        request.put("run_view_type", view());
        if (!token.isEmpty()) {
            request.put("page_token", token);
        }
        return Call.post(Call.mlflow("runs/search")).body(JsonBody.of(request));
    }

    private String view() {
        return switch (visibility) {
            case ACTIVE -> "ACTIVE_ONLY";
            case DELETED -> "DELETED_ONLY";
            case ALL -> "ALL";
        };
    }
}
