package io.mlops.backends.http.search;

/** What a server understands of filters, asked only if it matters. */
interface Dialect {
    /** Whether a filter may ask {@code IS NULL}. */
    boolean knowsNull();

    /** Whether a filter may ask for data beside params, metrics and tags, or with an order by those. */
    boolean joinsData();

    /** Whether some of the runs that are searched may be kept under shortened names. */
    boolean mayShortenNames();
}
