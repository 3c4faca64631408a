package io.mlops.backends.http.run;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.common.RunId;
import io.mlops.api.common.UnsupportedByBackendException;
import io.mlops.api.spi.MetricBatch;
import io.mlops.api.tracker.MetricPoint;
import io.mlops.backends.http.server.FoundRun;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.Wire;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Appends points to runs on a server. After an answer that was lost it asks how far the server got before it sends
 * anything again, since points that are there already cost the server much. Thread-safe.
 */
final class PointSender {
    /** How often the same points are sent if every answer is lost. */
    private static final int MAX_TRIES = 4;

    private static final int NO_LIMIT = Integer.MAX_VALUE;
    private static final int TOO_LARGE = 413;

    private final Wire wire;
    private final RunIds ids;
    private final KnownRuns known;
    private final Histories histories;

    PointSender(Wire wire, RunIds ids, KnownRuns known, Histories histories) {
        this.wire = wire;
        this.ids = ids;
        this.known = known;
        this.histories = histories;
    }

    long append(RunId id, MetricBatch batch) {
        KnownRun run = known.of(id);
        KnownRun.Writer writer = run.writer(batch.writer());
        writer.lock().lock();
        try {
            FoundRun found = ids.get(id);
            if (!writer.isKnown()) {
                writer.sent(ids.read(id).sent(batch.writer()));
            }
            checkNoGap(id, batch, writer.sent());
            sendRest(found, batch, run.latest(), writer);
            return writer.sent();
        } catch (RefusedException | UnsupportedByBackendException e) {
            run.refused(true);
            writer.forget();
            throw e;
        } catch (RuntimeException | Error e) {
            writer.forget();
            throw e;
        } finally {
            writer.lock().unlock();
        }
    }

    private void sendRest(FoundRun run, MetricBatch batch, LatestPoints latest, KnownRun.Writer writer) {
        FoundRun found = run;
        int most = NO_LIMIT;
        int lost = 0;
        long stored = writer.sent();
        while (stored < batch.offset() + batch.size()) {
            int from = Math.toIntExact(stored - batch.offset());
            PointRequest request = PointRequest.of(found.storeId(), batch, from, most, latest);
            Answer<Boolean> answer = send(found, request);
            if (isDuplicate(answer)) {
                answer = send(found, withoutStored(found, batch, request));
            }
            if (answer instanceof Answer.Value<Boolean>) {
                stored = request.stored();
                lost = 0;
            } else if (answer instanceof Answer.Unknown<Boolean> unknown) {
                lost++;
                if (lost == MAX_TRIES) {
                    throw unknown.exception();
                }
                stored = Math.max(stored, ids.read(found.id()).sent(batch.writer()));
            } else if (answer.hasStatus(TOO_LARGE) && request.to() - from > 1) {
                most = (request.to() - from) / 2;
            } else {
                ServerRun now = otherRun(found, answer);
                found = ids.get(found.id());
                stored = now.sent(batch.writer());
                checkNoGap(found.id(), batch, stored);
            }
            writer.sent(stored);
        }
    }

    private static void checkNoGap(RunId id, MetricBatch batch, long stored) {
        if (batch.offset() > stored) {
            throw new ConflictException("run " + id + " has " + stored + " points of writer " + batch.writer()
                    + " and cannot take those from " + batch.offset() + " on: send what is between");
        }
    }

    /** The run that the id means now, if it was another one that the server refused to add to. */
    private ServerRun otherRun(FoundRun refused, Answer<Boolean> answer) {
        if (answer.hasStatus(400) || answer.hasStatus(404)) {
            ServerRun now = ids.read(refused.id());
            if (now.deleted()) {
                throw new ConflictException("run " + refused.id() + " is deleted: restore it first");
            }
            if (!now.storeId().equals(refused.storeId())) {
                return now;
            }
        }
        boolean done = answer.orThrow();
        throw new IllegalStateException("no refusal: " + done);
    }

    /** What is left of a request without the points that the server has already. */
    private PointRequest withoutStored(FoundRun run, MetricBatch batch, PointRequest request) {
        Map<String, Map<MetricPoint, Integer>> byKey = new HashMap<>();
        for (int i : request.points()) {
            Instant time = Instant.ofEpochMilli(batch.epochMillis(i));
            byKey.computeIfAbsent(batch.key(batch.keyOf(i)), key -> new HashMap<>())
                    .put(new MetricPoint(batch.step(i), time, PointRequest.kept(batch.value(i))), i);
        }
        Set<Integer> stored = new HashSet<>();
        byKey.forEach((key, points) -> histories.scan(run.storeId(), key, point -> {
            Integer known = points.get(new MetricPoint(point.step(), point.time(), PointRequest.kept(point.value())));
            if (known != null) {
                stored.add(known);
            }
        }));
        return request.only(point -> !stored.contains(point));
    }

    private Answer<Boolean> send(FoundRun run, PointRequest request) {
        return wire.ask(
                Call.post(Call.mlflow("runs/log-batch"))
                        .about(ids.described(run))
                        .body(request)
                        .once(),
                AnswerReader.ignoring());
    }

    private static boolean isDuplicate(Answer<Boolean> answer) {
        if (!(answer instanceof Answer.Refused<Boolean> refused) || refused.status() != 400) {
            return false;
        }
        // Words of the databases that MLflow runs on.
        String message = refused.message().toLowerCase(Locale.ROOT);
        return message.contains("integrityerror")
                || message.contains("unique constraint")
                || message.contains("duplicate");
    }
}
