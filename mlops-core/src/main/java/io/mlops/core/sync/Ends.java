package io.mlops.core.sync;

import io.mlops.api.spi.Backend;

/**
 * The two ends of a way: where runs are recorded, and where they go.
 *
 * @param folder where the spool lies, for messages
 */
record Ends(Backend spool, Backend target, String folder) {}
