/** Keeps everything in a folder that other tools open as it is. */
module io.mlops.backends.fs {
    requires transitive io.mlops.api;
    requires io.mlops.core;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.mlops.backends.fs;

    provides io.mlops.api.spi.BackendProvider with
            io.mlops.backends.fs.FsProvider;
}
