package io.mlops.api.spi;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.Listing;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Keeps runs and their points. Every call is safe to repeat. What {@link #create} and {@link #append} did is visible
 * when they return and durable when the next {@link #change} of that run returns, so that a store pays for its
 * stable storage once per batch of work and not once per call. Thread-safe.
 */
public interface RunStore {
    /**
     * Makes a run and, if need be, its experiment; returns the one there if this id was made before. A store to which a
     * look-up is dear may leave it out if the draft is {@link RunDraft#fresh}.
     */
    RunInfo create(RunDraft draft);

    /** Finds a run by the id it was made with, or by the store's own id for runs that others made. */
    Optional<RunInfo> find(RunId run);

    /**
     * Gets a run as {@link #find} does; a store that knows more says in the message which store it is, and what is near.
     *
     * @throws NotFoundException if there is no such run
     */
    default RunInfo get(RunId run) {
        return find(run).orElseThrow(() -> new NotFoundException("no run " + run));
    }

    /**
     * Applies the changes in order, all or none. Durable when it returns, with everything appended to this run before;
     * an empty list asks for just that. A store that cannot take one of them (it refuses, does not support it, or calls it
     * an illegal argument) changes nothing: whoever sends asks again with fewer, until it knows which one is to blame. So one
     * that refuses whoever asks, for want of a permission, refuses an empty list, too. Points that could not be made durable are forgotten, and the next append of
     * that writer is refused with a gap until they were sent again.
     *
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if a param has another value, the run has as much as it takes, or ended in another way;
     *     nothing is changed then
     */
    void change(RunId run, List<RunChange> changes);

    /**
     * Adds points; those that the store has of this writer are skipped. An empty batch asks how many these are. One point
     * that the store cannot take is to blame for nothing being added; whoever sends finds out which one and leaves it out,
     * so that those after it come with smaller offsets.
     *
     * @return how many points of that writer are stored now
     * @throws NotFoundException if there is no such run
     * @throws ConflictException if the batch begins after what is stored of this writer; nothing is added then
     */
    long append(RunId run, MetricBatch batch);

    /**
     * The number of a writer's points that the store has found missing although they were durable, since somebody else
     * removed what held them; it never gets smaller while the writer writes. A store finds out with the next
     * {@link #change} at the latest, so ask after one.
     */
    default long missing(RunId run, String writer) {
        return 0;
    }

    /**
     * A page of the points of one metric by time, then step, then value, equal ones once.
     *
     * @throws NotFoundException if there is no such run
     */
    Page<MetricPoint> history(RunId run, String metric, PageRequest page);

    /**
     * The number of points that each writer has stored, by writer, for copying the run to another store. Points that are
     * damaged or gone do not count. By default each metric counts as a writer of its own, which wrote its history.
     *
     * @throws NotFoundException if there is no such run
     */
    default SortedMap<String, Long> written(RunId run) {
        return MetricWriters.written(this, run);
    }

    /**
     * Reads points of a writer in the order in which it wrote them, of those that {@link #written} counts; the batch is
     * the caller's. It has fewer points than the limit only where the writer's end, and none if there is no such writer. By
     * default it reads histories from their beginning.
     *
     * @param offset the number of the writer's points before those to read
     * @throws NotFoundException if there is no such run
     */
    default MetricBatch read(RunId run, String writer, long offset, int limit) {
        return MetricWriters.read(this, run, writer, offset, limit);
    }

    /**
     * Removes a run for good and at once with all that belongs to it, deleted or not, whoever writes it; durable when it
     * returns. Nothing happens if there is no such run. Only for whoever has copied the run to where it stays.
     *
     * @throws UnsupportedByBackendException if the store removes nothing for good, which is the default
     */
    default void discard(RunId run) {
        throw new UnsupportedByBackendException("cannot remove run " + run + " at once and for good here: delete it");
    }

    /**
     * Finds the environment that the run ran in, by the last {@code RanIn}; empty if there was none.
     *
     * @throws NotFoundException if there is no such run
     * @throws io.mlops.api.common.CorruptDataException if it was recorded and cannot be read
     */
    Optional<RunEnvironment> environment(RunId run);

    /** A page of the matching runs, in the order asked for; ties by start, newest first, then by id. */
    Page<RunInfo> search(RunQuery query, PageRequest page);

    /**
     * All matching runs in the order of {@link #search}, for whoever reads them to the end; those that are made meanwhile
     * need not be among them. A store that has all of its runs at hand goes through them once, not once per page.
     */
    default Iterator<RunInfo> searchAll(RunQuery query) {
        Listing<RunInfo> pages = page -> search(query, page);
        Iterator<RunInfo> all = pages.iterator();
        // Asks for the first page: a query that cannot be read is refused here, not where the runs are read.
        boolean unused = all.hasNext();
        return all;
    }
}
