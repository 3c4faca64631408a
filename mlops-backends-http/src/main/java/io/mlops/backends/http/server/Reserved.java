package io.mlops.backends.http.server;

import io.mlops.api.common.Names;
import io.mlops.api.spi.ContentCopy;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The names that the library keeps for itself on a server. They are hidden from what the API shows, and refused as
 * names of users. Not for instances.
 */
public final class Reserved {
    /** The tag of a run that holds the id which the library gave it. */
    public static final String ID = "mlops.id";

    /** The beginning of all other tags of runs, experiments, models and versions. */
    public static final String PREFIX = "mlops.store.";

    /** The tag that holds the true name of what the server calls by a shortened one. */
    public static final String NAME = PREFIX + "name";

    /** The tag of an experiment that holds when it was made, in milliseconds since 1970: the server has its own clock. */
    public static final String CREATED = PREFIX + "created";

    /** The tag of experiments and models that hold something of the library's own and are shown to nobody. */
    public static final String KIND = PREFIX + "kind";

    /** The tag of a run that holds the id of the run that it is part of; MLflow's own tag holds the server's id. */
    public static final String PARENT = PREFIX + "parent";

    /** The beginning of tags that hold a user's tag of which MLflow needs another value than the user's. */
    public static final String TAG = PREFIX + "tag.";

    /** The beginning of tags that hold how many points of a writer the run has. */
    public static final String SENT = PREFIX + "sent.";

    /** The beginning of tags that hold the latest number of a metric that the server shows as NaN. */
    public static final String LATEST = PREFIX + "latest.";

    /** The tag of a run that holds how it ended. */
    public static final String OUTCOME = PREFIX + "outcome";

    /** The beginning of tags that hold the data which a run read. */
    public static final String INPUTS = PREFIX + "inputs.";

    /** The beginning of tags that hold the model versions which came out of a run. */
    public static final String OUTPUTS = PREFIX + "outputs.";

    /** The tag of a run that is the origin of a model version. */
    public static final String PRODUCED = PREFIX + "produced";

    /** The tag of a run that was deleted by itself, not with its experiment. */
    public static final String DELETED = PREFIX + "deleted";

    /** The tag of a run that was made a second time by mistake; holds the server's id of the first one. */
    public static final String DUPLICATE_OF = PREFIX + "duplicateOf";

    /** The tag of a run that holds the digest of the environment it ran in. */
    public static final String ENVIRONMENT = PREFIX + "environment";

    /** The value of a tag of an experiment that was removed, on servers that can only replace it. */
    public static final String REMOVED = PREFIX + "removed";

    /** The folder among the artifacts of a run that is hidden. */
    public static final String FOLDER = ".mlops";

    private static final int HASH_BYTES = 8;

    private Reserved() {}

    /** Whether a tag is one of the library's own. */
    public static boolean isReserved(String tag) {
        return Names.isOwnTag(tag);
    }

    /** 16 hex digits that stand for a text in a name, the same in every process. */
    public static String hash(String text) {
        byte[] hash = ContentCopy.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
    }
}
