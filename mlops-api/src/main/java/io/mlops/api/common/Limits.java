package io.mlops.api.common;

import java.time.Instant;

/**
 * The limits of everything that is recorded, on every path and every backend. Beyond one, a call is refused by an
 * exception that names the thing and the limit, unless the last column says otherwise. Lengths are in UTF-16
 * characters.
 *
 * <table>
 * <caption>All limits</caption>
 * <tr><th>of</th><th>at most</th><th>beyond it</th></tr>
 * <tr><td>name of an experiment, run, model, dataset, dependency; role of data</td><td>{@link #NAME}</td><td></td></tr>
 * <tr><td>id of a run</td><td>{@link #RUN_ID}, of {@code A-Z a-z 0-9 _ -}</td><td></td></tr>
 * <tr><td>key of a metric, param, tag or fact</td><td>{@link #KEY}</td><td></td></tr>
 * <tr><td>key of a metric that is described</td><td>{@link #DESCRIBED_KEY}</td><td></td></tr>
 * <tr><td>alias</td><td>{@link #ALIAS}, of {@code A-Z a-z 0-9 _ -}</td><td></td></tr>
 * <tr><td>key of a registration</td><td>{@link #REGISTRATION_KEY}</td><td></td></tr>
 * <tr><td>value of a param</td><td>{@link #PARAM_VALUE}</td><td></td></tr>
 * <tr><td>value of a run's tag; its note</td><td>{@link #RUN_TAG_VALUE}</td><td></td></tr>
 * <tr><td>value of a tag of an experiment, model or version</td><td>{@link #TAG_VALUE}</td><td></td></tr>
 * <tr><td>description of a model or version</td><td>{@link #DESCRIPTION}</td><td></td></tr>
 * <tr><td>reason for the move of an alias</td><td>{@link #REASON}</td><td></td></tr>
 * <tr><td>reason why a run was killed</td><td>{@link #OUTCOME}</td><td></td></tr>
 * <tr><td>message of a failure; its type</td><td>{@link #OUTCOME}; {@link #FAILURE_TYPE}</td><td>cut</td></tr>
 * <tr><td>value of a fact of an environment</td><td>{@link #FACT_VALUE}</td><td></td></tr>
 * <tr><td>source of data kept elsewhere</td><td>{@link #SOURCE}</td><td></td></tr>
 * <tr><td>path of an artifact; each part of it</td><td>{@link #PATH}; {@link #PATH_PART_BYTES} bytes</td><td></td></tr>
 * <tr><td>name of a column or tensor</td><td>{@link #COLUMN_NAME}</td><td></td></tr>
 * <tr><td>types within the type of a column</td><td>{@link #TYPE_DEPTH} deep</td><td></td></tr>
 * <tr><td>records within a record of params</td><td>{@link #RECORD_DEPTH} deep</td><td></td></tr>
 * <tr><td>metric keys of a run that is recorded</td><td>{@link #METRIC_KEYS}</td><td></td></tr>
 * <tr><td>params of a run</td><td>{@link #PARAMS}</td><td></td></tr>
 * <tr><td>tags of a run, not counting those of its environment</td><td>{@link #TAGS}</td><td></td></tr>
 * <tr><td>data sets and models of a run</td><td>{@link #REFERENCES}</td><td></td></tr>
 * <tr><td>characters of these params, tags, data sets and models together</td><td>{@link #RUN_CHARACTERS}</td><td></td></tr>
 * <tr><td>characters of the conditions and order of a search</td><td>{@link #QUERY_CHARACTERS}</td><td></td></tr>
 * <tr><td>conditions of a search; terms of its order</td><td>{@link #CONDITIONS}; {@link #ORDER_TERMS}</td><td></td></tr>
 * <tr><td>results on a page</td><td>{@link #PAGE}</td><td>the rest is on the next page</td></tr>
 * <tr><td>times of points</td><td>{@link #EARLIEST_POINT} to {@link #LATEST}</td><td>the nearest of these</td></tr>
 * <tr><td>other times</td><td>{@link #EARLIEST} to {@link #LATEST}</td><td>the nearest of these</td></tr>
 * </table>
 */
public final class Limits {
    /** Characters of a name. */
    public static final int NAME = 500;

    /** Characters of a run's id. */
    public static final int RUN_ID = 100;

    /** Characters of a key; MLflow's servers keep as many. */
    public static final int KEY = 250;

    /** Characters of the key of a metric that is described, which becomes part of the keys of tags. */
    public static final int DESCRIBED_KEY = 220;

    /** Characters of an alias. */
    public static final int ALIAS = 255;

    /** Characters of the key under which a second registration finds the first. */
    public static final int REGISTRATION_KEY = 500;

    /** Characters of a param's value. */
    public static final int PARAM_VALUE = 6000;

    /** Characters of the value of a run's tag. */
    public static final int RUN_TAG_VALUE = 8000;

    /** Characters of the value of a tag of an experiment, model or version. */
    public static final int TAG_VALUE = 5000;

    /** Characters of a description. */
    public static final int DESCRIPTION = 5000;

    /** Characters of the reason for a move of an alias. */
    public static final int REASON = 5000;

    /** Characters of what is said about the end of a run. */
    public static final int OUTCOME = 8000;

    /** Characters of the type of a failure. */
    public static final int FAILURE_TYPE = 1000;

    /** Characters of the value of a fact of an environment. */
    public static final int FACT_VALUE = 8000;

    /** Characters of the source of data. */
    public static final int SOURCE = 5000;

    /** Characters of a path. */
    public static final int PATH = 1000;

    /** Bytes in UTF-8 of one part of a path; no file system takes more. */
    public static final int PATH_PART_BYTES = 255;

    /** Characters of the name of a column or tensor. */
    public static final int COLUMN_NAME = 5000;

    /** Levels of types within one another; readers of JSON refuse what is deeper. */
    public static final int TYPE_DEPTH = 32;

    /** Levels of records within one another; a record may hold itself. */
    public static final int RECORD_DEPTH = 32;

    /** Metric keys of a run, as far as one process records it. */
    public static final int METRIC_KEYS = 10_000;

    /** Params of a run. */
    public static final int PARAMS = 10_000;

    /** Tags of a run. */
    public static final int TAGS = 10_000;

    /** Data sets and models of a run together. */
    public static final int REFERENCES = 10_000;

    /** Characters of all that a run records about itself, which is one document that is read and replaced as a whole. */
    public static final int RUN_CHARACTERS = 4_000_000;

    /** Characters of all conditions and order terms of a search. */
    public static final int QUERY_CHARACTERS = 1_000_000;

    /** Conditions of a search, however many texts they stand in. */
    public static final int CONDITIONS = 10_000;

    /** Terms that a search is ordered by. */
    public static final int ORDER_TERMS = 100;

    /** Results on one page. */
    public static final int PAGE = 10_000;

    /** The earliest time that is kept. */
    public static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

    /** The earliest time of a point that is kept; servers take no other. */
    public static final Instant EARLIEST_POINT = Instant.EPOCH;

    /** The latest time that is kept. */
    public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

    private Limits() {}
}
