package io.mlops.backends.http.model;

import io.mlops.api.common.CorruptDataException;
import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.Digest;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.registry.ModelVersion;
import io.mlops.api.schema.ModelSignature;
import io.mlops.api.spi.ContentCopy;
import io.mlops.api.spi.ModelDraft;
import io.mlops.backends.http.server.LongTag;
import io.mlops.backends.http.server.Reserved;
import io.mlops.core.codec.Json;
import io.mlops.core.mlflow.SignatureJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps in tags of a version what MLflow has no place for. What cannot be read is as if it were not there. */
final class VersionTags {
    private static final String KEY = Reserved.PREFIX + "key";
    private static final String DIGEST = Reserved.PREFIX + "digest";
    private static final String BYTES = Reserved.PREFIX + "bytes";
    private static final String RUN = Reserved.PREFIX + "run";
    private static final String DATASETS = Reserved.PREFIX + "datasets";
    private static final String BY = Reserved.PREFIX + "by";
    private static final String SIGNATURE = Reserved.PREFIX + "signature";

    private VersionTags() {}

    /** All tags of a version that is being registered, the user's included. */
    static Map<String, String> write(ModelDraft draft, Digest digest, long bytes) {
        Map<String, String> tags = new TreeMap<>(draft.tags());
        tags.put(KEY, key(draft.key()));
        tags.put(DIGEST, digest.toString());
        tags.put(BYTES, Long.toString(bytes));
        tags.put(Reserved.CREATED, Long.toString(draft.created().toEpochMilli()));
        RunId run = draft.run();
        if (run != null) {
            tags.put(RUN, run.value());
        }
        Integer parent = draft.parent();
        if (parent != null) {
            tags.put(Reserved.PARENT, parent.toString());
        }
        if (!draft.by().isEmpty()) {
            tags.put(BY, draft.by());
        }
        if (!draft.datasets().isEmpty()) {
            List<String> datasets =
                    draft.datasets().stream().map(DatasetVersionId::toString).toList();
            tags.putAll(
                    LongTag.write(DATASETS, Json.object().put("items", datasets).line()));
        }
        ModelSignature signature = draft.signature();
        if (signature != null) {
            tags.putAll(LongTag.write(SIGNATURE, SignatureJson.write(signature).line()));
        }
        return tags;
    }

    /** The condition by which a version is found that was registered under a key. */
    static String withKey(String key) {
        return "tags.`" + KEY + "` = '" + key(key) + "'";
    }

    /** The condition by which versions of this content are found. */
    static String withDigest(Digest digest) {
        return "tags.`" + DIGEST + "` = '" + digest + "'";
    }

    /** Keys may hold anything, and databases compare texts in ways of their own. */
    private static String key(String key) {
        return Digest.sha256(ContentCopy.sha256().digest(key.getBytes(StandardCharsets.UTF_8)))
                .hex();
    }

    /** Whether a version was registered under this key. */
    static boolean hasKey(Map<String, String> tags, String key) {
        return key(key).equals(tags.get(KEY));
    }

    /** The digest of the files of a version; null if others registered it. */
    static @Nullable Digest digest(Map<String, String> tags) {
        return read(tags.get(DIGEST), Digest::parse);
    }

    static ModelVersion version(String model, ServerVersion version, @Nullable RunId told) {
        Map<String, String> tags = version.tags();
        Long bytes = read(tags.get(BYTES), Long::valueOf);
        RunId run = read(tags.get(RUN), RunId::new);
        List<DatasetVersionId> datasets = read(
                LongTag.read(DATASETS, tags),
                text -> json(DATASETS, text).texts("items").stream()
                        .map(DatasetVersionId::parse)
                        .toList());
        return new ModelVersion(
                new ModelVersionId(model, version.number()),
                digest(tags),
                bytes == null ? 0 : Math.max(0, bytes),
                run == null ? told : run,
                datasets == null ? List.of() : datasets,
                read(tags.get(Reserved.PARENT), Integer::valueOf),
                read(LongTag.read(SIGNATURE, tags), text -> SignatureJson.read(json(SIGNATURE, text))),
                version.description(),
                Shown.tags(tags),
                Millis.read(tags.get(Reserved.CREATED), version.created()),
                tags.getOrDefault(BY, version.isOurs() ? "" : version.user()));
    }

    private static Json json(String tag, String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8), "tag " + tag);
    }

    private static <T> @Nullable T read(@Nullable String text, Function<String, T> parser) {
        try {
            return text == null ? null : parser.apply(text);
        } catch (CorruptDataException | IllegalArgumentException othersWroteIt) {
            return null;
        }
    }
}
