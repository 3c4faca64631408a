package io.mlops.backends.fs;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.core.codec.Json;
import io.mlops.core.query.Pages;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Pages through the points of one metric by time, whatever order its files have them in: each page is the smallest points
 * beyond the last one handed out, gathered in one pass with bounded memory. Thread-safe.
 */
final class MetricHistory {
    private final Store store;
    private final RunFolders folders;

    MetricHistory(Store store, RunFolders folders) {
        this.store = store;
        this.folders = folders;
    }

    Page<MetricPoint> page(Path run, String metric, PageRequest request) throws IOException {
        HistoryToken token = HistoryToken.parse(request.token());
        HistoryPage page = new HistoryPage(metric, request.limit(), token.last());
        for (EventFile file : EventFile.of(store.disk(), run)) {
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
        try (EventReader reader = new EventReader(file.path(), from.offset(), file.goodLength())) {
            boolean more = true;
            while (more && reader.advance()) {
                page.record(reader.recordStart());
                more = points.read(reader.data(), reader.dataFrom(), reader.dataLength(), page);
            }
            page.end(reader.goodEnd(), more);
            store.damage().read(file, reader, () -> mayBeWritten(run));
        } catch (NoSuchFileException gone) {
            page.end(from.offset(), true);
        }
    }

    private boolean mayBeWritten(Path run) {
        try {
            Json json = folders.document(run);
            return json != null && folders.mayBeWritten(json);
        } catch (IOException e) {
            return false;
        }
    }
}
