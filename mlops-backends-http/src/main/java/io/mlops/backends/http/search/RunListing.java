package io.mlops.backends.http.search;

import io.mlops.core.query.WholeRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one listing of the server, which is asked for the next page when one is needed; knows from which of its
 * pages on a later search has to go on. Not thread-safe.
 */
final class RunListing implements Iterator<WholeRun> {
    /** Asks a server for the pages of a listing. */
    interface Server {
        /**
         * Asks for one page.
         *
         * @param token empty for the first
         * @param before how many pages were asked for before
         */
        Answer page(String token, int before);
    }

    /**
     * A page of the server, without the runs that are shown to nobody.
     *
     * @param next the token of the next page; null at the end
     */
    record Answer(List<WholeRun> runs, @Nullable String next) {}

    /** A page that was read: the token that it was asked by, and the first of its runs. */
    private record Read(String token, WholeRun first) {}

    private final Server server;
    private final String from;
    private final List<Read> read = new ArrayList<>();
    private int asked;
    private List<WholeRun> page = List.of();
    private int at;
    private @Nullable String next;

    /**
     * Nothing is asked yet.
     *
     * @param from the token of the page to begin with; empty for the first
     */
    RunListing(Server server, String from) {
        this.server = server;
        this.from = from;
        this.next = from;
    }

    @Override
    public boolean hasNext() {
        String token = next;
        while (at == page.size() && token != null) {
            Answer answer = server.page(token, asked++);
            page = answer.runs();
            at = 0;
            if (!page.isEmpty()) {
                read.add(new Read(token, page.get(0)));
            }
            // A server whose tokens repeat would go on for ever.
            next = token.equals(answer.next()) ? null : answer.next();
            token = next;
        }
        return at < page.size();
    }

    /** The run that comes next, which has to be there. */
    WholeRun peek() {
        if (!hasNext()) {
            throw new NoSuchElementException("the listing has no more runs");
        }
        return page.get(at);
    }

    @Override
    public WholeRun next() {
        WholeRun run = peek();
        at++;
        return run;
    }

    /** The token of the last page that was read before which all runs come before this one in an order. */
    String mark(WholeRun last, Comparator<? super WholeRun> order) {
        String mark = from;
        for (Read one : read) {
            if (order.compare(one.first(), last) < 0) {
                mark = one.token();
            }
        }
        return mark;
    }
}
