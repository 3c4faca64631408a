package io.mlops.core.tracker;

import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The requests of callers to the delivery of one run: for an answer, and for its end. Thread-safe. */
final class RunRequests {
    /** The requests of one moment; the end is null if nobody has asked for it. */
    record Asked(List<Ticket> tickets, RunChange.@Nullable Ended end) {
        /** Whether everything recorded is to become durable. */
        boolean forEverything() {
            boolean everything = end != null;
            for (Ticket ticket : tickets) {
                everything |= ticket.want() == Ticket.Want.DURABLE;
            }
            return everything;
        }

        /** Whether all of them have seen a try. */
        boolean tried() {
            boolean tried = true;
            for (Ticket ticket : tickets) {
                tried &= ticket.tried();
            }
            return tried;
        }
    }

    /** Those without a last answer; guarded by its own monitor, as all below, since there are many of this class. */
    private final List<Ticket> tickets = new ArrayList<>();
    /** The end as it will be asked for. */
    private RunChange.@Nullable Ended coming;
    /** The end once it is asked for. */
    private RunChange.@Nullable Ended end;

    /** Hands a ticket in. */
    Ticket add(Ticket.Want want) {
        Ticket ticket = new Ticket(want);
        synchronized (tickets) {
            tickets.removeIf(Ticket::withdrawn);
            tickets.add(ticket);
        }
        return ticket;
    }

    /** Announces an end, which counts whoever asks for one. */
    void announceEnd(RunOutcome outcome, Instant at) {
        synchronized (tickets) {
            if (coming == null) {
                coming = new RunChange.Ended(outcome, at);
            }
        }
    }

    /** Asks for the end that was announced, or else for this one. */
    void end(RunOutcome outcome, Instant at) {
        synchronized (tickets) {
            announceEnd(outcome, at);
            end = coming;
        }
    }

    /** The requests that are open now. */
    Asked asked() {
        synchronized (tickets) {
            return new Asked(List.copyOf(tickets), end);
        }
    }

    /** Tells those that asked for this that it is done. */
    void done(Asked asked, Ticket.Want want) {
        for (Ticket ticket : asked.tickets()) {
            if (ticket.want() == want) {
                ticket.done();
            }
        }
        synchronized (tickets) {
            tickets.removeIf(ticket -> ticket.want() == want && asked.tickets().contains(ticket));
        }
    }

    /** Gives everybody who waits the last answer. */
    void answerAll(Consumer<Ticket> answer) {
        List<Ticket> waiting;
        synchronized (tickets) {
            waiting = List.copyOf(tickets);
            tickets.clear();
        }
        waiting.forEach(answer);
    }
}
