/** What makes the API run, and the memory backend. */
module io.mlops.core {
    requires transitive io.mlops.api;
    requires static org.jspecify;
    requires com.fasterxml.jackson.core;
    requires org.slf4j;

    exports io.mlops.core;
    exports io.mlops.core.memory;

    uses io.mlops.api.spi.BackendProvider;

    provides io.mlops.api.spi.BackendProvider with
            io.mlops.core.memory.MemoryProvider;
}
