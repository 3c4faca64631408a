package io.mlops.backends.fs.event;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.backends.fs.store.Layout;
import io.mlops.backends.fs.store.RunJson;
import io.mlops.backends.fs.store.Store;
import io.mlops.core.codec.Json;
import io.mlops.core.disk.FileStamp;
import io.mlops.core.disk.StampedCache;
import io.mlops.core.query.Pages;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The points of a metric by time, in pages, whatever order its files have them in: each page is gathered in one pass
 * over the files, with memory bounded by the page. Thread-safe.
 */
public final class MetricHistory {
    private static final int MAX_REMEMBERED = 1000;

    private final Store store;
    private final MetricSummaries summaries;
    /** What the documents of runs say of their event files: a page of each of thousands of metrics is asked for in turn. */
    private final StampedCache<Path, List<RunJson.Reach>> read = new StampedCache<>(MAX_REMEMBERED);

    /** Makes the histories of the runs of a store. */
    public MetricHistory(Store store) {
        this.store = store;
        this.summaries = new MetricSummaries(store);
    }

    /** Reads one page of the points of a metric; what is damaged or missing is left out with a warning. */
    public Page<MetricPoint> page(Path run, String metric, PageRequest request) throws IOException {
        HistoryToken token = HistoryToken.parse(request.token());
        HistoryPage page = new HistoryPage(metric, request.limit(), token.last());
        if (request.token() == null) {
            compare(run);
        }
        for (EventFile file : EventFile.of(store, run)) {
            read(run, file, token.position(file.name()), page);
        }
        List<MetricPoint> points = page.points();
        return Pages.cut(points, request.limit(), last -> new HistoryToken(last, page.positions()).toString());
    }

    private void read(Path run, EventFile file, HistoryToken.Position from, HistoryPage page) throws IOException {
        if (from.offset() >= file.goodLength()) {
            return;
        }
        EventPoints points = new EventPoints();
        page.begin(file.name(), from);
        try (EventReader reader = file.open(store.damage(), from.offset(), Long.MAX_VALUE)) {
            if (reader == null) {
                page.end(from.offset(), true);
                return;
            }
            boolean more = true;
            while (more && reader.advance()) {
                page.record(reader.recordStart());
                more = points.read(reader.data(), reader.dataFrom(), reader.dataLength(), page);
            }
            page.end(reader.goodEnd(), more);
            file.reportDamage(store.damage(), reader, () -> mayEndAnywhere(run, file));
        }
    }

    /** Returns whether a file may end in the midst of a record without another word about it. */
    boolean mayEndAnywhere(Path run, EventFile file) {
        try {
            Json json = store.documents().findUnlessEmpty(run.resolve(Layout.RUN));
            return (json != null && RunJson.mayBeWritten(json, store.owners()))
                    || missing(run).contains(file.name());
        } catch (IOException | CorruptDataException e) {
            return false;
        }
    }

    /** Tells what is missing of the event files of a run. */
    void compare(Path run) throws IOException {
        Set<String> unused = missing(run);
    }

    private Set<String> missing(Path run) throws IOException {
        Path document = run.resolve(Layout.RUN);
        try {
            FileStamp stamp = FileStamp.of(document);
            List<RunJson.Reach> reaches = read.find(run, stamp);
            if (reaches == null) {
                Json json = store.documents().findUnlessEmpty(document);
                reaches = json == null ? List.of() : List.copyOf(RunJson.reaches(json));
                read.put(run, stamp, reaches);
            }
            return summaries.missing(run, reaches);
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (CorruptDataException e) {
            // The points do not need the document.
            return Set.of();
        }
    }
}
