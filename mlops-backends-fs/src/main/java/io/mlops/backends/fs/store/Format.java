package io.mlops.backends.fs.store;

import io.mlops.api.common.RefusedException;
import io.mlops.core.codec.Json;
import java.time.Instant;

/**
 * The two numbers in every document that is rewritten: the version needed to read it, and the one needed to write it.
 * A newer version that only adds fields leaves both; one whose fields an older writer would make stale raises
 * {@code write}; one that an older reader would misread raises {@code read}.
 */
public final class Format {
    /** Number of the format that this version of the library reads and writes. */
    public static final int CURRENT = 1;

    /** Description of a digest, for the message about a field that holds something else. */
    public static final String DIGEST = "a digest such as sha256:9f86d081…";

    private static final String FIELD = "format";
    private static final String PURGING = "purging";

    private Format() {}

    /** Puts this version's two numbers into a new document. */
    public static Json stamp(Json document) {
        Json format = Json.object();
        format.put("read", CURRENT);
        format.put("write", CURRENT);
        return document.put(FIELD, format);
    }

    /**
     * Refuses a document that this version of the library would misread.
     *
     * @throws RefusedException naming the format needed
     */
    public static Json checkReadable(Json document) {
        return checkReadable(document, CURRENT);
    }

    /**
     * Refuses a document that this version of the library would misread.
     *
     * @param newest the newest format of this kind of document
     * @throws RefusedException naming the format needed
     */
    static Json checkReadable(Json document, int newest) {
        long needed = document.child(FIELD).number("read");
        if (needed > newest) {
            throw new RefusedException(
                    document.source() + " needs a version of mlops that reads format " + needed
                            + "; this one reads up to " + newest + ": upgrade it",
                    null);
        }
        return document;
    }

    /** Puts a time into a field that has none yet, or removes the field. */
    public static void mark(Json document, String field, boolean marked, Instant at) {
        if (!marked) {
            document.remove(field);
        } else if (!document.has(field)) {
            document.put(field, at);
        }
    }

    /** Marks a deleted thing as one of which parts may be gone, so that nobody restores it any more. */
    public static Json markPurging(Json document) {
        return document.put(PURGING, true);
    }

    /** Returns whether parts of a deleted thing may be gone. */
    public static boolean isPurging(Json document) {
        return document.has(PURGING);
    }

    /** Returns whether this version of the library may rewrite the document. */
    public static boolean writable(Json document) {
        return document.child(FIELD).number("write") <= CURRENT;
    }

    /** Says in a document that older versions of the library would misread it. */
    public static Json raise(Json document, int version) {
        Json format = document.child(FIELD);
        format.put("read", Math.max(version, format.number("read")));
        format.put("write", Math.max(version, format.number("write")));
        return document;
    }

    /**
     * Refuses a document that only a newer version of the library may rewrite, since this one would break its rules.
     *
     * @throws RefusedException naming the format needed
     */
    public static Json checkWritable(Json document) {
        return checkWritable(document, CURRENT);
    }

    /**
     * Refuses a document that only a newer version of the library may rewrite, since this one would break its rules.
     *
     * @param newest the newest format of this kind of document
     * @throws RefusedException naming the format needed
     */
    public static Json checkWritable(Json document, int newest) {
        if (document.child(FIELD).number("write") > newest) {
            throw new RefusedException(
                    document.source() + " may be read but not changed by this version of mlops: it needs"
                            + " one that writes format " + document.child(FIELD).number("write") + ": upgrade it",
                    null);
        }
        return document;
    }
}
